"""Every row of the frames, the modifiers and the naming steps, run on its own example."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from sentences import sentence_of

from kg.errors import DataError
from kg.extract.frames import Frame, caseless_row, compiled, load, matches
from kg.extract.naming import rewritten, steps, trimmed
from kg.extract.scope import axes
from kg.extract.slots import named
from kg.files import rows, shipped

TABLES = ("risk", "causes", "prognosis", "unknown")
ROWS = [
    pytest.param(table, frame, cells, id=cells["rule"])
    for table in TABLES
    for frame, (_, cells) in zip(
        load(table), rows(shipped(f"data/frames/{table}.tsv")), strict=True)
]
NAMING = [pytest.param(cells, id=f"{line}-{cells['step']}")
          for line, cells in rows(shipped("data/naming.tsv"))]
MODIFIERS = [pytest.param(cells, id=f"{line}-{cells['axis']}")
             for line, cells in rows(shipped("data/modifiers.tsv"))]


def _names(frame: Frame, text: str) -> list[str]:
    sentence = sentence_of(text)
    if frame.sections:
        sentence = replace(sentence, kind=min(frame.sections))
    return [item.name for match in matches(sentence, (frame,)) for item in named(sentence, match)]


@pytest.mark.parametrize(("table", "frame", "cells"), ROWS)
def test_a_row_reads_its_example(table: str, frame: Frame, cells: dict[str, str]) -> None:
    """The example of a row yields the names it expects, in its order."""
    if table == "unknown":
        assert list(matches(sentence_of(cells["example"]), (frame,)))
        return
    expected = [name for name in cells["expects"].split("; ") if name]
    assert _names(frame, cells["example"]) == expected


@pytest.mark.parametrize(("table", "frame", "cells"), ROWS)
def test_a_row_leaves_its_counterexample(table: str, frame: Frame, cells: dict[str, str]) -> None:
    """The counterexample of a row yields no name by that row."""
    if table == "unknown":
        assert not list(matches(sentence_of(cells["counterexample"]), (frame,)))
        return
    assert not _names(frame, cells["counterexample"])


def test_rules_are_named_once() -> None:
    """No two rows of the tables share a rule name."""
    names = [frame.rule for table in TABLES for frame in load(table)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("cells", MODIFIERS)
def test_a_modifier_knows_its_words(cells: dict[str, str]) -> None:
    """A cue is found in its example and not in its counterexample."""
    path = shipped("data/modifiers.tsv")
    pattern = compiled(cells["pattern"], path, 0)
    assert pattern.search(cells["example"])
    assert not pattern.search(cells["counterexample"])
    assert cells["axis"] in axes(cells["example"])


@pytest.mark.parametrize("cells", NAMING)
def test_a_naming_step_does_what_it_says(cells: dict[str, str]) -> None:
    """A step turns its example into what it expects; a junk row finds its example."""
    example = sentence_of(cells["example"]).masked
    step = next(s for s in steps(cells["step"])
                if s.pattern.pattern == caseless_row(
                    cells["pattern"].replace("FOCUS", "{FOCUS}"), shipped("data/naming.tsv"), 0
                ).pattern)
    if cells["step"] in {"junk", "vague", "finite", "alone"}:
        assert step.pattern.search(example)
    else:
        assert step.pattern.sub(step.replacement, example) == cells["expects"]


def test_a_broken_pattern_names_its_line() -> None:
    """A row that is no regular expression, or uses an unknown macro, is a DataError at its line."""
    path = shipped("data/frames/risk.tsv")
    for pattern in ("(", "{NOTHING}"):
        with pytest.raises(DataError, match=re.escape("risk.tsv:7")):
            compiled(pattern, path, 7)


def test_trimming_is_stable() -> None:
    """A trimmed and rewritten name stays as it is."""
    for name in ("smoking", "family history", "ABC1 gene mutation", "older age"):
        assert rewritten(trimmed(name)) == name
