"""One SPARQL query on one store: the answer in the form asked for, within limits of size."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Literal

import pyoxigraph as ox
from msgspec import Struct

from ..answers import serialised
from ..errors import UsageError
from ..exports.release import Lines
from ..prefixes import Prefixes
from ..query import refuse

Why = Literal["syntax", "refused", "form", "size", "timeout", "memory", "gone"]
_LEAST = 3  # bytes that a row has in any format


class Asked(Struct, frozen=True):
    """A query: `rows` and `graph` are the forms for its answer, whichever kind that is.  A form
    is empty where the client takes none of that kind.

    `default` and `named` are the protocol's graph IRIs.
    """

    text: str
    rows: str
    graph: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Answered(Struct, frozen=True, tag=True):
    """The body of an answer, and the form that it is in."""

    form: str
    body: bytes


class Failed(Struct, frozen=True, tag=True):
    """Why there is no answer, for the program and in words."""

    why: Why
    message: str


Answer = Answered | Failed
ROWS = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML,
        "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV}


# One pattern whose subject is given: it has as many answers as the node has triples, no more.
_INNER = r'[^<>"{}|^`\\\x00-\x20]+'
_TERM = rf"(?: \?[a-z0-9_]+ | <{_INNER}> )"
_POINT = re.compile(
    rf"""\s* select \s+ (?: \* | (?: \?[a-z0-9_]+ \s* )+ ) \s* (?: where \s* )?
    \{{ \s* <(?P<node>{_INNER})> \s* {_TERM} \s* {_TERM} \s* \.? \s* \}}
    \s* (?: limit \s+ [0-9]+ \s* )? (?: \#[^\n\r]* )?""", re.IGNORECASE | re.VERBOSE)


def about(asked: Asked) -> str:
    """The IRI of the node where a query is one pattern about one node and nothing else, or ""."""
    found = _POINT.fullmatch(asked.text)
    return found["node"] if found and not asked.default and not asked.named else ""


class _TooMuchError(Exception):
    """The answer has more bytes than it may."""


class _Limited(BytesIO):
    """A buffer that ends the writing when it is full."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._most:
            raise _TooMuchError
        return super().write(data)


def answer(store: ox.Store, asked: Asked, prefixes: Prefixes, rows: int, size: int) -> Answer:
    """The whole answer, or why there is none; at most `rows` rows or triples, `size` bytes.

    `prefixes` may be used undeclared.
    """
    try:
        refuse(asked.text, prefixes)
    except UsageError as error:
        return Failed("refused", str(error))
    try:
        found = store.query(asked.text, prefixes=_used(asked.text, prefixes.table),
                            default_graph=_nodes(asked, asked.default),
                            named_graphs=_nodes(asked, asked.named))  # type: ignore[arg-type]
        return _written(found, asked, prefixes, rows, size)
    except SyntaxError as error:
        return Failed("syntax", str(error))
    except _TooMuchError:
        return Failed("size", f"the answer has more than {size:,} bytes: use LIMIT")
    except MemoryError:
        return Failed("memory", "the query needed too much memory")
    except (ValueError, OSError, RuntimeError) as error:  # what Oxigraph could not evaluate
        return Failed("refused", str(error))


def _used(text: str, table: dict[str, str]) -> dict[str, str]:
    """The prefixes that may be in a query: each costs the parser as much as a short query."""
    return {name: iri for name, iri in table.items() if f"{name}:" in text}


def _nodes(
    asked: Asked, iris: tuple[str, ...]
) -> list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None:
    """Graphs of the protocol's dataset (SPARQL 1.1 Protocol, 2.1.4); None where none is given."""
    if not asked.default and not asked.named:
        return None
    return [ox.NamedNode(iri) for iri in iris]


def _written(
    found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, asked: Asked,
    prefixes: Prefixes, rows: int, size: int
) -> Answer:
    if not (asked.graph if isinstance(found, ox.QueryTriples) else asked.rows):
        what = "a graph" if isinstance(found, ox.QueryTriples) else "rows or yes and no"
        return Failed("form", f"the query gives {what}, in none of the types that you accept")
    if isinstance(found, ox.QueryTriples):
        lines = _lines(found, rows)
        if lines is None:
            return Failed("size", f"the answer has more than {rows:,} triples: use LIMIT")
        body = serialised(Lines(lines, prefixes), asked.graph)
        if len(body) > size:
            raise _TooMuchError
        return Answered(asked.graph, body)
    form = ROWS[asked.rows]
    if isinstance(found, ox.QueryBoolean) and asked.rows in {"csv", "tsv"}:
        return Answered(asked.rows, b"true\n" if found else b"false\n")
    out = _Limited(size)
    found.serialize(out, format=form)
    body = out.getvalue()
    if len(body) > _LEAST * rows and isinstance(found, ox.QuerySolutions) \
            and _count(body, form) > rows:
        return Failed("size", f"the answer has more than {rows:,} rows: use LIMIT")
    return Answered(asked.rows, body)


def _count(body: bytes, form: ox.QueryResultsFormat) -> int:
    parsed = ox.parse_query_results(body, format=form)
    return sum(1 for _ in parsed) if isinstance(parsed, ox.QuerySolutions) else 0


def _lines(found: ox.QueryTriples, most: int) -> set[str] | None:
    """The triples as N-Triples; None where there are more than `most`."""
    lines: set[str] = set()
    for triple in found:
        lines.add(f"{triple} .\n")
        if len(lines) > most:
            return None
    return lines
