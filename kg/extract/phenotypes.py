"""Signs and symptoms that sentences name of the page's disease: classes of HP inside frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Claim, Span
from ..text import normalise
from .axes import axes
from .claims import Source, claim, phrase
from .frames import Frame, Match, fired
from .page import Page
from .segment import Sentence

CUES = "phenotype_cues"
WINDOW = 60  # characters before a mention that can bear on it
WORDS_OF_AN_OPENING = 4
MAX_SENTENCE = 2000  # what is longer is no sentence


class _Mention(Struct, frozen=True):
    """A class of HP at `span` of a text, with what is said of it."""

    span: Span
    negated: bool
    sometimes: bool


class _Rule(Struct, frozen=True):
    """What a frame says of its signs, for lists that no sentence announces."""

    rule: str
    value: str


_BARE = _Rule("phenotype.item", "present")
_FIRST = re.compile(r"\W*(?:(?:no|absent|absence of|lack of) )?", re.IGNORECASE)
# Where the name of a sign in a list ends and what is told of it begins.
_BEHIND = re.compile(r"[.;:(–—]|\s-\s|\b(?:with|that|which|who|caused|due|from|because|after|before"
                     r"|during|when|if|unless|but|like|such|as|leading|resulting)\b", re.IGNORECASE)


@cache
def _stopped() -> frozenset[str]:
    return frozenset(cells["name"] for _, cells in rows(shipped("data/phenotype_stop.tsv")))


def phenotypes(page: Page) -> Iterator[Claim]:
    """A claim for each sign in each sentence that names it of the page's disease.

    A sign that some people have, or may have, is "sometimes"; one that they lack is "absent".
    """
    for sentence in page.sentences:
        if len(sentence.text) > MAX_SENTENCE or sentence.form == "row":
            continue
        taken: list[Span] = []
        for match in fired(sentence, "phenotypes"):
            yield from _of_match(page, sentence, match, taken)
        if not taken and _is_bare(page, sentence):
            yield from _of_bare(page, sentence)


def _of_match(
    page: Page, sentence: Sentence, match: Match, taken: list[Span]
) -> Iterator[Claim]:
    text, frame = sentence.masked, match.frame
    if axes(CUES)["other"].search(text):
        return
    doubtful = bool(axes(CUES)["doubt"].search(text))
    source = Source(page.document, sentence)
    for slot, _ in match.slots:
        for mention in _mentions(page, text, _open(text, slot)):
            if _overlaps(mention.span, taken):
                continue
            taken.append(mention.span)
            sometimes = mention.sometimes or _hedged(_lead(text, slot.start))
            if sometimes and (mention.negated or frame.value == "absent"):
                continue  # that some people lack it says nothing of the disease
            yield _claim(source, frame, source.page_span(mention.span), mention,
                         sometimes=sometimes, doubtful=doubtful)
    sometimes = bool(match.outside) and _hedged(text)
    for item in match.outside:
        yield from _of_item(page, source, frame, item, sometimes)


def _of_item(
    page: Page, source: Source, frame: Frame, item: Span, sometimes: bool
) -> Iterator[Claim]:
    """The signs that a list item below the sentence begins with."""
    text = page.document.text[item.start:item.end]
    for mention in _mentions(page, text, Span(0, len(text))):
        place = Span(item.start + mention.span.start, item.start + mention.span.end)
        yield _claim(source, frame, place, mention, sometimes=sometimes or mention.sometimes)


def _is_bare(page: Page, sentence: Sentence) -> bool:
    """Whether it begins an item of a list that stands right below a heading on symptoms."""
    if sentence.form != "item" or sentence.kind != "symptoms":
        return False
    blocks, place = page.document.blocks, sentence.block
    block = blocks[place]
    if block.guessed or block.span.start != sentence.span.start or axes(CUES)["negated"].search(
            f"{block.heading} "):
        return False
    while place and blocks[place].form == "item":
        place -= 1
    return blocks[place].form == "heading"


def _of_bare(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """The signs that such an item begins with: "Poor growth and rickets", "No fever"."""
    text, source = sentence.masked, Source(page.document, sentence)
    if axes(CUES)["other"].search(text):
        return
    often = _hedged(page.document.blocks[sentence.block].heading) or _hedged(text)
    end = _BEHIND.search(text)
    region = Span(0, end.start() if end else len(text))
    for number, mention in enumerate(_mentions(page, text, region)):
        if not number and not _FIRST.fullmatch(text[:mention.span.start]):
            return
        if not (often and mention.negated):
            yield _claim(source, _BARE, source.page_span(mention.span), mention, sometimes=often)


def _claim(
    source: Source, frame: Frame | _Rule, place: Span, mention: _Mention, *,
    sometimes: bool, doubtful: bool = False,
) -> Claim:
    absent = mention.negated != (frame.value == "absent")
    value = "absent" if absent else "sometimes" if sometimes else "present"
    name = phrase(source.document.text[place.start:place.end])
    return claim("phenotype", name, value, source.evidence(place, frame.rule),
                 negated=absent, doubtful=doubtful)


def _mentions(page: Page, text: str, region: Span) -> Iterator[_Mention]:
    """The signs in a region of a text that stand as heads of their phrases."""
    cues = axes(CUES)
    title = f" {normalise(page.document.title)} "
    for found, _ in page.lexicon.tag(text[region.start:region.end], "phenotype"):
        span = Span(region.start + found.start, region.start + found.end)
        before = text[max(0, span.start - WINDOW):span.start]
        after = text[span.end:span.end + WINDOW]
        name = normalise(text[span.start:span.end])
        if name in _stopped() or f" {name} " in title or cues["before"].search(before) or (
                cues["after"].match(after) or not cues["head"].match(after)):
            continue
        within = text[region.start:span.start]
        yield _Mention(span, bool(cues["negated"].search(within)), _hedged(within))


def _open(text: str, slot: Span) -> Span:
    """The slot up to the words that begin another thought; before a verb, the last thought."""
    end = axes(CUES)["ends"].search(text, slot.start, slot.end)
    return Span(slot.start, end.start()) if end else slot


def _lead(text: str, start: int) -> str:
    """What introduces a list, back to the last comma before its verb, and "Rarely, …"."""
    parts = re.split(r"[,;:]", text[:start].rstrip(" ,:"))
    opening = parts[0] if len(parts[0].split()) <= WORDS_OF_AN_OPENING else ""
    return f"{opening} {parts[-1]}"


def _hedged(text: str) -> bool:
    return bool(axes(CUES)["sometimes"].search(text))


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
