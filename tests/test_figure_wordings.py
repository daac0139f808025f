"""Figures in freely written prose: counts with a comma after them, ages, outcomes as shares."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.extract.figure_bounds import Figure
from kg.extract.figures import figures, readings
from kg.extract.page import Page
from kg.extract.segment import segment
from kg.model import Block, Document, Span
from kg.vocab.lexicon import Names


def said(text: str) -> list[str]:
    """Kind and numbers of each figure of one masked sentence."""
    return [f"{r.kind} {_ends(r.figure)}" for r in readings(text)]


def _ends(figure: Figure) -> str:
    low, high = ("-" if end is None else format(end, "f") for end in (figure.low, figure.high))
    return f"{low} {high} {figure.unit} {figure.comparator}"


@pytest.mark.parametrize(("text", "expected"), [
    ("It affects 1 in 15,000, mostly girls.", ["prevalence 0.0000667 0.0000667 per_person ="]),
    ("Men outnumber women by about 3 to 2.", ["sex_ratio 1.5 1.5 ratio ~"]),
    ("Ages at diagnosis run from 4 to 92 years.", ["onset_age 4 92 years range"]),
    ("One-year survival now tops 80%.", ["survival 80 - % >"]),
    ("A growth index above 20% is a bad sign.", []),
])
def test_figures_in_other_words(text: str, expected: list[str]) -> None:
    """What a sentence's figures say, beyond the examples of the rows."""
    assert said(text) == expected


def test_an_outcome_of_one_in_a_hundred_is_a_percentage() -> None:
    """The quantity of a death rate of one in a hundred or more is given in percent."""
    text = "Fewer than 1 in 100 patients die of Foo disease."
    document = Document("0" * 16, "page", "text", "Foo disease", Span(0, 0), text, "", "", "", (),
                        (Block("prognosis", "prose", "", Span(0, len(text))),), ())
    (one,) = figures(Page(document, segment(document), Names({}), ("Foo disease",)))
    assert one.quantity is not None
    assert (one.quantity.high, one.quantity.unit) == (Decimal(1), "%")
