"""Therapies in freely written prose: standings in other words, and paragraphs without a heading."""

from __future__ import annotations

import pytest

from kg.extract.page import Page
from kg.extract.segment import segment
from kg.extract.status import status
from kg.extract.therapies import therapies
from kg.model import Block, Document, Span
from kg.vocab.lexicon import Names

LEXICON = Names({"drug": {name: f"DRUGBANK:{number}" for number, name in enumerate(
    ["prednisone", "sirolimus", "methotrexate"])}})


def _marked(text: str) -> tuple[str, Span]:
    start, end = text.index("["), text.index("]") - 1
    return text.replace("[", "").replace("]", ""), Span(start, end)


def _page(kind: str, text: str, *, guessed: bool) -> Page:
    block = Block(kind, "prose", "", Span(0, len(text)), guessed=guessed)
    document = Document("0" * 16, "page", "text", "Foo disease", Span(0, 0), text, "", "", "", (),
                        (block,), ())
    return Page(document, segment(document), LEXICON, ("Foo disease",))


def _guessed(kind: str, text: str) -> Page:
    return _page(kind, text, guessed=True)


def _said(text: str) -> list[tuple[str, str]]:
    claims = sorted(therapies(_page("treatment", text, guessed=False)),
                    key=lambda claim: claim.evidence.exact)
    return [(claim.name, claim.value) for claim in claims]


@pytest.mark.parametrize(("text", "expected"), [
    ("If tablets fail, [sirolimus] is injected.", "option"),
    ("[Sirolimus] is seldom necessary.", "option"),
    ("[Sirolimus] turned out to be useless.", "unproven_or_ineffective"),
    ("Whether [sirolimus] helps is anyone's guess.", "unproven_or_ineffective"),
    ("[Sirolimus] has helped a handful of patients.", "investigational"),
    ("[Sirolimus] must on no account be given, or not at all.", "to_avoid"),
    ("Never give [sirolimus] to these children.", "to_avoid"),
    ("[Surgery] is the only hope of a lasting cure.", "standard"),
    ("[Sirolimus] was safe but of no benefit.", "unproven_or_ineffective"),
])
def test_standing_in_other_words(text: str, expected: str) -> None:
    """What a sentence says of its therapy, beyond the examples of the rows."""
    sentence, therapy = _marked(text)
    cue = status(sentence, therapy)
    assert (cue.value if cue else "standard") == expected


def test_a_paragraph_about_therapies_needs_no_heading() -> None:
    """Where only a guess said "prognosis", two sentences that name therapies make it treatment."""
    told = "Prednisone is combined with sirolimus. Methotrexate comes next."
    assert {c.name for c in therapies(_guessed("prognosis", told))} == {
        "prednisone", "sirolimus", "methotrexate"}


def test_a_paragraph_about_survival_stays_one() -> None:
    """Therapies that only say when people survive do not make a paragraph one about treatment."""
    told = "With surgery alone, survival is short. After chemotherapy, survival is longer."
    assert not list(therapies(_guessed("prognosis", told)))


def test_a_paragraph_that_tells_more_of_survival_stays_about_it() -> None:
    """Two sentences that name therapies count for one that tells of survival, not for two."""
    told = "Prednisone is combined with sirolimus. Methotrexate comes next. Survival is short."
    assert list(therapies(_guessed("prognosis", told)))
    assert not list(therapies(_guessed("prognosis", f"{told} Relapse is common.")))


def test_a_procedure_with_a_name_is_a_therapy() -> None:
    """A surgeon's name makes a plain "procedure" one that counts."""
    assert _said("The first step is the Bergson procedure.") == [("bergson procedure", "standard")]


def test_what_everybody_receives_is_a_therapy() -> None:
    """ "Receive" takes any phrase, a bracket only names with or without their route."""
    assert _said("All patients receive corticosteroids (prednisone into a vein).") == [
        ("corticosteroids", "standard"), ("prednisone", "standard")]
