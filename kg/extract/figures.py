"""Outcome and epidemiology figures: numbers with what they measure, in whom, until when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct, structs

from ..model import Claim, Quantity, Span
from .claims import Source, claim, phrase
from .figure_bounds import Figure
from .figure_governors import clause, governed, refused
from .figure_scan import figures_in
from .figure_shapes import SEXES
from .figure_subjects import of_others, subject
from .page import Page
from .segment import Sentence

_ABOUT_LENGTH = 120
_SAME_FACT = 0.3
_DEFAULTS = {"percent": "proportion", "rate": "prevalence", "ratio": "sex_ratio"}
_DESIGNATORS = {"years": "Y", "months": "M", "weeks": "W", "days": "D"}
_UNTIL = re.compile(
    r"\b(?:at|within|after|in|by|over|first|next|following|beyond|survive\w* for)\s+(?:the\s+)?"
    r"(?:first\s+|next\s+|following\s+|about\s+)*\S+[\s-]\w+$", re.IGNORECASE)
_AFTERWARDS = re.compile(r"[\s-]+(?:overall\s+|relative\s+)?(?:survival|after|later|from|mortality"
                         r"|recurrence|rate)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:each|per|every|a) year\b|\byearly\b|\bannual(?:ly)?\b", re.IGNORECASE)
_DOUBT = re.compile(r"\b(?:possibly|perhaps|unconfirmed|controversial|unclear (?:if|whether)"
                    r"|it has been suggested)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|rarely|seldom|few|cannot)\b[^.;,]{0,40}$", re.IGNORECASE)
_OWN_VERB = re.compile(
    r"\s*(?:of (?:\S+ ){1,6}?)?(?:have|has|had|are|is|were|was|will|may|can|do|does|develop|show"
    r"|experience|respond|recover|report|need|require|become)\w*\b", re.IGNORECASE)
_GLOSS = re.compile(r"\s*[(\[]\s*(?:or |i\.e\.,? |that is,? )?(?:\w+ )?$|\s*,?\s+or\s+$")
_OR = re.compile(r"[^.;]{0,40},? or ")
_OUTCOMES = frozenset({"mortality", "survival", "recurrence"})
_ONE_IN_A_HUNDRED = Decimal("0.01")
_SHARES = frozenset({"percent", "rate"})
_EDGES = re.compile(r"^(?:[\s,;:()-]|(?:of|that|and|is|are|in)\b)+"
                    r"|(?:[\s,;:(-]|\b(?:in|is|are|was|were|of|at|an?|the|to|has|with|and|between|from)\b)+$")
_WORD = re.compile(r"[^\W\d_]{4,}")


class Reading(Struct, frozen=True):
    """A figure of a sentence, its clause, and what it measures by which rule."""

    figure: Figure
    within: Span
    kind: str
    rule: str


def figures(page: Page) -> Iterator[Claim]:
    """The figures that the page states of its disease; the same figure is claimed once a page.

    A figure said again in other words takes the first one's quantity, so that both sentences
    become evidence of one statement.
    """
    stated: dict[object, list[tuple[frozenset[str], Quantity]]] = {}
    leads = _leads(page)
    for sentence in page.sentences:
        if sentence.kind == "table" or sentence.form == "row":
            continue
        for reading in readings(sentence.masked, leads.get(sentence.block, "")):
            if of_others(sentence.masked, reading.within, reading.figure, page):
                continue
            quantity = _shared(_quantity(page, sentence, reading), reading, sentence, stated)
            yield _claim(page, sentence, reading, quantity)


def _leads(page: Page) -> dict[int, str]:
    """For each block that is a list item: the sentence that introduces the list."""
    blocks = {block.span: index for index, block in enumerate(page.document.blocks)}
    return {blocks[item]: sentence.masked
            for sentence in page.sentences for item in sentence.items if item in blocks}


def readings(text: str, lead: str = "") -> tuple[Reading, ...]:
    """The figures of one masked sentence, each with its kind; those refused are left out.

    `lead` is the sentence that introduces the list in which the sentence stands.
    """
    found = figures_in(text)
    kept: list[Reading] = []
    for last, figure in zip((None, *found), found, strict=False):
        within = clause(text, figure)
        if refused(text, figure, within, lead) or _glosses(text, figure, last):
            continue
        reading = _read(text, figure, within, (found, kept))
        if reading is not None:
            kept.append(reading)
    return tuple(kept)


def _glosses(text: str, figure: Figure, last: Figure | None) -> bool:
    """Whether a figure only repeats the one before it: "25% (1 in 4)", "8.8% …, or one in 11"."""
    if last is None or not {figure.shape, last.shape} <= _SHARES:
        return False
    between = text[last.span.end:figure.span.start]
    bracketed, again = _GLOSS.fullmatch(between), _OR.fullmatch(between)
    return bracketed is not None or (again is not None and _near(last, figure))


def _near(one: Figure, other: Figure) -> bool:
    first, second = (figure.high or figure.low or Decimal(0) for figure in (one, other))
    return abs(first - second) <= first / 10


def _read(
    text: str, figure: Figure, within: Span, sentence: tuple[tuple[Figure, ...], list[Reading]]
) -> Reading | None:
    """What the figure measures; None where nothing in its clause says that it measures anything."""
    found, kept = sentence
    if figure.shape == "ratio":
        return _sex_ratio(text, figure, within, kept)
    if figure.shape in {"age", "duration"} and _only_bounds(figure, within, found):
        return None
    governor = governed(text, figure, within, found)
    if governor is not None:
        return Reading(_denied(text, figure, governor.kind), within, governor.kind, governor.rule)
    last = next((r for r in reversed(kept) if r.figure.shape == figure.shape), None)
    if last is not None and figure.shape != "count" and not _OWN_VERB.match(text, figure.span.end):
        return Reading(figure, within, last.kind, last.rule)
    kind = _DEFAULTS.get(figure.shape) if _says_something(text, figure) else None
    return Reading(figure, within, kind, f"default-{figure.shape}") if kind else None


def _says_something(text: str, figure: Figure) -> bool:
    """Whether the sentence has words besides the number, unlike a cell of a lost table."""
    return bool(_WORD.search(text[:figure.span.start] + text[figure.span.end:]))


def _denied(text: str, figure: Figure, kind: str) -> Figure:
    """The figure turned round where it is denied: "do not live beyond five years"."""
    if figure.comparator not in {">", ">="} or kind not in {"life_expectancy", "survival"}:
        return figure
    if not _NOT.search(text, 0, figure.span.start):
        return figure
    return structs.replace(figure, low=None, high=figure.low, comparator="<=")


def _sex_ratio(text: str, figure: Figure, within: Span, kept: list[Reading]) -> Reading | None:
    """A ratio of the sexes in one clause; a written ratio replaces "twice as many" before it."""
    if not all(sex.search(text, within.start, within.end) for sex in SEXES):
        return None
    earlier = [r for r in kept if r.kind == "sex_ratio"]
    if earlier and text[figure.span.start:figure.span.end].isalpha():
        return None
    for reading in earlier if text[figure.span.end:figure.span.end + 1] == ")" else ():
        kept.remove(reading)
    return Reading(figure, within, "sex_ratio", "sex-ratio")


def _only_bounds(figure: Figure, within: Span, found: tuple[Figure, ...]) -> bool:
    """Whether an age or time only says until when another figure of its clause counts."""
    shared = any(f.shape in _SHARES and within.start <= f.span.start < within.end for f in found)
    return shared and (figure.shape == "duration" or figure.comparator in {"<=", "<"})


def _quantity(page: Page, sentence: Sentence, reading: Reading) -> Quantity:
    figure = _as_share(reading)
    part = Span(reading.within.start, figure.span.start)
    whose = subject(sentence, reading.within, part, reading.kind, page.lexicon)
    return Quantity(figure.low, figure.high, figure.unit, figure.comparator,
                    _about(sentence, reading), _horizon(sentence.masked, reading), _cut(whose))


def _as_share(reading: Reading) -> Figure:
    """The figure, in percent where one in a hundred or more have an outcome of the disease."""
    figure = reading.figure
    ends = [end for end in (figure.low, figure.high) if end is not None]
    if figure.shape != "rate" or reading.kind not in _OUTCOMES or min(ends) < _ONE_IN_A_HUNDRED:
        return figure
    low, high = (end and (end * 100).normalize() for end in (figure.low, figure.high))
    return structs.replace(figure, low=low, high=high, unit="%")


def _about(sentence: Sentence, reading: Reading) -> str:
    """The figure's clause in the page's words, without the figure and its like."""
    at, within = reading.figure.span, reading.within
    shape = reading.figure.shape
    starts = [f.span.start for f in figures_in(sentence.masked) if f.shape == shape]
    first = min(start for start in (*starts, at.start) if start >= within.start)
    last = min((start for start in starts if at.end <= start < within.end), default=within.end)
    before = _EDGES.sub("", phrase(sentence.text[within.start:first]))
    after = _EDGES.sub("", phrase(sentence.text[at.end:last]))
    return _cut(" … ".join(part for part in (before, after) if part))


def _cut(text: str) -> str:
    return text if len(text) <= _ABOUT_LENGTH else text[:_ABOUT_LENGTH].rsplit(" ", 1)[0] + " …"


def _horizon(text: str, reading: Reading) -> str:
    """The time to which a share or rate refers, as an ISO 8601 duration."""
    if reading.figure.shape not in _SHARES:
        return ""
    within = reading.within
    part = text[within.start:within.end]
    for time in figures_in(part):
        end = time.high if time.high is not None else time.low
        framed = _UNTIL.search(part, 0, time.span.end) or _AFTERWARDS.match(part, time.span.end)
        if time.shape == "duration" and framed and end is not None and end % 1 == 0:
            return f"P{end}{_DESIGNATORS[time.unit]}"
    return "P1Y" if _YEARLY.search(text, within.start, within.end) else ""


def _shared(
    quantity: Quantity, reading: Reading, sentence: Sentence,
    stated: dict[object, list[tuple[frozenset[str], Quantity]]],
) -> Quantity:
    """The quantity of the first sentence of the page that says the same, else this one."""
    key = (reading.kind, quantity.low, quantity.high, quantity.unit)
    clause_words = sentence.text[reading.within.start:reading.within.end].lower()
    words = frozenset(word.rstrip("s") for word in _WORD.findall(clause_words))
    for other, first in stated.setdefault(key, []):
        alike = len(words & other) >= _SAME_FACT * max(1, min(len(words), len(other)))
        if reading.kind != "proportion" or alike:
            return first
    stated[key].append((words, quantity))
    return quantity


def _claim(page: Page, sentence: Sentence, reading: Reading, quantity: Quantity) -> Claim:
    source = Source(page.document, sentence)
    at, within = reading.figure.span, reading.within
    return claim(
        "figure", phrase(sentence.text[at.start:at.end]), reading.kind,
        source.evidence(source.page_span(at), f"figure/{reading.rule}"),
        doubtful=bool(_DOUBT.search(sentence.masked, within.start, within.end)),
        quantity=quantity,
    )
