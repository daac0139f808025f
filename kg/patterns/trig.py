"""TriG of groups of graphs, for reading; triple terms as TriG 1.2 writes them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import IO

from ..exports.turtle import Terms, header, paragraph
from ..prefixes import Prefixes
from .nanopub import NP, NPX
from .source import Graph

_MORE = {"np": NP, "npx": NPX}
_NONE = "\0"  # begins no term


class _Terms(Terms):
    """Terms of Turtle, triple terms, and what begins with `sub` under that prefix."""

    sub = _NONE

    def _short(self, term: str) -> str:
        if term.startswith(self.sub):
            return f"sub:{term[len(self.sub):-1]}"
        if not term.startswith("<<("):
            return super()._short(term)
        subject, predicate, value = term[4:-4].split(" ", 2)
        return f"<<( {self[subject]} {self[predicate]} {self[value]} )>>"


def write(groups: Iterable[list[Graph]], prefixes: Prefixes, out: IO[bytes]) -> int:
    """Write the graphs as TriG, each in its block; returns the number of quads.

    The graphs of a group are named after one IRI, which becomes the prefix sub.
    """
    table = Prefixes({**prefixes.table, **_MORE})
    terms = _Terms(table)
    out.write(header(table).encode())
    count = 0
    for group in groups:
        if len(group) > 1:
            terms.sub = group[0].name.partition("#")[0] + "#"
            out.write(f"\n@prefix sub: {terms.sub}> .\n".encode())
        for graph in group:
            count += _block(graph, terms, out)
    return count


def _block(graph: Graph, terms: _Terms, out: IO[bytes]) -> int:
    out.write(f"\nGRAPH {terms[graph.name]} {{\n".encode())
    for subject, rows in groupby(graph.rows, lambda row: row[0]):
        properties: dict[str, list[str]] = {}
        for _, predicate, value in rows:
            properties.setdefault(predicate, []).append(value)
        out.write(f"\n{paragraph((subject, properties), terms)}".encode())
    out.write(b"}\n")
    return len(graph.rows)
