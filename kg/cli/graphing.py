"""`kg graph`: the network of entities as files for graph tools, as statistics and as a picture."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ..errors import UnknownName, UsageError
from ..exports.networks import as_cytoscape, as_graphml, as_nodelink
from ..files import replacing
from ..loading import load
from ..neighbourhood import around, called
from ..opening import base
from ..picture import svg
from ..prefixes import load as load_prefixes
from ..projection import Statistics, shared, statistics

if TYPE_CHECKING:
    from ..neighbourhood import Graph

FORMATS: dict[str, Callable[[Any], bytes]] = {
    "graphml": as_graphml, "nodelink": as_nodelink, "cytoscape": as_cytoscape}
PICTURES = ("svg", "png")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--disease", "-d", "centre", default=None, metavar="CURIE|NAME",
              help="Only the neighbourhood of this node.")
@click.option("--steps", type=click.IntRange(1, 5), default=1, show_default=True,
              help="How far the neighbourhood reaches.")
@click.option("--shared", "-s", "kind", default=None, metavar="KIND",
              help="Diseases joined by what they share: therapy, gene, phenotype, site …")
@click.option("--format", "-f", "form", default="statistics", show_default=True, metavar="FORMAT",
              help=f"statistics, {', '.join(FORMATS)}; with --disease also svg or png.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path, dir_okay=False),
              default=None, help="Write here instead of to standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print the statistics as JSON.")
def graph(
    *, source: Path, centre: str | None, steps: int, kind: str | None, form: str,
    out: Path | None, as_json: bool,
) -> None:
    """Show SOURCE (a folder of kg run, or RDF) as a network of diseases and what they have.

    \b
    Examples:
      kg graph out                                             what is in it, what is central
      kg graph out -d MONDO:0006245 -f svg -o disease.svg      a picture of one disease
      kg graph out --shared therapy -f graphml -o shared.graphml
      kg graph out -f cytoscape -o graph.cyjs
    """
    if form not in {"statistics", *FORMATS, *PICTURES}:
        raise UnknownName("format", form, ("statistics", *FORMATS, *PICTURES))
    if form in PICTURES and (centre is None or kind):
        raise UsageError(f"--format {form} draws one neighbourhood: give --disease alone")
    if form == "png" and out is None and sys.stdout.isatty():
        raise UsageError("a PNG goes into a file: give -o FILE")
    made = load(source, "network")
    centre = called(made, centre) if centre else None
    part = around(made, centre, steps) if centre else made
    if form == "statistics":
        found = statistics(shared(part, kind) if kind else part)
        _put((msgspec.json.encode(found) + b"\n") if as_json else _told(found).encode(), out)
    elif form in PICTURES:
        _put(_picture(part, centre or "", source, form), out)
    else:
        _put(FORMATS[form](shared(part, kind) if kind else part), out)


def _put(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
        return
    with replacing(out) as handle:
        handle.write(content)


def _picture(part: Graph, centre: str, source: Path, form: str) -> bytes:
    drawn = svg(part, centre, load_prefixes(base(source)))
    if form == "svg":
        return drawn.encode()
    try:
        import resvg_py  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError("PNG needs resvg: pip install 'rarekg[picture]', or take svg") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=drawn))


def _told(found: Statistics) -> str:
    """The statistics for a person."""
    parts = found.components
    lines = [f"nodes       {sum(found.nodes.values()):,}  {_counts(found.nodes)}",
             f"edges       {sum(found.edges.values()):,}  {_counts(found.edges)}",
             f"density     {found.density:.6f}",
             f"parts       {len(parts):,}, the largest of {parts[0] if parts else 0:,} nodes"]
    for name, rows in (("degree", found.degree), ("betweenness", found.betweenness)):
        lines += ["", f"highest {name} centrality",
                  *(f"  {score:.4f}  {label}  {node}" for node, label, score in rows)]
    return "\n".join(lines) + "\n"


def _counts(counts: dict[str, int]) -> str:
    named = {name: number for name, number in counts.items() if name}
    return f"({json.dumps(named)[1:-1]})".replace('"', "") if named else ""
