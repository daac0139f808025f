"""Where in the body a disease is: classes of UBERON in frames of location."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ..files import rows, shipped
from ..model import Claim, Span
from ..text import normalise
from .axes import axes
from .claims import Source, claim, phrase
from .frames import fired
from .page import Page
from .segment import Sentence

CUES = "site_cues"
WINDOW = 60  # characters around a mention that can bear on it
MAX_SENTENCE = 2000  # what is longer is no sentence


@cache
def _stopped() -> frozenset[str]:
    return frozenset(cells["name"] for _, cells in rows(shipped("data/site_stop.tsv")))


def sites(page: Page) -> Iterator[Claim]:
    """A claim for each part of the body in each sentence that says the page's disease is there."""
    for sentence in page.sentences:
        if len(sentence.text) > MAX_SENTENCE or sentence.form == "row":
            continue
        seen: set[Span] = set()
        for match in fired(sentence, "sites"):
            for slot, _ in match.slots:
                for span in _places(page, sentence, slot):
                    if span not in seen:
                        seen.add(span)
                        yield _claim(page, sentence, span, match.frame.rule)


def _claim(page: Page, sentence: Sentence, span: Span, rule: str) -> Claim:
    source = Source(page.document, sentence)
    name = phrase(sentence.text[span.start:span.end])
    return claim("site", name, "", source.evidence(source.page_span(span), rule))


def _places(page: Page, sentence: Sentence, slot: Span) -> Iterator[Span]:
    """The parts of the body in a slot that stand as heads of their phrases."""
    cues, text = axes(CUES), sentence.masked
    if cues["other"].search(text, 0, slot.start):
        return
    end = cues["ends"].search(text, slot.start, slot.end)
    region = text[slot.start:end.start() if end else slot.end]
    if cues["other"].search(region):
        return
    for found, _ in page.lexicon.tag(region, "site"):
        start, stop = slot.start + found.start, slot.start + found.end
        name = normalise(text[start:stop])
        before = text[max(0, start - WINDOW):start]
        if not (name in _stopped() or cues["before"].search(before)) and (
                cues["head"].match(text[stop:stop + WINDOW])):
            yield Span(start, stop)
