"""Whatever terms a graph of our shape holds, each pattern gives exactly its bytes back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import patterned
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patterned import OTHERS, TABLE

from kg.patterns import trusty
from kg.patterns.source import Source
from kg.rdf import graph_lines, plain

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXT),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXT,
              st.sampled_from(["en", "de", "en-GB", "zh-Hant-TW"])),
    st.builds(ox.Literal, st.integers()),
    st.sampled_from([ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
                     for text in ("01", "1.50", "x", "", "a\nb\\c\"d", "\t\r", "> <http://x> .")
                     for kind in ("decimal", "gYear", "string")]))
PREDICATES = ("biolink:treats", "rkg:hasMeasurement", "biolink:has_phenotype")
NAMES = ("biolink:exact_synonym", "biolink:broad_synonym")
ATTRIBUTES = ("rkg:status", "biolink:original_object", "biolink:supporting_text", "rdfs:label",
              "biolink:has_count", "oa:exact", "rkg:section", "dcterms:title", "rdf:object")
FLAGS = ("biolink:negated", "rkg:doubtful", "rkg:contradicts")
NODES = ("MONDO:1", "MAXO:2", "PMID:7", *(f"rarekg:{name}" for name in (
    "measurement/m", "evidence/e", "evidence/f", "span/s-1-2", "citation/c", "grounding/g",
    "term/t/é")))
LINKS = ("biolink:has_evidence", "rkg:grounding", "oa:hasSelector", "rkg:citation",
         "biolink:publications", "rkg:publication", "prov:wasDerivedFrom", "rkg:context")
Fact = tuple[str, str, str | ox.Literal]


def iri(curie: str) -> ox.NamedNode:
    """The node of a CURIE."""
    return ox.NamedNode(TABLE.expand(curie))


@st.composite
def statement(draw: st.DrawFn, page: str) -> list[Fact]:
    """A statement as kg.rdf writes it; what its id says is the same on every page."""
    number = draw(st.integers(0, 5))
    node = f"rarekg:statement/{number:016x}"
    said: Fact
    if number < 4:
        said = "MAXO:2" if number % 2 else "rarekg:term/t/é", PREDICATES[number % 3], "MONDO:1"
    else:  # a name, in the page's own spelling
        said = "MONDO:1", NAMES[number % 2], draw(LITERALS)
    flags = draw(st.lists(st.sampled_from(FLAGS), max_size=1))
    rows: list[Fact] = [
        (node, "rdf:type", "rkg:Statement"), (node, "rdf:subject", said[0]),
        (node, "rdf:predicate", said[1]), (node, "rdf:object", said[2]),
        (node, "biolink:has_evidence", f"rarekg:evidence/{draw(st.sampled_from('ef'))}"),
        *((node, draw(st.sampled_from(ATTRIBUTES[:3])), value)
          for value in draw(st.lists(LITERALS, max_size=2))),
        *((node, flag, "rarekg:statement/9" if flag == "rkg:contradicts" else ox.Literal(True))
          for flag in flags)]
    return rows if flags else [*rows, *plain(cast("Fact", said))]


@st.composite
def page(draw: st.DrawFn, number: int) -> list[ox.Quad]:
    """A page's graph: statements, each once, and nodes that lead from one to another."""
    name = f"{number:016x}"
    rows: list[Fact] = [(f"rarekg:graph/{name}", "prov:wasDerivedFrom", f"rarekg:page/{name}"),
                        (f"rarekg:page/{name}", "rdf:type", "rkg:Page")]
    several = {one[0][0]: one for one in draw(st.lists(statement(name), max_size=4))}
    rows += [row for one in several.values() for row in one]
    nodes = st.sampled_from((*NODES, f"rarekg:page/{name}"))
    rows += draw(st.lists(st.tuples(nodes, st.sampled_from(ATTRIBUTES), LITERALS), max_size=5))
    rows += draw(st.lists(st.tuples(nodes, st.sampled_from(LINKS), nodes), max_size=8))
    graph = iri(f"rarekg:graph/{name}")
    return [ox.Quad(iri(subject), iri(predicate),
                    iri(value) if isinstance(value, str) else value, graph)
            for subject, predicate, value in rows]


PAGES = st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True).flatmap(
    lambda numbers: st.tuples(*map(page, numbers)))


@pytest.mark.parametrize("name", OTHERS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(PAGES)
def test_any_graph_of_our_shape(name: str, pages: tuple[list[ox.Quad], ...]) -> None:
    """There and back is the identity; TriG is the same; every line is one quad for Oxigraph."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "graph.nq"
        path.write_bytes(b"".join(map(graph_lines, pages)))
        made = patterned.write(path, folder, name, "nquads", "trig")
        assert patterned.returned(made, folder) == path.read_bytes()
        assert patterned.quads(made) == patterned.quads(made.with_suffix(".trig"))
        assert len(patterned.quads(made)) == made.read_bytes().count(b"\n")


HASHED = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(ATTRIBUTES), st.one_of(
    LITERALS, st.sampled_from(NODES).map(iri)), st.sampled_from(("a", "a/b", "a#b"))), min_size=1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(deadline=None)
@given(HASHED)
def test_any_graph_has_the_hash_that_others_give(
    rows: list[tuple[str, str, ox.Literal | ox.NamedNode, str]]
) -> None:
    """The package nanopub makes the same trusty URI of it."""
    hasher = pytest.importorskip("nanopub.trustyuri.rdf.RdfHasher",
                                 reason="the package nanopub is not installed")
    rdflib = pytest.importorskip("rdflib")
    quads = [ox.Quad(iri(subject), iri(predicate), value, ox.NamedNode(f"http://x/{graph}"))
             for subject, predicate, value, graph in rows]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "graph.nq"
        path.write_bytes(graph_lines(quads))
        found = trusty.code(Source(path).graphs())
    assert hasher.make_hash([tuple(map(other(rdflib), (
        quad.graph_name, *quad.triple))) for quad in set(quads)]) == found


def other(rdflib: Any) -> Callable[[object], Any]:
    """What makes rdflib's terms of Oxigraph's, with literals as they are."""
    def made(term: object) -> Any:
        if isinstance(term, ox.NamedNode):
            return rdflib.URIRef(term.value)
        assert isinstance(term, ox.Literal)
        datatype = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)

    return made
