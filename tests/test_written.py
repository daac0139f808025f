"""Terms written as text are what a store would write of the same terms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from graphs import DISEASE, document, statements
from hypothesis import given
from hypothesis import strategies as st

from kg import prefixes, terms, written
from kg.errors import UnknownName
from kg.ontology import kinds
from kg.rdf import graph_lines, quads

TABLE = prefixes.load()


@given(st.text(st.characters(), max_size=80), st.sampled_from(["", "en"]))
def test_any_text_is_written_as_a_store_writes_it(value: str, language: str) -> None:
    """Escapes, what cannot be written, and all else as it is."""
    assert written.text(value, language) == str(terms.text(value, language or None))


@pytest.mark.parametrize("code", [*range(0xa1), 0xad, 0x2028, 0xd800, 0xfeff, 0xfffe, 0x1f600])
def test_every_odd_character_is_written_as_a_store_writes_it(code: int) -> None:
    """Controls, marks that no one sees, halves of pairs, and what is beyond the first plane."""
    value = f"a{chr(code)}b"
    assert written.text(value) == str(terms.text(value))


@given(st.decimals(allow_nan=False), st.integers(), st.integers(0, 99999), st.text(max_size=9))
def test_numbers_and_times_are_written_as_a_store_writes_them(
    number: Decimal, count: int, year: int, time: str
) -> None:
    """All in the canonical form of their type."""
    assert written.number(number) == str(terms.number(number))
    assert written.integer(count) == str(terms.integer(count))
    assert written.year(year) == str(terms.year(year))
    assert written.duration(time) == str(terms.duration(time))
    assert written.true() == str(terms.true())


@given(st.sampled_from([*TABLE.table, "http", "https", "nope"]),
       st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("/#%.-[]")),
               max_size=12))
def test_a_name_becomes_the_iri_that_a_store_knows(prefix: str, rest: str) -> None:
    """Short way or long, the answer is one: the same IRI, or the same refusal."""
    name = f"{prefix}://e.org/{rest}" if prefix.startswith("http") else f"{prefix}:{rest}"
    try:
        wanted = str(terms.Names(TABLE).node(name))
    except (UnknownName, ValueError) as error:
        with pytest.raises(type(error)):
            written.iris(TABLE)[name]
        return
    assert written.iris(TABLE)[name] == wanted


def test_lines_of_a_page_are_those_of_its_quads() -> None:
    """Written as text or by way of a store's quads, the bytes are the same."""
    page = document(title='a "\\\x00\t\x7f\ud800é', xrefs=("GARD: <x>#y#z",))
    made = quads(page, DISEASE, statements(document()), TABLE, kinds())
    assert graph_lines(list(made)) == graph_lines(made) == made.lines
    assert made.triples == made.lines.replace(f" <{made.graph}> .\n".encode(), b" .\n")
    assert {str(quad.graph_name) for quad in made} == {f"<{made.graph}>"}
