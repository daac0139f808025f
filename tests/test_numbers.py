"""The number grammar and the scanner: written cases, and properties over made-up numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.figure_bounds import Figure
from kg.extract.figure_scan import figures_in
from kg.extract.figure_shapes import unit_of, units
from kg.extract.numbers import lost_dash, plain, quotient, value
from kg.files import rows, shipped

CASES = [
    pytest.param(cells["text"], cells["expected"], id=f"{path.stem}-{line}")
    for path in sorted((Path(__file__).parent / "numbers").glob("*.tsv"))
    for line, cells in rows(path)
]


def written(figure: Figure) -> str:
    """A figure as the tables write it."""
    ends = " ".join("-" if end is None else format(end, "f") for end in (figure.low, figure.high))
    return f"{ends} {figure.unit} {figure.comparator}"


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_written_figure_is_read_as_meant(text: str, expected: str) -> None:
    """Each line of tests/numbers gives exactly its figures."""
    found = " | ".join(written(figure) for figure in figures_in(text))
    assert (found or "none") == expected


def test_there_are_enough_cases() -> None:
    """The tables stay a broad sample of wordings."""
    assert len(CASES) >= 150


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,200", "1200"), ("2.5 million", "2500000"), ("twenty-five", "25"), ("a dozen", "12"),
     ("one hundred and twenty", "120"), ("a hundred thousand", "100000"), ("0.001", "0.001"),
     ("10 000", "10000"), ("three hundred thousand", "300000")],
)
def test_values_are_exact(text: str, number: str) -> None:
    """A number in digits or words is an exact decimal without exponent."""
    assert value(text) == Decimal(number)
    assert "E" not in str(value(text))


def test_no_number_is_an_error() -> None:
    """Words that are no number are refused, not read as zero."""
    with pytest.raises(ValueError, match="no number"):
        value("several")


def test_quotients_are_exact_or_rounded_to_three_digits() -> None:
    """No binary noise: a tenth of a thousandth is exact, a third has three digits."""
    assert quotient(Decimal(1), Decimal(10000)) == Decimal("0.0001")
    assert quotient(Decimal(200), Decimal(3)) == Decimal("66.7")


def test_a_lost_dash_is_put_back_only_where_one_range_fits() -> None:
    """"719 percent" was a range; "150 percent" may be a real number."""
    assert lost_dash("719", 100) == (Decimal(7), Decimal(19))
    assert lost_dash("150", 100) is None
    assert lost_dash("99", 100) is None


def test_every_unit_row_names_its_unit() -> None:
    """The example of each row of units.tsv ends with a word of that unit."""
    for _, cells in rows(shipped("data/units.tsv")):
        ends = (cells["example"].split(" ", count)[-1] for count in (1, 2))
        assert cells["unit"] in {unit_of(end) for end in ends}, cells
    assert unit_of("stages") == ""
    assert len({unit for _, unit in units()}) >= 6


def test_every_comparator_row_fires_on_its_example() -> None:
    """The example of each row of figure_comparators.tsv carries that comparator."""
    for _, cells in rows(shipped("data/figure_comparators.tsv")):
        assert cells["comparator"] in {f.comparator for f in figures_in(cells["example"])}, cells


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text: str) -> None:
    """Spans lie inside the text, in order and apart, whatever the text."""
    end = 0
    for figure in figures_in(text):
        assert end <= figure.span.start < figure.span.end <= len(text)
        end = figure.span.end


WORDS = """1 30 0.5 1,000 half third two % percent - to and between age years of in per million
about less than ( ) : / . , cases men women decade 40s first life older from up ten 1982 twice"""
PIECES = st.sampled_from(WORDS.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_heap_of_number_words_is_read_without_error(text: str) -> None:
    """Texts made of the grammar's own words never break it, and ends stay in order."""
    for figure in figures_in(text):
        assert text[figure.span.start:figure.span.end].strip()
        assert figure.low is not None or figure.high is not None
        assert figure.low is None or figure.high is None or figure.low <= figure.high


PERCENT = st.integers(1, 9999).map(lambda n: plain(Decimal(n) / 100))


@settings(max_examples=60, deadline=None)
@given(PERCENT)
def test_a_percentage_is_the_same_in_every_wording(number: Decimal) -> None:
    """Four wordings of one percentage give one quantity."""
    for text in (f"in {number}% of people", f"in {number} percent of people",
                 f"({number} %) were ill", f"a {number} per cent share"):
        assert [written(figure) for figure in figures_in(text)] == [f"{number} {number} % ="]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 50), st.integers(51, 99))
def test_a_range_is_the_same_in_every_wording(low: int, high: int) -> None:
    """Six wordings of one range give one quantity."""
    for text in (f"{low}-{high}% of people", f"{low}% to {high}%", f"{low} to {high} percent",
                 f"between {low} and {high} percent", f"between {low}% and {high}%",
                 f"from {low}% to {high}%"):
        assert [written(figure) for figure in figures_in(text)] == [f"{low} {high} % range"]


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 9000).map(lambda n: n * 1000))
def test_a_rate_is_the_same_in_every_wording(whole: int) -> None:
    """Wordings of "one in so many" agree, with and without separators."""
    expected = format(quotient(Decimal(1), Decimal(whole)), "f")
    for text in (f"affects 1 in {whole:,} people", f"affects one in {whole} people",
                 f"affects 1 out of {whole:,} people", f"affects 1 per {whole:,} people",
                 f"affects one in every {whole:,} newborns"):
        assert [written(f) for f in figures_in(text)] == [f"{expected} {expected} per_person ="]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(41, 90))
def test_an_age_range_is_the_same_in_every_wording(low: int, high: int) -> None:
    """Six wordings of one range of ages give one quantity."""
    for text in (f"between the ages of {low} and {high}", f"between {low} and {high} years of age",
                 f"from age {low} to age {high}", f"aged {low} to {high} years",
                 f"people between ages {low} and {high}", f"at {low}-{high} years of age"):
        assert [written(figure) for figure in figures_in(text)] == [f"{low} {high} years range"]
