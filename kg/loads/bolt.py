"""Neo4j and Memgraph over Bolt: batches with parameters, which may be repeated without harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from ..errors import LoadError, UsageError
from .kgx import QUALIFIED, Cells, Table, labels, relation
from .published import Published, needed
from .tally import Held, Row

if TYPE_CHECKING:
    import neo4j

BATCH = 1_000
_ENDS = ("subject", "object")
# One statement each: schema cannot change inside a transaction.
NEO4J = ("CREATE CONSTRAINT rarekg_id IF NOT EXISTS FOR (n:NamedThing) REQUIRE n.id IS UNIQUE",)
MEMGRAPH = ("CREATE CONSTRAINT ON (n:NamedThing) ASSERT n.id IS UNIQUE",
            "CREATE INDEX ON :NamedThing(id)")
# A node is found by all its labels: one with the same id and others breaks the constraint, loudly.
NODE = ("UNWIND $rows AS row MERGE (n:{labels} {{id: row.id}}) SET n = row.rest "
        "RETURN n.id")
EDGE = ("UNWIND $rows AS row "
        "MATCH (s:NamedThing {{id: row.subject}}) MATCH (o:NamedThing {{id: row.object}}) "
        "MERGE (s)-[e:`{type}` {{id: row.id}}]->(o) SET e = row.rest RETURN e.id")
_EDGES = ("MATCH (s:NamedThing)-[e]->(o:NamedThing) WHERE {} type(e) STARTS WITH 'qualified_' "
          "RETURN e.id, s.id, e.predicate, o.id")
KEYS = {
    "nodes": "MATCH (n:NamedThing) RETURN n.id, coalesce(n.name, '')",
    "edges": _EDGES.format("NOT"), QUALIFIED: _EDGES.format(""),
}
# For those who have only a console: the counts of load.json.
CHECK = "".join(f"// {name}\n{query.partition(' RETURN')[0]} RETURN count(*);\n"
                for name, query in KEYS.items())


class Server(Struct, frozen=True):
    """Where a database answers; an empty name is the server's own choice of database."""

    uri: str
    user: str = ""
    password: str = ""
    database: str = ""


@contextmanager
def session(server: Server) -> Iterator[neo4j.Session]:
    """A session; raises UsageError where none can be had, LoadError for what the server refuses."""
    engine = needed("neo4j", "neo4j")
    auth = (server.user, server.password) if server.user else None
    try:
        with engine.GraphDatabase.driver(server.uri, auth=auth) as driver:
            driver.verify_connectivity()
            with driver.session(database=server.database or None) as made:
                yield made
    except engine.exceptions.Neo4jError as error:
        raise LoadError(f"{server.uri}: {error}") from None
    except (engine.exceptions.DriverError, ValueError) as error:
        raise UsageError(f"{server.uri}: {error}") from None


def send(published: Published, server: Server, schema: Iterable[str]) -> None:
    """Every node and edge is in the database, whatever of them was there before.

    Raises LoadError at the first batch of which a row did not arrive.
    """
    with session(server) as opened:
        for statement in schema:
            opened.run(statement).consume()
        _sent(opened, published.nodes, lambda row: NODE.format(labels=_labels(row)))
        for table in published.edges:
            _sent(opened, table, partial(_edge, table))


def _labels(row: Cells) -> str:
    return ":".join(f"`{label}`" for label in dict.fromkeys(["NamedThing", *labels(row)]))


def _edge(table: Table, row: Cells) -> str:
    return EDGE.format(type=relation(table, row))


def _sent(opened: neo4j.Session, table: Table, query: Callable[[Cells], str]) -> None:
    """The rows of a table are sent in batches of the same query: labels are no parameters."""
    batches: dict[str, list[Cells]] = {}
    for row in table.rows():
        text = query(row)
        # an edge's ends are its nodes, and a property that is null is none
        rest = {name: cell for name, cell in row.items() if cell is not None and name not in _ENDS}
        batch = batches.setdefault(text, [])
        batch.append({"id": row["id"], "rest": rest} | {end: row.get(end) for end in _ENDS})
        if len(batch) == BATCH:
            _arrived(opened, table, text, batches.pop(text))
    for text, batch in batches.items():
        _arrived(opened, table, text, batch)


def _arrived(opened: neo4j.Session, table: Table, text: str, batch: list[Cells]) -> None:
    """Send a batch; raises LoadError where not every row of it is there afterwards."""
    came = {found[0] for found in opened.run(text, rows=batch)}
    if lost := {row["id"] for row in batch} - came:
        raise LoadError(f"{len(lost):,} {table.name} did not arrive: {min(lost)} …")


def held(server: Server) -> Held:
    """What the database holds, read back."""

    def rows(query: str) -> Iterator[Row]:
        with session(server) as opened:
            for found in opened.run(query):
                yield tuple(str(cell) for cell in found)

    return Held({name: partial(rows, query) for name, query in KEYS.items()})
