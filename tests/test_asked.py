"""What an outlook depends on where it is told as questions or as measures of several things."""

from __future__ import annotations

import pytest
from sentences import page_of

from kg.extract.asked import asked
from kg.extract.factors import factors
from kg.files import rows, shipped
from kg.model import Span

_ROWS = [cells for _, cells in rows(shipped("data/asked.tsv"))]


def outlooks(*paragraphs: str) -> list[tuple[str, str]]:
    """Name and direction of every prognostic factor of a page, by place."""
    return [(one.name, one.value) for one in factors(page_of(*paragraphs, kind="prognosis"))
            if one.kind == "prognostic_factor"]


@pytest.mark.parametrize("cells", _ROWS, ids=lambda cells: cells["example"])
def test_a_rows_example_gives_what_it_expects(cells: dict[str, str]) -> None:
    """Every row of data/asked.tsv reads the names of its own example."""
    text = cells["example"]
    found = [item.name for item in asked(text, Span(0, len(text)))]
    assert found == cells["expects"].split("|")


@pytest.mark.parametrize("text", ["the stage of the cyst", "age", "smoking and drinking"])
def test_what_asks_nothing_is_left_to_others(text: str) -> None:
    """A plain list is no question."""
    assert asked(text, Span(0, len(text))) == ()


def test_questions_below_a_lead() -> None:
    """Each item of a list of questions is one factor, not each of its nouns."""
    assert outlooks("The prognosis depends on the following:",
                    "- Whether the lump has spread to the liver or lungs.",
                    "- How fast the lump is growing.",
                    "- The number and size of lumps.") == [
        ("lump has spread to the liver or lungs", "uncertain"),
        ("how fast the lump is growing", "uncertain"),
        ("number of lumps", "uncertain"), ("size of lumps", "uncertain")]


def test_questions_in_a_sentence() -> None:
    """A sentence asks as a list does."""
    assert outlooks("The outlook depends on the type of lump, where it began, and whether it "
                    "has been removed completely.") == [
        ("type of lump", "uncertain"), ("location", "uncertain"),
        ("removed completely", "uncertain")]


def test_conditions_below_a_lead() -> None:
    """A list of conditions takes the direction of its lead."""
    assert outlooks("The lump is in the good prognosis group if:",
                    "- the lump is small; and", "- the sodium level is normal.") == [
        ("lump is small", "favourable"), ("sodium level is normal", "favourable")]
