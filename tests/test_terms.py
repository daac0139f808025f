"""RDF terms: legal, canonical, and the same after they were stored."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import prefixes, terms

TABLE = prefixes.load()


def node(curie: str) -> ox.NamedNode:
    """The IRI of a CURIE."""
    return ox.NamedNode(TABLE.expand(curie))


@pytest.mark.parametrize(("given_", "lexical"), [
    ("P5Y", "P5Y"), ("P60M", "P5Y"), ("P18M", "P1Y6M"), ("P2W", "P14D"), ("P0D", "PT0S"),
    ("P1Y2M3D", "P1Y2M3D"),
])
def test_duration_is_canonical(given_: str, lexical: str) -> None:
    """As a store would write it, so that storing changes nothing."""
    assert terms.duration(given_).value == lexical
    assert terms.duration(given_).datatype.value.endswith("#duration")


def test_odd_duration_stays_words() -> None:
    """What is no duration is kept as it is, for the shapes to find."""
    assert terms.duration("P").datatype.value.endswith("#string")


@pytest.mark.parametrize(("url", "iri"), [
    ("https://e.org/a b", "https://e.org/a%20b"), ("https://e.org/<x>", "https://e.org/%3Cx%3E"),
    (" https://e.org/é ", "https://e.org/é"), ("https://e.org/100%", "https://e.org/100%25"),
    ("https://e.org/\ud800\n", "https://e.org/%3F"), ("https://e.org/#a#b", "https://e.org/#a%23b"),
    ("javascript:alert(1)", None), ("e.org", None), ("http://[::1", None), ("", None), (None, None),
])
def test_web_address_becomes_a_legal_iri(url: str | None, iri: str | None) -> None:
    """Illegal characters are encoded; what is no web address is left out."""
    found = terms.web(url)
    assert (found.value if found else None) == iri


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=0, max_value=10**9))
def test_numbers_survive_a_store(value: Decimal) -> None:
    """The lexical form is the one that a store gives back, and the value is the same."""
    store = ox.Store()
    literal = terms.number(value)
    store.add(ox.Quad(node("rkg:a"), node("rkg:low"), literal))
    assert [quad.object for quad in store] == [literal]
    assert Decimal(literal.value) == value


@given(st.text(st.characters(), max_size=80))
def test_any_text_can_be_written_and_read(text: str) -> None:
    """In N-Quads, Turtle and RDF/XML, at the same length, whatever a page holds."""
    literal = terms.text(text)
    assert len(literal.value) == len(text)
    triple = ox.Triple(node("rkg:a"), node("rdfs:label"), literal)
    for syntax in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML):
        written = ox.serialize([triple], format=syntax)
        assert written is not None
        assert [quad.object for quad in ox.parse(written, format=syntax)] == [literal]


@given(st.text(st.characters(), min_size=1, max_size=40))
def test_any_local_name_makes_a_legal_iri(name: str) -> None:
    """A DOI may hold anything."""
    assert terms.Names(TABLE).node(f"doi:{name}").value.startswith("https://doi.org/")
