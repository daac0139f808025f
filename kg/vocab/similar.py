"""Names that share words with a name: weighed by how rare the words are, for people to judge."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from heapq import nsmallest
from math import log
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from msgspec import Struct

from .forms import guard_words, stem

TABLES = """
CREATE TABLE phrases(number INTEGER PRIMARY KEY, name, category, written);
CREATE TABLE ranges(category PRIMARY KEY, first, after);
CREATE TABLE words(word PRIMARY KEY, weight, phrases) WITHOUT ROWID;
CREATE TABLE weights(data);
"""
LOOKED_AT = 16  # phrases whose words are compared one by one
NEAR = 80  # percent that a misspelt word counts
_SHORTEST = 6  # letters of a word that may be misspelt
_BEGINNING = 2  # letters: words that have them are read, other slips of them are made up
_FILLERS = frozenset({"a", "and", "by", "due", "in", "of", "the", "to", "type", "with", "for"})


class Similar(Struct, frozen=True):
    """A name of the vocabularies; `score` is the share of the words' weight that agrees.

    `extra` says whether it has words that the query has not, `missing` the reverse; a misspelt
    word is neither.  `written` is how an acronym or symbol is written, empty for other names.
    """

    name: str
    category: str
    written: str
    score: float
    extra: bool
    missing: bool


class _Query(Struct, frozen=True):
    """What a name's words mean: a vocabulary's word to the name's own one, and what it counts."""

    words: dict[str, int]
    meant: dict[str, tuple[str, int]]

    @property
    def whole(self) -> int:
        """The weight of all its words."""
        return sum(self.words.values())


@cache
def _stem(word: str) -> str:
    return stem(word)


def words_of(normal: str) -> frozenset[str]:
    """The stems of a normalised name, without fillers."""
    return frozenset(_stem(word) for word in normal.split() if word not in _FILLERS)


def write(connection: sqlite3.Connection, names: Iterable[tuple[str, str, str]]) -> None:
    """Fill TABLES with every (category, normalised name, acronym), sorted and each once."""
    phrases: list[tuple[int, str, str, str]] = []
    postings: dict[str, array[int]] = {}
    ranges: dict[str, list[int]] = {}
    for number, (category, name, written) in enumerate(names):
        phrases.append((number, name, category, written))
        ranges.setdefault(category, [number, number])[1] = number + 1
        for word in words_of(name):
            postings.setdefault(word, array("I")).append(number)
    weights = {word: round(100 * log(1 + len(phrases) / len(found)))
               for word, found in postings.items()}
    totals = array("I", bytes(4 * len(phrases)))
    for word, found in postings.items():
        for number in found:
            totals[number] += weights[word]
    insert = connection.executemany
    insert("INSERT INTO phrases VALUES(?,?,?,?)", phrases)
    insert("INSERT INTO ranges VALUES(?,?,?)", ((name, *ends) for name, ends in ranges.items()))
    insert("INSERT INTO words VALUES(?,?,?)", ((word, weights[word], postings[word].tobytes())
                                               for word in sorted(postings)))
    insert("INSERT INTO weights VALUES(?)", [(totals.tobytes(),)])


class Finder:
    """The similar names in one compiled index; it holds the file open."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1",
                                           uri=True)
        self._totals = array("I")
        self._totals.frombytes(self._rows("SELECT data FROM weights")[0][0])
        self._ranges: dict[str, tuple[int, int]] = {
            name: (first, after) for name, first, after in self._rows("SELECT * FROM ranges")}
        self._known: dict[str, tuple[int, array[int]]] = {}
        self._slips: dict[str, list[str]] = {}

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _word(self, word: str) -> tuple[int, array[int]]:
        """Weight and phrases of a word; the weight of one that no name has is the highest."""
        if word not in self._known:
            found = self._rows("SELECT weight, phrases FROM words WHERE word=?", word)
            weight, data = found[0] if found else (round(100 * log(1 + len(self._totals))), b"")
            phrases = array("I")
            phrases.frombytes(data)
            self._known[word] = weight, phrases
        return self._known[word]

    def similar(self, normal: str, categories: Sequence[str], limit: int,
                least: float) -> list[Similar]:
        """The best `limit` names of these categories with a score of at least `least`, in order.

        Of equal scores the earlier category is first, then the name.
        """
        query = self._query(normal)
        if not query.meant:
            return []
        found = [self._compared(query, *row) for row in self._nearest(query, categories, least)]
        found = [one for one in found if one.score >= least]
        found.sort(key=lambda one: (-one.score, categories.index(one.category), one.name))
        return found[:limit]

    def _query(self, normal: str) -> _Query:
        words: dict[str, int] = {}
        meant: dict[str, tuple[str, int]] = {}
        for written in sorted(set(normal.split()) - _FILLERS):
            word = _stem(written)
            words[word], phrases = self._word(word)
            if phrases:
                meant[word] = word, words[word]
                continue
            if written not in self._slips:
                self._slips[written] = self._misspelt(written)
            for other in self._slips[written]:
                words[word] = self._word(other)[0]
                meant.setdefault(other, (word, words[word] * NEAR // 100))
        return _Query(words, meant)

    def _misspelt(self, word: str) -> list[str]:
        """The words that differ in one letter, or in the order of two."""
        if len(word) < _SHORTEST or not word.isalpha():
            return []
        start = word[:_BEGINNING]
        rows = self._rows("SELECT word FROM words WHERE word>=? AND word<? AND length(word) "
                          "BETWEEN ? AND ?", start, start[:-1] + chr(ord(start[-1]) + 1),
                          len(word) - 1, len(word) + 1)
        early = sorted(_early_slips(word))
        rows += self._rows(f"SELECT word FROM words WHERE word IN ({','.join('?' * len(early))}) "
                           "ORDER BY word", *early)
        return [other for (other,) in rows if other.isalpha() and other not in guard_words()
                and _one_slip(word, other)]

    def _nearest(self, query: _Query, categories: Sequence[str],
                 least: float) -> list[tuple[str, str, str]]:
        """The names that share most with the query; only words that decide are looked for.

        Once the weight of the words that are left is too low for `least`, a name that has only
        those cannot reach it, and it is no use to look for them.
        """
        ranges = [self._ranges[name] for name in categories if name in self._ranges]
        totals, whole = self._totals, query.whole
        fit = whole * least / (2 - least), whole * (2 - least) / least
        found: dict[int, int] = {}
        left = whole
        for word in sorted(query.meant, key=lambda word: (len(self._word(word)[1]), word)):
            if left < fit[0]:
                break
            weight = query.meant[word][1]
            left -= weight
            for number in self._having(word, ranges, fit):
                found[number] = found.get(number, 0) + weight
        best = nsmallest(LOOKED_AT, [((whole + totals[number]) / shared, number)
                                     for number, shared in found.items()])
        marks = ",".join("?" * len(best))
        return self._rows(f"SELECT name, category, written FROM phrases WHERE number IN ({marks}) "
                          "ORDER BY number", *(number for _, number in best))

    def _having(self, word: str, ranges: Iterable[tuple[int, int]],
                fit: tuple[float, float]) -> list[int]:
        """The numbers of the names with this word that are neither too light nor too heavy."""
        phrases, totals, (lightest, heaviest) = self._word(word)[1], self._totals, fit
        found: list[int] = []
        for first, after in ranges:
            begin = bisect_left(phrases, first)
            end = bisect_left(phrases, after, begin)
            found += [number for number in phrases[begin:end]
                      if lightest <= totals[number] <= heaviest]
        return found

    def _compared(self, query: _Query, name: str, category: str, written: str) -> Similar:
        words = words_of(name)
        shared = [query.meant[word] for word in words if word in query.meant]
        both = query.whole + sum(self._word(word)[0] for word in words)
        score = round(2 * sum(count for _, count in shared) / both, 2)
        missing = len({word for word, _ in shared}) < len(query.words)
        return Similar(name, category, written, score, len(shared) < len(words), missing)


def _early_slips(word: str) -> set[str]:
    """Every word that differs in one slip of the beginning."""
    found = {word[1] + word[0] + word[2:], word[0] + word[2] + word[1] + word[3:],
             word[1:], word[0] + word[2:]}
    for place in range(_BEGINNING):
        for letter in ascii_lowercase:
            found.add(word[:place] + letter + word[place + 1:])
            found.add(word[:place] + letter + word[place:])
    return {other for other in found if other[:_BEGINNING] != word[:_BEGINNING]}


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter was left out, put in, replaced, or two changed places.

    >>> [_one_slip("carcinoma", other) for other in ("carcnoma", "cacrinoma", "sarcomas")]
    [True, True, False]
    """
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                 min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (
        a[:2] == b[1::-1] and a[2:] == b[2:])
