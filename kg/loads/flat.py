"""The flat tables of a release beside its nodes and edges, for databases that speak SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ..exports.release import Release
from ..exports.tables import TABLES
from ..files import scratch
from ..opening import base
from ..prefixes import load as load_prefixes
from .kgx import COLUMNS, Table, key
from .published import GRAPH, Published
from .tally import Held, Row, Rows

HEADERS = {name: table.header for name, table in TABLES.items()}
# What the checksum is about, as SQL has it; the flat tables are checked with all their columns.
KEYS = {name: "SELECT " + ", ".join(f"coalesce({column}, '')" for column in key(name))
        + f" FROM {name}" for name in COLUMNS}


def tables(published: Published) -> tuple[Table, ...]:
    """The tables of KGX: nodes, edges of both sorts and measurements."""
    return (published.nodes, *published.edges, published.table("measurements"))


def expected(published: Published) -> Held:
    """Every table of KGX and every flat table.

    Raises LoadError where a flat table has another number of rows than the CSV of the manifest.
    """
    graph = published.file(GRAPH)
    with scratch(published.folder) as place:
        release = Release(graph, place, load_prefixes(base(graph)))
        made = {name: table.rows(release) for name, table in TABLES.items()}
    for name, found in made.items():
        published.agreed(f"tables/{name}.csv", len(found))
    rows: dict[str, Rows] = {table.name: table.keys for table in tables(published)}
    return Held(rows | {name: partial(iter, found) for name, found in made.items()})


def held(rows: Callable[[str], Iterable[Row]]) -> Held:
    """What a database holds that `rows` asks in SQL."""
    queries = KEYS | {name: f'SELECT * FROM "{name}"' for name in HEADERS}
    return Held({name: partial(rows, query) for name, query in queries.items()})
