"""`kg release` and `kg diff`: a folder that never changes again, and what changed between two."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..errors import UsageError
from ..files import replacing
from ..memory import steadied
from ..plural import many
from .screen import remark

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--version", required=True, help="The name of the release: 2026.11.")
@click.option("-o", "--output", "out", default=Path("releases"), show_default=True,
              type=click.Path(path_type=Path, file_okay=False), help="Where releases are.")
@click.option("--gate", "gates", multiple=True, metavar="NUMBER>=LIMIT",
              help="Refuse the release otherwise: statements>=100, grounded>=60%, therapy>=20 …")
@click.option("--previous", type=FOLDER,
              help="The release before: what shrank, or contradicts itself anew, is refused.")
@click.option("--may-shrink", "may_shrink", multiple=True, metavar="NUMBER",
              help="This number may be smaller than in the release before.")
@click.option("--sign-with", "sign", default="", metavar="COMMAND",
              help="Run this on SHA256SUMS, without a shell: \"gpg --detach-sign --armor\".")
@click.option("--verify/--no-verify", "verified", default=True, show_default=True,
              help="First prove that the folder is what its sources give.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
def release(
    folder: Path, version: str, out: Path, gates: tuple[str, ...], previous: Path | None,
    may_shrink: tuple[str, ...], sign: str, verified: bool, jobs: int | None,
) -> int:
    """Make an immutable release of FOLDER (what kg run wrote) in the folder RELEASES/VERSION.

    It holds the stage files, exports and descriptions, LICENSES.md, pages.tsv, CITATION.cff,
    provenance.json and SHA256SUMS, all read-only.  kg verify, kg show, kg serve … take it as they
    take FOLDER.  Authors, licence, date and DOI in CITATION.cff and in the descriptions are what
    kg describe FOLDER was told.

    Exit code 0: released; 1: refused, with the reasons; 2: usage error.

    \b
    Examples:
      kg release out --version 2026.11
      kg release out --version 2026.12 --previous releases/2026.11 --gate "grounded>=60%"
    """
    from ..release_gates import measure, refused  # noqa: PLC0415 - slow to import
    from ..releasing import Wanted, checked  # noqa: PLC0415
    from ..releasing import release as made  # noqa: PLC0415

    wanted = Wanted(folder, version, out, previous, sign, gates)
    checked(wanted)
    steadied()
    measured = measure(folder)
    reasons = [one for one in refused(measured, gates, measure(previous) if previous else None)
               if one.split()[0] not in may_shrink]
    if verified and not reasons:
        reasons = _findings(folder, jobs or os.cpu_count() or 1)
    for reason in reasons:
        remark(f"kg: {version} is refused: {reason}")
    if reasons:
        return 1
    told = ", ".join(many(int(measured.numbers[f"{noun}s"]), noun) for noun in (
        "page", "statement"))
    click.echo(f"{made(wanted, measured)}: {told}")
    _missed(folder)
    return 0


def _missed(folder: Path) -> None:
    """Say that nobody is named as the author, where that is so."""
    from ..descriptions import told  # noqa: PLC0415

    about = told(folder)
    if not (about.creators or about.publisher):
        remark(f"kg: its CITATION.cff names no author: kg describe {folder} --creator \"ORCID "
               "NAME\" --license … --date …, then release (what is told is kept)")


def _findings(folder: Path, jobs: int) -> list[str]:
    from ..verifying import Asked, verify  # noqa: PLC0415

    found = verify(Asked(folder), jobs).findings
    more = [f"and {len(found) - 5} more findings: kg verify {folder}"] if len(found) > 5 else []
    return [*(str(one) for one in found[:5]), *more]


@click.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--format", "form", default="text", show_default=True,
              type=click.Choice(["text", "markdown", "json", "patch"]),
              help="In words, or as an RDF patch of graph.nq.")
@click.option("-o", "--output", "out", type=FILE, help="Write here instead of the terminal.")
@click.option("--apply", "patch", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="PATCH", help="Write OLD's graph.nq as the patch makes it, to -o FILE.")
def diff(old: Path, new: Path | None, form: str, out: Path | None, patch: Path | None) -> int:
    """Say what NEW states otherwise than OLD; both are folders of kg run or kg release.

    Exit code 0: no difference (or applied); 1: they differ; 2: usage error.

    \b
    Examples:
      kg diff releases/2026.11 releases/2026.12
      kg diff old new --format patch -o change.rdfp
      kg diff --apply change.rdfp old -o graph.nq
    """
    from .. import difference_patch  # noqa: PLC0415

    if patch is not None:
        if new is not None or out is None:
            raise UsageError("--apply PATCH OLD -o FILE: one folder, and where the graph goes")
        difference_patch.apply(patch, _graph(old), out)
        return 0
    if new is None:
        raise UsageError("give two folders: OLD NEW")
    return _patch(old, new, out) if form == "patch" else _words(old, new, form, out)


def _graph(path: Path) -> Path:
    return path / "graph.nq" if path.is_dir() else path


def _patch(old: Path, new: Path, out: Path | None) -> int:
    from .. import difference_patch  # noqa: PLC0415

    if out is None:
        with click.open_file("-", "wb") as handle:
            return int(any(difference_patch.write(_graph(old), _graph(new), handle)))
    with replacing(out) as handle:
        gone, added = difference_patch.write(_graph(old), _graph(new), handle)
    click.echo(f"{out}: {gone:,} quads gone, {added:,} added")
    return int(bool(gone or added))


def _words(old: Path, new: Path, form: str, out: Path | None) -> int:
    from ..difference import difference  # noqa: PLC0415
    from ..difference_words import FORMATS  # noqa: PLC0415

    found = difference(old, new)
    text = FORMATS[form](found)
    if out is None:
        click.echo(text, nl=False)
    else:
        with replacing(out) as handle:
            handle.write(text.encode("utf-8", "replace"))
    return int(bool(found))
