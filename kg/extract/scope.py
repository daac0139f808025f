"""Negation, hedging and open questions around a match, with tight scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..files import rows, shipped
from ..model import Span
from .caseless import Caseless, lower
from .frames import Match, caseless_row, gate_of
from .gates import Gated
from .segment import Sentence

_REFUSED = re.compile(
    r"\bno (?:\w+ )?(?:evidence|proof|reports?|indication)\b"
    r"|\bnot (?:thought|believed|considered|clear|known)\b",
    re.IGNORECASE,
)
# What may be brought about by something that nobody has found is not stated.
_UNFOUND = re.compile(r"\b(?:may|might|could)\b[^.;:]*?\b(?:unidentified|unknown)\b", re.IGNORECASE)
_CLAUSE = re.compile(r";|\b(?:but|however|although|while|whereas|though|whose)\b", re.IGNORECASE)

_CONTRAST = re.compile(r";|,? (?:but|although|though|yet|however)\b", re.IGNORECASE)
MOST_GUESSES = 2


@cache
def _modifiers() -> Gated[tuple[str, Caseless]]:
    path = shipped("data/modifiers.tsv")
    return Gated((gate_of(cells["pattern"], ""),
                  (cells["axis"], caseless_row(cells["pattern"], path, line)))
                 for line, cells in rows(path))


def axes(text: str) -> frozenset[str]:
    """Which axes ("negation", "hedge", "unclear") the words of a trigger carry."""
    modifiers = _modifiers()  # before the gates are asked: loading it adds to them
    return frozenset(axis for axis, pattern in modifiers.open(lower(text))
                     if pattern.search(text))


def reading(sentence: Sentence, match: Match, items: Iterable[Span]) -> frozenset[str]:
    """The axes of a match: its trigger and what introduces it in the clause, without its items."""
    unfound = _UNFOUND.search(sentence.masked, match.whole.start, match.whole.end) is not None
    spans = [span for span in items if span.end <= len(sentence.masked)]
    start = _clause_start(sentence.masked, match.whole.start,
                          min([match.whole.end, *(span.start for span in spans)]))
    text = sentence.masked
    for span in spans:
        text = text[:span.start] + "_" * (span.end - span.start) + text[span.end:]
    before = text[start:match.whole.start]
    trigger = text[max(start, match.whole.start):_last_word(match, spans)]
    found = axes(before + trigger)
    follows = all(slot.start > match.whole.start for slot, _ in match.slots)
    if follows and not (_REFUSED.search(before) or "negation" in axes(_after_comma(trigger))):
        found -= {"negation"}
    # "May be caused by A, B or C" lists what does; of one or two things it is a guess.
    if len(spans) > MOST_GUESSES:
        found -= {"maybe"}
    end = max([_last_word(match, spans), *(span.end for span in spans)])
    return found | _taken_back(match, text[end:]) | ({"hedge"} if unfound else frozenset())


def _taken_back(match: Match, tail: str) -> frozenset[str]:
    """The axes of what a contrast after the last item says of it ("but its role is unproven")."""
    contrast = _CONTRAST.search(tail) if match.frame.kind != "prognostic_factor" else None
    if contrast is None:
        return frozenset()
    names = {"open": "unclear", "refuted": "negation"}
    return frozenset(names[axis] for axis in axes(tail[contrast.end():]) if axis in names)


def _after_comma(text: str) -> str:
    """A negation before the last comma of a trigger that its list follows belongs elsewhere."""
    return re.split(r"(?<!_),\s(?!_)", text.rstrip(" ,_"))[-1]


def _last_word(match: Match, spans: list[Span]) -> int:
    """The end of the trigger; a list that ends the match counts up to its first item."""
    tail = [slot for slot, _ in match.slots if slot.end == match.whole.end]
    inner = [span.end for span in spans if tail and tail[0].start <= span.start]
    return min(inner, default=match.whole.end)


def _clause_start(text: str, start: int, end: int) -> int:
    return max((found.end() for found in _CLAUSE.finditer(text, 0, max(start, end))), default=0)
