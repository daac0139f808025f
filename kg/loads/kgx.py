"""The tables of a KGX release with typed columns, and their rows as a property graph takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ..errors import DataError
from ..exports import kgx_cells
from .tally import Row

QUALIFIED = "qualified_edges"


class Type(Enum):
    """What the cells of a column are; nested values are kept as JSON."""

    TEXT = "text"
    TEXTS = "texts"
    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"
    JSON = "json"


# The types that are not text, by the columns that the writer of KGX knows.
_TYPES = {
    Type.TEXTS: kgx_cells.LISTS, Type.FLAG: kgx_cells.FLAGS, Type.WHOLE: kgx_cells.COUNTS,
    Type.NUMBER: kgx_cells.SHARES, Type.JSON: kgx_cells.NESTED}
# Every column is always there, so that a query may name it whatever a release happens to hold.
COLUMNS = {
    "nodes": kgx_cells.NODES, "edges": kgx_cells.EDGES, QUALIFIED: kgx_cells.EDGES,
    "measurements": kgx_cells.MEASUREMENTS}
_EDGE = ("id", "category", "subject", "predicate", "object")
_NEEDED = {"nodes": ("id", "category"), "edges": _EDGE, QUALIFIED: _EDGE, "measurements": ("id",)}

Cells = dict[str, Any]


class Table(Struct, frozen=True):
    """The rows of a file of KGX; `name` is one of COLUMNS."""

    name: str
    path: Path

    @property
    def columns(self) -> dict[str, Type]:
        """The type of every column, in order."""
        return {column: _type(column) for column in COLUMNS[self.name]}

    def rows(self) -> Iterator[Cells]:
        """Each row with a cell for every column, None where it has none, nested ones as JSON.

        Raises DataError where a line is no such row.
        """
        columns = self.columns
        blank, needed = dict.fromkeys(columns), _NEEDED[self.name]
        for number, row in enumerate(kgx_cells.rows(self.path), 1):
            unknown = sorted(row.keys() - columns.keys())
            problems = [*(f"unknown column {name!r}" for name in unknown),
                        *(f"no {name}" for name in needed if not row.get(name))]
            if problems:
                raise DataError(self.path, number, f"{problems[0]} (kg export writes it again)")
            for name in row.keys() & kgx_cells.NESTED:
                row[name] = msgspec.json.encode(row[name]).decode()
            yield blank | row

    def keys(self) -> Iterator[Row]:
        """What the checksum is about: a node's id and name, an edge's id and its triple."""
        names = key(self.name)
        for row in self.rows():
            yield tuple(row[name] or "" for name in names)


def key(name: str) -> tuple[str, ...]:
    """The columns of a table that its checksum is about."""
    return {"nodes": ("id", "name"), "measurements": ("id", "kind", "disease", "measure")}.get(
        name, ("id", "subject", "predicate", "object"))


def _type(column: str) -> Type:
    return next((kind for kind, names in _TYPES.items() if column in names), Type.TEXT)


def labels(row: Cells) -> list[str]:
    """The categories of a node as labels: the first is the one that names its table."""
    return [local(one) for one in row["category"]]


def relation(table: Table, row: Cells) -> str:
    """The type of an edge; what is denied or doubted never has the type of what is stated."""
    return local(row["predicate"]) if table.name == "edges" else qualified(row["predicate"])


def qualified(predicate: str) -> str:
    """The type of an edge that is denied, doubted or contradicted.

    >>> qualified("biolink:treats")
    'qualified_treats'
    """
    return f"qualified_{local(predicate)}"


def local(curie: str) -> str:
    """A name for a label, type or table: without the prefix of Biolink, _ for what is no letter.

    >>> local("biolink:treats"), local("rkg:worsensOutcomeOf")
    ('treats', 'rkg_worsensOutcomeOf')
    """
    return re.sub(r"\W", "_", curie.removeprefix("biolink:"), flags=re.ASCII)
