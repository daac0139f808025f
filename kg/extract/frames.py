"""Frames: trigger patterns with slots, one row of a table each, run over masked sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from msgspec import Struct

from ..errors import DataError
from ..files import rows, shipped
from ..model import Span
from .caseless import Caseless, caseless, lower
from .gates import Gated, gate, gates, literals, opened
from .lists import split
from .requisites import known, requisites
from .segment import FOCUS, Sentence

_MACRO = re.compile(r"\{([A-Z_]+)\}")
# A mention of the disease as patterns see it: as long as a short word.
_MENTION = FOCUS * 4
_RUN = re.compile(f"{FOCUS}{{5,}}")


class Seen(Struct, frozen=True):
    """A masked text as patterns see it.

    `low` is the text in lower case; `text` and `short` are the text and `low` with long mentions
    of the disease cut to a short word; `offsets` says where each of these ends in them, and what
    was cut.
    """

    low: str
    text: str
    short: str
    offsets: tuple[tuple[int, int], ...]

    @property
    def gates(self) -> int:
        """The gates that the text opens (gates.opened)."""
        return opened(self.low)


class Frame(Struct, frozen=True):
    """One row: `pattern` has a group `item` (one noun phrase) or `list` (split at commas, "and").

    `gate` are the gates without which it must not fire; `sections` the section kinds in which the
    row may fire, empty for all.
    """

    rule: str
    kind: str
    value: str
    pattern: Caseless
    gate: int
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
        return re.compile(expanded(pattern, path, line), re.IGNORECASE)
    except re.error as error:
        raise DataError(path, line, f"pattern: {error}") from None


def caseless_row(pattern: str, path: Path, line: int) -> Caseless:
    """The pattern with its macros, as `compiled`, to be run on text in lower case.

    Raises DataError naming the row where a macro is unknown; a pattern that is malformed raises
    it when it is first used.
    """
    return caseless(expanded(pattern, path, line), (path, line))


def expanded(pattern: str, path: Path, line: int) -> str:
    """The pattern with its macros; raises DataError naming the row where one is unknown."""
    try:
        return _expand(pattern, macros())
    except KeyError as error:
        raise DataError(path, line, f"pattern: {error}") from None


def gate_of(pattern: str, needs: str) -> int:
    """The gates of a row: what its cell "needs" asks for and what its pattern cannot do without."""
    return asked(needs) | gates(requisites(pattern, macros(), _expand(pattern, macros())))


def asked(needs: str) -> int:
    """The gates that the cell "needs" of a row asks for."""
    return gate(literals(needs)) | (gate((FOCUS,)) if needs.endswith("&FOCUS") else 0)


@cache
def load(name: str) -> tuple[Frame, ...]:
    """The rows of data/frames/<name>.tsv in their order: earlier rows win where two overlap."""
    path = shipped(f"data/frames/{name}.tsv")
    return tuple(_frame(cells, path, line) for line, cells in rows(path))


def _frame(cells: Mapping[str, str], path: Path, line: int) -> Frame:
    pattern = expanded(cells["pattern"], path, line)
    return Frame(cells["rule"], cells["kind"], cells["value"], caseless(pattern, (path, line)),
                 asked(cells["needs"]) | gates(known(pattern) or ()),
                 frozenset(cells["sections"].split()))


@lru_cache(maxsize=4096)
def seen(masked: str) -> Seen:
    """The text as patterns see it; remembered, as one extractor after another asks."""
    low = lower(masked)
    if FOCUS not in masked:
        return Seen(low, masked, low, ())
    text, offsets = _collapsed(masked)
    return Seen(low, text, lower(text) if offsets else low, offsets)


def fired(sentence: Sentence, table: str) -> Iterator[Match]:
    """Every place where a frame of data/frames/<table>.tsv fires in the sentence, in its order."""
    view, through = _firing(sentence.masked)
    frames = through.get(table)
    return _matches(sentence, view, frames) if frames else iter(())


@lru_cache(maxsize=4096)
def _firing(masked: str) -> tuple[Seen, dict[str, list[Frame]]]:
    """A text as patterns see it, and the frames that it lets through, by table."""
    view, found = seen(masked), dict[str, list[Frame]]()
    for table, frame in _gated().open(view.low):
        found.setdefault(table, []).append(frame)
    return view, found


@cache
def _gated() -> Gated[tuple[str, Frame]]:
    """The frames of all tables, each with its table's name."""
    tables = sorted(path.stem for path in shipped("data/frames").glob("*.tsv"))
    frames = [(table, frame) for table in tables for frame in load(table)]
    return Gated(((frame.gate, (table, frame)) for table, frame in frames),
                 lambda: _sharper(frames))


def _sharper(frames: Iterable[tuple[str, Frame]]) -> Iterator[tuple[int, tuple[str, Frame]]]:
    """The frames behind all gates that can be read from their rows."""
    for table, of_table in groupby(frames, itemgetter(0)):
        found = rows(shipped(f"data/frames/{table}.tsv"))
        for (_, cells), one in zip(found, of_table, strict=True):
            yield gate_of(cells["pattern"], cells["needs"]), one


def matches(sentence: Sentence, frames: tuple[Frame, ...]) -> Iterator[Match]:
    """Every place where a frame fires in the sentence, in their order.

    A mention of the disease counts as a short word, so that a gap of so many characters is no
    shorter where the disease has a long name.
    """
    view = seen(sentence.masked)
    return _matches(sentence, view, [one for one in frames if one.gate & view.gates == one.gate])


def _matches(sentence: Sentence, view: Seen, frames: Iterable[Frame]) -> Iterator[Match]:
    for frame in frames:
        if not frame.sections or sentence.kind in frame.sections:
            for found in frame.pattern.found(view.text, view.short):
                yield _filled(frame, found, sentence, view.offsets)


def _collapsed(masked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with long runs of FOCUS cut short; where each run ends in it, and what it lost."""
    offsets: list[tuple[int, int]] = []
    parts: list[str] = []
    lost = last = 0
    for found in _RUN.finditer(masked):
        start, end = found.span()
        lost += end - start - len(_MENTION)
        offsets.append((end - lost, lost))
        parts += masked[last:start], _MENTION
        last = end
    return "".join((*parts, masked[last:])) if offsets else masked, tuple(offsets)


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
