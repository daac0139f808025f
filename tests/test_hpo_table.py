"""Rows of HPO frequency tables: names, frequencies, modes, bands and odd rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec import structs
from sentences import page_of

from kg.extract.hpo_table import table_rows
from kg.extract.page import Page
from kg.frequency import band, bands, counts, frequency
from kg.model import Block, Claim, Quantity
from kg.vocab.lexicon import Names

HEAD = "Signs and Symptoms Approximate number of patients (when available) "
NAMES = Names({
    "phenotype": {"Short stature": "HP:0004322", "Pulmonary cyst": "HP:0005948",
                  "Lung": "HP:0000001"},
    "inheritance": {"Autosomal dominant inheritance": "HP:0000006"},
})


def page(*lines: str) -> Page:
    """A page that is a table of these lines."""
    made = page_of(*lines, kind="table", form="row")
    return structs.replace(made, lexicon=NAMES)


def claims(*lines: str) -> list[Claim]:
    """The claims of a table."""
    return list(table_rows(page(*lines)))


def test_a_run_together_table_is_cut_at_its_frequencies() -> None:
    """Each row has its name, its number and exactly its own span as the quote."""
    found = claims(HEAD + "Short stature 90% Wide, flat nose 7.5% Fever 5/12 Cough - Rash 3 of 4")
    assert [(one.name, one.quantity.about if one.quantity else "-") for one in found] == [
        ("Short stature", "90%"), ("Wide, flat nose", "7.5%"), ("Fever", "5/12"), ("Cough", "-"),
        ("Rash", "3 of 4")]
    assert [one.evidence.quote for one in found][:2] == [
        "Short stature 90%", "Wide, flat nose 7.5%"]
    assert {one.kind for one in found} == {"phenotype"}
    assert {one.evidence.section for one in found} == {"symptoms"}


def test_quotes_stand_in_the_page() -> None:
    """Quote and mention are what the page has at their offsets."""
    made = page(HEAD + "Short stature 90% Fever -")
    for one in table_rows(made):
        span, exact = one.evidence.span, one.evidence.exact
        assert made.document.text[span.start:span.end] == one.evidence.quote
        assert made.document.text[exact.start:exact.end] == one.name


def test_modes_of_inheritance_are_no_phenotypes() -> None:
    """A row that names a mode is an inheritance claim without a frequency."""
    (one,) = claims(HEAD + "Autosomal dominant inheritance -")
    assert (one.kind, one.value, one.quantity) == ("inheritance", "", None)


def test_lines_below_a_band_have_its_frequency() -> None:
    """Other names and numbers of classes are cut off; the band is the context."""
    found = claims("Showing of 3 |", "Medical Terms Other Names Learn More: HPO ID",
                   "80%-99% of people have these symptoms", "Short stature Small build 0004322",
                   "Pulmonary cyst Bubble in the lung 1234567", "Strange name",
                   "Percent of people who have these symptoms is not available through HPO",
                   "Fever 0001945")
    assert [one.name for one in found] == [
        "Short stature", "Pulmonary cyst", "Strange name", "Fever"]
    assert [one.quantity.low if one.quantity else None for one in found] == [80, 80, 80, None]
    assert [len(one.evidence.context) for one in found] == [1, 1, 1, 0]


def test_a_band_ends_with_its_table() -> None:
    """Prose between two tables closes the band."""
    made = page("5%-29% of people have these symptoms", "Fever", "A sentence.", "Cough 50%")
    blocks = tuple(Block("symptoms" if at == 2 else "table", "prose" if at == 2 else "row", "",
                         block.span) for at, block in enumerate(made.document.blocks))
    document = structs.replace(made.document, blocks=blocks)
    found = list(table_rows(structs.replace(made, document=document)))
    assert [(one.name, one.quantity.low if one.quantity else None) for one in found] == [
        ("Fever", Decimal(5)), ("Cough", Decimal(30))]


def test_a_row_that_excludes_a_sign_is_absent() -> None:
    """None of twelve have it."""
    (one,) = claims(HEAD + "Fever 0/12")
    assert (one.value, one.negated) == ("absent", True)


def test_broken_rows_do_no_harm() -> None:
    """A comment in braces, a lone per cent sign, no name, no rows."""
    found = claims(HEAD + 'High iron {comment="HPO:somebody"} 50% Fever % - 90% tail without end')
    assert [one.name for one in found] == ["High iron", "Fever"]
    assert not claims(HEAD)
    assert not claims("")


@pytest.mark.parametrize(("written", "low", "high", "expected"), [
    ("90%", 80, 99, "HP:0040281"), ("50%", 30, 79, "HP:0040282"), ("7.5%", 5, 29, "HP:0040283"),
    ("100%", 100, 100, "HP:0040280"), ("88%", 88, 88, "HP:0040281"), ("99.5%", "99.5", "99.5",
    "HP:0040281"), ("33%", 33, 33, "HP:0040282"), ("4.5%", "4.5", "4.5", "HP:0040284"),
    ("0%", 0, 0, "HP:0040285"), ("5/12", "41.7", "41.7", "HP:0040282"),
    ("80%-99%", 80, 99, "HP:0040281"), ("1%-4%", 1, 4, "HP:0040284"),
])
def test_frequency(written: str, low: object, high: object, expected: str) -> None:
    """A number that stands for a band is the band; others are themselves and fall into one."""
    found = frequency(written)
    assert found is not None
    assert (found.low, found.high) == (Decimal(str(low)), Decimal(str(high)))
    chosen = band(found)
    assert chosen is not None
    assert chosen.id == expected


@pytest.mark.parametrize("written", ["-", "", "often", "5/0", "7/5", "120%", "90%-10%"])
def test_no_frequency(written: str) -> None:
    """What is no share of patients is no quantity."""
    assert frequency(written) is None


def test_counts_are_kept() -> None:
    """A fraction keeps with and all; a percentage has neither."""
    fraction, share = frequency("5/12"), frequency("88%")
    assert fraction is not None
    assert counts(fraction) == (5, 12)
    assert share is not None
    assert counts(share) is None
    assert band(Quantity(Decimal(3), None, "years", "=")) is None


def test_bands_are_ordered_and_disjoint() -> None:
    """From obligate to excluded, none overlapping the next."""
    found = bands()
    assert [one.id for one in found] == [f"HP:004028{number}" for number in range(6)]
    assert all(above.low > below.high for above, below in pairwise(found))
