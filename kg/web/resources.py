"""What is said about a node, as triples: itself, its statements and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..exports.release import Merged
from ..ntriples import LABEL, RDF, TYPE, Node
from ..prefixes import Prefixes

if TYPE_CHECKING:
    from .prepared import Prepared

# What a statement's description carries along: the nodes behind these properties, in their turn.
_BEHIND = ("biolink:has_evidence", "rkg:grounding", "rdf:object", "rkg:citation",
           "oa:hasSelector", "rkg:mention", "rkg:context")
_OURS = ("evidence", "grounding", "measurement", "citation", "quote", "span")
Properties = dict[str, list[str]]  # objects by predicate, as N-Triples writes them
MOST = 2_000  # statements in one description: a mode of inheritance is that of thousands


def exists(prepared: Prepared, iri: str) -> bool:
    """Whether the graph says anything of the node."""
    return prepared.nodes.has(iri)


def described(prepared: Prepared, iri: str) -> Described | None:
    """The node's triples, those of its first MOST statements, and the labels of other ends.

    None where the graph does not have the node.
    """
    if not exists(prepared, iri):
        return None
    reader = _Reader(prepared)
    reader.take(iri)
    for statement in statements(prepared, iri):
        reader.take(statement)
    for node in reader.mentioned():
        reader.label(node)
    return Described(reader.found, prepared.prefixes)


def statements(prepared: Prepared, iri: str) -> list[str]:
    """The first MOST statements with the node at one end, by IRI."""
    node = ox.NamedNode(iri)
    found = {str(quad.subject)[1:-1] for end in ("subject", "object")
             for quad in prepared.store.quads_for_pattern(
                 None, ox.NamedNode(RDF + end), node, ox.DefaultGraph())}
    return sorted(found)[:MOST]


class Described:
    """A few nodes, each with all that is to be said of it, as the writers take them."""

    def __init__(self, found: dict[str, Properties], prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self._found = sorted((f"<{iri}>", properties) for iri, properties in found.items())

    def nodes(self) -> Iterator[Node]:
        """Every subject once, in order."""
        return iter(self._found)

    @cached_property
    def lines(self) -> list[str]:
        """The triples as N-Triples."""
        return list(_lines(self))


class _Reader:
    """Collects the triples of nodes, each node once."""

    def __init__(self, prepared: Prepared) -> None:
        expand = prepared.prefixes.expand
        self.found: dict[str, Properties] = {}
        self._nodes = prepared.nodes
        self._behind = [f"<{expand(curie)}>" for curie in _BEHIND]
        self._publication = f"<{expand('biolink:Publication')}>"
        base = prepared.prefixes.table["rarekg"]
        self._ours = tuple(f"<{base}{name}/" for name in _OURS)

    def take(self, iri: str) -> None:
        """The node's own triples and those of the nodes that only serve it."""
        if iri in self.found:
            return
        self.found[iri] = properties = self._nodes.properties(iri)
        for predicate in self._behind:
            for term in properties.get(predicate, ()):
                if term.startswith(self._ours):
                    self.take(term[1:-1])

    def mentioned(self) -> set[str]:
        """The nodes that the triples so far lead to and that are not described."""
        return {term[1:-1] for properties in self.found.values()
                for terms in properties.values() for term in terms
                if term[0] == "<"} - self.found.keys()

    def label(self, iri: str) -> None:
        """The label and class of a node, if it has any; all of a publication."""
        properties = self._nodes.properties(iri)
        if self._publication not in properties.get(TYPE, ()):
            properties = {name: properties[name] for name in (TYPE, LABEL) if name in properties}
        if properties:
            self.found[iri] = properties


def _lines(graph: Merged) -> Iterator[str]:
    for subject, properties in graph.nodes():
        for predicate, terms in properties.items():
            for term in terms:
                yield f"{subject} {predicate} {term} .\n"
