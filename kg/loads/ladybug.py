"""Ladybug: a table of nodes for each category, a table of edges for each predicate, by COPY."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import DataError, LoadError
from ..files import scratch
from .kgx import QUALIFIED, Cells, Table, Type, labels, relation
from .published import Published, needed
from .tally import Held, Row

FILE = "graph.lbug"
# Ladybug reads no list or null out of a quoted CSV cell, so they are spelt in control characters.
NULL, NO_LIST, NO_TEXT, NEXT = "\x1c", "\x1d", "\x1e", "\x1f"
_CONTROLS = (NULL, NO_LIST, NO_TEXT, NEXT)
_TYPES = {
    Type.TEXT: "STRING", Type.TEXTS: "STRING[]", Type.FLAG: "BOOL", Type.WHOLE: "INT64",
    Type.NUMBER: "DOUBLE", Type.JSON: "STRING"}
_ZERO = {Type.FLAG: "false", Type.WHOLE: "0", Type.NUMBER: "0"}
_CSV = ("header=false, parallel=false, quote='\"', escape='\"', delim=',', auto_detect=false, "
        f"null_strings=['{NULL}{NULL}']")
_EDGES = "MATCH (s)-[e]->(o) WHERE {} label(e) STARTS WITH 'qualified_'"
KEYS = {
    "nodes": "MATCH (n) RETURN n.id, coalesce(n.name, '')",
    "edges": f"{_EDGES.format('NOT')} RETURN e.id, s.id, e.predicate, o.id",
    QUALIFIED: f"{_EDGES.format('')} RETURN e.id, s.id, e.predicate, o.id",
}
Ask = Callable[..., Any]  # a query and its parameters


def make(published: Published, expected: Held, folder: Path) -> None:  # noqa: ARG001
    """Write the database.

    Raises UsageError without the extra, DataError for text that a COPY cannot carry, LoadError
    for what Ladybug refuses.
    """
    nodes = published.nodes
    with opened(folder / FILE) as ask, scratch(folder) as place:
        kinds = {row["id"]: labels(row)[0] for row in nodes.rows()}
        ask("BEGIN TRANSACTION")
        parts = _split(nodes, place, lambda row: (labels(row)[0],), nodes.columns)
        for (name,), path in parts.items():
            ask(f"CREATE NODE TABLE `{name}` ({_columns(nodes.columns)}, PRIMARY KEY (id))")
            _copied(ask, name, path, nodes.columns, "")
        made = [_edges(ask, table, kinds, place) for table in published.edges]
        if not any(made):  # without a table of edges not even their number can be asked for
            ask("CREATE NODE TABLE `Nothing` (id STRING PRIMARY KEY, name STRING)")
            ask("CREATE REL TABLE `related_to` (FROM `Nothing` TO `Nothing`, id STRING, "
                "predicate STRING)")
        ask("COMMIT")
        ask("CHECKPOINT")


def _edges(ask: Ask, edges: Table, kinds: dict[str, str], place: Path) -> int:
    """One table for each predicate, one COPY for each pair of categories that it joins."""
    def group(row: Cells) -> tuple[str, ...]:
        return relation(edges, row), kinds[row["subject"]], kinds[row["object"]]

    ends = {"subject": Type.TEXT, "object": Type.TEXT}
    own = {name: kind for name, kind in edges.columns.items() if name not in ends}
    parts = _split(edges, place, group, ends | own)
    for name in dict.fromkeys(name for name, _, _ in parts):
        pairs = ", ".join(f"FROM `{start}` TO `{end}`" for one, start, end in parts if one == name)
        ask(f"CREATE REL TABLE `{name}` ({pairs}, {_columns(own)})")
    for (name, start, end), path in parts.items():
        _copied(ask, name, path, ends | own, f" (FROM='{start}', TO='{end}')")
    return len(parts)


def _columns(columns: dict[str, Type]) -> str:
    return ", ".join(f"`{name}` {_TYPES[kind]}" for name, kind in columns.items())


def _split(
    table: Table, place: Path, group: Callable[[Cells], tuple[str, ...]],
    names: Iterable[str],
) -> dict[tuple[str, ...], Path]:
    """The rows of a table in one CSV file for each group, sorted by group."""
    made: dict[tuple[str, ...], tuple[Path, Any]] = {}
    with ExitStack() as stack:
        for number, row in enumerate(table.rows(), 1):
            key = group(row)
            if key not in made:
                path = place / f"{table.name}-{len(made)}.csv"
                out = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                made[key] = path, csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
            cells = [cell(row[name]) for name in names]
            if None in cells:
                raise DataError(table.path, number, "a control character that Ladybug cannot take")
            made[key][1].writerow(cells)
    return {key: made[key][0] for key in sorted(made)}


def cell(value: Any) -> str | None:
    """A value as a cell of the CSV that Ladybug is given; None where that cannot hold it."""
    if value is None:
        return NULL
    texts = value if isinstance(value, list) else [value]
    if any(control in text for text in texts if isinstance(text, str) for control in _CONTROLS):
        return None
    if isinstance(value, list):
        return NEXT.join(text or NO_TEXT for text in value) if value else NO_LIST
    return str(value).lower() if isinstance(value, bool) else str(value)


def _copied(ask: Ask, name: str, path: Path, columns: dict[str, Type], ends: str) -> None:
    header = ", ".join(f"`{column}` STRING" for column in columns)
    cells = ", ".join(_value(column, kind) for column, kind in columns.items())
    ask(f"COPY `{name}` FROM (LOAD WITH HEADERS ({header}) FROM '{_quoted(path)}' ({_CSV}) "
        f"RETURN {cells}){ends}")


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def _value(column: str, kind: Type) -> str:
    """The Cypher that makes a column's value of the cell of `cell`."""
    name = f"`{column}`"
    made = name
    if kind is Type.TEXTS:
        made = (f"CASE WHEN {name} = '{NO_LIST}' THEN CAST([] AS STRING[]) "
                f"ELSE list_transform(string_split({name}, '{NEXT}'), "
                f"x -> CASE WHEN x = '{NO_TEXT}' THEN '' ELSE x END) END")
    elif kind in _ZERO:
        # both branches of a CASE are worked out, and a null does not cast
        number = f"CASE WHEN {name} = '{NULL}' THEN '{_ZERO[kind]}' ELSE {name} END"
        made = f"CAST({number} AS {_TYPES[kind]})"
    return f"CASE WHEN {name} = '{NULL}' THEN NULL ELSE {made} END"


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Ask]:
    """A function that runs Cypher on the database at `path` and gives its rows.

    Raises LoadError with Ladybug's own words where a query fails.
    """
    engine = needed("ladybug", "ladybug")
    try:
        with engine.Database(str(path), read_only=read_only) as database, \
                engine.Connection(database) as connection:
            yield partial(_asked, connection)
    except RuntimeError as error:
        raise LoadError(f"{path}: {error}") from None


def _asked(connection: Any, query: str, parameters: dict[str, Any] | None = None) -> Any:
    try:
        return connection.execute(query, parameters or {})
    except RuntimeError as error:
        raise LoadError(f"ladybug: {error}") from None


def held(folder: Path) -> Held:
    """What the database holds, read back."""

    def rows(query: str) -> Iterable[Row]:
        with opened(folder / FILE, read_only=True) as ask:
            yield from (tuple(row) for row in ask(query))

    return Held({name: partial(rows, query) for name, query in KEYS.items()})
