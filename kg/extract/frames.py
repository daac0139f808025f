"""Frames: trigger patterns with slots, one row of a table each, run over masked sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from msgspec import Struct

from ..errors import DataError
from ..files import rows, shipped
from ..model import Span
from .lists import split
from .segment import FOCUS, Sentence

_MACRO = re.compile(r"\{([A-Z_]+)\}")
# A mention of the disease as patterns see it: as long as a short word.
_MENTION = FOCUS * 4
_RUN = re.compile(f"{FOCUS}{{5,}}")


class Frame(Struct, frozen=True):
    """One row: `pattern` has a group `item` (one noun phrase) or `list` (split at commas, "and").

    `needs` are lower-case literals of which a sentence must hold one, `focused` whether it must
    hold the disease too; `sections` the section kinds in which the row may fire, empty for all.
    """

    rule: str
    kind: str
    value: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    focused: bool
    sections: frozenset[str]


class Match(Struct, frozen=True):
    """A frame that fired: `spans` are the slot fillers, as offsets into the sentence's text.

    `outside` are list items that follow the sentence, as offsets into the page; `slots` are the
    unsplit fillers, each with whether it may be split.
    """

    frame: Frame
    whole: Span
    spans: tuple[Span, ...]
    outside: tuple[Span, ...] = ()
    slots: tuple[tuple[Span, bool], ...] = ()


@cache
def macros() -> dict[str, str]:
    """The named pieces that patterns are written with ({FOCUS}, {LIST}, …)."""
    table = {"FOCUS": f"{FOCUS}++"}
    for _, cells in rows(shipped("data/macros.tsv")):
        table[cells["macro"]] = _expand(cells["pattern"], table)
    return table


def _expand(pattern: str, table: dict[str, str]) -> str:
    return _MACRO.sub(lambda found: table[found.group(1)], pattern)


def compiled(pattern: str, path: Path, line: int) -> re.Pattern[str]:
    """The pattern with its macros, ignoring case; raises DataError naming the row."""
    try:
        return re.compile(_expand(pattern, macros()), re.IGNORECASE)
    except (re.error, KeyError) as error:
        raise DataError(path, line, f"pattern: {error}") from None


@cache
def load(name: str) -> tuple[Frame, ...]:
    """The rows of data/frames/<name>.tsv in their order: earlier rows win where two overlap."""
    path = shipped(f"data/frames/{name}.tsv")
    return tuple(
        Frame(
            cells["rule"], cells["kind"], cells["value"],
            compiled(cells["pattern"], path, line),
            _words(cells["needs"].removesuffix("&FOCUS")),
            cells["needs"].endswith("&FOCUS"),
            frozenset(cells["sections"].split()),
        )
        for line, cells in rows(path)
    )


@cache
def _words(needs: str) -> tuple[str, ...]:
    """The same object for the same cell, so that rows which share a gate try it once."""
    return tuple(word for word in needs.lower().split("|") if word)


def gated(frames: tuple[Frame, ...], texts: Sequence[str]) -> tuple[tuple[Frame, ...], ...]:
    """For each text the frames that can fire in it, in table order.

    Each literal is looked for once in all texts together, which costs far less than to ask every
    frame of every text.
    """
    page = _Texts(texts)
    places = {needs: page.holding(needs) for needs in {frame.needs for frame in frames}}
    focused = page.holding((FOCUS,))
    found: list[list[Frame]] = [[] for _ in texts]
    for frame in frames:
        for index in places[frame.needs] & focused if frame.focused else places[frame.needs]:
            found[index].append(frame)
    return tuple(map(tuple, found))


class _Texts:
    """Several texts as one, to ask which of them hold a literal."""

    def __init__(self, texts: Sequence[str]) -> None:
        lows = [text.lower() for text in texts]
        self.joined = "\n".join(lows)
        self.starts = list(accumulate((len(low) + 1 for low in lows), initial=0))
        self.known: dict[str, frozenset[int]] = {}

    def holding(self, needs: tuple[str, ...]) -> frozenset[int]:
        """The numbers of the texts that hold one of the literals; all where there is none."""
        if not needs:
            return frozenset(range(len(self.starts) - 1))
        return frozenset().union(*map(self._with, needs))

    def _with(self, word: str) -> frozenset[int]:
        if word not in self.known:
            self.known[word] = frozenset(self._search(word))
        return self.known[word]

    def _search(self, word: str) -> Iterator[int]:
        at = self.joined.find(word)
        while at >= 0:
            index = bisect_right(self.starts, at) - 1
            yield index
            at = self.joined.find(word, self.starts[index + 1])


def may_fire(needs: tuple[str, ...], low: str) -> bool:
    """A plain loop, as this gate runs on every sentence and any() would cost three times it."""
    for word in needs:
        if word in low:
            return True
    return not needs


def matches(sentence: Sentence, frames: tuple[Frame, ...]) -> Iterator[Match]:
    """Every place where a frame fires in the sentence, in table order.

    A mention of the disease counts as a short word, so that a gap of so many characters is no
    shorter where the disease has a long name.
    """
    text, offsets = _collapsed(sentence.masked)
    low = text.lower()
    tried: dict[int, bool] = {}
    for frame in frames:
        if frame.sections and sentence.kind not in frame.sections:
            continue
        if frame.focused and FOCUS not in text:
            continue
        gate = id(frame.needs)
        if gate not in tried:
            tried[gate] = may_fire(frame.needs, low)
        if not tried[gate]:
            continue
        for found in frame.pattern.finditer(text):
            yield _filled(frame, found, sentence, offsets)


def _collapsed(masked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with long runs of FOCUS cut short; where each run ends in it, and what it lost."""
    if FOCUS not in masked:
        return masked, ()
    offsets: list[tuple[int, int]] = []
    lost = 0
    for found in _RUN.finditer(masked):
        lost += len(found.group()) - len(_MENTION)
        offsets.append((found.end() - lost, lost))
    return _RUN.sub(_MENTION, masked), tuple(offsets)


def _spread(start: int, end: int, offsets: tuple[tuple[int, int], ...]) -> Span:
    """Offsets into the collapsed text as offsets into the sentence."""
    before = max((lost for at, lost in offsets if at <= start), default=0)
    within = max((lost for at, lost in offsets if at <= end), default=0)
    return Span(start + before, end + within)


def _filled(
    frame: Frame, found: re.Match[str], sentence: Sentence, offsets: tuple[tuple[int, int], ...]
) -> Match:
    groups = found.groupdict()
    spans: list[Span] = []
    slots: list[tuple[Span, bool]] = []
    whole = _spread(*found.span(), offsets)
    end = whole.end
    if groups.get("item"):
        spans.append(_spread(*found.span("item"), offsets))
        slots.append((spans[-1], False))
    if groups.get("list"):
        listed = _after_colon(sentence.masked, _spread(*found.span("list"), offsets))
        spans.extend(split(sentence.masked, listed.start, listed.end))
        slots.append((listed, True))
        end = max(end, listed.end)
    at_end = end >= len(sentence.masked.rstrip(" :."))
    outside = sentence.items if sentence.items and at_end else ()
    return Match(frame, Span(whole.start, end), tuple(spans), outside, tuple(slots))


def _after_colon(text: str, listed: Span) -> Span:
    """A list that a colon opens, or of three parts, goes on over its semicolons to the end."""
    opened = text[:listed.start].rstrip()[-1:] == ":" or text.count(";", listed.end) > 1
    if not opened or text[listed.end:listed.end + 1] != ";":
        return listed
    return Span(listed.start, len(text.rstrip(" .")))
