"""The words of therapies: every row of their tables, heads, and wordings of one therapy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.extract.frames import compiled
from kg.extract.gates import gate, literals, opened
from kg.extract.therapy_words import head_role
from kg.files import rows, shipped
from kg.text import normalise
from kg.wordings import same

DATA = Path(__file__).parents[1] / "kg" / "data"


def _table(name: str) -> list[dict[str, str]]:
    return [cells for _, cells in rows(shipped(f"data/{name}"))]


def _id(cells: dict[str, str]) -> str:
    return f"{cells.get('role', '')}-{cells['pattern'][:30]}"


SEARCHED = {"tail"}
CUES = DATA / "therapy_cues.tsv"


def _fits(cells: dict[str, str], text: str) -> bool:
    pattern = compiled(cells["pattern"], DATA / "therapy_words.tsv", 0)
    if cells["role"] in SEARCHED:
        return bool(pattern.search(text))
    if cells["role"] == "lead":
        return bool(re.compile(rf"(?:{pattern.pattern})\s", re.IGNORECASE).match(text))
    if cells["role"] == "empty":
        return bool(pattern.fullmatch(text))
    words = text.split()
    return any(pattern.fullmatch(" ".join(words[at:])) for at in range(len(words)))


@pytest.mark.parametrize("cells", _table("therapy_words.tsv"), ids=_id)
def test_word_row_fits_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/therapy_words.tsv fits the end of its example and not its counterexample."""
    assert _fits(cells, cells["example"])
    assert not _fits(cells, cells["counterexample"])


@pytest.mark.parametrize("cells", _table("therapy_cues.tsv"), ids=_id)
def test_cue_row_is_found_in_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/therapy_cues.tsv is found in its example, which opens its gate."""
    pattern = compiled(cells["pattern"], CUES, 0)
    assert pattern.search(cells["example"])
    assert not pattern.search(cells["counterexample"])
    needed = gate(literals(cells["needs"]))
    assert needed & opened(cells["example"].lower()) == needed


@pytest.mark.parametrize("cells", _table("therapy_same.tsv"), ids=_id)
def test_wording_row_fits_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/therapy_same.tsv takes its example to the usual wording."""
    pattern = compiled(cells["pattern"], DATA / "therapy_same.tsv", 0)
    assert pattern.search(normalise(cells["example"]))
    assert not pattern.search(normalise(cells["counterexample"]))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("radiotherapy", "radiation therapy", True),
        ("liver transplantation", "liver transplants", True),
        ("surgical treatment", "surgery", True), ("oral prednisone", "prednisone", True),
        ("Mohs micrographic surgery", "Mohs surgery", True), ("plastic surgery", "surgery", False),
        ("hemi-Fontan procedure", "Fontan procedure", False),
        ("physical therapy", "speech therapy", False),
    ],
)
def test_same_therapy(one: str, other: str, expected: bool) -> None:
    """Wordings are one therapy, kinds of a therapy are several."""
    assert same(one, other) is same(other, one) is expected


@pytest.mark.parametrize(
    ("phrase", "role"),
    [("wide local excision of the tumor", "strong"), ("a pediatric neurologist", "person"),
     ("genetic testing", "test"), ("nutritional programs to help children", "soft"),
     ("the weather", "")],
)
def test_head_role(phrase: str, role: str) -> None:
    """The head of a phrase, before its first preposition, says what it is."""
    assert head_role(phrase) == role
