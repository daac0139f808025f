"""`kg export`: a graph in every format, or in another pattern of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .ask import ANY, FOLDER, base_option, prefixes_of, terminal_width

if TYPE_CHECKING:
    from ..exports import Written


@click.command()
@click.argument("source", type=ANY)
@click.option("-o", "--output", "out", type=FOLDER, default=None,
              help="Folder to write into.  [default: SOURCE/exports]")
@click.option("--format", "-f", "formats", multiple=True, metavar="NAME",
              help="Only this format; may be repeated (see --list).")
@click.option("--list", "-l", "listing", is_flag=True, help="List the formats.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, show_default=True,
              help="Processes that write at the same time.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
@click.option("--evidence", "-e", "patterns", multiple=True, metavar="PATTERN",
              help="Write evidence/PATTERN.nq in place of the formats: reified, rdf12, graphs or "
                   "nanopub; --format trig for TriG.")
@click.option("--from", "was", default=None, metavar="PATTERN",
              help="The pattern that SOURCE is in.  [default: by its name]")
@click.option("--creator", default=None, metavar="IRI", help="Who signs nanopublications.")
@click.option("--date", default=None, help="When nanopublications are made.  [default: not said]")
@base_option
def export(
    *, source: Path, out: Path | None, formats: tuple[str, ...], listing: bool, jobs: int,
    as_json: bool, patterns: tuple[str, ...], was: str | None, creator: str | None,
    date: str | None, base: str | None,
) -> None:
    """Write the graph of SOURCE (a folder of kg run, or an N-Quads file) in every format.

    With --evidence it is written in other patterns of evidence, or from one of them back.

    \b
    Examples:
      kg export out
      kg export out/graph.nq -o published --format turtle --format csv
      kg export out --evidence rdf12 --evidence nanopub
      kg export out/exports/evidence/nanopub.nq -o back --evidence reified
    """
    from .. import exports, provenance  # noqa: PLC0415
    from ..memory import steadied  # noqa: PLC0415
    from .evidence import written  # noqa: PLC0415

    if listing:
        click.echo(_formats())
        return
    if patterns:
        options = {"was": was, "creator": creator, "date": date, "base": base}
        _files(written(source, out, patterns, formats, options), as_json)
        return
    if was or creator or date:
        raise click.UsageError("--from, --creator and --date belong to --evidence")
    if out is None and not source.is_dir():
        raise click.UsageError("give -o FOLDER where SOURCE is a file")
    graph = source / "graph.nq" if source.is_dir() else source
    steadied()
    manifest = exports.write(graph, out or source / "exports", exports.chosen(formats),
                             prefixes_of(source, base), jobs)
    provenance.publish(graph.parent, out or source / "exports")
    if as_json:
        click.echo(exports.encoded(manifest), nl=False)
        return
    _files(manifest.files)


def _formats() -> str:
    """A table of the formats and of the patterns of evidence."""
    from .. import exports, terminal  # noqa: PLC0415
    from .evidence import listed  # noqa: PLC0415

    rows = [(form.name, form.file, form.media_type) for form in exports.FORMATS]
    return terminal.table(("format", "file", "media type"), [*rows, *listed()])


def _files(files: Iterable[Written], as_json: bool = False) -> None:
    """A table of what was written, or a list for programs."""
    import msgspec  # noqa: PLC0415

    from .. import terminal  # noqa: PLC0415

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(list(files))))
        return
    rows = [(file.path, f"{file.count:,} {file.unit}", f"{file.bytes:,}", file.sha256[:12])
            for file in files]
    click.echo(terminal.table(("file", "holds", "bytes", "sha256"), rows, terminal_width()))
