"""Prognostic factors in the forms that outlook takes on pages of every source."""

from __future__ import annotations

import pytest
from sentences import page_of

from kg.extract.factors import factors


def outlooks(*paragraphs: str) -> list[tuple[str, str]]:
    """Name and direction of every prognostic factor of a page."""
    return [(claim.name, claim.value) for claim in factors(page_of(*paragraphs))
            if claim.kind == "prognostic_factor"]


@pytest.mark.parametrize(("text", "expected"), [
    ("Left untreated, testosis can lead to death.", [("lack of treatment", "unfavourable")]),
    ("If testosis is not promptly treated, blindness may follow.",
     [("prompt treatment", "favourable")]),
    ("Testosis ends in death unless quickly diagnosed and treated.",
     [("prompt diagnosis", "favourable"), ("treatment", "favourable")]),
    ("Without early surgery, testosis leads to severe damage.",
     [("lack of early surgery", "unfavourable")]),
    ("Most cases of testosis can be cured if found early.", [("early diagnosis", "favourable")]),
    ("Prompt treatment of fever can reduce the damage.",
     [("prompt treatment of fever", "favourable")]),
    ("Delays in treatment increase the danger of death.",
     [("delays in treatment", "unfavourable")]),
])
def test_what_is_done_in_time(text: str, expected: list[tuple[str, str]]) -> None:
    """Care whose lack brings harm is favourable, its delay unfavourable."""
    assert sorted(outlooks(text)) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), [
    ("Males with testosis usually have more severe symptoms than females.",
     [("male sex", "unfavourable")]),
    ("Type 2 is the most severe form.", [("type 2", "unfavourable")]),
    ("For reasons that are unclear, females are often more severely affected than males.",
     [("female sex", "unfavourable")]),
    ("Some people with mild symptoms live much longer.", [("mild symptoms", "favourable")]),
    ("Infants with early onset often do not survive.", [("early onset", "unfavourable")]),
    ("Testosis caused by injury usually shows a full recovery.", [("injury", "favourable")]),
    ("The earlier the onset, the faster the decline.", [("earlier onset", "unfavourable")]),
])
def test_who_fares_better_or_worse(text: str, expected: list[tuple[str, str]]) -> None:
    """Groups of people and forms of the disease carry the direction of what is said of them."""
    assert outlooks(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Death is usually due to heart failure or infection.",
     [("heart failure", "unfavourable"), ("infection", "unfavourable")]),
    ("Many people die young from lung failure.", [("lung failure", "unfavourable")]),
    ("The severity of testosis depends on the size and site of the cyst.",
     [("site of the cyst", "uncertain"), ("size of the cyst", "uncertain")]),
    ("The size of the gap determines the severity of testosis.",
     [("size of the gap", "uncertain")]),
    ("Stress can cause worsening of symptoms.", [("stress", "unfavourable")]),
])
def test_what_decides_the_course(text: str, expected: list[tuple[str, str]]) -> None:
    """What people die of worsens the outlook; what severity depends on leaves it open."""
    assert sorted(outlooks(text)) == sorted(expected)


@pytest.mark.parametrize("text", [
    "The number of deaths from testosis varies by race.",
    "Many people die of testosis.",
    "Dietitians help people with kidney failure who are dieting.",
    "Infants with testosis usually die.",
    "The severity of testosis varies from person to person.",
    "Tablets relieve symptoms and improve quality of life.",
    "The longer a woman breastfeeds, the lower her risk.",
    "Untreated wood may lead to shock.",
])
def test_what_is_no_prognostic_factor(text: str) -> None:
    """The disease itself, counts of deaths, comfort and variation alone give none."""
    assert not outlooks(text)
