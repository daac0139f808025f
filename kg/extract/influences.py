"""Risk factors and causes in free prose: a word of risk or cause and its argument in the clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from ..files import rows, shipped
from ..model import Claim, Span
from ..text import blanked
from .caseless import caseless, lower
from .claims import Source, claim
from .frames import Frame, Match, caseless_row, gate_of, seen
from .gates import Gated, gate
from .lists import SHIELD, shielded
from .naming import steps
from .outcome_words import words
from .page import Page
from .populations import traits
from .scope import axes
from .segment import FOCUS, Sentence, focus_pattern, mask
from .slots import Named, is_sentence, named

_SOFT = re.compile(r",? and (?=\S|$)")  # only where the clause would else hold two verbs
_NEITHER = caseless(r"\s*neither ")
_APPOSED = re.compile(r", an? [^,;]{3,40}(?=, and )")  # what only explains a name in a list
_POPULATION_END = re.compile(r",| as | than ")
_LABEL = re.compile(r"[A-Z][^.:;,]{2,45}\.")
_CITED = re.compile(r"(?:\s*\[\^?[\d,;\s–-]+\])+\s*$")
_LAST = re.compile(r"(?<=[.!?])(?:\[[\d,; ]+\])*\s+(?=[A-Z])")
_ENUMERATION = re.compile(r":|\s[–-]\s")
_NOR = re.compile(r"\bnor\b")
_MOST_WORDS = 24
_BOTH_SEXES = {"male sex", "female sex"}
_OPEN = {"risk_factor": "uncertain", "cause": "suspected"}
_REFUTED = {"risk_factor": "none", "cause": "ruled_out"}
_SUBJECTS = frozenset({"before", "people", "genes"})


def _words(role: str) -> re.Pattern[str]:
    return words("influence_words.tsv")[role]


class Cue(Frame, frozen=True):
    """A word of risk or cause; `side` says where in its clause its argument stands."""

    side: str


@cache
def cues() -> tuple[Cue, ...]:
    """The rows of data/risks.tsv in their order; raises DataError naming a malformed row."""
    path = shipped("data/risks.tsv")
    return tuple(
        Cue(cells["rule"], cells["kind"], cells["value"],
            caseless_row(cells["pattern"], path, line),
            gate_of(cells["pattern"], cells["needs"]),
            frozenset(cells["sections"].split()), cells["side"])
        for line, cells in rows(path))


def influences(page: Page, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """The claims that cues find in the page's sentences, with those of the lists they announce."""
    items = list(_announced(page, sentences))
    about = {one.block for one, _ in items}
    gated = _gated(leads=False)
    for sentence in sentences:
        for cue in gated.open(seen(sentence.masked).low):
            if not cue.sections or sentence.kind in cue.sections or sentence.block in about:
                claims = tuple(_fired(page, sentence, cue))
                if claims:
                    about.add(sentence.block)
                yield from claims
    for sentence, cue in items:
        yield from _item(page, sentence, cue)


@cache
def _gated(leads: bool) -> Gated[Cue]:
    """The cues of leads, or of clauses, behind their gates."""
    return Gated((cue.gate, cue) for cue in cues() if (cue.side == "items") is leads)


def _fired(page: Page, sentence: Sentence, cue: Cue) -> Iterator[Claim]:
    for found in cue.pattern.found(sentence.masked, seen(sentence.masked).low):
        items = tuple(argued(sentence, cue, found))
        if items and not _words("other").match(sentence.masked, found.end()):
            yield from _claims(page, sentence, cue, items, found.span())


def argued(sentence: Sentence, cue: Cue, found: re.Match[str]) -> Iterator[Named]:
    """The names in the argument of a cue found in the sentence; a pair of sexes is "sex"."""
    items = list(_argued(sentence, cue, found))
    if {item.name for item in items} >= _BOTH_SEXES:
        yield Named("sex", items[0].span)
        items = [item for item in items if item.name not in _BOTH_SEXES]
    yield from items


def _argued(sentence: Sentence, cue: Cue, found: re.Match[str]) -> Iterator[Named]:
    groups = {name for name, text in found.groupdict().items() if text}
    if cue.side.startswith("="):
        yield Named(cue.side[1:], Span(*found.span()))
    elif "age" in groups:
        yield from _people(sentence, Span(*found.span("age")), "people ")
    elif "gene" in groups:
        yield Named(f"{sentence.masked[slice(*found.span('gene'))]} gene mutation",
                    Span(*found.span("gene")))
    elif "list" in groups:
        yield from _names(sentence, cue, Span(*found.span("list")))
    else:
        span = _before(sentence.masked, found.start()) if cue.side in _SUBJECTS else _after(
            sentence.masked, found.end())
        yield from _of_side(sentence, cue, span)


def _of_side(sentence: Sentence, cue: Cue, span: Span) -> Iterator[Named]:
    text = sentence.masked[span.start:span.end]
    if span.start >= span.end or FOCUS in text:
        return
    if cue.side.startswith("people"):
        cut = _POPULATION_END.search(text) if ":" not in text[:2] else None
        end = span.start + cut.start() if cut and cue.side == "people-after" else span.end
        yield from _crowds(sentence, Span(span.start, end))
        return
    if cue.side in _SUBJECTS and _words("verb").search(f" {text} "):
        return
    yield from (item for item in _names(sentence, cue, span)
                if cue.side != "genes" or item.name.endswith("mutation"))


def _names(sentence: Sentence, cue: Cue, span: Span) -> Iterator[Named]:
    """The names in a span, each of its genes, populations and listed things."""
    end = len(sentence.masked)
    match = Match(cue, Span(end, end), (), (), ((span, True),))
    plain = _APPOSED.sub(lambda found: " " * len(found.group()), sentence.masked)
    whole = replace(sentence, masked=_NOR.sub("or ", plain))
    yield from (item for item in named(whole, match) if not _words("piece").search(item.name))


def _crowds(sentence: Sentence, span: Span) -> Iterator[Named]:
    """The traits of the populations in a span ("boys and men over 60"), each for itself."""
    start = span.start
    for joint in (*re.finditer(r",? (?:and|or) ", sentence.masked[span.start:span.end]), None):
        end = span.end if joint is None else span.start + joint.start()
        yield from _people(sentence, Span(start, end), "")
        start = end if joint is None else span.start + joint.end()


def _people(sentence: Sentence, span: Span, who: str) -> Iterator[Named]:
    for name in traits(who + sentence.masked[span.start:span.end].strip()):
        yield Named(name, span)


def _before(text: str, end: int) -> Span:
    """The subject that ends at `end`: the clause without auxiliaries and what introduces it."""
    opaque = shielded(text[:end])
    hard = max((cut.end() for cut in _words("break").finditer(opaque)), default=0)
    start = hard
    bare = _words("auxiliary").sub("", opaque[hard:])
    if _words("verb").search(f" {bare} "):
        start = max((cut.end() for cut in _SOFT.finditer(opaque, hard)), default=hard)
    for pattern in (*(step.pattern for step in steps("intro")), _NEITHER):
        found = pattern.match(text[start:end])
        start += found.end() if found else 0
    subject = text[start:end].rstrip()
    if not subject and (verb := _words("verb").search(f"{text[hard:end]} ")):
        start, subject = hard, text[hard:hard + verb.start()]
    aside = _words("aside").fullmatch(_words("auxiliary").sub("", subject))
    subject = aside.group(1) if aside else subject
    aux = _words("auxiliary").search(subject)
    return Span(start, start + (aux.start() if aux else len(subject)))


def _after(text: str, start: int) -> Span:
    """The object that begins at `start`: up to the end of the clause."""
    cut = _words("close").search(shielded(text), start + 2)  # a colon may open the object
    return Span(start, cut.start() if cut else len(text))


def _claims(
    page: Page, sentence: Sentence, cue: Cue, items: Sequence[Named], at: tuple[int, int]
) -> Iterator[Claim]:
    value = valued(cue, sentence.masked, items, at)
    source = Source(page.document, sentence)
    for item in items if value else ():
        if cue.side in _SUBJECTS or not page.lexicon.find(item.name, "site"):
            yield claim(cue.kind, item.name, value,
                        source.evidence(source.page_span(item.span), cue.rule),
                        negated=value == _REFUTED[cue.kind], doubtful=value == _OPEN[cue.kind])


def valued(cue: Cue, text: str, items: Sequence[Named], at: tuple[int, int]) -> str:
    """The cue's value after negation, doubt and refutation; "" for a hope."""
    opaque = text
    for span in (item.span for item in items if cue.side[:1] != "="):
        opaque = opaque[:span.start] + SHIELD * (span.end - span.start) + opaque[span.end:]
    start = max((cut.end() for cut in _words("break").finditer(opaque, 0, at[0])
                 if cut.group().strip(" ,") in {";", "but", "whereas", "while", "although"}),
                default=0)
    clause = axes(opaque[start:at[1]])
    tail = axes(opaque[at[1]:])
    if "hope" in clause:
        return ""
    if "refuted" in tail or "negation" in clause or cue.value in _REFUTED.values():
        return _REFUTED[cue.kind]
    open_axes = {"open"} if cue.side.startswith("people") else {"open", "unclear"}
    doubt = open_axes & (clause | tail) or (cue.kind == "cause" and "hedge" in clause)
    return _OPEN[cue.kind] if doubt else cue.value


def _announced(page: Page, sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Cue]]:
    """The first sentence of each item whose list's lead or heading asks for such facts."""
    taken: set[int] = set()
    for sentence in sentences:
        if sentence.form == "item" and sentence.block not in taken:
            taken.add(sentence.block)
            cue = _lead_of(page, sentence)
            if cue is not None:
                yield sentence, cue


def _lead_of(page: Page, item: Sentence) -> Cue | None:
    """The cue that the list's lead, or the heading above it, carries."""
    gated = _gated(leads=True)
    for text in (_lead(page, item.block), item.heading):
        plain = blanked(text.strip())
        for cue in gated.open(f"{lower(text)} {lower(plain)}", gate((FOCUS,))):
            masked = mask(plain, focus_pattern((page.document.title, *page.names)))
            if cue.pattern.search(masked):
                return cue
    return None


def _lead(page: Page, block: int) -> str:
    """The last sentence before the list that the block is an item of, without its citations."""
    blocks = page.document.blocks
    while block > 0 and blocks[block].form == "item":
        block -= 1
    span = blocks[block].span
    tail = page.document.text[max(span.start, span.end - 200):span.end]
    return _LAST.split(_CITED.sub("", tail).strip())[-1]


def _item(page: Page, sentence: Sentence, cue: Cue) -> Iterator[Claim]:
    """What an item names: its label before a first stop, else itself where it is no sentence."""
    text = sentence.masked
    block = page.document.blocks[sentence.block].span
    labelled = sentence.span.end < block.end and _LABEL.fullmatch(text) is not None
    if labelled and not is_sentence(text) and not _words("vague label").match(text):
        rest = page.document.text[sentence.span.end:block.end]
        items = list(_names(sentence, cue, Span(0, len(text))))
        yield from _claims(page, sentence, _read(cue, rest), items, (0, 0))
    elif (sentence.span.end >= block.end and not _words("speaking").match(text)
          and len(text.split()) <= _MOST_WORDS):
        items = [one for part in _parts(text) for one in _names(sentence, cue, part)]
        yield from _claims(page, sentence, cue, items, (0, 0))


def _read(cue: Cue, rest: str) -> Cue:
    """The cue as the words after a label leave it: open where they doubt it."""
    found = axes(rest)
    value = _OPEN[cue.kind] if {"open", "unclear"} & found else cue.value
    return replace(cue, value=value)


def _parts(text: str) -> Iterator[Span]:
    """The parts of an item around its colon or dash that are no sentences."""
    start = 0
    for cut in (*_ENUMERATION.finditer(text), None):
        end = len(text) if cut is None else cut.start()
        comma = text.find(",", start, end)
        if start and text[start - 2] in "-–" and comma > 0:
            end = comma
        if not is_sentence(text[start:end]) or (cut is None and start):
            yield Span(start, end)
        start = end if cut is None else cut.end()
