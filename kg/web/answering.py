"""One SPARQL query on one store: the answer in the form asked for, within limits of size."""

from __future__ import annotations

import re
from typing import Literal

import pyoxigraph as ox
from msgspec import Struct

from ..answers import Most, bindings, graph
from ..errors import UsageError
from ..prefixes import Prefixes
from ..query import refuse, unbound

Why = Literal["syntax", "refused", "form", "size", "timeout", "memory", "gone"]


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
        return _written(found, asked, prefixes, Most(rows, size))
    except SyntaxError as error:
        told, place = unbound(asked.text, str(error), prefixes), str(error).partition(": ")[0]
        return Failed("syntax", f"{place}: {told}" if told else str(error))
    except UsageError as error:
        return Failed("size", str(error))
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
    prefixes: Prefixes, most: Most
) -> Answer:
    if not (asked.graph if isinstance(found, ox.QueryTriples) else asked.rows):
        what = "a graph" if isinstance(found, ox.QueryTriples) else "rows or yes and no"
        return Failed("form", f"the query gives {what}, in none of the types that you accept")
    if isinstance(found, ox.QueryTriples):
        return Answered(asked.graph, graph(found, asked.graph, prefixes, most))
    if isinstance(found, ox.QueryBoolean) and asked.rows in {"csv", "tsv"}:
        return Answered(asked.rows, b"true\n" if found else b"false\n")
    return Answered(asked.rows, bindings(found, asked.rows, most))
