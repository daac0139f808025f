"""From a frame that fired to the names in its slots: clauses cut, genes and items apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ..model import Span
from ..text import blanked
from .coordination import CLAUSE_ITEM, listed
from .frames import Match
from .lists import shielded, with_shared_head
from .naming import (
    MAX_WORDS,
    final,
    head_of,
    is_adjective,
    is_headless,
    is_name,
    likely,
    rewritten,
    trimmed,
)
from .populations import traits
from .segment import Sentence

_SYMBOL = r"(?:C\d{1,2}orf\d{1,3}|[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*[a-z]?)"
_GLOSS = r"(?:[ ]?\([^()]*\))?"
_GENES = re.compile(
    rf"""\b(?i:mutations?|changes?|variants?|variations?|alterations?|defects?|errors?)
         (?:[ ]\([^()]*\))?[ ](?i:in|of|to|within|affecting|involving)[ ]
         (?:[a-z][\w'-]*[,:]?[ ]|\d+[ ]|\()*?
         (?P<symbols>{_SYMBOL}\)?{_GLOSS}
            (?:(?:,[ ]|/|[ ]|,)?(?:(?:and|or|and/or)[ ])?(?:the[ ])?{_SYMBOL}{_GLOSS})*)
         (?:[ ]genes?\b)?""",
    re.VERBOSE,
)
_GENES_FIRST = re.compile(
    rf"(?P<symbols>(?:{_SYMBOL}(?:,? (?:and|or) |, ))*{_SYMBOL})(?: genes?)?"
    r" (?:mutations?|variants?|changes?)\b"
)
_GENETIC = re.compile(r"mutation|change|varia|alteration|defect|error", re.IGNORECASE)
_SEPARATED = re.compile(r"[,;)%]|\b(?:and|or|to|by|as well as)\b", re.IGNORECASE)
_ONE_SYMBOL = re.compile(rf"\b{_SYMBOL}\b")
_NO_GENE = frozenset(("DNA", "RNA", "HIV", "HPV", "HLA", "CAG", "GAA", "CGG", "CTG", "GCG", "AND",
                      "OR", "MHC", "II", "III", "IV"))
_BRACKETS = re.compile(r"\([^()]*\)")
_EXAMPLES = re.compile(
    r"\s\(((?:such as|e\.g\.|including|for example|like|particularly|especially|notably),?"
    r" [^()]*)\)",
    re.IGNORECASE
)
_CUT = re.compile(
    r", (?:(?:in|during|through|on) )?which\b"
    r"|(?:, | )(?:because|although|whereas|while|but|however|since|so that|even though|unless)\b"
    r"|,? and (?:is|are|was|were|has|have|can|may|will|does|do|it|they|usually|often|most|some"
    r"|results?|leads?|occurs?|affects?|causes?|begins?|develops?|appears?|requires?|involves?"
    r"|includes?|suggests?|predominantly|primarily|mostly)\b|, or (?:why|how|when)\b"
    r"|, (?:sometimes|often|usually|typically|generally)\b"
    r"|, (?:particularly|especially) (?:in|among|when|if)\b"
    r"|, (?:who|where|resulting|leading|causing|making|affecting|meaning|suggesting|depending"
    r"|though|it|they|you|your|this|these"
    r"|the (?:condition|disease|disorder|cause|\w+ \w+ (?:should|is|are|can|may)))\b| - ",
    re.IGNORECASE,
)
# A verb of the main clause, unless a relative or subordinate clause began before it.
_FINITE = re.compile(
    r"(?<!that)(?<!who)(?<!which)(?<!what)(?<!where)(?<!there)(?<!how)(?<!it)(?<!they)(?<!you)"
    r",? (?:(?:also|usually|often|typically|generally|sometimes) )?(?:is|are|was|were|has been"
    r"|have been|can|may|shows?|(?:usually|often|typically|generally) (?:\w+s|have|cause))(?= )",
    re.IGNORECASE,
)
# A subject that holds the verb of another clause is no noun phrase.
_VERB = re.compile(
    r"(?<!that)(?<!who)(?<!which)(?<!whose)(?<!and)(?<!or)(?<!also) (?:is|are|was|were|has|have"
    r"|may|can|could|will|would|becomes?|causes?|impairs?|prevents?|increases?|reduces?|disrupts?"
    r"|allows?|occurs?|continues?|gives?|makes?|requires?|leads? to|results? in|shows?|showed"
    r"|suggests?|means|conducts?|focus(?:es)?|there|supports)(?= )",
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(r"(?<=[a-z)]{2})\.\s*(?=[A-Z][a-z])")
_RELATIVE = re.compile(r"(?<=\w) (?:that|which|who|whose)\b.*")
_ASIDE = re.compile(
    r", (?:before|after|when|if|which|who|once|in which|for example)\b[^,]*(?:,|$)", re.IGNORECASE
)
_SENTENCE_ITEM = re.compile(
    r"^(?!\W*(?:whether|if|when|how|where|having|being)\b)"
    r"[^,(]*\b(?:is|are|was|were|decreases?|increases?|may|can|will|helps?)\b",
    re.IGNORECASE,
)
# What stands between a class and its examples ("systemic diseases, which harm the body, such as").
_ASIDE_BEFORE = re.compile(r", (?:which|who|that) [^,;()]{3,90}(?=, (?:such as|including|like)\b)")
# What stands before a name in running text; where nothing does, its capital begins an item.
_JOINT = re.compile(r"(?:[,(]|\b(?:and|or|of|by|to|from|with|in|on|as|the|an?|for|like|than|after"
                    r"|include|includes|including|are|is|called|have|has|having|who|that))$")


class Named(Struct, frozen=True):
    """A name with its place in the text it was read from."""

    name: str
    span: Span


class Slot(Struct, frozen=True):
    """A text, masked and as it stands, with the kind of fact that its items are to name."""

    masked: str
    text: str
    kind: str
    splits: bool


class _Item(Struct, frozen=True):
    name: str
    span: Span
    proper: bool


def named(sentence: Sentence, match: Match) -> Iterator[Named]:
    """The names in the slots of a match, in order; what names nothing is left out."""
    text = opened(sentence.masked)
    for slot, splits in match.slots:
        subject = slot.start == match.whole.start
        whole = Slot(text, sentence.text, match.frame.kind, splits)
        for part in _clauses(text, slot) if splits and not subject else (slot,):
            span = _subject(text, part, match.frame.kind) if subject else _object(
                text, part, splits)
            if span.start < span.end:
                yield from _in_slot(whole, span, subject)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _clauses(text: str, slot: Span) -> Iterator[Span]:
    """The parts of a list between its semicolons and colons, each of which may hold a clause."""
    start = slot.start
    for found in re.finditer("(?<!genes)[;:]", shielded(text[slot.start:slot.end])):
        yield Span(start, slot.start + found.start())
        start = slot.start + found.end()
    yield Span(start, slot.end)


def items_outside(text: str, kind: str) -> Iterator[Named]:
    """The names in a list item that follows its lead-in; spans are offsets into `text`.

    Of an item of several sentences only the first counts.
    """
    first = _NEXT_SENTENCE.search(text)
    text = text[:first.start()] if first else text
    masked = opened(blanked(text))
    if not is_sentence(masked):
        span = _object(masked, Span(0, len(text)), splits=False)
        yield from _in_slot(Slot(masked, text, kind, splits=True), span, subject=False)


def is_sentence(masked: str) -> bool:
    """Whether an item of a list is a statement of its own, not a name."""
    return _SENTENCE_ITEM.search(masked) is not None


def opened(masked: str) -> str:
    """The text with "(such as A and B)" as ", such as A and B," so that its items are seen."""
    return _EXAMPLES.sub(lambda found: f", {found.group(1)},", _ASIDE_BEFORE.sub(_blank, masked))


def _subject(text: str, slot: Span, kind: str) -> Span:
    """The slot without what introduces its clause; empty where it is a clause itself.

    Of a cause that first does something else ("tar harms the skin and") only the subject is left.
    """
    start = slot.start
    for step in likely(text[start:slot.end], "intro"):
        found = step.pattern.match(text[start:slot.end])
        start += found.end() if found else 0
    for step in likely(text[start:slot.end], "predicate") if kind != "prognostic_factor" else ():
        found = step.pattern.search(text[start:slot.end])
        slot = Span(slot.start, start + found.start()) if found else slot
    bare = _ASIDE.sub(" ", _BRACKETS.sub(" ", text[start:slot.end]))
    return Span(start, start if _VERB.search(bare) else slot.end)


def _object(text: str, slot: Span, splits: bool) -> Span:
    """The slot up to the end of its clause; a list also ends before a verb of the main clause."""
    shielded = _BRACKETS.sub(lambda found: "_" * len(found.group()), text[slot.start:slot.end])
    cuts = (_CUT, _FINITE) if splits and not CLAUSE_ITEM.match(shielded) else (_CUT,)
    ends = [found.start() for cut in cuts if (found := cut.search(shielded))]
    return Span(slot.start, slot.start + min(ends, default=slot.end - slot.start))


def _in_slot(slot: Slot, span: Span, subject: bool) -> Iterator[Named]:
    """The genes and the other items, without fragments that only belong to a gene's phrase."""
    position, after_gene = span.start, False
    for found, genes in _gene_phrases(slot.masked, span):
        yield from _between(slot, Span(position, found.start), subject, (after_gene, True))
        yield from genes
        position, after_gene = found.end, True
    yield from _between(slot, Span(position, span.end), subject, (after_gene, False))


def _gene_phrases(masked: str, span: Span) -> Iterator[tuple[Span, list[Named]]]:
    end = span.start
    if not _GENETIC.search(masked, span.start, span.end):
        return
    both = (_GENES.finditer(masked, span.start, span.end),
            _GENES_FIRST.finditer(masked, span.start, span.end))
    for found in sorted((one for some in both for one in some), key=lambda one: one.start()):
        genes = list(_genes(masked, found)) if found.start() >= end else []
        if genes:
            end = found.end()
            yield Span(found.start(), end), genes


def _between(
    slot: Slot, span: Span, subject: bool, genes: tuple[bool, bool]
) -> Iterator[Named]:
    """The items between two genes, those left out that touch one without a joint."""
    text = slot.masked
    items = list(_phrases(slot, span, subject))
    before, after = genes
    if before and items and not _SEPARATED.search(text, span.start, items[0].span.start):
        items = items[1:]
    if after and items and not _SEPARATED.search(text, items[-1].span.end, span.end):
        items = items[:-1]
    yield from items


def _genes(masked: str, found: re.Match[str]) -> Iterator[Named]:
    """A mutation for each symbol of "mutations in the A, B (also C) and D genes"."""
    start, end = found.span("symbols")
    shielded = masked[start:end]
    if "(" in shielded and not shielded.startswith("("):
        shielded = _BRACKETS.sub(lambda gloss: "_" * len(gloss.group()), shielded)
    for symbol in _ONE_SYMBOL.finditer(shielded):
        if symbol.group() not in _NO_GENE:
            span = Span(start + symbol.start(), start + symbol.end())
            yield Named(f"{symbol.group()} gene mutation", span)


def _phrases(slot: Slot, whole: Span, subject: bool) -> Iterator[Named]:
    spans = listed(slot.masked, whole, slot.splits, subject)
    people = slot.kind == "risk_factor"
    items = []
    for span in spans:
        found = traits(slot.masked[span.start:span.end]) if people else ()
        yield from (Named(final(name, name.endswith("ancestry")), span) for name in found)
        if not found:
            items.append(_item(slot, span))
    names = with_shared_head([item.name for item in items], is_headless, head_of)
    for name, item in zip(names, items, strict=True):
        bare = " ".join(_BRACKETS.sub(" ", name).split())
        bare = _short(bare) if slot.splits else bare
        if not is_adjective(bare) and is_name(bare, slot.kind, clause=not slot.splits):
            yield Named(final(bare, item.proper), item.span)


def _short(name: str) -> str:
    """The name, without its relative clause where it would be too long for one."""
    return name if len(name.split()) <= MAX_WORDS else _RELATIVE.sub("", name)


def _item(slot: Slot, span: Span) -> _Item:
    """The noun phrase of an item where it stands, with whether its capital is a proper name's."""
    masked = slot.masked[span.start:span.end]
    name = trimmed(masked, clause=not slot.splits)
    at = masked.find(name) if name else -1
    before = slot.masked[:span.start].rstrip()
    if at >= 0:
        span = Span(span.start + at, span.start + at + len(name))
    proper = name[:1].isupper() and _JOINT.search(before) is not None
    return _Item(rewritten(name), span, proper and rewritten(name) == name)
