"""The reference SHACL engine: pyshacl over rdflib, slow to import and to run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

_SH = "http://www.w3.org/ns/shacl#"
# What is told of a result, in this order.
TOLD = ("focusNode", "sourceShape", "sourceConstraintComponent", "resultSeverity", "value",
        "resultPath")


@lru_cache(2)
def _reference(shapes: str) -> rdflib.Graph:
    """Shapes as an rdflib graph, parsed once a process."""
    return rdflib.Graph().parse(data=shapes, format="turtle")


@lru_cache(200)
def _prepared(query: str) -> Query:
    return prepareQuery(query)


class _Data(rdflib.Graph):
    """A graph that parses each query once a process: half of the reference engine's time."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:
        """The answer of `query_object`, a query or its text."""
        text = isinstance(query_object, str)
        return super().query(_prepared(query_object) if text else query_object, *args, **kwargs)


def results(triples: bytes, shapes: str) -> Iterator[tuple[str, ...]]:
    """What pyshacl finds in N-Triples against shapes in Turtle, in any order: TOLD of each."""
    _, report, _ = validate(rdflib_graph(triples), shacl_graph=_reference(shapes))
    for node in report.objects(None, rdflib.URIRef(f"{_SH}result")):
        yield tuple(_one(report, node, name) for name in TOLD)


def _one(report: rdflib.Graph, node: rdflib.term.Node, name: str) -> str:
    found = report.value(node, rdflib.URIRef(_SH + name))
    return "" if found is None else str(found)  # the literals 0 and false are not nothing


def rdflib_graph(triples: bytes) -> rdflib.Graph:
    """N-Triples as an rdflib graph, each term made once; literals keep their lexical form."""
    graph = _Data()
    terms: dict[Any, rdflib.term.Node] = {}
    for row in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES):
        made = []
        for term in (row.subject, row.predicate, row.object):
            if term not in terms:
                terms[term] = _rdflib_term(term)
            made.append(terms[term])
        graph.add((made[0], made[1], made[2]))
    return graph


def _rdflib_term(term: Any) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    # a shapes file's "x" is a string without datatype in rdflib, and not equal to "x"^^xsd:string
    plain = None if datatype == rdflib.XSD.string else datatype
    return rdflib.Literal(term.value, datatype=plain, normalize=False)
