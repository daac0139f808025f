"""Prognostic factors by general grammar: the rows of data/outcomes.tsv and what guards them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace
from sentences import page_of, sentence_of

from kg.extract.factors import factors
from kg.extract.frames import compiled
from kg.extract.outcomes import judged, judged_by, judgements
from kg.extract.segment import FOCUS
from kg.files import rows, shipped

_ROWS = [cells for _, cells in rows(shipped("data/outcomes.tsv")) if cells["role"] != "word"]


def outlooks(*paragraphs: str, kind: str = "prognosis") -> list[tuple[str, str]]:
    """Name and direction of every prognostic factor of a page, by place."""
    return [(one.name, one.value) for one in factors(page_of(*paragraphs, kind=kind))
            if one.kind == "prognostic_factor"]


_WORDS = [(line, cells) for line, cells in rows(shipped("data/outcome_words.tsv"))]
_LEADS = {"lead", "conditions"}


@pytest.mark.parametrize("cells", [one for one in _ROWS if one["role"] not in _LEADS],
                         ids=lambda cells: cells["example"])
def test_a_rows_example_gives_what_it_expects(cells: dict[str, str]) -> None:
    """Every row reads the factors of its own example."""
    sentence = replace(sentence_of(cells["example"]), kind="prognosis")
    found = [item.name for match in judged(sentence) for item in judged_by(sentence, match)]
    assert found == cells["expects"].split("|")


@pytest.mark.parametrize(("line", "cells"), _WORDS, ids=lambda one: str(one)[:40])
def test_words_are_found_in_their_example(line: int, cells: dict[str, str]) -> None:
    """Every row of data/outcome_words.tsv finds its example and not its counterexample."""
    pattern = compiled(cells["pattern"], shipped("data/outcome_words.tsv"), line)
    example, counter = (cells[key].replace("FOCUS", FOCUS * 5)
                        for key in ("example", "counterexample"))
    assert pattern.search(example)
    assert not pattern.search(counter)


def test_rows_are_read_in_their_order() -> None:
    """Rules are named by their line, so that a claim leads back to its row."""
    lines = [int(one.frame.rule.rsplit("-", 1)[1]) for one in judgements()]
    assert len(lines) == len(_ROWS)
    assert all(first < second for first, second in pairwise(lines))


@pytest.mark.parametrize(("text", "expected"), [
    ("A stiff neck spells trouble, as do fits and a low pulse.",
     [("stiff neck", "unfavourable"), ("fits", "unfavourable"), ("low pulse", "unfavourable")]),
    ("Girls, oddly enough, do worse than boys.", [("female sex", "unfavourable")]),
    ("Without surgery hardly any child survives.", [("lack of surgery", "unfavourable")]),
    ("If warmth is restored in the first hour, full recovery is the rule.",
     [("warmth is restored in the first hour", "favourable")]),
    ("Neither height nor hair colour makes any difference to survival.",
     [("height", "uncertain"), ("hair colour", "uncertain")]),
    ("People with the dry form, gout, or stiff joints usually do not return to normal health.",
     [("dry form", "unfavourable"), ("gout", "unfavourable"), ("stiff joints", "unfavourable")]),
    ("FOCUS can be fatal unless the cyst is drained.", [("cyst is drained", "favourable")]),
    ("Most children survive to adulthood.", []),
    ("Survival is 80% for lumps in the skin, versus 10% once the bone is reached.",
     [("lumps in the skin", "favourable"), ("bone is reached", "unfavourable")]),
])
def test_free_prose_about_the_outlook(text: str, expected: list[tuple[str, str]]) -> None:
    """The factor is the other argument of a clause about an outcome, whatever its verb."""
    assert sorted(outlooks(text)) == sorted(expected)


def test_list_items_under_a_lead() -> None:
    """A line that promises bad signs gives its direction to the items below it."""
    assert outlooks("Bad signs in an attack are:", "- fits", "- a low pulse") == [
        ("fits", "unfavourable"), ("low pulse", "unfavourable")]


@pytest.mark.parametrize("text", [
    "Chemotherapy with tarpicin prolongs survival.",
    "Most patients do well.",
    "It has a better outlook than gout.",
    "There is no standard treatment since infants rarely live longer.",
    "Taking these steps lowers the chances of having another attack.",
    "Testosis does not affect life expectancy.",
    "How well the medicines work depends on the dose.",
    "Researchers hope that a new vaccine will improve survival.",
])
def test_what_is_no_factor(text: str) -> None:
    """Care as such, people as such and the disease itself are no prognostic factors."""
    page = page_of(text, kind="prognosis")
    assert not [one.name for one in factors(page) if one.evidence.rule.startswith("outcome-")]


def test_only_where_outlook_is_told() -> None:
    """A section about signs speaks of other outcomes."""
    assert outlooks("Fits and a low pulse bode ill.", kind="symptoms") == []
