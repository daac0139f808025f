"""Patterns that ignore case, kept in lower case and run on a text in lower case."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

# Escapes and names of groups, which keep their case, or a capital.
_CAPITAL = re.compile(r"\\.|\(\?P<\w+>|\(\?P=\w+\)|\(\?\(\w+\)|([A-Z])")
_LONGER = "\u0130"  # the one letter that two stand for in lower case


class Caseless(Struct, frozen=True):
    """A pattern that ignores case: it is run on the text in lower case, in half the time.

    Where case counts in a part of it (`cased`) it is run on the text as it stands.  What a match
    gives is in lower case then, but its places are those of the text.
    """

    regex: re.Pattern[str]
    cased: bool = False

    def found(self, text: str, low: str) -> Iterator[re.Match[str]]:
        """Its matches in a text of which `low` is the lower case."""
        return self.regex.finditer(text if self.cased else low)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in text[start:end]."""
        return self.regex.search(text if self.cased else lower(text), start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at the start of text[start:end]."""
        return self.regex.match(text if self.cased else lower(text), start, end)


def caseless(source: str) -> Caseless:
    """The regular expression as a Caseless; raises re.error where it is malformed."""
    if "(?-i:" in source:
        return Caseless(re.compile(source, re.IGNORECASE), cased=True)
    return Caseless(re.compile(lowered(source)))


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
