"""Measures advised in verbs: every row of their table, and what sentences give."""

from __future__ import annotations

import pytest

from kg.extract.segment import FOCUS, Sentence
from kg.extract.therapy_advice import advice, doing
from kg.files import rows, shipped
from kg.model import Span

ROWS = [cells for _, cells in rows(shipped("data/frames/advice.tsv"))]


def _advised(text: str, kind: str = "treatment") -> list[tuple[str, str]]:
    masked = text.replace("FOCUS", FOCUS * 5)
    sentence = Sentence(Span(0, len(masked)), masked, masked, 0, kind, "prose", "", ())
    return [(therapy.name, match.frame.rule) for therapy, match in advice(sentence)]


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: cells["rule"])
def test_a_row_finds_its_example_and_not_its_counterexample(cells: dict[str, str]) -> None:
    """Each row of data/frames/advice.tsv does what its own columns say."""
    found = [name for name, rule in _advised(cells["example"]) if rule == cells["rule"]]
    assert found == cells["expects"].split("; ")
    assert cells["rule"] not in {rule for _, rule in _advised(cells["counterexample"])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Keep your weight down, drink plenty of water and rest the joint.",
         ["keeping weight down", "drinking plenty of water", "resting the joint"]),
        ("Eat more fruit and vegetables to stay well.", ["eating more fruit and vegetables"]),
        ("You should take part in a study.", []),
        ("Make an appointment with your doctor.", []),
        ("Pain can be relieved by raising the legs or cooling the skin.",
         ["raising the legs", "cooling the skin"]),
        ("Exercise therapy is of use.", []),
        ("The swelling may help.", []),
        ("It is important to know the cause.", []),
    ],
)
def test_sentences_give_their_measures(text: str, expected: list[str]) -> None:
    """Each verb of a list is a measure, in -ing; what is no measure gives none."""
    assert [name for name, _ in _advised(text)] == expected


@pytest.mark.parametrize(
    ("verb", "form"),
    [("take", "taking"), ("cut", "cutting"), ("keep", "keeping"), ("lie", "lying"),
     ("raising", "raising")],
)
def test_a_verb_gets_its_form(verb: str, form: str) -> None:
    """The form in -ing of a plain verb; one that has it keeps it."""
    assert doing(verb) == form
