"""Answers of queries as people and programs read them, in formats of two tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from typing import IO

import pyoxigraph as ox
from msgspec import Struct

from . import terminal
from .errors import UsageError
from .exports.release import Lines, Merged
from .exports.syntaxes import JSONLD, NTRIPLES, RDFXML, TURTLE
from .ntriples import Shortener
from .plural import many
from .prefixes import Prefixes
from .query import Solution

TABLE, AUTO = "table", "auto"
_BINDINGS = {
    "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML,
}

# One line for each form of a small graph.
GRAPHS: dict[str, Callable[[Merged, IO[bytes]], int]] = {
    "ttl": TURTLE.write, "nt": NTRIPLES.write, "jsonld": JSONLD.write, "rdf": RDFXML.write,
}
FORMATS = (TABLE, *_BINDINGS, *GRAPHS)


class Most(Struct, frozen=True):
    """How many rows or triples an answer may have, how many bytes, and what to do for more."""

    rows: int = sys.maxsize
    bytes: int = sys.maxsize
    hint: str = "use LIMIT"

    def passed(self, count: int, unit: str) -> UsageError:
        """What is said of an answer with more than `count` of a unit."""
        return UsageError(f"the answer has more than {count:,} {unit}: {self.hint}")


ANY = Most()


def rendered(
    solution: Solution, form: str, prefixes: Prefixes, limit: int | None = None, most: Most = ANY
) -> bytes:
    """The answer in `form`; "" is a table or Turtle, "auto" is CSV or Turtle, as fits.

    A table is clipped to `limit` columns.  Raises UsageError where the form does not fit, or the
    answer has more than `most`.
    """
    if isinstance(solution, ox.QueryTriples):
        form = "ttl" if form in {"", AUTO} else form
        _check(form, tuple(GRAPHS), "CONSTRUCT and DESCRIBE give a graph")
        return graph(solution, form, prefixes, most)
    form = "csv" if form == AUTO else form
    _check(form or TABLE, (TABLE, *_BINDINGS), "SELECT and ASK give rows or yes and no")
    if form in _BINDINGS:
        found = bindings(solution, form, most)
        return found if found.endswith(b"\n") else found + b"\n"
    if isinstance(solution, ox.QueryBoolean):
        return b"yes\n" if solution else b"no\n"
    return _table(solution, prefixes, limit, most).encode("utf-8", "replace")


def bindings(solution: ox.QuerySolutions | ox.QueryBoolean, form: str, most: Most) -> bytes:
    """Rows, or yes and no, in a format of SPARQL's; raises UsageError for more than `most`."""
    out = _Limited(most)
    solution.serialize(out, format=_BINDINGS[form])
    body = out.getvalue()
    if isinstance(solution, ox.QuerySolutions) and len(body) > most.rows \
            and _count(body, form) > most.rows:  # a row has one byte at least, its line end
        raise most.passed(most.rows, "rows")
    return body


def _count(body: bytes, form: str) -> int:
    """The rows of an answer."""
    if form == "csv":  # Oxigraph reads none back; a line end within quotes ends no row
        return sum(part.count(b"\n") for part in body.split(b'"')[::2]) - 1
    if form == "tsv":
        return body.count(b"\n") - 1
    parsed = ox.parse_query_results(body, format=_BINDINGS[form])
    return sum(1 for _ in parsed) if isinstance(parsed, ox.QuerySolutions) else 0


def graph(found: ox.QueryTriples, form: str, prefixes: Prefixes, most: Most) -> bytes:
    """Triples, each once, in a form of GRAPHS; raises UsageError for more than `most`."""
    lines: set[str] = set()
    for triple in found:
        lines.add(f"{triple} .\n")
        if len(lines) > most.rows:
            raise most.passed(most.rows, "triples")
    body = serialised(Lines(lines, prefixes), form)
    if len(body) > most.bytes:
        raise most.passed(most.bytes, "bytes")
    return body


class _Limited(BytesIO):
    """A buffer that ends the writing when it is full."""

    def __init__(self, most: Most) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._most.bytes:
            raise self._most.passed(self._most.bytes, "bytes")
        return super().write(data)


def serialised(triples: Merged, form: str) -> bytes:
    """A few triples in a form of GRAPHS; the same bytes for the same triples."""
    out = BytesIO()
    GRAPHS[form](triples, out)
    return out.getvalue()


def _check(form: str, accepted: tuple[str, ...], why: str) -> None:
    if form not in accepted:
        raise UsageError(f"format {form!r} does not fit: {why}; accepted: {', '.join(accepted)}")


def _table(
    solution: ox.QuerySolutions, prefixes: Prefixes, limit: int | None, most: Most
) -> str:
    name = Shortener(prefixes).name
    header = [variable.value for variable in solution.variables]
    rows = []
    for row in solution:
        rows.append([_cell(row[variable], name) for variable in solution.variables])
        if len(rows) > most.rows:
            raise most.passed(most.rows, "rows")
    count = f"{many(len(rows), 'row')}\n"
    return f"{terminal.table(header, rows, limit)}\n{count}" if rows else count


def _cell(term: object, name: Callable[[str], str]) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return name(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
