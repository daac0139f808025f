"""Sites: every row on its example, heads of phrases only, and what is left out."""

from __future__ import annotations

import pytest
from msgspec import structs
from sentences import page_of, sentence_of

from kg.extract.axes import axes
from kg.extract.frames import Frame, load, matches
from kg.extract.sites import CUES, sites
from kg.files import rows, shipped
from kg.vocab.lexicon import Names

LEXICON = Names({"site": {"Skin": "UBERON:0000014", "Lung": "UBERON:0002048",
                          "Brain": "UBERON:0000955", "Back": "UBERON:0001137"}})
ROWS = [pytest.param(frame, cells, id=cells["rule"]) for frame, (_, cells) in zip(
    load("sites"), rows(shipped("data/frames/sites.tsv")), strict=True)]
CELLS = [pytest.param(cells, id=f"{line}-{cells['axis']}")
         for line, cells in rows(shipped(f"data/{CUES}.tsv"))]


def said(text: str, kind: str = "summary") -> list[str]:
    """The names of the claims of a page about Testosis."""
    page = structs.replace(page_of(text, kind=kind), lexicon=LEXICON)
    return [claim.name.lower() for claim in sites(page)]


@pytest.mark.parametrize(("frame", "cells"), ROWS)
def test_a_row_reads_its_example(frame: Frame, cells: dict[str, str]) -> None:
    """The row fires on its example; the page gives what it expects, and nothing otherwise."""
    sentence = structs.replace(sentence_of(cells["example"]), kind="summary")
    assert list(matches(sentence, (frame,)))
    assert said(cells["example"].replace("FOCUS", "Testosis")) == cells["expects"].split("; ")
    assert not said(cells["counterexample"].replace("FOCUS", "Testosis"))


@pytest.mark.parametrize("cells", CELLS)
def test_a_cue_knows_its_words(cells: dict[str, str]) -> None:
    """A cue is found in its example and not in its counterexample."""
    pattern = axes(CUES)[cells["axis"]]
    assert pattern.search(cells["example"])
    assert not pattern.search(cells["counterexample"])


@pytest.mark.parametrize("text", [
    "Testosis affects cells of the skin.",
    "Testosis affects skin cells.",
    "Testosis does not affect the skin.",
    "Stage II: Testosis is found in the lung.",
    "Testosis affects the back.",
    "Testosis affects the way the brain works.",
    "Doctors remove Testosis of the skin by surgery.",
])
def test_other_things_are_left_out(text: str) -> None:
    """Parts of a phrase, stages, denials and stop words name no site."""
    assert said(text) == []


def test_a_clause_ends_the_list() -> None:
    """What follows "which" is about something else."""
    assert said("Testosis is a disease of the skin, which may spread to the lung.") == ["skin"]
    assert said("Testosis is a disease of the skin that shields the lung.") == ["skin"]


def test_treatment_sections_are_silent() -> None:
    """Where a treatment acts is no site of the disease."""
    assert said("Testosis affects the skin.", kind="treatment") == []


def test_stop_words_have_reasons() -> None:
    """Every row of the stop list says why."""
    assert all(cells["name"] and cells["why"] for _, cells in rows(shipped("data/site_stop.tsv")))
