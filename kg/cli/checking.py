"""What `kg validate` does: a folder page by page, any other RDF file as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from pyoxigraph import RdfFormat, parse

from .. import opening
from ..errors import DataError, UsageError
from ..exports.kgx_check import is_kgx, problems
from ..exports.release import Release
from ..folder import opened
from ..prefixes import DEFAULT_BASE
from ..prefixes import load as load_prefixes
from ..report import as_json as json_of
from ..report import as_text
from ..report import write as write_report
from ..validate import Report, engine_named, merged, validate

GRAPH = "graph.nq"
SHOWN = 60  # lines of the report on the terminal


def check(path: Path, out: Path | None, engine: str, base: str | None, as_json: bool) -> int:
    """Validate, write the report beside the graph (or to `out`), print it; 0 or 1."""
    if is_kgx(path):
        return check_kgx(path, base, as_json)
    graph = path / "graph.nq" if path.is_dir() else path
    if not graph.is_file():
        raise UsageError(f"{graph}: no such file; kg run or kg build makes it")
    name, prefixes = engine_named(engine), load_prefixes(base or opening.base(path))
    report = merged(reports(graph, name), name)
    target = out or (path if path.is_dir() else None)
    if target:
        write_report(report, opened(target), prefixes)
    if as_json:
        click.echo(json_of(report), nl=False)
        return 0 if report.conforms else 1
    click.echo("\n".join(_beginning(as_text(report, prefixes), target)))
    return 0 if report.conforms else 1


def check_kgx(folder: Path, base: str | None, as_json: bool) -> int:
    """Check KGX files, against the graph that they were made of if it is near; 0 or 1."""
    near = reversed(folder.resolve().parents[:2])  # beside exports/, else in it
    graph = next((one / GRAPH for one in near if (one / GRAPH).is_file()), None)
    prefixes = load_prefixes(base or (opening.base(graph) if graph else None) or DEFAULT_BASE)
    with TemporaryDirectory() as place:
        release = Release(graph, Path(place), prefixes) if graph else None
        found = sorted(problems(folder, prefixes, release))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    else:
        for problem in found[:SHOWN]:
            click.echo(str(problem))
        fine = "every row is as graph.nq has it" if graph else "whole; no graph to compare it with"
        click.echo(f"{len(found):,} problems" if found else f"KGX: {fine}")
    return 1 if found else 0


def _beginning(text: str, target: Path | None) -> Iterator[str]:
    """The report's first lines, and where the rest is."""
    lines = text.splitlines()
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        where = f"all in {target / 'report.txt'}" if target else "-o DIR writes them all"
        yield f"… {len(lines) - SHOWN:,} more lines, {where}"


def reports(graph: Path, engine: str) -> Iterator[Report]:
    """A report for each named graph of an N-Quads file in turn, one for any other RDF file."""
    form = RdfFormat.from_extension(graph.suffix.lstrip("."))
    if form is None:
        raise UsageError(f"{graph}: the extension tells no RDF format (.nq .ttl .nt .trig .jsonld "
                         ".rdf are known)")
    try:
        if form == RdfFormat.N_QUADS:
            with graph.open("rb") as lines:
                for _, part in groupby(lines, _graph_name):
                    yield validate(b"".join(part), engine)
        else:
            yield validate(parse(path=graph, format=form), engine)
    except (SyntaxError, ValueError) as error:
        raise DataError(graph, getattr(error, "lineno", None) or 1, str(error)) from None


def _graph_name(line: bytes) -> bytes:
    """The last term of a line of N-Quads."""
    return line.rstrip().rstrip(b".").rstrip().rpartition(b" ")[2]
