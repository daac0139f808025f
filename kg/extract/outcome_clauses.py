"""Where in a clause the other argument of an outcome stands: one reader for each role of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from ..model import Span
from .frames import Frame, Match
from .outcome_words import words
from .segment import Sentence

STATED = frozenset({"prognosis", "summary"})  # elsewhere "most recover with rest" is advice
TOLD = STATED | {"symptoms"}
VALUES = {"good": "favourable", "bad": "unfavourable", "open": "uncertain"}
OPPOSITE = {"favourable": "unfavourable", "unfavourable": "favourable"}
_WHETHER = re.compile(r"(?:whether|how)\s", re.IGNORECASE)
_AND = re.compile(r",?\s(?:and|or)\s", re.IGNORECASE)
_THAN = re.compile(r"\sthan\s(?:in|for|with|among|when|if|those|people|patients|others)\b")
_KEPT = frozenset({"without", "after"})  # the link is part of the factor's name
_CLAUSES = frozenset({"provided", "provided that", "if", "when", "once", "where", "as long as"})

Reader = Callable[[Sentence, Frame, re.Match[str]], Iterator[Match]]


def _subject(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What stands before the predicate, and what "as do …" adds after it."""
    text = sentence.masked
    slot = _before(text, found.start())
    if slot is not None and (_WHETHER.match(text, slot.start)
                             or not words()["finite"].search(text, slot.start, slot.end)):
        yield _match(frame, slot, Span(slot.start, found.end()))
    more = words()["as_do"].match(text, found.end())
    if more:
        end = _end(text, more.end())
        yield _match(frame, Span(more.end(), end), Span(found.end(), end))


def _before(text: str, end: int) -> Span | None:
    """The noun phrase before `end`, without asides and auxiliaries; None where there is none."""
    start = max((one.end() for one in words()["break"].finditer(text, 0, end)), default=0)
    for joint in _AND.finditer(text, start, end):
        if words()["finite"].search(text, start, joint.start() + 1):
            start = joint.end()
    stop = end
    for aside in (words()["auxiliary"], words()["aside"], words()["dashed"], words()["auxiliary"]):
        cut = aside.search(text[start:stop].rstrip())
        stop = start + cut.start() if cut else stop
    stop = start + len(text[start:stop].rstrip(" ,-"))
    return Span(start, stop) if stop - start > 2 else None


def _state(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What stands beside the outcome, after "if", "when" or "with" or before it."""
    if sentence.kind in STATED:
        yield from _works(sentence, frame, found)


def _works(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """As for a state, wherever it is told: how well a treatment works."""
    text = sentence.masked
    for link in (words()["when"], words()["for"]):
        after = link.match(text, found.end())
        if after:
            start, end = after.span("clause")
            than = _THAN.search(text, start, end)
            slot = Span(start, than.start() if than else end)
            yield _match(frame, slot, Span(found.start(), slot.end), splits=link is words()["for"])
            return
    ahead = words()["fronted"].search(text[:found.start()])
    if ahead:
        link_word = ahead.group("link").lower()
        slot = Span(*ahead.span("item" if link_word in _KEPT else "clause"))
        yield _match(frame, slot, Span(ahead.start("item"), found.end()),
                     splits=link_word not in _CLAUSES)


def _group(_: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What the row itself marks as the factor: "few people with … survive"."""
    part = "item" if found["item"] else "item2"
    yield _match(frame, Span(*found.span(part)), Span(*found.span()), splits=False)


def _rate(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """As for a state; after "for" and "in" only a group that has something."""
    group = words()["for"].match(sentence.masked, found.end())
    if group is None or words()["group"].match(group.group("clause")):
        yield from _state(sentence, frame, found)


def _contrast(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The two groups of a comparison of shares that live: the larger share is the better."""
    one, two = int(found["one"]), int(found["two"])
    if sentence.kind not in STATED or words()["harm"].search(sentence.masked) or one == two:
        return
    for part, good in (("first", one > two), ("second", two > one)):
        slot = Span(*found.span(part))
        changed = replace(frame, value=VALUES["good" if good else "bad"])
        yield _match(changed, slot, slot, splits=False)


def _object(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What follows, but not where a colon announces that it is told more exactly."""
    text = sentence.masked
    end = _end(text, found.end())
    if end - found.end() > 2 and text[end:end + 1] != ":":
        yield _match(frame, Span(found.end(), end), Span(found.start(), end))


def _lead(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The list items below the sentence."""
    if sentence.items:
        yield Match(frame, Span(*found.span()), (), sentence.items, ())


def _turn(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The condition on which a clause tells of an end, behind it or before it."""
    text = sentence.masked
    whole = Span(found.start(), found.end())
    links = (words()["then"].match(text, found.end()),
             words()["condition"].search(text, 0, found.start()))
    for link in links:
        if link is None or sentence.kind not in TOLD or words()["advised"].search(text):
            continue
        value = OPPOSITE[frame.value] if link["link"].lower() == "unless" else frame.value
        for clause in _alternatives(text, Span(*link.span("clause"))):
            if not words()["no_condition"].search(text[clause.start:clause.end]):
                yield _match(replace(frame, value=value), clause, whole, splits=False)
        return


def _alternatives(text: str, clause: Span) -> Iterator[Span]:
    """The conditions of "if the cyst is large or if there are many"."""
    start = clause.start
    for joint in words()["or_if"].finditer(text, clause.start, clause.end):
        yield Span(start, joint.start())
        start = joint.end()
    yield Span(start, clause.end)


def _fate(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The group whose fate a clause tells; what it does not do has the opposite value."""
    if sentence.kind not in TOLD or words()["advised"].search(sentence.masked):
        return
    text = sentence.masked
    denied = words()["denied"].search(text, 0, found.start())
    value = OPPOSITE[frame.value] if denied else frame.value
    slot = _before(text, denied.start() if denied else found.start())
    if slot is None or not words()["people"].match(text[slot.start:slot.end]):
        return
    if words()["finite"].search(text, slot.start, slot.end):
        return
    yield _match(replace(frame, value=value), slot, Span(slot.start, found.end()))


def _end(text: str, start: int) -> int:
    """The end of the clause in which `start` stands; a point within a number ends none."""
    found = words()["stop"].search(text, start)
    return found.start() if found else len(text.rstrip())


def _match(frame: Frame, slot: Span, whole: Span, *, splits: bool = True) -> Match:
    return Match(frame, whole, (slot,), (), ((slot, splits),))


# One line for each role; a lead's items are names, those of conditions are clauses.
READERS: Mapping[str, Reader] = MappingProxyType({
    "subject": _subject, "state": _state, "works": _works, "rate": _rate, "contrast": _contrast,
    "group": _group, "object": _object, "lead": _lead, "conditions": _lead, "turn": _turn,
    "fate": _fate,
})
