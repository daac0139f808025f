"""Every row of the reading stage's data files fires on its example, not on its counterexample."""

from __future__ import annotations

import re

import pytest

from kg.extract.segment import is_lesson
from kg.files import rows, shipped
from kg.sources.article import silent_kind
from kg.sources.sections import boilerplate_kind, heading_kind
from kg.text import _words

FILES = ("lessons", "anaphora", "boilerplate", "sections", "article_sections", "titles")
ROWS = [
    pytest.param(cells, id=f"{name}:{line}")
    for name in FILES
    for line, cells in rows(shipped(f"data/{name}.tsv"))
]


@pytest.mark.parametrize("cells", ROWS)
def test_row_fires_on_its_example_only(cells: dict[str, str]) -> None:
    """A row finds its example and leaves its counterexample alone."""
    pattern = re.compile(cells["pattern"], re.IGNORECASE)
    assert pattern.search(cells["example"])
    assert not pattern.search(cells["counterexample"])


def test_lessons_pass_their_own_gate() -> None:
    """The literals that a row needs stand in its example, so that the gate lets it through."""
    for line, cells in rows(shipped("data/lessons.tsv")):
        assert is_lesson(cells["example"]), line


def test_no_counterexample_of_a_lesson_is_dropped_by_another_row() -> None:
    """What one row must keep, no other row drops."""
    for line, cells in rows(shipped("data/lessons.tsv")):
        assert not is_lesson(cells["counterexample"]), line


def test_boilerplate_rows_give_their_kind() -> None:
    """The first fitting row gives the paragraph of each example a silent kind."""
    for line, cells in rows(shipped("data/boilerplate.tsv")):
        assert boilerplate_kind(cells["example"]) is not None, line
        assert boilerplate_kind(cells["counterexample"]) is None, line


def test_heading_rows_give_their_kind() -> None:
    """No earlier row takes a heading's example away."""
    for line, cells in rows(shipped("data/sections.tsv")):
        if cells["where"] == "heading":
            assert heading_kind(cells["example"]) == cells["kind"], line


def test_article_sections_give_their_kind() -> None:
    """The first fitting row silences each example, and none a counterexample."""
    for line, cells in rows(shipped("data/article_sections.tsv")):
        assert silent_kind(cells["example"]) == cells["kind"], line
        assert silent_kind(cells["counterexample"]) is None, line


@pytest.mark.parametrize("name", ["abbreviations", "starters"])
def test_word_lists_hold_single_words(name: str) -> None:
    """A word list has one word a line, none of them empty."""
    assert all(word and " " not in word for word in _words(name))
