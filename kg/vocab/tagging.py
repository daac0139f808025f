"""Finding names in running text: leftmost and longest, on token boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from ..model import Span
from ..text import normalise
from .forms import singular, singular_phrase, telling

_TOKEN = re.compile(r"[^\W_]+")
# No name reaches across these: brackets, stops, the mask that stands for the page's disease.
_BREAK = re.compile(r"[;:()\[\]!?•\n\ue000-\uf8ff]|[.,]\s")
_PLAIN_GAPS = frozenset({" ", "-", ""})
_SHORTEST = 4
_LONGEST = 12  # words


class Table(Struct):
    """Names to tag: `names` by normal form, `exact` by the very letters (acronyms, gene symbols).

    `longest` is, for a first word, the number of words of the longest name that begins with it.
    """

    names: dict[str, str]
    exact: dict[str, str]
    longest: dict[str, int]


def table(names: Iterable[tuple[str, str, str]], category: str) -> Table:
    """The table of (normal form, name as written, CURIE), the best scope of a name first."""
    found = Table({}, {}, {})
    for normal, written, identifier in names:
        words = normal.split()
        if len(words) == 1 and (category == "gene" or _is_acronym(written)):
            found.exact.setdefault(written, identifier)
        elif len(normal) >= _SHORTEST and len(words) <= _LONGEST and not normal.isdigit():
            found.names.setdefault(normal, identifier)
            found.longest[words[0]] = max(len(words), found.longest.get(words[0], 0))
    return found


def _is_acronym(name: str) -> bool:
    """Short and all capitals: only found as written ("ALS", never "als")."""
    return len(name) <= 6 and name.upper() == name and any(c.isalpha() for c in name)


class _Tokens(NamedTuple):
    """The words of a text: normalised and as written, where they stand, and what breaks follow.

    `breaks` are the numbers of the words before which there is one.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    breaks: frozenset[int]


@lru_cache(maxsize=4)  # one sentence is tagged in several categories, one after another
def _tokens(text: str) -> _Tokens:
    words: list[str] = []
    written: list[str] = []
    spans: list[tuple[int, int]] = []
    breaks: set[int] = set()
    end = 0
    for found in _TOKEN.finditer(text):
        token, gap = found.group(), text[end:found.start()]
        if token == "s" and gap in {"'", "’"}:
            continue
        if gap not in _PLAIN_GAPS and _BREAK.search(gap):
            breaks.add(len(words))
        words.append(token.lower() if token.isascii() else _normal(token))
        written.append(token)
        spans.append(found.span())
        end = found.end()
    return _Tokens(tuple(words), tuple(written), tuple(spans), frozenset(breaks))


def _normal(token: str) -> str:
    """A word in its normal form; one with letters that would be dropped is like no other."""
    return token if telling(token) else normalise(token)


def tag(text: str, names: Table) -> tuple[tuple[Span, str], ...]:
    """The mentions in `text`, in order, none overlapping."""
    tokens = _tokens(text)
    mentions: list[tuple[Span, str]] = []
    longest, exact, end = names.longest, names.exact, 0
    for position, first in enumerate(tokens.words):
        if position < end or not (
                first in longest or (first.endswith("s") and singular(first) in longest)
                or (exact and tokens.written[position] in exact)):
            continue  # most words begin no name
        length, identifier = _longest(tokens, position, names)
        if length:
            end = position + length
            mentions.append((Span(tokens.spans[position][0], tokens.spans[end - 1][1]), identifier))
    return tuple(mentions)


def _longest(tokens: _Tokens, position: int, names: Table) -> tuple[int, str]:
    """The number of tokens of the longest name that begins here, and its CURIE."""
    first = tokens.words[position]
    longest = names.longest.get(first, 0)
    if not longest and first.endswith("s"):
        longest = names.longest.get(singular(first), 0)
    for length in range(_reach(tokens, position, longest), 0, -1):
        phrase = " ".join(tokens.words[position:position + length])
        identifier = names.names.get(phrase)
        if not identifier and phrase.endswith("s"):
            identifier = names.names.get(singular_phrase(phrase))
        if identifier:
            return length, identifier
    if names.exact:
        identifier = names.exact.get(tokens.written[position])
        if identifier:
            return 1, identifier
    return 0, ""


def _reach(tokens: _Tokens, position: int, longest: int) -> int:
    """How many tokens a name from here may have: no further than the next break."""
    for length in range(1, longest):
        at = position + length
        if at >= len(tokens.words) or at in tokens.breaks:
            return length
    return longest
