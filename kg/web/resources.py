"""What is said about a node, as triples: itself, its statements and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import IO

import pyoxigraph as ox

from ..exports import jsonld, rdfxml, turtle
from ..exports.release import Lines, Merged
from .prepared import Prepared

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
# What a statement's description carries along: the nodes behind these properties, in their turn.
_BEHIND = ("biolink:has_evidence", "rkg:grounding", "rdf:object", "rkg:citation",
           "oa:hasSelector", "rkg:mention", "rkg:context")
_OURS = ("evidence", "grounding", "measurement", "citation", "quote", "span")
MOST = 2_000  # statements in one description: a mode of inheritance is that of thousands


def exists(prepared: Prepared, iri: str) -> bool:
    """Whether the graph says anything of the node."""
    found = prepared.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
    return next(iter(found), None) is not None


def described(prepared: Prepared, iri: str) -> Lines | None:
    """The node's triples, those of its first MOST statements, and the labels of other ends.

    None where the graph does not have the node.
    """
    if not exists(prepared, iri):
        return None
    found: dict[str, list[ox.Quad]] = {}
    reader = _Reader(prepared, found)
    reader.take(iri)
    for statement in reader.statements(iri):
        reader.take(statement)
    for node in sorted(reader.mentioned()):
        reader.label(node)
    return Lines((f"{quad.subject} {quad.predicate} {quad.object} .\n"
                  for quads in found.values() for quad in quads), prepared.prefixes)


class _Reader:
    """Collects the quads of nodes, each node once."""

    def __init__(self, prepared: Prepared, found: dict[str, list[ox.Quad]]) -> None:
        expand = prepared.prefixes.expand
        self.found = found
        self._store = prepared.store
        self._behind = {expand(curie) for curie in _BEHIND}
        self._publication = ox.NamedNode(expand("biolink:Publication"))
        base = prepared.prefixes.table["rarekg"]
        self._ours = tuple(f"{base}{name}/" for name in _OURS)

    def take(self, iri: str) -> None:
        """The node's own triples and those of the nodes that only serve it."""
        if iri in self.found:
            return
        self.found[iri] = list(self._of(iri))
        for quad in self.found[iri]:
            if quad.predicate.value in self._behind and isinstance(quad.object, ox.NamedNode) \
                    and quad.object.value.startswith(self._ours):
                self.take(quad.object.value)

    def _of(self, iri: str) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())

    def statements(self, iri: str) -> list[str]:
        """The statements with the node at one end, by IRI."""
        node = ox.NamedNode(iri)
        found = {str(quad.subject)[1:-1] for end in ("subject", "object")
                 for quad in self._store.quads_for_pattern(
                     None, ox.NamedNode(RDF + end), node, ox.DefaultGraph())}
        return sorted(found)[:MOST]

    def mentioned(self) -> set[str]:
        """The nodes that the triples so far lead to and that are not described."""
        return {quad.object.value for quads in self.found.values() for quad in quads
                if isinstance(quad.object, ox.NamedNode)} - self.found.keys()

    def label(self, iri: str) -> None:
        """The label and class of a node, if it has any; all of a publication."""
        names = {RDFS_LABEL, RDF + "type"}
        quads = list(self._of(iri))
        if not any(quad.object == self._publication for quad in quads):
            quads = [quad for quad in quads if quad.predicate.value in names]
        if quads:
            self.found[iri] = quads


def _ntriples(lines: Lines, out: IO[bytes]) -> int:
    text = "".join(lines.lines).encode()
    out.write(text)
    return len(lines.lines)


# One line for each RDF form of negotiation.RESOURCE.
WRITERS: dict[str, Callable[[Lines, IO[bytes]], int]] = {
    "ttl": turtle.write, "jsonld": jsonld.write, "nt": _ntriples, "rdf": rdfxml.write,
}


def serialised(lines: Lines, suffix: str) -> bytes:
    """The triples in the form that `suffix` names; the same bytes for the same triples."""
    out = BytesIO()
    WRITERS[suffix](lines, out)
    return out.getvalue()


def parsed(quads: Iterable[ox.Triple], prepared: Prepared) -> Merged:
    """The answer of a CONSTRUCT or DESCRIBE query, ready for the writers."""
    return Lines((f"{one.subject} {one.predicate} {one.object} .\n" for one in quads),
                 prepared.prefixes)
