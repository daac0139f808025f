"""Patterns that ignore case, kept in lower case and run on a text in lower case."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ..errors import DataError
from ..text import is_anchored

# Escapes and names of groups, which keep their case, or a capital.
_CAPITAL = re.compile(r"\\.|\(\?P<\w+>|\(\?P=\w+\)|\(\?\(\w+\)|([A-Z])")
_LONGER = "\u0130"  # the one letter that two stand for in lower case
_GROUP = re.compile(r"\\(\d)")


class Caseless:
    """A pattern that ignores case: it is run on the text in lower case, in half the time.

    Where case counts in a part of it (`cased`) it is run on the text as it stands.  What a match
    gives is in lower case then, but its places are those of the text.  It is compiled when it is
    first used, as a page needs few of all patterns; `place` is the row that it stands in.
    """

    __slots__ = ("_at_start", "_place", "_regex", "cased", "pattern")

    def __init__(self, source: str, place: tuple[Path, int] | None = None) -> None:
        self.cased = "(?-i:" in source
        self.pattern = source if self.cased else lowered(source)
        self._at_start = is_anchored(self.pattern)
        self._place = place
        self._regex: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """The regular expression; where it is malformed raises DataError naming its row.

        Raises re.error where it stands in none.
        """
        try:
            self._regex = re.compile(self.pattern, re.IGNORECASE if self.cased else 0)
        except re.error as error:
            if self._place is None:
                raise
            raise DataError(*self._place, f"pattern: {error}") from None
        return self._regex

    def found(self, text: str, low: str) -> Iterator[re.Match[str]]:
        """Its matches in a text of which `low` is the lower case."""
        return (self._regex or self.compiled()).finditer(text if self.cased else low)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize,
    ) -> Iterator[re.Match[str]]:
        """Its matches in text[start:end], in order."""
        if self._at_start:
            found = self.search(text, start, end)
            return iter((found,) if found else ())
        return (self._regex or self.compiled()).finditer(
            text if self.cased else lower(text), start, end)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in text[start:end]."""
        if self._at_start:  # a search would try every place
            return None if start else self.match(text, 0, end)
        return (self._regex or self.compiled()).search(
            text if self.cased else lower(text), start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at the start of text[start:end]."""
        return (self._regex or self.compiled()).match(
            text if self.cased else lower(text), start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match that is the whole text."""
        return (self._regex or self.compiled()).fullmatch(text if self.cased else lower(text))

    def sub(self, replacement: str, text: str) -> str:
        """The text with each match replaced; "\\1" in the replacement is what a group found."""
        parts: list[str] = []
        end = 0
        for found in self.finditer(text):
            parts += text[end:found.start()], expanded(replacement, found, text)
            end = found.end()
        return "".join((*parts, text[end:])) if parts else text

    def split(self, text: str) -> list[str]:
        """The text between its matches; groups are left out."""
        ends = [0]
        for found in self.finditer(text):
            ends += found.span()
        ends.append(len(text))
        return [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def expanded(replacement: str, found: re.Match[str], text: str) -> str:
    """The replacement with each "\\1" as what the group found, in the text's own case."""
    return _GROUP.sub(lambda group: text[slice(*found.span(int(group[1])))], replacement)


def caseless(source: str, place: tuple[Path, int] | None = None) -> Caseless:
    """The regular expression as a Caseless."""
    return Caseless(source, place)


def lowered(source: str) -> str:
    r"""A regular expression in lower case, but for its escapes and the names of its groups.

    >>> print(lowered(r"(?P<A>[A-Z]\W)"))
    (?P<A>[a-z]\W)
    """
    return _CAPITAL.sub(lambda found: found.group().lower() if found.group(1) else found.group(),
                        source)


@lru_cache(maxsize=4096)
def lower(text: str) -> str:
    """The text in lower case at the same length."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace(_LONGER, "i").lower()
