"""Answers of queries as people and programs read them, in formats of two tables."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO

import pyoxigraph as ox

from . import terminal
from .errors import UsageError
from .exports.release import Lines, Merged
from .exports.syntaxes import JSONLD, NTRIPLES, RDFXML, TURTLE
from .ntriples import Shortener
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


def rendered(solution: Solution, form: str, prefixes: Prefixes, limit: int | None = None) -> bytes:
    """The answer in `form`; "" is a table or Turtle, "auto" is CSV or Turtle, as fits.

    A table is clipped to `limit` columns.  Raises UsageError where the form does not fit.
    """
    if isinstance(solution, ox.QueryTriples):
        form = "ttl" if form in {"", AUTO} else form
        _check(form, tuple(GRAPHS), "CONSTRUCT and DESCRIBE give a graph")
        return serialised(Lines((f"{triple} .\n" for triple in solution), prefixes), form)
    form = "csv" if form == AUTO else form
    _check(form or TABLE, (TABLE, *_BINDINGS), "SELECT and ASK give rows or yes and no")
    if form in _BINDINGS:
        found = solution.serialize(format=_BINDINGS[form]) or b""
        return found if found.endswith(b"\n") else found + b"\n"
    if isinstance(solution, ox.QueryBoolean):
        return b"yes\n" if solution else b"no\n"
    return _table(solution, prefixes, limit).encode("utf-8", "replace")


def serialised(triples: Merged, form: str) -> bytes:
    """A few triples in a form of GRAPHS; the same bytes for the same triples."""
    out = BytesIO()
    GRAPHS[form](triples, out)
    return out.getvalue()


def _check(form: str, accepted: tuple[str, ...], why: str) -> None:
    if form not in accepted:
        raise UsageError(f"format {form!r} does not fit: {why}; accepted: {', '.join(accepted)}")


def _table(solution: ox.QuerySolutions, prefixes: Prefixes, limit: int | None) -> str:
    name = Shortener(prefixes).name
    header = [variable.value for variable in solution.variables]
    rows = [[_cell(row[variable], name) for variable in solution.variables] for row in solution]
    count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}\n"
    return f"{terminal.table(header, rows, limit)}\n{count}" if rows else count


def _cell(term: object, name: Callable[[str], str]) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return name(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
