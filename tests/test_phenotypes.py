"""Signs in prose: every row on its example, polarity, frequency words, and what is left out."""

from __future__ import annotations

import pytest
from msgspec import structs
from sentences import page_of, sentence_of

from kg.extract.axes import axes
from kg.extract.frames import Frame, load, matches
from kg.extract.page import Page
from kg.extract.phenotypes import CUES, phenotypes
from kg.extract.segment import segment
from kg.files import rows, shipped
from kg.model import Claim
from kg.sources import read
from kg.vocab.lexicon import Names

LEXICON = Names({"phenotype": {
    name: f"HP:{number:07}" for number, name in enumerate((
        "Seizures", "Hearing loss", "Fever", "Headache", "Short stature", "Anemia", "Stroke",
        "Pain", "Testosis"), 1)}})
ROWS = [pytest.param(frame, cells, id=cells["rule"]) for frame, (_, cells) in zip(
    load("phenotypes"), rows(shipped("data/frames/phenotypes.tsv")), strict=True)]
CELLS = [pytest.param(cells, id=f"{line}-{cells['axis']}")
         for line, cells in rows(shipped(f"data/{CUES}.tsv"))]


def claims(*paragraphs: str, kind: str = "symptoms") -> list[Claim]:
    """The claims of a page about Testosis."""
    page = structs.replace(page_of(*paragraphs, kind=kind), lexicon=LEXICON)
    return list(phenotypes(page))


def said(*paragraphs: str, kind: str = "symptoms") -> list[tuple[str, str]]:
    """Name and value of each claim."""
    return [(claim.name.lower(), claim.value) for claim in claims(*paragraphs, kind=kind)]


@pytest.mark.parametrize(("frame", "cells"), ROWS)
def test_a_row_reads_its_example(frame: Frame, cells: dict[str, str]) -> None:
    """The row fires on its example, not on its counterexample; the page gives what it expects."""
    kind = cells["sections"].split()[0]
    sentence = structs.replace(sentence_of(cells["example"]), kind=kind)
    assert list(matches(sentence, (frame,)))
    found = said(cells["example"].replace("FOCUS", "Testosis"), kind=kind)
    assert [name for name, _ in found] == cells["expects"].lower().split("; ")
    assert not said(cells["counterexample"].replace("FOCUS", "Testosis"), kind=kind)


@pytest.mark.parametrize("cells", CELLS)
def test_a_cue_knows_its_words(cells: dict[str, str]) -> None:
    """A cue is found in its example and not in its counterexample."""
    pattern = axes(CUES)[cells["axis"]]
    assert pattern.search(cells["example"])
    assert not pattern.search(cells["counterexample"])


@pytest.mark.parametrize(("text", "expected"), [
    ("People with Testosis have seizures and fever.",
     [("seizures", "present"), ("fever", "present")]),
    ("People with Testosis may have seizures.", [("seizures", "sometimes")]),
    ("Some people with Testosis develop seizures.", [("seizures", "sometimes")]),
    ("Rarely, people with Testosis develop seizures.", [("seizures", "sometimes")]),
    ("Testosis is characterized by fever and, occasionally, seizures.",
     [("fever", "present"), ("seizures", "sometimes")]),
    ("Testosis causes fever with or without seizures.",
     [("fever", "present"), ("seizures", "sometimes")]),
    ("People with Testosis do not have seizures.", [("seizures", "absent")]),
    ("Testosis causes fever without seizures.", [("fever", "present"), ("seizures", "absent")]),
    ("Some people with Testosis do not have seizures.", []),
    ("Symptoms include fever, but not seizures.", [("fever", "present")]),
])
def test_polarity_and_frequency(text: str, expected: list[tuple[str, str]]) -> None:
    """Whether a sign is there, sometimes there or absent is read in its own clause."""
    assert said(text) == expected


@pytest.mark.parametrize("text", [
    "People with diabetes may have seizures.",
    "Unaffected carriers of Testosis have headache.",
    "Testosis causes an increased risk of stroke.",
    "People with Testosis have a family history of stroke.",
    "Treatment options include fever medicine.",
    "Symptoms include those of pain medicine.",
    "Symptoms do not appear until fever begins.",
    "People with Testosis have fever medicine at hand.",
])
def test_other_things_are_left_out(text: str) -> None:
    """Risks, relatives, other diseases, medicines and compounds name no sign of the disease."""
    assert said(text) == []


@pytest.mark.parametrize("kind", ["treatment", "risk", "cause"])
def test_sections_about_other_things(kind: str) -> None:
    """What treatments and risk factors do is no sign."""
    assert said("Symptoms include fever.", kind=kind) == []


def test_list_items_below_their_lead() -> None:
    """Items under a lead take its words; the item is the quote and the lead its context."""
    first, second = claims("Symptoms may include:", "- Fever", "- Hearing loss")
    assert (first.name.lower(), second.name.lower()) == ("fever", "hearing loss")
    assert {first.value, second.value} == {"sometimes"}
    assert first.evidence.quote == "Fever"
    assert first.evidence.context


def test_doubt_is_not_frequency() -> None:
    """Only "unclear whether" makes a claim doubtful."""
    (doubt,) = claims("It is unclear whether people with Testosis have seizures.")
    (may,) = claims("People with Testosis may have seizures.")
    assert (doubt.doubtful, may.doubtful) == (True, False)


def test_a_mention_counts_once() -> None:
    """Two frames over one sentence do not double a claim."""
    found = claims("Symptoms of Testosis include fever, and Testosis is characterized by seizures.")
    assert sorted(claim.name for claim in found) == ["fever", "seizures"]


def test_stop_words_have_reasons() -> None:
    """Every row of the stop list says why."""
    assert all(cells["name"] and cells["why"]
               for _, cells in rows(shipped("data/phenotype_stop.tsv")))


LISTED = """# Testosis

Testosis is a disease.

## {heading}

{lead}- Fever and headache with a rash
- Hearing loss, rarely
- No seizures
- Often a stroke
- Anemia
"""


def listed(heading: str, lead: str = "") -> list[tuple[str, str]]:
    """Name and value of each claim of a list below a heading."""
    text = LISTED.format(heading=heading, lead=lead)
    made = read("t.md", text.encode())
    page = Page(made, segment(made, ("Testosis",)), LEXICON, ("Testosis",))
    return [(claim.name.lower(), claim.value) for claim in phenotypes(page)]


def test_a_list_that_nothing_announces() -> None:
    """Below a heading on symptoms an item states the signs that it begins with, as it hedges."""
    assert listed("Symptoms") == [
        ("fever", "present"), ("headache", "present"), ("hearing loss", "sometimes"),
        ("seizures", "absent"), ("anemia", "present")]
    assert ("anemia", "sometimes") in listed("Occasional symptoms")


@pytest.mark.parametrize(("heading", "lead"), [
    ("Treatment", ""), ("Symptoms that are not", ""), ("Symptoms", "Call a doctor about:\n\n"),
])
def test_a_list_of_other_things(heading: str, lead: str) -> None:
    """In other sections, below a heading that denies, or below another lead it states nothing."""
    assert listed(heading, lead) == []
