"""What a word says about a phrase: that it is a therapy, that it never is one, or where it ends."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from ..files import rows, shipped
from .caseless import Caseless, caseless
from .frames import caseless_row, seen
from .gates import gate, literals

_CORE = re.compile(r"\s+(?:of|to|for|with|in|by|from|on|against|using|such|that)\s", re.IGNORECASE)
HEADS = ("strong", "soft", "listed")
_LAST = re.compile(r"(?:([\w/'+-]+)\s+)?([\w/'+-]+)$")


@cache
def patterns() -> dict[str, Caseless]:
    """For each role of data/therapy_words.tsv and therapy_cues.tsv, one pattern for all its rows.

    They raise DataError naming the first row of a role whose patterns are malformed.
    """
    table: dict[str, list[str]] = {}
    first: dict[str, tuple[Path, int]] = {}
    for path in (shipped("data/therapy_words.tsv"), shipped("data/therapy_cues.tsv")):
        for line, cells in rows(path):
            first.setdefault(cells["role"], (path, line))
            table.setdefault(cells["role"], []).append(cells["pattern"])
    return {role: caseless(f"(?:{'|'.join(found)})", first[role]) for role, found in table.items()}


@cache
def _cues() -> dict[str, tuple[tuple[int, Caseless], ...]]:
    """The rows of data/therapy_cues.tsv with their gates, by role."""
    table: dict[str, list[tuple[int, Caseless]]] = {}
    path = shipped("data/therapy_cues.tsv")
    for line, cells in rows(path):
        table.setdefault(cells["role"], []).append(
            (gate(literals(cells["needs"])), caseless_row(cells["pattern"], path, line)))
    return {role: tuple(found) for role, found in table.items()}


def says(role: str, text: str) -> bool:
    """Whether a sentence holds a cue with this role."""
    known = _cues()[role]  # before the gates are asked: loading it adds to them
    gates = seen(text).gates
    return any(needed & gates == needed and pattern.search(text) for needed, pattern in known)


@cache
def heads(*, of_two_words: bool) -> Caseless:
    """The roles that make a head as one pattern: all rows, or those that can match two words."""
    path = shipped("data/therapy_words.tsv")
    return caseless("|".join(
        cells["pattern"] for _, cells in rows(path)
        if cells["role"] in HEADS and (not of_two_words or " " in cells["pattern"])))


@cache
def tails() -> Caseless:
    """Where the tail of a list item begins."""
    return caseless(rf"\s+{patterns()['tail'].pattern}(?![\w-])")


@lru_cache(maxsize=1 << 16)
def is_a(words: str, role: str) -> bool:
    """Whether `words`, whole and in lower case, have this role."""
    return patterns()[role].fullmatch(words) is not None


def core(phrase: str) -> str:
    """`phrase` up to its first preposition: "removal of the tumor" is a removal."""
    found = _CORE.search(phrase)
    return phrase[:found.start()] if found else phrase


def head_role(phrase: str) -> str:
    """The role of the head of a noun phrase: person, test, strong, soft, listed or none ("").

    >>> head_role("wide local excision of the tumor"), head_role("a pediatric neurologist")
    ('strong', 'person')
    """
    last = _LAST.search(core(phrase).lower())
    if last is None:
        return ""
    one, two = last.group(2), f"{last.group(1)} {last.group(2)}" if last.group(1) else ""
    for role in ("strong", "person", "test", "soft", "listed"):
        if two and role in {"strong", "soft"} and is_a(two, role):
            return role
        if is_a(one, role) or ("-" in one and is_a(one.rsplit("-", 1)[1], role)):
            return role
    return ""


def is_empty(phrase: str) -> bool:
    """Whether the phrase names no therapy by itself ("other treatments", "symptoms")."""
    return is_a(phrase.lower(), "empty")
