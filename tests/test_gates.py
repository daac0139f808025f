"""Gates: they are only ever closed where a pattern cannot match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.extract.caseless import caseless, lower
from kg.extract.frames import compiled, macros
from kg.extract.gates import Gated, gate, opened
from kg.extract.required import required
from kg.files import rows, shipped

TABLES = [path for path in sorted(shipped("data").rglob("*.tsv"))
          if {"pattern", "example"} <= set(next(rows(path), (0, dict[str, str]()))[1])]


@pytest.mark.parametrize("path", TABLES, ids=[path.name for path in TABLES])
def test_what_a_pattern_requires_stands_wherever_it_matches(path: Path) -> None:
    """An example or counterexample that the pattern of a row matches holds a word of each set."""
    for line, cells in rows(path):
        pattern = cells["pattern"].replace("FOCUS", "{FOCUS}").replace("{{FOCUS}}", "{FOCUS}")
        if set(re.findall(r"\{([A-Z_]+)\}", pattern)) - set(macros()):
            continue
        for text in (cells["example"], cells.get("counterexample", "")):
            masked = text.replace("FOCUS", macros()["FOCUS"].rstrip("+") * 5)
            if compiled(pattern, path, line).search(masked):
                low = lower(masked)
                for words in required(pattern, macros()):
                    assert any(word in low for word in words), (line, words)


@pytest.mark.parametrize(("pattern", "sets"), [
    (r"(?:causes?|leads?) [^.;]*(?:harm|damage)", [{"cause", "lead"}, {"harm", "damage"}]),
    (r"(?:a )?rare\w*|seldom", [{"rare", "seldom"}]),
    (r"\w+|rare", []),
])
def test_required_words(pattern: str, sets: list[set[str]]) -> None:
    """The longest word of each way to match, one set for each stretch of the pattern."""
    assert [set(words) for words in required(pattern, {})] == sets


def test_things_come_in_their_order_and_only_behind_open_gates() -> None:
    """A text opens the gates of which it holds a literal, and a phrase only as a whole."""
    things = Gated([(gate(["mild form"]), "a"), (0, "b"), (gate(["severe"]) | gate(["cold"]), "c")])
    assert things.open(opened("a mild form")) == ["a", "b"]
    assert things.open(opened("mild, not a form")) == ["b"]
    assert things.open(opened("severe colds")) == ["b", "c"]


def test_case_is_ignored_but_where_it_counts() -> None:
    """A pattern finds capitals and small letters alike, unless a part of it asks for its case."""
    assert caseless("Rare [A-Z]+").search("RARE things")
    assert not caseless("(?-i:BRCA)").search("brca")
    assert lower("İstanbul") == "istanbul"
