"""SHACL engines behind one table: the same shapes, the same results (SHACL, section 3.6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

import pyoxigraph as ox
from msgspec import Struct

from .errors import UnknownName
from .files import shipped

SHAPES = ("core.ttl", "kinds.ttl", "nodes.ttl", "quality.ttl", "statements.ttl")


class Raw(Struct, frozen=True, order=True):
    """One result as an engine gives it: IRIs without brackets; `value` may be a literal's text."""

    focus: str
    shape: str
    component: str
    severity: str
    value: str
    path: str


@cache
def shapes_text() -> str:
    """The shapes of shapes/ as one Turtle document."""
    files = (shipped(f"shapes/{name}") for name in SHAPES)
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


# ---------------------------------------------------------------- the reference engine


def pyshacl(triples: bytes, shapes: str = "") -> list[Raw]:
    """The results of pyshacl, the reference, for N-Triples; `shapes` are Turtle, else ours."""
    from . import oracle  # noqa: PLC0415 - pyshacl and rdflib take 0.8 s that the fast engine saves

    return sorted(Raw(focus, shape, component, severity, value, _simple(path))
                  for focus, shape, component, severity, value, path
                  in oracle.results(triples, shapes or shapes_text()))


def _simple(path: str) -> str:
    """A path that is one property; engines name longer ones differently, and with blank nodes."""
    return path if "://" in path and not {"<", ">", " "} & set(path) else ""


# ---------------------------------------------------------------- the fast engine


@lru_cache(2)
def _compiled(shapes: str) -> Any:
    """Shapes as the Rust engine keeps them, compiled once a process."""
    from shacl import Shapes  # noqa: PLC0415 - an optional extra

    return Shapes.from_turtle(shapes)


def shacl(triples: bytes, shapes: str = "") -> list[Raw]:
    """The results of the Rust engine for N-Triples; `shapes` are Turtle, else ours."""
    report = _compiled(shapes or shapes_text()).validate_text(triples.decode(), format="ntriples")
    return sorted(
        Raw(_bare(found.focus_node), _bare(found.source_shape), found.component_iri,
            found.severity_iri, _bare(found.value or ""), _simple(_bare(found.path or "")))
        for found in report.results
    )


def _bare(term: str) -> str:
    """A term of N-Triples without its brackets or quotes."""
    if term.startswith("<"):
        return term[1:-1]
    if term.startswith('"'):
        row = next(iter(ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_TRIPLES)))
        return row.object.value if isinstance(row.object, ox.Literal) else term
    return term


# Where an engine is added: one line, and the test that all engines agree finds it.
ENGINES: dict[str, Callable[[bytes], list[Raw]]] = {"pyshacl": pyshacl, "shacl": shacl}


@cache
def available() -> tuple[str, ...]:
    """The engines that are installed, the one to prefer first."""
    return tuple(name for name in ("shacl", "pyshacl") if find_spec(name))


def engine(name: str = "auto") -> Callable[[bytes], list[Raw]]:
    """The engine called `name`; "auto" is the fastest installed.  Raises UnknownName."""
    wanted = available()[0] if name == "auto" else name
    if wanted not in available():
        raise UnknownName("SHACL engine", name, ("auto", *available()))
    return ENGINES[wanted]


# ---------------------------------------------------------------- what shapes say


class Shape(Struct, frozen=True):
    """What a shape tells a person: what must hold, and what to do where it does not."""

    message: str
    advice: str


@cache
def messages() -> dict[str, Shape]:
    """Message and advice of every shape, by the shape's IRI."""
    store = ox.Store()
    store.load(shapes_text().encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query("""
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?shape ?message ?advice WHERE {
          ?shape rdfs:comment ?advice ; (sh:sparql?)/sh:message ?message
        }""")
    assert isinstance(rows, ox.QuerySolutions)
    return {row["shape"].value: Shape(row["message"].value, row["advice"].value) for row in rows}
