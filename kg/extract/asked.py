"""What an outlook depends on where it is told as a question: "whether it has spread"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .frames import compiled
from .lists import split
from .naming import final, rewritten
from .slots import Named, items_outside

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_QUESTION = re.compile(r"\W*(?:whether|if|where|how|which|what)\s", re.IGNORECASE)
# Where the next question begins; "the" begins one only after words that are none.
_NEXT = re.compile(
    r"(?:,? and|,? or|,? including|,|;) (?=(?:whether|if|where|how|which|what|when)\s)",
    re.IGNORECASE)
_ARTICLE = re.compile(r"(?:and|or|the|an?|your|their|(?:the )?\w+'s)\s", re.IGNORECASE)
_OR = re.compile(r" or (?=(?:has|have|had) )")
_NO_ANSWER = re.compile(r"(?:it|they|this|that|you|there|one)\b|how \w+$", re.IGNORECASE)
_EDGES = " ,;:.-"
MOST_WORDS = 24


class Wording(Struct, frozen=True):
    """One row of data/asked.tsv."""

    pattern: re.Pattern[str]
    name: str


@cache
def wordings(role: str) -> tuple[Wording, ...]:
    """The rows of one role in their order; raises DataError naming a malformed row."""
    path = shipped("data/asked.tsv")
    return tuple(Wording(compiled(cells["pattern"], path, line), cells["name"])
                 for line, cells in rows(path) if cells["role"] == role)


def asked(text: str, slot: Span) -> tuple[Named, ...]:
    """The names in a slot that asks, or that measures several things; else none.

    Spans are offsets into `text`; the names of one question share its span.
    """
    parts = list(_parts(text, slot))
    if not any(_QUESTION.match(text, part.start) or _shared(_plain(text, part))
               for part in parts):
        return ()
    return tuple(Named(final(name, proper=False), part)
                 for part in parts for name in _names(_plain(text, part))
                 if len(name) > 2 and len(name.split()) <= MOST_WORDS)


def condition(text: str) -> str:
    """The name of a condition that stands in a list of them ("the lump is small; and").

    >>> condition("the lump (or cyst) is small; and")
    'lump is small'
    """
    bare = _BRACKETS.sub("", text.split(";", maxsplit=1)[0])
    return final(" ".join(bare.split()).strip(_EDGES), proper=False)


def _parts(text: str, slot: Span) -> Iterator[Span]:
    start = slot.start
    for found in _NEXT.finditer(text, slot.start, slot.end):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, slot.end)


def _plain(text: str, part: Span) -> str:
    """The words of a part without brackets and what introduces them."""
    words = " ".join(_BRACKETS.sub("", text[part.start:part.end]).strip(_EDGES).split())
    while lead := _ARTICLE.match(words):
        words = words[lead.end():]
    return words


def _names(words: str) -> Iterator[str]:
    if _QUESTION.match(words):
        for clause in _clauses(words):
            yield from _answers(clause)
    else:
        yield from _shared(words) or _listed(words)


def _listed(words: str) -> Iterator[str]:
    return (item.name for item in items_outside(words, "prognostic_factor"))


def _clauses(question: str) -> list[str]:
    """The question once for each of its verbs: "it has responded or has come back"."""
    joint = _OR.search(question)
    if joint and not any(one.pattern.search(question) for one in wordings("keep")):
        for one in wordings("split"):
            if found := one.pattern.match(question):
                return [question[:joint.start()], found["subject"] + question[joint.end():]]
    return [question]


def _answers(question: str) -> Iterator[str]:
    """What the first row that fits makes of one question."""
    for one in wordings("question"):
        if found := one.pattern.match(question):
            groups = found.groupdict()
            if listed := groups.pop("list", None):
                yield from _listed(listed)
            elif (name := rewritten(one.name.format(**groups))) and not _NO_ANSWER.match(name):
                yield name
            return


def _shared(words: str) -> list[str]:
    """One name for each thing that is measured: "size and number of tumors"."""
    for one in wordings("sharing"):
        if found := one.pattern.match(words):
            first, rest = (found.groupdict().get(key) or "" for key in ("first", "rest"))
            listed = found["list"]
            return [rewritten(f"{first}{listed[item.start:item.end]}{rest}")
                    for item in split(listed)]
    return []
