"""Gates: they are only ever closed where a pattern cannot match."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.extract import gates as gating
from kg.extract.caseless import caseless, lower
from kg.extract.frames import caseless_row, compiled, macros, seen
from kg.extract.gates import Gated, gate, gates
from kg.extract.required import required
from kg.extract.segment import FOCUS
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
    assert things.open("a mild form") == ["a", "b"]
    assert things.open("mild, not a form") == ["b"]
    assert things.open("severe colds") == ["b", "c"]


def test_words_are_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many words were seen, a text opens the same gates, and few words are kept."""
    monkeypatch.setattr(gating, "MOST_WORDS", 50)
    things = Gated([(gate(["slow onset"]), "a"), (gate(["pale"]), "b")])
    for number in range(500):
        assert things.open(f"paleness w{number} and slow onset{number}") == ["a", "b"]
        assert things.open(f"slowly x{number} onset") == []
    assert len(gating._KNOWN.words) <= 60


def test_case_is_ignored_but_where_it_counts() -> None:
    """A pattern finds capitals and small letters alike, unless a part of it asks for its case."""
    assert caseless("Rare [A-Z]+").search("RARE things")
    assert not caseless("(?-i:BRCA)").search("brca")
    assert lower("İstanbul") == "istanbul"


@given(st.sampled_from((r"^(?:rare|cold) (\w+)$", r"^a|b", r"(rare) ", r"[A-C]x", r"^\s*the (\w+)?",
                        r"(?-i:AB)c", r"\bor\b", r"^[|(]a|^b")),
       st.lists(st.sampled_from(("rare ", "Rare ", "cold", "The ", "a", "b", "Bx", "ABc", "abc",
                                 " or ", "|", "("))).map("".join),
       st.integers(0, 8), st.integers(0, 30))
def test_a_caseless_pattern_does_what_python_does(
    source: str, text: str, start: int, end: int,
) -> None:
    """Searching, replacing and splitting give what Python's own pattern gives."""
    ours, theirs = caseless(source), re.compile(source, re.IGNORECASE)
    for one, other in ((ours.search(text, start, end), theirs.search(text, start, end)),
                       (ours.match(text, start, end), theirs.match(text, start, end)),
                       (ours.fullmatch(text), theirs.fullmatch(text))):
        assert (one and one.regs) == (other and other.regs)
    assert [one.regs for one in ours.finditer(text, start, end)] == [
        one.regs for one in theirs.finditer(text, start, end)]
    replacement = r"<\1>" if theirs.groups else "<>"
    assert ours.sub(replacement, text) == theirs.sub(replacement, text)
    if not theirs.groups:
        assert ours.split(text) == theirs.split(text)


def test_a_malformed_pattern_names_its_row_when_it_is_used() -> None:
    """A pattern is compiled when it is first used, and then the error says where it stands."""
    broken = caseless_row("(", Path("risks.tsv"), 7)
    with pytest.raises(DataError, match=r"risks\.tsv:7: pattern"):
        broken.search("text")
    with pytest.raises(re.error):
        caseless("(").search("text")


def _tabled() -> list[str]:
    """Every example and counterexample of the frames' tables."""
    return [text for path in sorted(shipped("data/frames").glob("*.tsv"))
            for _, cells in rows(path) for text in (cells["example"], cells["counterexample"])]


@pytest.mark.parametrize("path", sorted(shipped("data/frames").glob("*.tsv")),
                         ids=lambda path: str(path.stem))
def test_no_pattern_that_matches_is_behind_a_closed_gate(path: Path) -> None:
    """On the sentences of all tables, what is read from a pattern is open wherever it matches."""
    found = [(gates(required(cells["pattern"], macros())),
              caseless_row(cells["pattern"], path, line), line) for line, cells in rows(path)]
    for text in _tabled():
        view = seen(text.replace("FOCUS", FOCUS * 5))
        for bits, pattern, line in found:
            if bits & view.gates != bits:
                assert not list(pattern.found(view.text, view.short)), (line, text)


THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from kg import claims, open_index, read
from kg.files import shipped
from kg.jsonl import line
index = open_index()
pages = [read(path.name, path.read_bytes()) for path in sorted(shipped("data/pages").iterdir())] * 6
def said(page): return b"".join(map(line, claims(page, index)))
if sys.argv[1] == "1":
    found = list(map(said, pages))
else:
    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        found = list(pool.map(said, pages))
sys.stdout.buffer.write(b"".join(found))
"""


def test_threads_read_what_one_reads() -> None:
    """Tables are loaded and sharpened while other threads read: nobody misses a gate."""
    alone, many = (subprocess.run([sys.executable, "-c", THREADS, number], check=True,
                                  capture_output=True).stdout for number in ("1", "5"))
    assert alone
    assert many == alone
