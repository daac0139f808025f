"""The syntaxes of triples in one table: how each is written, whole or a subject at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import IO

from msgspec import Struct

from ..ntriples import Node
from ..prefixes import Prefixes
from . import jsonld, rdfxml, turtle
from .release import Merged
from .shapes import Mould

Text = Callable[[Node], str]
BATCH = 500  # subjects written at once


class Syntax(Struct, frozen=True):
    """How a file begins, what stands for a subject, between two subjects, and at the end.

    `mould` writes the same for many subjects at once, if there is one.
    """

    head: Callable[[Prefixes], bytes]
    text: Callable[[Prefixes], Text]
    between: str = ""
    foot: str = ""
    mould: Callable[[Prefixes], Mould] | None = None

    def write(self, graph: Merged, out: IO[bytes]) -> int:
        """Write a merged graph; returns the number of triples."""
        out.write(self.head(graph.prefixes))
        text, rest, between, count = self.text(graph.prefixes), iter(graph.nodes()), "", 0
        while batch := list(islice(rest, BATCH)):
            out.write((between + self.texts(text, batch)).encode())
            between = self.between
            count += triples(batch)
        out.write(self.foot.encode())
        return count

    def texts(self, text: Text, nodes: Iterable[Node]) -> str:
        """What stands for some subjects."""
        return self.between.join([text(node) for node in nodes])


def triples(nodes: Iterable[Node]) -> int:
    """How many triples these subjects have."""
    return sum([len(terms) for _, properties in nodes for terms in properties.values()])


def _lines(node: Node) -> str:
    subject, properties = node
    return "".join([f"{subject} {predicate} {term} .\n"
                    for predicate, terms in properties.items() for term in terms])


def _paragraph(prefixes: Prefixes) -> Text:
    terms = turtle.Terms(prefixes)
    return lambda node: f"\n{turtle.paragraph(node, terms)}"


def _object(prefixes: Prefixes) -> Text:
    write = jsonld.Writer(prefixes).node
    return lambda node: f"\n{write(node)}"


NTRIPLES = Syntax(lambda _: b"", lambda _: _lines)
TURTLE = Syntax(lambda prefixes: turtle.header(prefixes).encode(), _paragraph, mould=turtle.Mould)
JSONLD = Syntax(jsonld.opening, _object, ",", "\n]}\n", jsonld.Mould)
RDFXML = Syntax(lambda prefixes: rdfxml.opening(prefixes).encode(),
                lambda prefixes: rdfxml.Descriptions(prefixes).node, foot="</rdf:RDF>\n")
# By file; a syntax of triples is a line here and one in exports.FORMATS.
SYNTAXES: dict[str, Syntax] = {
    "graph.nt": NTRIPLES, "graph.ttl": TURTLE, "graph.jsonld": JSONLD, "graph.rdf": RDFXML}
