"""Sentences, citations and the blanked form of a text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span
from kg.text import blanked, citations, digest, normalise, sentences, slug


def cut(text: str) -> list[str]:
    """The sentences of `text` as strings."""
    return [text[span.start : span.end] for span in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The outlook is good.[1][2] Age matters.", ["The outlook is good.[1][2]", "Age matters."]),
        ("It is rare.[^1] Age matters.", ["It is rare.[^1]", "Age matters."]),
        ("One.[1],[2] Two.", ["One.[1],[2]", "Two."]),
        ("It starts at 70.Numbness follows.", ["It starts at 70.", "Numbness follows."]),
        ("It spreads.. Most die.", ["It spreads..", "Most die."]),
        ("Given by Dr. Ito vs. none, e.g. aspirin.", ["Given by Dr. Ito vs. none, e.g. aspirin."]),
        ("About approx. 3% et al. agree.", ["About approx. 3% et al. agree."]),
        ("E. coli is one cause.", ["E. coli is one cause."]),
        ("It lacks vitamin C. Scurvy follows.", ["It lacks vitamin C.", "Scurvy follows."]),
        (
            "It is frequent in the U.S. About half die.",
            ["It is frequent in the U.S.", "About half die."],
        ),
        ("The change p.Arg117His is seen.", ["The change p.Arg117His is seen."]),
        ("In 5.5 percent it heals.", ["In 5.5 percent it heals."]),
        (
            "See https://example.org/a Surgery helps.",
            ["See https://example.org/a", "Surgery helps."],
        ),
        ("(It heals.) Then it returns.", ["(It heals.)", "Then it returns."]),
        ("Is it rare? Yes! It is.", ["Is it rare?", "Yes!", "It is."]),
        ("...", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """A sentence ends at its stop, with its citations, and nowhere else."""
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.[1][2], b [4-6]", (1, 2, 4, 5, 6)),
        ("a[^3] b[^1]", (3, 1)),
        ("a [2, 7] [2]", (2, 7)),
        ("a [1-900] (3) [x]", ()),
    ],
)
def test_citations(text: str, expected: tuple[int, ...]) -> None:
    """Markers in brackets and footnotes count once each; ranges are opened."""
    assert citations(text) == expected


def test_blanked_hides_markers_and_marks() -> None:
    """Citations, emphasis and link targets become spaces; asterisks inside words stay."""
    text = "with **surgery**[1] or [drugs](https://e.org/a), HLA-B*57:01’s – x"
    plain = blanked(text)
    assert len(plain) == len(text)
    assert plain.split() == ["with", "surgery", "or", "drugs", ",", "HLA-B*57:01's", "-", "x"]


@given(st.text())
def test_blanked_keeps_every_offset(text: str) -> None:
    """The blanked text is as long as the text, and no character of a mask is left in it."""
    plain = blanked(text)
    assert len(plain) == len(text)
    assert not any("\ue000" <= character <= "\ue00f" for character in plain)


@given(st.text(alphabet=st.sampled_from("aB .!?[1]^\n)”é’")))
def test_sentences_are_ordered_and_trimmed(text: str) -> None:
    """Sentences do not overlap, lose no letter, and have no white space at their ends."""
    spans = list(sentences(text, Span(0, len(text))))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)
    kept = "".join(text[s.start : s.end] for s in spans)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text(max_size=40))
def test_normalise_is_idempotent(name: str) -> None:
    """A normal form is its own normal form."""
    assert normalise(normalise(name)) == normalise(name)


def test_slug_and_digest_are_stable() -> None:
    """An identifier made from a name never changes between runs."""
    assert slug("Wide  Local Excision") == slug("wide local excision")
    assert digest("a", "b") != digest("ab")
