"""The disease's names in a text: what is found without a pattern is what the pattern finds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.focus import Mentions
from kg.model import Span
from kg.vocab.tagging import Table, tag

NAMES = ("Foo disease", "FD", "Foo's disease", "Bar-syndrome", "bar", "Foo", "OFD1", "A b", "(x) y")
PIECES = (*NAMES, "foo", "diseases", "the ", "The ", "an ", "a ", "a", " ", "  ", "-", "'s", "es",
          "s", "gene called ", "Gene named ", " genes", " gene", "_", ".", "bar\u2009syndrome",
          "ſ", "İ")


@given(st.lists(st.sampled_from(NAMES), max_size=4), st.lists(st.sampled_from(PIECES)).map("".join))
@example(["Foo disease", "FD"], "the Foo diseases, a FD and a gene called FD; FD genes, fd")
@example(["Foo", "A b"], "a b foo and an Foo's foo-like Foos")
def test_names_are_found_where_their_pattern_finds_them(names: list[str], text: str) -> None:
    """Whatever the names and the text, both ways give the same places."""
    mentions = Mentions(names)
    assert mentions.spans(text) == [found.span() for found in mentions.pattern.finditer(text)]


@given(st.text(min_size=1, max_size=12), st.text(max_size=60), st.text(max_size=20))
def test_any_letters_are_found_as_their_pattern_finds_them(
    name: str, before: str, after: str,
) -> None:
    """Also letters that stand for others when case is ignored are found alike."""
    text = f"{before}{name} {after}{name.upper()}"
    mentions = Mentions((name,))
    assert mentions.spans(text) == [found.span() for found in mentions.pattern.finditer(text)]


@pytest.mark.parametrize(("text", "found"), [
    ("The Foo diseases, FD", ["The Foo diseases", "FD"]),
    ("a gene called FD and the FD gene", []),
    ("Foo diseased, fd, xFD", []),
    ("foo - disease's signs", ["foo - disease's"]),
])
def test_what_counts_as_a_mention(text: str, found: list[str]) -> None:
    """An article and a plural belong to a mention; a gene's name and a longer word are none."""
    spans = Mentions(("Foo disease", "FD")).spans(text)
    assert [text[start:end] for start, end in spans] == found


def test_words_of_other_scripts_begin_no_name() -> None:
    """A word that has no normal form (a Greek letter by itself) does not stop a text's tagging."""
    names = Table({"chain": "X:1"}, {}, {"chain": 1})
    assert tag("the β chains of γ", names) == ((Span(6, 12), "X:1"),)
