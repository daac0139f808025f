"""Neo4j: CSV with typed headers for `neo4j-admin database import full`, and its command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from . import bolt
from .delimited import cell, rows, write
from .kgx import QUALIFIED, Cells, Table, Type, labels, relation
from .published import Published
from .tally import Held

_TYPES = {
    Type.TEXT: "string", Type.TEXTS: "string[]", Type.FLAG: "boolean", Type.WHOLE: "long",
    Type.NUMBER: "double", Type.JSON: "string"}
COMMAND = """#!/bin/sh
# Run beside these files; the database must not exist yet (or add --overwrite-destination).
exec neo4j-admin database import full \\
  --nodes=nodes.csv --relationships=edges.csv --relationships=qualified_edges.csv \\
  --array-delimiter=U+001F --multiline-fields=true --id-type=string \\
  --skip-bad-relationships=false --skip-duplicate-nodes=false --bad-tolerance=0 \\
  --strict=true "$@" neo4j
"""


def make(published: Published, expected: Held, folder: Path) -> None:  # noqa: ARG001
    """Write nodes.csv, edges.csv, qualified_edges.csv, import.sh, and what to ask afterwards."""
    nodes = published.nodes
    header = ["id:ID", *(f"{name}:{_TYPES[kind]}" for name, kind in nodes.columns.items()
                         if name != "id"), ":LABEL"]
    write(folder / "nodes.csv", header, _rows(nodes, nodes.columns, (), _labels))
    for table in published.edges:
        own = [name for name in table.columns if name not in {"subject", "object"}]
        header = [":START_ID", ":END_ID", *(f"{name}:{_TYPES[table.columns[name]]}"
                                            for name in own), ":TYPE"]
        write(folder / f"{table.name}.csv", header,
              _rows(table, own, ("subject", "object"), partial(relation, table)))
    (folder / "import.sh").write_text(COMMAND, encoding="utf-8")
    (folder / "check.cypher").write_text(bolt.CHECK, encoding="utf-8")


def _labels(row: Cells) -> list[str]:
    return list(dict.fromkeys(["NamedThing", *labels(row)]))


def _rows(
    table: Table, own: Iterable[str], ends: tuple[str, ...],
    last: Callable[[Cells], str | list[str]],
) -> Iterator[list[str | None]]:
    names = (*ends, *own)
    for row in table.rows():
        yield [cell(one, table.path) for one in (*(row[name] for name in names), last(row))]


def held(folder: Path) -> Held:
    """What the files hold, read back."""
    columns = (":START_ID", "predicate:string", ":END_ID")
    return Held({
        "nodes": partial(rows, folder / "nodes.csv", ("id:ID", "name:string")),
        **{name: partial(rows, folder / f"{name}.csv", ("id:string", *columns))
           for name in ("edges", QUALIFIED)}})
