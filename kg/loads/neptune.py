"""Amazon Neptune: CSV in the loader's property-graph format, and N-Quads, in a folder each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from . import quads
from .delimited import rows, write
from .kgx import QUALIFIED, Cells, Table, Type, labels, relation
from .published import Published
from .tally import Held

# An edge may have no list there, and openCypher shows one item of a node's: lists are JSON.
_TYPES = {Type.FLAG: "Bool", Type.WHOLE: "Long", Type.NUMBER: "Double"}
GRAPH, RDF = "csv", "rdf"


def expected(published: Published) -> Held:
    """Nodes, edges and, for the RDF, statements and quads."""
    both = published.property_graph(), quads.expected(published)
    return Held({**both[0].rows, **both[1].rows}, both[1].counts)


def make(published: Published, expected: Held, folder: Path) -> None:
    """Write csv/ for a property graph and rdf/ for RDF: a database of Neptune takes either."""
    (folder / GRAPH).mkdir()
    (folder / RDF).mkdir()
    nodes = published.nodes
    write(folder / GRAPH / "nodes.csv", ("~id", *_header(nodes, "(single)"), "~label"),
          _rows(nodes, ("id",), lambda row: ";".join(labels(row))))
    for table in published.edges:
        write(folder / GRAPH / f"{table.name}.csv",
              ("~id", "~from", "~to", *_header(table, ""), "~label"),
              _rows(table, ("id", "subject", "object"), partial(relation, table)))
    quads.make({}, published, expected, folder / RDF)


def _own(table: Table) -> dict[str, Type]:
    return {name: kind for name, kind in table.columns.items()
            if name not in {"id", "subject", "object"}}


def _header(table: Table, cardinality: str) -> list[str]:
    return [f"{name}:{_TYPES.get(kind, 'String')}{cardinality}"
            for name, kind in _own(table).items()]


def _rows(
    table: Table, ends: tuple[str, ...], last: Callable[[Cells], str]
) -> Iterator[list[str | None]]:
    names = (*ends, *_own(table))
    for row in table.rows():
        yield [*(_cell(row[name]) for name in names), last(row)]


def _cell(value: Any) -> str | None:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


def held(folder: Path) -> Held:
    """What the files hold, read back."""
    rdf = quads.held(folder / RDF)
    edge = ("~id", "~from", "predicate:String", "~to")
    nodes = partial(rows, folder / GRAPH / "nodes.csv", ("~id", "name:String(single)"))
    edges = {name: partial(rows, folder / GRAPH / f"{name}.csv", edge)
             for name in ("edges", QUALIFIED)}
    return Held({"nodes": nodes, **edges, **rdf.rows}, rdf.counts)
