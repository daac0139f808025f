"""Memgraph: a file of CSV for each label and type, and the LOAD CSV statements that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from . import bolt
from .delimited import cell, rows, write
from .kgx import QUALIFIED, Cells, Table, Type, labels, relation
from .published import Published
from .tally import Held, Row

PLACE = "/import"  # where the recipe mounts the folder
_MADE = {
    Type.TEXTS: 'split(row.{name}, "\\u001F")', Type.FLAG: "toBoolean(row.{name})",
    Type.WHOLE: "toInteger(row.{name})", Type.NUMBER: "toFloat(row.{name})"}
_LOAD = 'LOAD CSV FROM "{place}/{file}" WITH HEADER NULLIF "" AS row '


def make(published: Published, expected: Held, folder: Path) -> None:  # noqa: ARG001
    """Write the files and load.cypherl, one statement a line, which makes the database of them."""
    statements = [*bolt.MEMGRAPH]
    for name, found in _groups(published.nodes, lambda row: ":".join(_labels(row))):
        file = f"nodes-{name.replace(':', '-')}.csv"
        _written(folder / file, published.nodes, found)
        statements.append(_LOAD.format(place=PLACE, file=file)
                          + f"CREATE (:{name} {{{_properties(published.nodes)}}})")
    for table in published.edges:
        for name, found in _groups(table, partial(relation, table)):
            file = f"{table.name}-{name}.csv"
            _written(folder / file, table, found)
            statements.append(
                _LOAD.format(place=PLACE, file=file)
                + "MATCH (s:NamedThing {id: row.subject}) MATCH (o:NamedThing {id: row.object}) "
                + f"CREATE (s)-[:{name} {{{_properties(table)}}}]->(o)")
    text = "".join(f"{statement};\n" for statement in statements)
    (folder / "load.cypherl").write_text(text, encoding="utf-8")
    (folder / "check.cypher").write_text(bolt.CHECK, encoding="utf-8")


def _labels(row: Cells) -> list[str]:
    return list(dict.fromkeys(["NamedThing", *labels(row)]))


def _groups(table: Table, group: Callable[[Cells], str]) -> list[tuple[str, list[Cells]]]:
    made: dict[str, list[Cells]] = {}
    for row in table.rows():
        made.setdefault(group(row), []).append(row)
    return sorted(made.items())


def _properties(table: Table) -> str:
    return ", ".join(f"{name}: {_MADE.get(kind, 'row.{name}').format(name=name)}"
                     for name, kind in table.columns.items() if name not in {"subject", "object"})


def _written(path: Path, table: Table, found: list[Cells]) -> None:
    write(path, table.columns,
          ([cell(row[name], table.path) for name in table.columns] for row in found))


def held(folder: Path) -> Held:
    """What the files hold, read back."""

    def found(name: str, columns: tuple[str, ...]) -> Iterator[Row]:
        files = sorted(folder.glob(f"{name}-*.csv"))
        return chain.from_iterable(rows(path, columns) for path in files)

    edge = ("id", "subject", "predicate", "object")
    return Held({"nodes": partial(found, "nodes", ("id", "name")),
                 **{name: partial(found, name, edge) for name in ("edges", QUALIFIED)}})
