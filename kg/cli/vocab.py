"""See and build the vocabularies that names are grounded in."""

from __future__ import annotations

import time
from pathlib import Path

import click
import msgspec

from ..errors import UnknownName, UsageError
from ..files import replacing
from ..plural import many
from ..prefixes import DEFAULT_BASE, extended
from ..prefixes import load as load_prefixes
from ..vocab import packages
from ..vocab.downloads import note
from ..vocab.index import Index, SourceInfo, open_index
from ..vocab.names import SPELLINGS
from ..vocab.readers import reader_of
from ..vocab.sourcing import all_sources
from ..vocab.update import Remote, fetch
from ..vocab.update import named as remote_sources
from ..vocab.update import update as download
from .screen import remark

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
files_option = click.option(
    "--with", "files", multiple=True, type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Also read this vocabulary file (repeat for more).")


@click.group()
def vocab() -> None:
    """See and build the vocabularies that names are grounded in.

    \b
    They come with the packages of the extra (pip install 'rarekg[vocab]'), with rarekg itself
    (the overlay) and from your own folder; all are compiled once into one index.
    """


def _progress(name: str) -> None:
    remark(f"  {name}")


@vocab.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List the vocabulary files that were found, the one that ranks highest first.

    \b
    Example:
      kg vocab list
    """
    found = all_sources()
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for source in found:
        click.echo(f"{source.name:<24} {source.origin:<40} {Path(source.path).name}")


@vocab.command()
@click.argument("source", metavar="FILE|URL")
def add(source: str) -> None:
    """Copy a vocabulary FILE, or what is at a URL, into your own folder: every run uses it then.

    \b
    It outranks the packages' vocabularies.  Formats: OBO and OBO Graphs JSON, SSSOM, HGNC, MeSH,
    ChEBI, NCIT, DrugBank and HPO annotation tables, KGX nodes, any TSV with the columns id,
    label, synonyms (joined by "|"), category; plain or gzipped.  Prefixes of ids are those of
    kg vocab prefixes; a row without an id gets a node of your own.
    Examples:
      kg vocab add maxo.obo.gz
      kg vocab add http://purl.obolibrary.org/obo/maxo.obo
    """
    folder = packages.home()
    if "://" in source:
        file = source.rstrip("/").rpartition("/")[2]
        folder.mkdir(parents=True, exist_ok=True)
        told = fetch(folder, Remote(file, file, source)).note
        click.echo(f"added {file} ({told}) to {folder}")
        return
    file, path = Path(source).name, Path(source)
    if not path.is_file():
        raise UsageError(f"{source}: {'a folder' if path.is_dir() else 'no such file'}; give the "
                         "file of a vocabulary, or its address")
    told = _told(path)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / file) as handle:
        handle.write(path.read_bytes())
    note(folder, file, None)  # what was known of a download of this name is no longer so
    click.echo(f"added {file} ({told}) to {folder}")


def _told(path: Path) -> str:
    """The format of a vocabulary; of a table, how many of its rows can be used.

    Raises UsageError, with the first reason, where none can: a table is mostly of one's own making.
    """
    reader, problems = reader_of(path), list[str]()
    if reader.format not in {"table", "KGX nodes"}:
        return reader.format
    count = sum(1 for _ in reader.read(
        path, lambda line, problem: problems.append(f"line {line}: {problem}")))
    if not count:
        reason = problems[0] if problems else "it has none"
        raise UsageError(f"{path}: no row can be used; {reason}")
    skipped = f"; {len(problems):,} skipped, the first: {problems[0]}" if problems else ""
    return f"{reader.format}: {many(count, 'class', 'classes')}{skipped}"


@vocab.command()
@click.argument("names", nargs=-1)
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Your own table of addresses (columns as in data/vocab_sources.tsv).")
@click.option("--list", "listing", is_flag=True, help="Only list the names and addresses.")
def update(names: tuple[str, ...], table: Path | None, listing: bool) -> int:
    """Download the newest vocabularies, or only those NAMED, into your own folder.

    \b
    What has not changed is not downloaded again; a broken download goes on where it broke.
    Exit code 2: at least one failed; the others are there.
    Examples:
      kg vocab update
      kg vocab update mondo maxo
    """
    wanted, failed = remote_sources(names, table), 0
    if listing:
        for remote in wanted:
            click.echo(f"{remote.name:<16} {remote.licence:<34} {remote.url}")
        return 0
    for outcome in download(packages.home(), wanted, _progress):
        failed += outcome.state == "failed"
        click.echo(f"{outcome.name:<16} {outcome.state:<10} {outcome.note}")
    return 2 if failed else 0


@vocab.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take the file NAME out of your own folder.

    \b
    Example:
      kg vocab remove maxo.obo.gz
    """
    mine = {source.name: Path(source.path) for source in packages.added()}
    if not mine:
        raise UsageError(f"{name}: you have added no vocabulary to {packages.home()}; those of "
                         "packages go with their package (kg vocab list)")
    if name not in mine:
        raise UnknownName("vocabulary", name, mine)
    mine[name].unlink()
    note(packages.home(), name, None)
    click.echo(f"removed {name}")


@vocab.command()
@click.argument("name", required=False)
@files_option
@json_option
def info(name: str | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Show what is in the index: release, licence, classes and skipped lines of each vocabulary.

    With a NAME (see kg vocab list): all that is known of this one, with the lines that were
    skipped.

    \b
    Examples:
      kg vocab info MONDO
      kg vocab info --with maxo.obo.gz
    """
    index = open_index(_progress, files)
    known = {source.name: source for source in index.sources}
    if name is not None and name not in known:
        raise UnknownName("vocabulary", name, known)
    if as_json:
        click.echo(msgspec.json.encode({one: msgspec.structs.asdict(source) for one, source
                                        in known.items() if name in {None, one}}))
        return
    told = (f"{field}: {value}" for field, value in msgspec.structs.asdict(known[name]).items()
            if value != "") if name else (_line(source) for source in known.values())
    for line in (*told, *([] if name else [f"{index.size():,} names in {index.path}"])):
        click.echo(line)
    for one, number, problem in index.problems():
        if name in {None, one}:
            click.echo(f"skipped: {one}:{number}: {problem}")


def _line(source: SourceInfo) -> str:
    release = source.version or source.origin
    return f"{source.name:<24} {release:<34} {source.terms:>8,} classes   {source.license}"


@vocab.command()
@click.option("--base", default=DEFAULT_BASE, show_default=True,
              help="IRI under which our own nodes are minted.")
def prefixes(base: str) -> None:
    """Print the CURIE prefixes as an extended prefix map, for the curies package and its kin.

    \b
    Example:
      kg vocab prefixes > rarekg.epm.json
    """
    found = extended(load_prefixes(base), SPELLINGS)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))


@vocab.command()
@files_option
@json_option
def build(files: tuple[Path, ...], as_json: bool) -> None:
    """Compile the index again, also when nothing has changed.

    \b
    Example:
      kg vocab build --with mondo.json.gz --with hgnc.tsv.gz
    """
    started = time.perf_counter()
    index = open_index(_progress, files, rebuild=True)
    seconds = time.perf_counter() - started
    _tell(index, seconds, as_json)


def _tell(index: Index, seconds: float, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"index": str(index.path), "names": index.size(),
                                        "seconds": round(seconds, 1)}))
        return
    click.echo(f"{index.size():,} names in {seconds:.1f} s: {index.path}")
    if not index.has_packages:
        click.echo("only our own overlay: pip install 'rarekg[vocab]' brings MONDO, HPO and drugs")
