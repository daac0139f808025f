"""Sentences that only list examples of what the sentence before them names by its class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from ..model import Span
from .frames import Frame, Match, fired
from .rows import Line, table
from .segment import Sentence

TABLES = ("causes", "risk")
_STARTS = re.compile(
    r"(?:(?:some|common|other|possible|typical|well|a few|several|the|most|more)\b[ -]?)*"
    r"(?:examples?|these|those|such|they|one|another|common|frequent|important|likely|among)\b",
    re.IGNORECASE)
_ENDING = re.compile(r"(?:ies|es|s|a|um|us|y)$")


def exampled(sentences: Sequence[Sentence]) -> Iterator[tuple[Match, Sentence, Match, Sentence]]:
    """What is said of a class, its sentence, and the same said of the examples in the next one.

    The second match has the frame of the first, under the names of both rules.
    """
    for before, sentence in pairwise(sentences):
        if 0 <= sentence.block - before.block <= 1 and _STARTS.match(sentence.masked):
            yield from _of(before, sentence)


def _of(
    before: Sentence, sentence: Sentence
) -> Iterator[tuple[Match, Sentence, Match, Sentence]]:
    for line in table("examples.tsv"):
        found = line.pattern.match(sentence.masked)
        said = _said(before, found.groupdict().get("noun") or "") if found else None
        if found and said:
            yield said, before, _listed(sentence, found, said.frame, line), sentence
            return


def _said(before: Sentence, noun: str) -> Match | None:
    """The first frame that says something of a class; `noun` is the class where it is named."""
    for name in TABLES:
        for match in fired(before, name):
            words = " ".join(before.masked[slot.start:slot.end] for slot, _ in match.slots)
            if _of_class(words.lower(), noun.lower()):
                return match
    return None


def _of_class(words: str, noun: str) -> bool:
    """Whether the words name many things of a kind, that of the noun where one is given."""
    if noun:
        stem = _ENDING.sub("", noun.rpartition(" ")[2])
        return len(stem) > 2 and stem in words
    return any(line.pattern.search(words) for line in table("classes.tsv"))


def _listed(sentence: Sentence, found: re.Match[str], frame: Frame, line: Line) -> Match:
    slot = Span(*found.span("list"))
    at_end = slot.end >= len(sentence.masked.rstrip(" :."))
    return Match(replace(frame, rule=f"{line.cells['rule']}+{frame.rule}"), Span(*found.span()),
                 (), sentence.items if at_end else (), ((slot, True),))
