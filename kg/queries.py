"""The named queries of data/queries: what each asks, and the values put into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from msgspec import Struct

from .errors import DataError, UnknownName, UsageError
from .files import shipped
from .ontology import kinds
from .prefixes import Prefixes

_HEADER = re.compile(r"#\s*(title|description|param):?\s+(.*)")
_PARAM = re.compile(r"(\w+)\s+(\S+)\s+(required|optional)\s+(\S+)\s+(.+)")
BODY = "WHERE {"  # each query's first pattern; values go in behind it
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


class Parameter(Struct, frozen=True):
    """A variable that the user may fix.

    `type` is "iri" (a CURIE or an IRI), "text", "kind" (a kind of statement) or "value:KIND" (a
    value of that kind).  A parameter binds the variable of its name; of the last two types, the
    variable of its name and "Iri".
    """

    name: str
    type: str
    required: bool
    example: str
    description: str

    @property
    def variable(self) -> str:
        """The query's variable that the parameter binds."""
        return self.name if self.type in {"iri", "text"} else f"{self.name}Iri"


class Named(Struct, frozen=True):
    """A query with a name; `text` is the whole file."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str


@cache
def named() -> dict[str, Named]:
    """Every query of data/queries by name; raises DataError for a header that is not complete."""
    return {path.stem: _read(path) for path in sorted(shipped("data/queries").glob("*.rq"))}


def find(name: str) -> Named:
    """The query called `name`; raises UnknownName."""
    if name not in named():
        raise UnknownName("query", name, named())
    return named()[name]


def _read(path: Path) -> Named:
    text = path.read_text(encoding="utf-8")
    words: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (found := _HEADER.match(line)):
            break
        if found.group(1) == "param":
            parameters.append(_parameter(path, number, found.group(2)))
        else:
            words[found.group(1)] = found.group(2)
    if words.keys() != {"title", "description"} or BODY not in text:
        raise DataError(path, 1, f"it needs '# title: …', '# description: …' and {BODY!r}")
    return Named(path.stem, words["title"], words["description"], tuple(parameters), text)


def _parameter(path: Path, number: int, text: str) -> Parameter:
    found = _PARAM.fullmatch(text)
    if not found:
        raise DataError(path, number, "a parameter is NAME TYPE required|optional EXAMPLE WORDS")
    name, kind, need, example, description = found.groups()
    return Parameter(name, kind, need == "required", example, description)


def text(query: Named, given: Mapping[str, str], prefixes: Prefixes) -> str:
    """The query with the values that were given; a parameter not given stays open.

    A value goes in as a finished term of a VALUES block, so it can only ever be a value.  Raises
    UnknownName for a parameter or value that is not there, UsageError for a missing one.
    """
    table = {one.name: one for one in query.parameters}
    for name in given:
        if name not in table:
            raise UnknownName(f"parameter of {query.name}", name, table or ["none at all"])
    for one in query.parameters:
        if one.required and one.name not in given:
            raise UsageError(f"{query.name} needs --param {one.name}={one.example} "
                             f"({one.description})")
    values = "".join(
        f" VALUES ?{table[name].variable} {{ {_term(table[name], value, prefixes)} }}"
        for name, value in sorted(given.items()))
    # Oxigraph's own substitutions work only for variables that the query projects
    return query.text.replace(BODY, BODY + values, 1)


def _term(parameter: Parameter, value: str, prefixes: Prefixes) -> ox.NamedNode | ox.Literal:
    if parameter.type == "text":
        return ox.Literal(value)
    if parameter.type == "iri":
        return _node(parameter, value, prefixes)
    table = choices(parameter.type)
    if value not in table:
        raise UnknownName(f"{parameter.name}", value, table)
    return ox.NamedNode(prefixes.expand(table[value]))


def choices(kind: str) -> dict[str, str]:
    """The accepted words of a type and the CURIEs that they stand for; empty for free values."""
    if kind in {"iri", "text"}:
        return {}
    if kind == "kind":
        return {name: one.iri for name, one in kinds().items()}
    name = kind.partition(":")[2]
    if name not in kinds():
        raise UnknownName("kind", name, kinds())
    return {value.name: value.iri for value in kinds()[name].values.values()}


def _node(parameter: Parameter, value: str, prefixes: Prefixes) -> ox.NamedNode:
    if ":" not in value:
        raise UsageError(f"{parameter.name}: {value!r} is no CURIE or IRI (example: "
                         f"{parameter.example}); kg show FOLDER NAME tells a disease's, "
                         "kg explain FOLDER ID a statement's")
    try:
        return ox.NamedNode(value if _ABSOLUTE.fullmatch(value) else prefixes.expand(value))
    except ValueError:
        raise UsageError(f"{parameter.name}: {value!r} is no CURIE or IRI "
                         f"(example: {parameter.example})") from None
