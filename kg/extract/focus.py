"""The names of a page's disease as they stand in its text, found without a pattern of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from .caseless import lower

_GAP = re.compile(r"[\s\-‐-―]+")
_ARTICLES = ("the ", "a ", "an ")
_OF_GENES = ("gene called ", "gene named ")
SHORT = 5  # characters of an abbreviation that keeps its case
# Letters that stand for others when case is ignored (long s, dotless i, most of Greek) are here:
# what holds one is left to Python's own patterns, which know them.
_ODD = re.compile(r"[^\x00-\xb4\xb6-\u012f\u2000-\u20ff\ue000-\uf8ff]")


class _Name(Struct, frozen=True):
    """A name as the words between which any white space or hyphen may stand."""

    words: tuple[str, ...]
    cased: bool

    def pattern(self) -> str:
        """The name as a regular expression that ignores case but for short capitals."""
        joined = r"[\s-]+".join(map(re.escape, self.words))
        return f"(?-i:{joined})" if self.cased else joined

    def end(self, text: str, at: int) -> int:
        """Where the name ends that begins at `at`, -1 where it does not stand there."""
        for number, word in enumerate(self.words):
            start = at
            while number and (text[at:at + 1] == "-" or text[at:at + 1].isspace()):
                at += 1
            if (number and at == start) or not text.startswith(word, at):
                return -1
            at += len(word)
        return at


class Mentions:
    """Finds the disease by any of its names, in singular or plural, with its article.

    A page has some ten names of its own: to compile them into one regular expression costs as much
    as an extractor, so that they are looked up as they are.
    """

    def __init__(self, names: Iterable[str]) -> None:
        ordered = sorted(set(names), key=lambda name: (-len(name), name))
        self._names = tuple(name for name in map(_name, ordered) if name.words)
        self._low = tuple(name if name.cased else _Name(tuple(map(lower, name.words)), cased=False)
                          for name in self._names)
        self._firsts = frozenset((name.words[0], name.cased) for name in self._low)
        self._odd = any(map(_ODD.search, ordered))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What is found, as a regular expression; used for texts with odd letters."""
        named = "|".join(name.pattern() for name in self._names)
        if not named:
            return re.compile("(?!)")
        # "a gene called OFD1" names the gene, also where the disease has the same short form
        return re.compile(rf"(?:(?:the|a|an) )?(?<!\w)(?<!gene called )(?<!gene named )"
                          rf"(?:{named})(?:'?s|es)?(?![\w-]| genes?\b)",
                          re.IGNORECASE)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each mention in the text, in order, none overlapping."""
        if self._odd or (not text.isascii() and _ODD.search(text)):
            return [found.span() for found in self.pattern.finditer(text)]
        spans: list[tuple[int, int]] = []
        last = 0
        for start, _, end in sorted(self._standing(text, lower(text))):
            if start >= last:
                spans.append((start, end))
                last = end
        return spans

    def _standing(self, text: str, low: str) -> Iterator[tuple[int, int, int]]:
        """Every place where a name stands: its start with and (1) without an article, its end."""
        for at in {at for first, cased in self._firsts
                   for at in _places(first, text if cased else low)}:
            end = self._end(text, low, at)
            if end < 0:
                continue
            article = next((word for word in _ARTICLES if low.endswith(word, 0, at)), "")
            if article:
                yield at - len(article), 0, end
            if not low.endswith(_OF_GENES, 0, at):
                yield at, 1, end

    def _end(self, text: str, low: str, at: int) -> int:
        """The end of the first name, the longest tried first, that stands at `at`, else -1."""
        for name in self._low:
            end = name.end(text if name.cased else low, at)
            for whole in _plurals(low, end) if end >= 0 else ():
                if not _goes_on(low, whole):
                    return whole
        return -1


def _name(name: str) -> _Name:
    words = tuple(word for word in _GAP.split(name.replace("’", "'")) if word)
    return _Name(words, len(name) <= SHORT and name.isupper())


def _places(word: str, text: str) -> Iterator[int]:
    """Where a word begins in the text, not inside another."""
    at = text.find(word)
    while at >= 0:
        if not at or not _is_letter(text[at - 1]):
            yield at
        at = text.find(word, at + 1)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _plurals(low: str, end: int) -> Iterator[int]:
    """Where a name may end that ends at `end`, with the ending of a plural first."""
    if low.startswith("'s", end):
        yield end + 2
    elif low.startswith("s", end):
        yield end + 1
    elif low.startswith("es", end):
        yield end + 2
    yield end


def _goes_on(low: str, end: int) -> bool:
    """Whether the word goes on after a name, or what follows makes it the name of a gene."""
    after = low[end:end + 1]
    if after == "-" or _is_letter(after):
        return True
    return after == " " and low.startswith("gene", end + 1) and not (
        _is_letter(low[end + 5:end + 6]) and (
            low[end + 5:end + 6] != "s" or _is_letter(low[end + 6:end + 7])))
