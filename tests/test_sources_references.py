"""Reading the entries of reference lists, with their usual slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.model import Span
from kg.sources import read
from kg.sources.references import reference

SHARED = Path(__file__).parents[2] / "shared"


@pytest.mark.parametrize(
    ("text", "title", "year", "kind"),
    [
        (
            "Ito R, de Groot F, and Ayşe B. A case. J Rare. May 2011; 3(4):5-6.",
            "A case",
            2011,
            "article",
        ),
        (
            "Ito RK1, Oh A. A case: 14 patients. J Rare. 2011; 31(30:236-47.",
            "A case: 14 patients",
            2011,
            "article",
        ),
        (
            "Ito R, et al. Who gets it? A study. J Rare. 2011 Nov;4:e201.",
            "Who gets it? A study",
            2011,
            "article",
        ),
        ("Ito R. Friend or foe? J Rare. 2008; 12(4):188-93.", "Friend or foe?", 2008, "article"),
        (
            "Ito R & Oh A. A case since 1982. J Rare 2023; 31: 77–85. PMID: 12",
            "A case since 1982",
            2023,
            "article",
        ),
        ("Foo disease. DoveMed. January 7 2016; http://e.org/a.", "Foo disease", 2016, "web"),
        (
            "What Is Foo? Foo Alliance. 2016; http://e.org/a.pdf. Accessed 3/10/2017.",
            "What Is Foo?",
            2016,
            "web",
        ),
        ("Foo disease. Reviewed September 2021. https://e.org/foo/", "Foo disease", 2021, "web"),
        (
            "Foo entry #1. University. https://e.org/1. Accessed October 20, 2023.",
            "Foo entry #1",
            None,
            "web",
        ),
        (
            "Care in foo. In: Oh N, editor. Handbook. 2nd ed. Press; 2017. p. 233-51.",
            "Care in foo",
            2017,
            "article",
        ),
        ("Foo", "Foo", None, "web"),
    ],
)
def test_title_year_and_kind(text: str, title: str, year: int | None, kind: str) -> None:
    """Neither authors nor journal are part of a title; an access date is no year."""
    found = reference(1, text, Span(0, len(text)))
    assert (found.title, found.year, found.kind) == (title, year, kind)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("A. https://www.ncbi.nlm.nih.gov/pubmed/19384064.", ("19384064", None, None)),
        ("A. https://pubmed.ncbi.nlm.nih.gov/123/", ("123", None, None)),
        ("A. https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4370612.", (None, "PMC4370612", None)),
        ("A. PMID: 93; PMCID: PMC885.", ("93", "PMC885", None)),
        ("A. doi:10.5555/old.2019.0143.", (None, None, "10.5555/old.2019.0143")),
        (
            "A. https://doi.org/10.1016/S0140-6736(16)00339-1.",
            (None, None, "10.1016/S0140-6736(16)00339-1"),
        ),
        ("A. 2019; 10: 12.", (None, None, None)),
    ],
)
def test_identifiers(text: str, ids: tuple[str | None, ...]) -> None:
    """Identifiers come out of addresses and labels, bare and without the sentence's stop."""
    found = reference(1, text, Span(0, len(text)))
    assert (found.pmid, found.pmcid, found.doi) == ids


@pytest.mark.skipif(not SHARED.exists(), reason="the shared gold is not here")
def test_publications_of_the_gold() -> None:
    """Number, year, kind and every identifier of the full-format gold pages are right."""
    wrong = []
    for line in (SHARED / "gold" / "seedlike.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        document = read(gold["page"], (SHARED / "gold" / gold["page"]).read_bytes())
        for want, have in zip(gold["publications"], document.references, strict=True):
            wrong += [
                (want["number"], key) for key, value in want.items() if getattr(have, key) != value
            ]
    assert wrong == []
