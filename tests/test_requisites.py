"""The file of what patterns require says of each pattern what the pattern says."""

from __future__ import annotations

from kg.extract.requisites import FILE, key, known, requisites, written
from kg.extract.reread import everything
from kg.files import shipped

FRESH = 0.9  # of the patterns: an edited row is read in the old way, many are not


def test_what_ships_is_what_patterns_require() -> None:
    """No entry differs from what is read from its pattern, and few patterns have none.

    `python -m kg.extract.reread` makes the file anew.
    """
    read, file = everything(), shipped(FILE).read_bytes()
    lines = dict(line.rstrip(b",").split(b": ", 1) for line in file.splitlines()[1:-1])
    again = dict(line.rstrip(b",").split(b": ", 1) for line in written(read).splitlines()[1:-1])
    there = [one for one in again if one in lines]
    assert [one for one in there if lines[one] != again[one]] == []
    assert len(there) >= FRESH * len(again)


def test_an_edited_pattern_is_read() -> None:
    """What the file does not know is read from the pattern."""
    pattern = r"(?:brings|brought) [^.]*zyx"
    assert known(pattern) is None
    assert requisites(pattern, {}, pattern) == (
        frozenset({"brings", "brought"}), frozenset({"zyx"}))


def test_patterns_are_told_apart() -> None:
    """Every pattern has a key of its own."""
    assert key("a") != key("b")
    assert known("") is None
