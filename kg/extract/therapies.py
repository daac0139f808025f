"""Therapies that a page names for its disease, each with how the page says it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from ..model import Claim, Span
from ..text import normalise
from .claims import Source, claim
from .frames import Match, fired
from .page import Page
from .segment import Sentence
from .status import STANDARD, Cue, carried, status
from .therapy_advice import advice, long_measures, measure_alone
from .therapy_carry import Before, going_on, opens
from .therapy_context import ELSEWHERE, asked_for, blocked, end_of_term, treats
from .therapy_forms import formed
from .therapy_mentions import mentions
from .therapy_names import tidied
from .therapy_phrases import Therapy, listed
from .therapy_sections import resectioned
from .therapy_words import core, is_a, patterns, says

_TREATMENT = re.compile(r"(?:treat|therap|manage)", re.IGNORECASE)
_BREAKS_OFF = re.compile(r"(?::|\b(?:include|includes|are|following|may|can|to|will))\s*$")
_EXAMPLES = frozenset({"examples", "ways-such-as"})
_DOING = re.compile(r"(?!casting|bracing|cooling|icing)[a-z]+ing")

class Found(Struct, frozen=True):
    """A therapy in a sentence with its standing; `rule` names the row or the kind of mention."""

    therapy: Therapy
    value: str
    rule: str
    doubtful: bool = False


class Lead(Struct, frozen=True):
    """A sentence that introduces list items, and the standing that it gives them.

    Where it is not `sure` that it announces treatments, its items must be known ones.
    """

    sentence: Sentence
    value: str
    rule: str
    sure: bool = True


def therapies(page: Page) -> Iterator[Claim]:
    """Every statement about a therapy on the page; several about one therapy stay side by side."""
    lead: Lead | None = None
    last: tuple[Sentence, tuple[Found, ...]] | None = None
    before: Before | None = None
    for sentence in resectioned(page):
        lead = _still(lead, sentence)
        if not _speaks(sentence, lead):
            continue
        cue = carried(sentence.masked) if last and last[0].block == sentence.block else None
        if cue and last:
            yield from _claims(page, last[0], _restated(last[1], cue), (sentence.span,))
            last = None
            continue
        if last:
            yield from _claims(page, last[0], last[1])
        standing = going_on(sentence, before)
        everything = chain(_found(page, sentence, lead), _below(sentence, before))
        found = tuple(_standing(_distinct(everything), standing))
        before = _before(sentence, found, standing)
        last = (sentence, found)
        if lead and sentence.form == "item":
            yield from _claims(page, sentence, found, (lead.sentence.span,))
            last = None
        lead = _leads(sentence) if _introduces(page, sentence) else lead
    if last:
        yield from _claims(page, last[0], last[1])


def _speaks(sentence: Sentence, lead: Lead | None) -> bool:
    text = sentence.masked
    if lead is None and sentence.kind != "treatment" and not says("speaks", text):
        return False
    return not says("skip", text)


def _standing(found: Iterable[Found], standing: str) -> Iterator[Found]:
    """The findings, those of which nothing is said with the standing taken over."""
    for one in found:
        silent = standing and one.value == STANDARD and ":" not in one.rule
        yield replace(one, value=standing, rule=f"{one.rule}:carried") if silent else one


def _before(sentence: Sentence, found: tuple[Found, ...], standing: str) -> Before:
    lead = _leads(sentence) if opens(sentence) else None
    opened = lead.value if lead else ""
    goes_on = standing if not opened and sentence.form == "prose" else ""
    return Before(sentence, found[-1].value if found else "", opened or goes_on)


def _restated(found: tuple[Found, ...], cue: Cue) -> tuple[Found, ...]:
    """The findings with the standing that the next sentence gives them."""
    return tuple(
        Found(one.therapy, cue.value, f"{one.rule}+{cue.rule}", one.doubtful) for one in found)


def _claims(
    page: Page, sentence: Sentence, found: Iterable[Found], context: tuple[Span, ...] = (),
) -> Iterator[Claim]:
    source = Source(page.document, sentence)
    for one in found:
        evidence = source.evidence(source.page_span(one.therapy.span), one.rule, context)
        yield claim("therapy", one.therapy.name, one.value, evidence, doubtful=one.doubtful)


def _found(page: Page, sentence: Sentence, lead: Lead | None) -> Iterator[Found]:
    """What frames, fixed forms, the list's lead and plain mentions find, in this order."""
    text = sentence.masked
    if lead and sentence.form == "item":
        yield from _of_item(page, sentence, lead)
    for match in _matches(sentence):
        for therapy in _of_match(page, text, match):
            cue = status(text, therapy.span)
            yield _framed(therapy, match, cue)
    yield from (Found(therapy, value, rule) for therapy, value, rule in formed(sentence))
    named: tuple[Therapy, ...] | None = None
    for therapy, match in advice(sentence):
        named = mentions(text, page.lexicon) if named is None else named
        if not any(_overlap(therapy.span, one.span) for one in named):
            cue = status(text, therapy.span)
            yield Found(therapy, cue.value if cue else STANDARD, f"advice-{match.frame.rule}")
    ends = end_of_term(text) if lead and sentence.form == "item" else len(text)
    label = "title" if _is_title(page, sentence) else "mention"
    stray = lead is None and _is_stray(page, sentence)
    for therapy in () if stray else _mentioned(page, sentence, named):
        if therapy.span.start >= ends:
            continue
        cue = status(text, therapy.span)
        yield Found(therapy, cue.value if cue else STANDARD,
                    f"{label}:{cue.rule}" if cue else label, _doubts(cue))


def _below(sentence: Sentence, before: Before | None) -> Iterator[Found]:
    """The measure of a sentence of its own below a colon ("…, such as:" "Standing up slowly.")."""
    if before is None or not before.opened or sentence.form != "prose":
        return
    for therapy in measure_alone(sentence.masked):
        yield Found(therapy, before.opened, "advice-below")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _matches(sentence: Sentence) -> Iterator[Match]:
    """The frames that fire; where a section speaks of other things, those about treatment only."""
    for match in fired(sentence, "therapies"):
        if match.frame.rule in _EXAMPLES and says("harm", sentence.masked):
            continue
        if sentence.kind not in ELSEWHERE or _TREATMENT.match(sentence.masked, match.whole.start):
            yield match


def _is_stray(page: Page, sentence: Sentence) -> bool:
    """Whether it is an item of a list of which nothing but a guess says that it names therapies."""
    block = page.document.blocks[sentence.block]
    return sentence.form == "item" and block.guessed and not treats(sentence)


def _is_title(page: Page, sentence: Sentence) -> bool:
    """Whether the sentence only names what the rest of its list item is about."""
    block = page.document.blocks[sentence.block]
    return (sentence.form == "item" and len(sentence.text.split()) <= 5
            and sentence.span.start == block.span.start and sentence.span.end < block.span.end)


def _of_match(page: Page, text: str, match: Match) -> Iterator[Therapy]:
    for slot, _ in match.slots:
        for therapy in listed(text, slot, page.lexicon, any_head=match.frame.kind == "therapy"):
            if match.frame.rule == "need" and _is_needed_by_all(therapy):
                continue
            if match.frame.value == "to_avoid" or not (
                    _is_sign(therapy, page) or _DOING.fullmatch(therapy.name)):
                yield therapy


def _is_needed_by_all(therapy: Therapy) -> bool:
    """Whether what is needed is a substance of everybody's body ("you need insulin to …")."""
    return is_a(core(therapy.name).lower(), "substance")


def _is_sign(therapy: Therapy, page: Page) -> bool:
    """Whether an item of a list is a sign of disease: to be avoided perhaps, never given."""
    return not therapy.strength and bool(page.lexicon.find(therapy.name, "phenotype"))


def _framed(therapy: Therapy, match: Match, cue: Cue | None) -> Found:
    frame = match.frame
    if frame.value:
        return Found(therapy, frame.value, frame.rule, frame.rule == "unclear")
    return Found(therapy, cue.value if cue else STANDARD,
                 f"{frame.rule}:{cue.rule}" if cue else frame.rule, _doubts(cue))


def _doubts(cue: Cue | None) -> bool:
    return cue is not None and cue.rule.startswith("unclear")


def _of_item(page: Page, sentence: Sentence, lead: Lead) -> Iterator[Found]:
    """The therapies of a list item, standing as the list's lead says."""
    text = sentence.masked
    slot = Span(0, end_of_term(text))
    first = sentence.span.start == page.document.blocks[sentence.block].span.start
    bare = text.rstrip(" .;")
    known = mentions(text if slot.end == len(bare) else text[:slot.end], page.lexicon)
    short = first and lead.sure and len(text.split()) <= 12 and not patterns()["goal"].match(text)
    if not first and patterns()["names_again"].search(text):
        return
    items = (() if short else long_measures(text)) or listed(
        text, slot, page.lexicon, any_head=short) if first else ()
    for therapy in (*items, *known):
        if not therapy.strength and (" " not in therapy.name or _is_sign(therapy, page)):
            continue
        if therapy.strength == "listed" and not lead.sure:
            continue
        cue = status(text, therapy.span)
        decided = cue if cue and cue.value in {"investigational", "to_avoid"} else None
        yield Found(therapy, decided.value if decided else lead.value, f"item:{lead.rule}")


def _leads(sentence: Sentence) -> Lead | None:
    """The lead that a sentence which introduces list items is, if it speaks of treatment."""
    text = sentence.masked
    aside = sentence.kind in ELSEWHERE and sentence.kind != "cause"
    if (aside and not patterns()["treats_by"].search(text)) or patterns()["no_lead"].search(text):
        return None
    sure = bool(patterns()["lead_cue"].search(text))
    if not (sentence.kind == "treatment" or sure):
        return None
    end = len(sentence.masked.rstrip(" :")) or 1
    cue = status(sentence.masked, Span(end - 1, end))
    return Lead(sentence, cue.value if cue else STANDARD, cue.rule if cue else "lead", sure)


def _introduces(page: Page, sentence: Sentence) -> bool:
    """Whether list items follow: after a colon, or after a paragraph that breaks off."""
    if sentence.items:
        return True
    blocks = page.document.blocks
    following = blocks[sentence.block + 1:sentence.block + 2]
    if sentence.form == "item" and _BREAKS_OFF.search(sentence.text):
        return True
    return (
        sentence.form == "prose" and bool(following) and following[0].form == "item"
        and sentence.span.end >= blocks[sentence.block].span.end
        and not sentence.text.rstrip().endswith((".", "?", "!", "]"))
    )


def _still(lead: Lead | None, sentence: Sentence) -> Lead | None:
    """The lead as long as its items go on under one heading."""
    on = lead and sentence.form == "item" and sentence.heading == lead.sentence.heading
    return lead if on else None


def _mentioned(
    page: Page, sentence: Sentence, named: tuple[Therapy, ...] | None,
) -> Iterator[Therapy]:
    """The mentions that say that a therapy is used; `named` are all, where they are known."""
    text = sentence.masked
    treatment = sentence.kind == "treatment"
    if says("harm", text) or (not treatment and not treats(sentence)):
        return
    for therapy in mentions(text, page.lexicon) if named is None else named:
        if therapy.strength == "soft" and not treatment:
            continue
        if therapy.strength == "listed" and not (treatment and asked_for(therapy, text)):
            continue
        if not blocked(text, therapy.span):
            yield therapy


def _distinct(found: Iterable[Found]) -> Iterator[Found]:
    """Each place and each name once, by a name that is one: the first finder wins."""
    taken: list[Span] = []
    names: set[str] = set()
    for one in found:
        short = tidied(one.therapy.name, avoided=one.value == "to_avoid")
        span, name = one.therapy.span, normalise(short)
        if not name or name in names or any(_overlap(span, other) for other in taken):
            continue
        taken.append(span)
        names.add(name)
        yield one if short == one.therapy.name else replace(
            one, therapy=replace(one.therapy, name=short))
