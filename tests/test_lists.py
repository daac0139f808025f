"""Lists: separators, brackets, lost separators and shared heads."""

from __future__ import annotations

import pytest

from kg.extract.lists import run_together, shielded, split, with_shared_head
from kg.model import Span


def _texts(text: str, spans: object) -> list[str]:
    return [text[span.start:span.end] for span in spans]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("rest, ice and heat", ["rest", "ice", "heat"]),
        ("surgery, radiation and/or chemotherapy", ["surgery", "radiation", "chemotherapy"]),
        ("surgery followed by radiation", ["surgery", "radiation"]),
        ("surgery often followed by radiation", ["surgery", "radiation"]),
        ("statins with or without niacin", ["statins", "niacin"]),
        ("drugs such as aspirin, or rest", ["drugs", "aspirin", "rest"]),
        ("baths; creams; and lamps", ["baths", "creams", "lamps"]),
        ("drops (saline, oil), and glasses", ["drops (saline, oil)", "glasses"]),
        ("2,000 units of vitamin D", ["2,000 units of vitamin D"]),
        ("- splints", ["splints"]),
    ],
)
def test_split_parts_a_list_at_its_separators(text: str, items: list[str]) -> None:
    """Commas, conjunctions and list openers part items; brackets and numbers do not."""
    assert _texts(text, split(text)) == items


def test_split_of_a_part_sees_inside_a_bracket() -> None:
    """The content of a bracket can be split when only it is asked for."""
    text = "vitamins (A, D and E)"
    assert _texts(text, split(text, 10, 20)) == ["A", "D", "E"]


def test_split_offsets_point_into_the_whole_text() -> None:
    """Spans of a part are offsets into the text, not into the part."""
    text = "treated with rest and ice."
    assert list(split(text, 13, 25)) == [Span(13, 17), Span(22, 25)]


def test_run_together_items_begin_with_capitals() -> None:
    """Lost separators are found at capitals, but only where three items result."""
    text = "Rest and ice Pain relief Knee braces"
    assert _texts(text, run_together(text, 0, len(text))) == [
        "Rest and ice", "Pain relief", "Knee braces"]
    assert run_together("treated with Mohs surgery", 0, 25) == ()


def test_shielded_text_keeps_its_length() -> None:
    """Brackets become opaque without moving an offset, also where one is never closed."""
    assert len(shielded("a (b) c (d")) == 10
    assert "b" not in shielded("a (b) c (d")
    assert "d" not in shielded("a (b) c (d")


def test_a_shared_head_goes_to_the_names_before_it() -> None:
    """Only names without a head of their own are completed."""
    names = ["speech", "occupational", "physical therapy", "rest"]
    done = with_shared_head(
        names, lambda name: name in {"speech", "occupational"},
        lambda name: "therapy" if name.endswith("therapy") else "")
    assert done == ["speech therapy", "occupational therapy", "physical therapy", "rest"]
