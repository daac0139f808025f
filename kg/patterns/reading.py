"""Nanopublications read back: each is checked against its trusty URI before it is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..errors import DataError
from . import trusty
from .nanopub import INCLUDES, PARTS
from .page import Reader, term
from .source import Graph, ordered

_NAME = re.compile(rf"<([^<>]*/({trusty.CODE.pattern}))#(\w+)>")


def key(name: bytes) -> bytes:
    """What the four graphs of a nanopublication have in common in their names."""
    return name.partition(b"#")[0]


def back(reader: Reader) -> Iterator[Graph]:
    """What each nanopublication says of its page, in the page's graph; in pieces.

    Raises DataError where one lacks a graph or does not have the hash that its IRI says, where
    one that a page lists is missing, and where a page lists not all that is there.
    """
    part_of = term("dcterms:isPartOf", reader.prefixes)
    software = f"<{reader.prefixes.expand('rarekg:')}software/"
    lists = _Lists()
    for group in reader.source.groups():
        iri = checked(group, reader)
        rows = [row for graph in group for row in graph.rows]
        own = [row for row in rows if row[0] == f"<{iri}>"]
        pages = [row[2] for row in own if row[1] == part_of]
        if len(pages) != 1:
            raise wrong(f"the nanopublication {iri} is not part of one page", group[0], reader)
        whole = any(row[0] == pages[0] and row[1] == reader.words.derived for row in rows)
        lists.add(iri, group[0], [row[2] for row in own if row[1] == INCLUDES] if whole else None)
        ours = f"<{iri}>", f"<{iri}#", software
        yield Graph(pages[0], ordered(row for row in rows if not row[0].startswith(ours)))
    lists.close(reader)


def checked(group: list[Graph], reader: Reader) -> str:
    """The IRI of a nanopublication that is whole and has the hash of its content.

    Raises DataError.
    """
    found = [_NAME.fullmatch(graph.name) for graph in group]
    if not found[0]:
        raise wrong(f"{group[0].name} is no graph of a nanopublication", group[0], reader)
    iri, code = found[0].group(1, 2)
    there = [match.group(3) for match in found if match]
    for part in PARTS:
        if part not in there:
            raise wrong(f"the nanopublication {iri} has no graph {part}", group[0], reader)
    if len(there) != len(PARTS):
        raise wrong(f"the nanopublication {iri} has too many graphs", group[0], reader)
    now = trusty.code(_blank(graph, code) for graph in group)
    if now != code:
        raise wrong(f"the nanopublication {iri} is damaged: its content has the hash {now}",
                    group[0], reader)
    return iri


def _blank(graph: Graph, code: str) -> Graph:
    """The graph with a blank for the code in its IRIs (trusty URIs, module RA)."""
    def one(value: str) -> str:
        return value.replace(code, trusty.BLANK) if value[0] == "<" else value

    return Graph(one(graph.name), [(one(subject), one(predicate), one(value))
                                   for subject, predicate, value in graph.rows])


def wrong(problem: str, graph: Graph, reader: Reader) -> DataError:
    """The error at the first line of a graph."""
    return reader.source.wrong(problem, " ".join((*graph.rows[0], graph.name)))


class _Lists:
    """Which nanopublications are there and which their pages list: in the end the same."""

    def __init__(self) -> None:
        self._listed: dict[str, Graph] = {}
        self._found: dict[str, Graph] = {}

    def add(self, iri: str, graph: Graph, listed: Iterable[str] | None) -> None:
        """One more is there; a page's, if it lists others."""
        if listed is None:
            _cross(f"<{iri}>", graph, self._found, self._listed)
        for other in listed or ():
            _cross(other, graph, self._listed, self._found)

    def close(self, reader: Reader) -> None:
        """Raise DataError where the two differ."""
        for name, graph in self._listed.items():
            raise wrong(f"the nanopublication {name} is missing, which its page lists", graph,
                        reader)
        for name, graph in self._found.items():
            raise wrong(f"no page lists the nanopublication {name}", graph, reader)


def _cross(name: str, graph: Graph, here: dict[str, Graph], there: dict[str, Graph]) -> None:
    if there.pop(name, None) is None:
        here[name] = graph
