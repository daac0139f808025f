"""The open door: another extractor may propose facts, the page and our grounding decide on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from ..errors import ProposerError
from ..model import Claim, Document, Evidence, Quantity, Span
from ..ontology import Kind
from ..text import blanked, citations, collapse
from .claims import claim, phrase
from .figure_scan import figures_in
from .segment import SILENT_KINDS, Sentence, segment

RULE = "proposer/"
LONGEST_QUOTE = 1000
LONGEST_NAME = 200
MOST_PROPOSALS = 500
SECONDS = 60.0  # that an answer for one page may take


class Proposal(Struct, frozen=True):
    """A fact that somebody suggests: `kind` and `value` as in ontology/kinds.ttl.

    `name` stands in `quote` and `quote` in the page, both word for word; a figure's name is the
    number with the words that bound it ("less than 30%").
    """

    kind: str
    name: str
    value: str
    quote: str


class Proposer(Protocol):
    """Anything that reads a page and suggests facts."""

    @property
    def name(self) -> str:
        """A short word for evidence: the rule of its claims is "proposer/<name>"."""

    def propose(self, document: Document) -> Iterable[Proposal]:
        """What the proposer finds on the page; raises ProposerError where it cannot answer."""


class Answer(Struct, frozen=True):
    """The claims that were accepted, and one line for each thing that was not."""

    claims: tuple[Claim, ...] = ()
    warnings: tuple[str, ...] = ()


def proposed(proposer: Proposer, document: Document, kinds: Mapping[str, Kind]) -> Answer:
    """What the proposer says of the page, as far as the page bears it out.

    A proposer that fails costs nothing but a warning.
    """
    try:
        found = tuple(proposer.propose(document))
    except ProposerError as error:
        return Answer(warnings=(str(error),))
    sentences = segment(document)
    claims: dict[str, Claim] = {}
    warnings = [f"{len(found)} proposals, only the first {MOST_PROPOSALS} are read"
                ] if len(found) > MOST_PROPOSALS else []
    for proposal in found[:MOST_PROPOSALS]:
        made = _claim(document, sentences, proposal, RULE + proposer.name, kinds)
        if isinstance(made, str):
            words = collapse(f"{proposal.kind} {proposal.name}")[:LONGEST_NAME]
            warnings.append(f"refused {words!r}: {made}")
        else:
            claims.setdefault(made.id, made)
    return Answer(tuple(claims.values()), tuple(warnings))


def accepted(
    document: Document, proposal: Proposal, rule: str, kinds: Mapping[str, Kind]
) -> Claim | str:
    """The claim of a proposal, found by `rule`; or why the page does not bear it out."""
    return _claim(document, segment(document), proposal, rule, kinds)


def _claim(
    document: Document, sentences: tuple[Sentence, ...], proposal: Proposal, rule: str,
    kinds: Mapping[str, Kind],
) -> Claim | str:
    """The claim of a proposal, or why there is none."""
    kind = kinds.get(proposal.kind)
    if kind is None or proposal.value not in kind.values:
        return f"no kind {proposal.kind!r} with value {proposal.value!r}"
    quote = quoted(document, proposal.quote)
    if quote is None:
        return "its quote is not in the page"
    exact = _within(document.text, proposal.name, quote) if len(
        proposal.name) <= LONGEST_NAME else None
    if exact is None:
        return "its name is not in its quote"
    quantity = _quantity(document.text, quote, exact) if kind.name == "figure" else None
    if kind.name == "figure" and quantity is None:
        return "no number can be read in its name"
    value = kind.values[proposal.value]
    return claim(
        kind.name, phrase(document.text[exact.start:exact.end]), value.name,
        _evidence(document, sentences, quote, exact, rule),
        # where a value says so by itself our own extractors leave these two to it as well
        negated=value.negated, doubtful=value.doubtful and kind.name != "therapy",
        quantity=quantity)


def quoted(document: Document, quote: str) -> Span | None:
    """Where the words of a quote stand in a block that may hold facts, white space aside."""
    if not collapse(quote) or len(quote) > LONGEST_QUOTE:
        return None
    pattern = _verbatim(quote)
    for block in document.blocks:
        if block.kind in SILENT_KINDS or block.form == "heading":
            continue
        found = pattern.search(document.text, block.span.start, block.span.end)
        if found:
            return Span(*found.span())
    return None


def _within(text: str, name: str, quote: Span) -> Span | None:
    """The name as whole words in the quote; only its case may differ."""
    if not any(character.isalnum() for character in name):
        return None
    pattern = re.compile(rf"(?<!\w){_verbatim(name).pattern}(?!\w)", re.IGNORECASE)
    found = pattern.search(text, quote.start, quote.end)
    return Span(*found.span()) if found else None


def _verbatim(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words.split())))


def _quantity(text: str, quote: Span, exact: Span) -> Quantity | None:
    """The figure that our own reader sees at the name: numbers are never taken from outside."""
    for figure in figures_in(blanked(text[quote.start:quote.end])):
        place = Span(quote.start + figure.span.start, quote.start + figure.span.end)
        if place.start < exact.end and exact.start < place.end:
            return Quantity(figure.low, figure.high, figure.unit, figure.comparator)
    return None


def _evidence(
    document: Document, sentences: tuple[Sentence, ...], quote: Span, exact: Span, rule: str
) -> Evidence:
    """Evidence at the quote, with the citations of the sentence that holds its name."""
    home = next((one for one in sentences
                 if one.span.start <= exact.start < one.span.end), None)
    block = next(one for one in document.blocks
                 if one.span.start <= quote.start and quote.end <= one.span.end
                 and one.form != "heading" and one.kind not in SILENT_KINDS)
    words = document.text[quote.start:quote.end]
    return Evidence(
        document=document.id, span=quote, quote=words, exact=exact, section=block.kind,
        cites=home.cites if home else citations(words), rule=rule)
