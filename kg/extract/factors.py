"""Risk factors, causes and prognostic factors: frames read with their negation, doubt and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from ..model import Claim, Span
from .claims import Source, claim
from .frames import Frame, Match, load, matches
from .naming import items_outside, named
from .page import Page
from .scope import reading
from .segment import FOCUS, Sentence

TABLES = ("risk", "causes", "prognosis")

# What a kind's value becomes under an axis of the trigger ("" drops the claim); the first that applies decides.
CHANGES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("risk_factor", "increases"): (("hope", ""), ("unclear", "uncertain"), ("negation", "none")),
    ("risk_factor", "decreases"): (("hope", ""), ("unclear", "uncertain"), ("negation", "none")),
    ("cause", "stated"): (("unclear", "suspected"), ("negation", "ruled_out"), ("hedge", "suspected")),
    ("cause", "suspected"): (("negation", "ruled_out"),),
    ("prognostic_factor", "favourable"): (("hope", ""), ("unclear", ""), ("negation", "uncertain")),
    ("prognostic_factor", "unfavourable"): (("unclear", "uncertain"), ("negation", "uncertain")),
}
NEGATED = frozenset({"none", "ruled_out"})
DOUBTFUL = frozenset({"uncertain", "suspected"})
_SUBJECT = re.compile(rf"^\W*(?:{FOCUS}+|it\b)", re.IGNORECASE)
_IT = re.compile(r"^(?:It|They)\b")


def factors(page: Page) -> Iterator[Claim]:
    """What the page says raises, lowers or brings about its disease, or decides its outlook."""
    for sentence in resolved(page.sentences):
        if sentence.form != "row":
            yield from _of(page, sentence)


def resolved(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences, with a leading "It" masked where the sentence before is about the disease."""
    yield from sentences[:1]
    about = bool(sentences) and _SUBJECT.match(sentences[0].masked) is not None
    for before, sentence in pairwise(sentences):
        about = before.block == sentence.block and about
        it = _IT.match(sentence.masked) if about else None
        if it:
            sentence = replace(sentence, masked=FOCUS * it.end() + sentence.masked[it.end():])
        about = _SUBJECT.match(sentence.masked) is not None
        yield sentence


def _of(page: Page, sentence: Sentence) -> Iterator[Claim]:
    for table in TABLES:
        taken: list[Span] = []
        for match in matches(sentence, load(table)):
            if any(match.whole.start < span.end and span.start < match.whole.end for span in taken):
                continue
            found = list(_claims(page, sentence, match))
            if found:
                taken.append(match.whole)
            yield from found


def _claims(page: Page, sentence: Sentence, match: Match) -> Iterator[Claim]:
    items = list(named(sentence, match))
    value = changed(match.frame, reading(sentence, match, (item.span for item in items)))
    if not value:
        return
    source = Source(page.document, sentence)
    places = [(item.name, source.page_span(item.span)) for item in items]
    if match.outside:
        places.extend(_outside(page, match))
    for name, span in places:
        yield claim(match.frame.kind, name, value, source.evidence(span, match.frame.rule),
                    negated=value in NEGATED, doubtful=value in DOUBTFUL)


def changed(frame: Frame, axes: frozenset[str]) -> str:
    """The frame's value after what the trigger's words do to it."""
    rules = CHANGES.get((frame.kind, frame.value), ())
    return next((value for axis, value in rules if axis in axes), frame.value)


def _outside(page: Page, match: Match) -> Iterator[tuple[str, Span]]:
    for span in match.outside:
        text = page.document.text[span.start:span.end]
        for item in items_outside(text, match.frame.kind):
            yield item.name, Span(span.start + item.span.start, span.start + item.span.end)
