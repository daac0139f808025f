"""Whether two names on one page are wordings of one therapy."""

from __future__ import annotations

import re
from functools import cache

from .files import rows, shipped
from .text import normalise


def same(one: str, other: str) -> bool:
    """Whether two names on one page are one therapy.

    They are where their words are equal up to plurals and usual synonyms, or where one has only
    a route or a dose more ("oral prednisone"), or a modifier more on at least two shared words.
    """
    first, second = words(one), words(other)
    if first == second:
        return True
    small, large = sorted((first, second), key=len)
    more = large - small
    return bool(small) and small < large and (
        (len(small) >= 2 and one.split(maxsplit=1)[0].lower() == other.split(maxsplit=1)[0].lower())
        or all(_plays("route", word) for word in more))


@cache
def words(name: str) -> frozenset[str]:
    """The words that make the name, in their usual form."""
    plain = normalise(name)
    for pattern, usual in _usual():
        plain = pattern.sub(usual, plain)
    return frozenset(_singular(word) for word in plain.split() if not _plays("bound", word))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        return word[:-1]
    return word


@cache
def _usual() -> tuple[tuple[re.Pattern[str], str], ...]:
    path = shipped("data/therapy_same.tsv")
    return tuple((re.compile(cells["pattern"], re.IGNORECASE), cells["usual"])
                 for _, cells in rows(path))


@cache
def _plays(role: str, word: str) -> bool:
    """Whether a word has this role in data/therapy_words.tsv."""
    return any(pattern.fullmatch(word) for pattern in _roles()[role])


@cache
def _roles() -> dict[str, tuple[re.Pattern[str], ...]]:
    table = [cells for _, cells in rows(shipped("data/therapy_words.tsv"))]
    return {role: tuple(re.compile(cells["pattern"], re.IGNORECASE)
                        for cells in table if cells["role"] == role)
            for role in ("route", "bound")}
