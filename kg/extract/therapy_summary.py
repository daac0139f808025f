"""One line a therapy: which of a page's statements about one therapy a summary shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..files import rows, shipped
from ..model import Claim
from ..text import normalise
from .frames import compiled
from .therapy_words import is_a


def preferred(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """For each therapy of a page the claim that a summary shows, in the order of the page.

    A statement in a treatment section outranks one elsewhere, a frame outranks a mention, doubt
    comes last; among equals the first one on the page counts.
    """
    best: list[Claim] = []
    for one in sorted(claims, key=_rank):
        if not any(same(one.name, other.name) for other in best):
            best.append(one)
    return tuple(sorted(best, key=lambda c: (c.evidence.exact, c.name)))


def _rank(one: Claim) -> tuple[object, ...]:
    evidence = one.evidence
    aside = evidence.rule.startswith("title")
    return (one.doubtful, aside, evidence.section != "treatment", evidence.exact, one.id)


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
        or all(is_a(word, "route") for word in more))


@cache
def words(name: str) -> frozenset[str]:
    """The words that make the name, in their usual form."""
    plain = normalise(name)
    for pattern, usual in _usual():
        plain = pattern.sub(usual, plain)
    return frozenset(_singular(word) for word in plain.split() if not is_a(word, "bound"))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        return word[:-1]
    return word


@cache
def _usual() -> tuple[tuple[re.Pattern[str], str], ...]:
    path = shipped("data/therapy_same.tsv")
    return tuple((compiled(cells["pattern"], path, line), cells["usual"])
                 for line, cells in rows(path))
