"""SQLite: nodes, edges and the flat tables in one file, with the standard library alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..errors import LoadError
from . import flat
from .kgx import QUALIFIED, Cells, Table, Type
from .published import Published
from .tally import Held, Row

FILE = "graph.sqlite"
_TYPES = {Type.FLAG: "INTEGER", Type.WHOLE: "INTEGER", Type.NUMBER: "REAL"}
_INDEXES = (
    "CREATE INDEX edges_subject ON edges (subject, predicate)",
    "CREATE INDEX edges_object ON edges (object, predicate)",
    "CREATE INDEX evidence_statement ON evidence (statement)",
)


def make(published: Published, expected: Held, folder: Path) -> None:
    """Write the database; lists are JSON arrays, flags 0 and 1.

    Raises LoadError for what SQLite refuses.
    """
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as database:
        try:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            for table in flat.tables(published):
                _filled(database, table)
            for name, header in flat.HEADERS.items():
                database.execute(f'CREATE TABLE "{name}" ({", ".join(map(_text, header))})')
                _inserted(database, name, len(header), expected.rows[name]())
            for index in _INDEXES:
                database.execute(index)
            database.execute("COMMIT")
        except sqlite3.Error as error:
            raise LoadError(f"sqlite: {error}") from None


def _text(name: str) -> str:
    return f'"{name}" TEXT'


def _filled(database: sqlite3.Connection, table: Table) -> None:
    columns = [f'"{name}" {_TYPES.get(kind, "TEXT")}' for name, kind in table.columns.items()]
    columns[0] += " PRIMARY KEY"
    if table.name in {"edges", QUALIFIED}:
        columns += [f"FOREIGN KEY ({end}) REFERENCES nodes (id)" for end in ("subject", "object")]
    database.execute(f"CREATE TABLE {table.name} ({', '.join(columns)})")
    _inserted(database, table.name, len(table.columns), _cells(table))


def _cells(table: Table) -> Iterator[tuple[Any, ...]]:
    lists = [name for name, kind in table.columns.items() if kind is Type.TEXTS]
    for row in table.rows():
        _as_json(row, lists)
        yield tuple(row[name] for name in table.columns)


def _as_json(row: Cells, lists: list[str]) -> None:
    for name in lists:
        if row[name] is not None:
            row[name] = json.dumps(row[name], ensure_ascii=False)


def _inserted(
    database: sqlite3.Connection, name: str, width: int, rows: Iterable[tuple[Any, ...]]
) -> None:
    database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * width)})', rows)


def held(folder: Path) -> Held:
    """What the database holds, read back."""
    path = folder / FILE

    def rows(query: str) -> Iterator[Row]:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            try:
                yield from database.execute(query)
            except sqlite3.Error as error:
                raise LoadError(f"{path}: {error}") from None

    return flat.held(rows)
