"""Finding names in running text: leftmost and longest, on token boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..model import Span
from ..text import normalise
from .forms import singular_phrase

_TOKEN = re.compile(r"[^\W_]+")
# No name reaches across these: brackets, stops, the mask that stands for the page's disease.
_BREAK = re.compile(r"[;:()\[\]!?•\n\ue000-\uf8ff]|[.,]\s")
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


class _Token(Struct):
    start: int
    end: int
    word: str
    breaks: bool  # a break stands before this token


def _tokens(text: str) -> Iterator[_Token]:
    end = 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token == "s" and text[end:found.start()] in {"'", "’"}:
            continue
        word = token.lower() if token.isascii() else normalise(token)
        breaks = bool(_BREAK.search(text, end, found.start()))
        yield _Token(found.start(), found.end(), word, breaks)
        end = found.end()


def tag(text: str, names: Table) -> tuple[tuple[Span, str], ...]:
    """The mentions in `text`, in order, none overlapping."""
    tokens = list(_tokens(text))
    mentions: list[tuple[Span, str]] = []
    position = 0
    while position < len(tokens):
        length, identifier = _longest(text, tokens, position, names)
        if length:
            span = Span(tokens[position].start, tokens[position + length - 1].end)
            mentions.append((span, identifier))
        position += length or 1
    return tuple(mentions)


def _longest(text: str, tokens: list[_Token], position: int, names: Table) -> tuple[int, str]:
    """The number of tokens of the longest name that begins here, and its CURIE."""
    first = tokens[position]
    longest = names.longest.get(first.word) or names.longest.get(singular_phrase(first.word), 0)
    for length in range(_reach(tokens, position, longest), 0, -1):
        phrase = " ".join([token.word for token in tokens[position:position + length]])
        identifier = names.names.get(phrase) or names.names.get(singular_phrase(phrase))
        if identifier:
            return length, identifier
    identifier = names.exact.get(text[first.start:first.end])
    return (1, identifier) if identifier else (0, "")


def _reach(tokens: list[_Token], position: int, longest: int) -> int:
    """How many tokens a name from here may have: no further than the next break."""
    for length in range(1, longest):
        at = position + length
        if at >= len(tokens) or tokens[at].breaks:
            return length
    return longest
