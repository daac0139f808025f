"""Whatever terms a graph holds, what our writers make of them reads back as the same terms."""

from __future__ import annotations

from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import prefixes
from kg.errors import UsageError
from kg.exports.release import Lines
from kg.exports.syntaxes import JSONLD, RDFXML, TURTLE
from kg.terms import writable

CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = st.one_of(
    st.builds(ox.Literal, CHARACTERS),
    st.builds(lambda text: ox.Literal(text, language="en"), CHARACTERS),
    st.builds(ox.Literal, st.integers()),
    st.builds(ox.Literal, st.booleans()),
    st.sampled_from([ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
                     for text in ("01", "-0", "1.50", "+1", ".5", "1e3", "x", "1 ", "true", "TRUE")
                     for kind in ("integer", "decimal", "double", "boolean", "gYear")]))
TAILS = st.sampled_from([
    "x", "a.", ".a", "a/b", "a//b", "../a", "a%20b", "", "é", "a#b", "a:b", "1-2", "_", "a'b",
    "(z)", "statement/1f", "ontology#x", "?q=1"])
IRIS = st.builds(lambda start, tail: ox.NamedNode(start + tail), st.sampled_from(
    ["https://w3id.org/rarekg/", "http://purl.obolibrary.org/obo/MONDO_", "http://x.example/",
     "http://europepmc.org/articles/PMC", "urn:a:"]), TAILS)
PREDICATES = st.sampled_from([ox.NamedNode(iri) for iri in (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/ns/oa#start",
    "http://www.w3.org/2000/01/rdf-schema#label", "http://x.example/p/a", "http://x.example/p",
    "https://w3id.org/biolink/vocab/has_evidence", "https://w3id.org/rarekg/ontology#low",
    "https://w3id.org/biolink/vocab/negated", "http://www.w3.org/ns/oa#exact")])
GRAPHS = st.lists(st.builds(ox.Quad, IRIS, PREDICATES, st.one_of(IRIS, LITERALS)), max_size=8)


@given(GRAPHS)
def test_any_graph(quads: list[ox.Quad]) -> None:
    """Whatever terms a graph has, Turtle and JSON-LD give exactly them back."""
    lines = Lines((f"{quad.triple} .\n" for quad in quads), prefixes.load())
    for syntax, form in ((TURTLE, ox.RdfFormat.TURTLE), (JSONLD, ox.RdfFormat.JSON_LD)):
        out = BytesIO()
        assert syntax.write(lines, out) == len(set(quads))
        assert set(ox.parse(out.getvalue(), format=form)) == set(quads)


@given(GRAPHS)
def test_any_graph_in_xml(quads: list[ox.Quad]) -> None:
    """RDF/XML gives the same back but for characters that XML lacks, which become U+FFFD."""
    lines = Lines((f"{quad.triple} .\n" for quad in quads), prefixes.load())
    out = BytesIO()
    RDFXML.write(lines, out)
    found = set(ox.parse(out.getvalue(), format=ox.RdfFormat.RDF_XML))
    assert found == {_in_xml(quad) for quad in quads}


def _in_xml(quad: ox.Quad) -> ox.Quad:
    node = quad.object
    if not isinstance(node, ox.Literal):
        return quad
    text = writable(node.value)
    same = ox.Literal(text, language=node.language) if node.language else ox.Literal(
        text, datatype=node.datatype)
    return ox.Quad(quad.subject, quad.predicate, same)


def test_nameless_property() -> None:
    """A property that ends in no XML name is refused by RDF/XML, not written wrongly."""
    lines = Lines(['<http://a/s> <http://a/p/9> "x" .\n'], prefixes.load())
    with pytest.raises(UsageError, match="http://a/p/9"):
        RDFXML.write(lines, BytesIO())
