"""DuckDB: the same tables as for SQLite, with lists as lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..errors import LoadError
from ..files import scratch
from . import flat
from .kgx import Cells, Table, Type
from .published import Published, needed
from .tally import Held, Row

if TYPE_CHECKING:
    import duckdb

FILE = "graph.duckdb"
_TYPES = {
    Type.TEXT: "VARCHAR", Type.TEXTS: "VARCHAR[]", Type.FLAG: "BOOLEAN", Type.WHOLE: "BIGINT",
    Type.NUMBER: "DOUBLE", Type.JSON: "JSON"}
_READ = ("CREATE TABLE \"{name}\" AS SELECT * FROM read_json($path, "
         "format = 'newline_delimited', columns = {columns}, maximum_object_size = 200000000)")
_CHUNK = 10_000


def opened(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    made: duckdb.DuckDBPyConnection = needed("duckdb", "duckdb").connect(
        str(path), read_only=read_only)
    return made


def make(published: Published, expected: Held, folder: Path) -> None:
    """Write the database.

    Raises UsageError without the extra, LoadError for what DuckDB refuses.
    """
    engine = needed("duckdb", "duckdb")
    try:
        with opened(folder / FILE, read_only=False) as database, scratch(folder) as place:
            for table in flat.tables(published):
                columns = {name: _TYPES[kind] for name, kind in table.columns.items()}
                _read(database, table.name, columns, _lines(table, place))
            for name, header in flat.HEADERS.items():
                part = place / f"{name}.jsonl"
                _written(part, (dict(zip(header, row, strict=True))
                                for row in expected.rows[name]()))
                _read(database, name, dict.fromkeys(header, "VARCHAR"), part)
    except engine.Error as error:
        raise LoadError(f"duckdb: {error}") from None


def _read(
    database: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], path: Path
) -> None:
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    database.execute(_READ.format(name=name, columns=f"{{{listed}}}"), {"path": str(path)})


def _lines(table: Table, place: Path) -> Path:
    """The rows of a table as JSON Lines."""
    if table.path.suffix == ".jsonl":
        return table.path
    path = place / f"{table.name}.jsonl"
    _written(path, table.rows())
    return path


def _written(path: Path, rows: Iterable[Cells]) -> None:
    with path.open("wb") as out:
        out.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


def held(folder: Path) -> Held:
    """What the database holds, read back."""
    engine = needed("duckdb", "duckdb")

    def rows(query: str) -> Iterator[Row]:
        try:
            with opened(folder / FILE, read_only=True) as database:
                found = database.execute(query)
                while chunk := found.fetchmany(_CHUNK):
                    yield from chunk
        except engine.Error as error:
            raise LoadError(f"{folder / FILE}: {error}") from None

    return flat.held(rows)
