"""Sentences of a page: masks, citations, lists and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.segment import (
    FOCUS,
    Sentence,
    focus_pattern,
    followed,
    is_lesson,
    mask,
    segment,
    tightened,
)
from kg.model import Document, Span
from kg.sources import read

HEAD = "Foo disease\n\nOther Names: Bar syndrome; FD\n\n"


def page(body: str) -> Document:
    """A small GARD page about Foo disease."""
    return read("x", f"{HEAD}Treatment\n\n{body}\n".encode())


def texts(found: tuple[Sentence, ...]) -> list[str]:
    """The words of the sentences."""
    return [sentence.text for sentence in found]


def test_names_and_anaphora_are_masked() -> None:
    """The title, other names, their plurals and "this condition" are one kind of word."""
    focus = focus_pattern(("Foo disease", "FD", "Bar-syndrome"))
    masked = mask(
        "Foo  diseases, FD, bar syndrome and this condition, not fd or the tumor cells", focus
    )
    words = [word.strip(",") for word in masked.split()]
    assert [set(word) == {FOCUS} for word in words[:3]] == [True, True, True]
    assert words[3:] == ["and", FOCUS * 14, "not", "fd", "or", "the", "tumor", "cells"]


def test_cites_are_the_sentences_own_else_the_next_ones() -> None:
    """A sentence without a marker takes the next marker of its paragraph."""
    found = segment(page("Foo disease is cut out.[1] Drugs help. Rest helps.[2][3]"))
    assert [sentence.cites for sentence in found] == [(1,), (2, 3), (2, 3)]


def test_list_items_take_the_citations_of_their_lead() -> None:
    """Items without markers share those of the line that announces the list."""
    found = segment(page("Foo disease is treated with:[4]\n  • surgery\n  • drugs[5]"))
    assert [sentence.cites for sentence in found] == [(4,), (4,), (5,)]


def test_a_lead_carries_its_items() -> None:
    """A sentence with a colon, or without a stop above a list, knows the items below it."""
    for lead in ("Options include:[1]", "Options include"):
        document = page(
            f"Foo disease can be treated. {lead}\n\n  • Surgery. It is the oldest way.\n  • drugs"
        )
        found = segment(document)
        items = [document.text[span.start : span.end] for span in found[1].items]
        assert items == ["Surgery", "drugs"]
        assert found[0].items == ()


def test_silent_blocks_and_lessons_are_left_out() -> None:
    """Questions, resources, tables and sentences that teach never come out as sentences."""
    found = segment(
        page(
            "Foo disease is cut out.  Autosomal recessive inheritance means two changed copies.\n\n"
            "80%-99% of people have these symptoms\nFever 0001945\n\n"
            "GARD Answers\n\n  • My son has Foo disease. Would gold help him? See answer\n\n"
            "Learn More\n\n  • PubMed lists articles on gold."
        )
    )
    assert texts(found) == ["Foo disease is cut out."]


def test_a_lesson_that_holds_a_fact_stays() -> None:
    """What is said of the disease itself stays, even in the words of a lesson."""
    for fact in (
        "Foo disease is inherited in an autosomal recessive manner, so two copies have changed.",
        "Your doctor may suggest surgery for Foo disease.",
        "Acquired mutations in JAK2 cause Foo disease.",
        "Talk to your doctor about using aspirin.",
    ):
        assert not is_lesson(fact), fact


@given(st.text(max_size=200), st.text(max_size=20))
def test_mask_keeps_the_length(text: str, name: str) -> None:
    """Whatever the text and the name are, a mask moves no offset."""
    assert len(mask(text, focus_pattern((name,)))) == len(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "Foo disease is cut out.[1]",
                "Options are:",
                "- surgery",
                "• drugs",
                "",
                "Prognosis",
                "  1. x",
                "Last updated: 1/1/2001",
                "İstanbul ﬁ ß said so.",
                "It heals",
            ]
        ),
        max_size=12,
    )
)
def test_every_sentence_is_its_span(lines: list[str]) -> None:
    """Each character of a sentence is the page's at its place, and its mask is as long."""
    document = page("Foo disease is treated.\n" + "\n".join(lines))
    for sentence in segment(document, ("Bar syndrome",)):
        places = [sentence.on_page(Span(at, at + 1)) for at in range(len(sentence.text))]
        assert all(letter == " " or letter == document.text[place.start]
                   for letter, place in zip(sentence.text, places, strict=True))
        assert all(sentence.span.start <= place.start < place.end <= sentence.span.end
                   for place in places)
        assert len(sentence.masked) == len(sentence.text)
        assert all(0 <= item.start < item.end <= len(document.text) for item in sentence.items)


@pytest.mark.parametrize(("raw", "text"), [
    ("Rest [1] or *cold  packs*\n   help [2], mostly.[3]", "Rest or cold packs help, mostly."),
    ("About .5% of them rest .", "About .5% of them rest."),
    ("Nothing to close here.", "Nothing to close here."),
])
def test_marks_and_gaps_are_closed(raw: str, text: str) -> None:
    """Citation markers, emphasis and wide gaps go; places lead back to the page."""
    words, plain, places = tightened(raw)
    assert words == text
    assert plain == text
    assert [raw[at] for at in places or range(len(text))
            if not raw[at].isspace() and raw[at] not in "*["] == [c for c in text if c != " "]


def test_two_sentences_as_one() -> None:
    """A lead and what follows it keep their places on the page."""
    document = page("Foo disease is treated.\nGive *salt* [1] and:  Water   or *tea* [2] daily.")
    lead, rest = segment(document)[-2:]
    both = followed(lead, rest)
    found = [both.on_page(Span(at, at + 1)) for at in range(len(both.text))]
    assert all(letter == " " or letter == document.text[place.start]
               for letter, place in zip(both.text, found, strict=True))
    assert len(both.masked) == len(both.text)


def test_a_list_inside_a_list_ends_where_the_next_begins() -> None:
    """An item that announces a list of its own is not one of the list before it."""
    page = read("sample.md", b"# Sample cancer\n\n## Risk\n\n"
                b"- The following factors increase the risk of sample cancer:\n- Age\n- Hormones\n"
                b"- The following factors decrease the risk of sample cancer:\n- Folate\n")
    leads = [one for one in segment(page, ("Sample cancer",)) if one.items]
    assert [[page.text[span.start:span.end] for span in one.items] for one in leads] == [
        ["Age", "Hormones"], ["Folate"]]
