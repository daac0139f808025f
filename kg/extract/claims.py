"""Making claims: the one place where a claim gets its evidence, its name and its identity."""

from __future__ import annotations

import re

from ..model import Claim, Document, Evidence, Quantity, Span
from ..text import collapse, digest
from .segment import Sentence

_DETERMINER = re.compile(
    r"^(?:(?:the|a|an|any|some|certain|other|various|several|their|your|his|her|its|both|either)\s+)+",
    re.IGNORECASE,
)
_CITED = re.compile(r"\s*\[\^?[\d,;\s–-]+\]")
_SENTENCE_CASE = re.compile(r"[A-Z][a-z]+(?:-(?![A-Z])|\s|$)")


def phrase(text: str) -> str:
    """A short noun phrase as a name: no determiner, no citation marker, no ragged ends.

    A capital that only begins a sentence is lowered.

    >>> phrase("The wide  local excision,")
    'wide local excision'
    """
    name = _DETERMINER.sub("", collapse(_CITED.sub("", text)).strip(" ,;:.•·-–*_`"))
    return name[:1].lower() + name[1:] if _SENTENCE_CASE.match(name) else name


class Source:
    """A sentence from which claims are made: offsets go in relative to the sentence."""

    def __init__(self, document: Document, sentence: Sentence) -> None:
        self.document = document
        self.sentence = sentence

    def page_span(self, span: Span) -> Span:
        """`span` of the sentence as offsets into the page."""
        return self.sentence.on_page(span)

    def evidence(self, exact: Span, rule: str, context: tuple[Span, ...] = ()) -> Evidence:
        """Evidence quoting this sentence; `exact` and `context` are offsets into the page.

        Where `exact` lies outside the sentence (a list item below it) the quote is the item and
        the sentence becomes context.
        """
        quoted = self.sentence.span
        if not quoted.start <= exact.start <= exact.end <= quoted.end:
            quoted, context = exact, (self.sentence.span, *context)
        return Evidence(
            document=self.document.id, span=quoted,
            quote=self.document.text[quoted.start:quoted.end], exact=exact,
            section=self.sentence.kind, cites=self.sentence.cites, rule=rule, context=context,
        )


def claim(  # noqa: PLR0913 - the axes of a claim are independent
    kind: str, name: str, value: str, evidence: Evidence, *,
    negated: bool = False, doubtful: bool = False, quantity: Quantity | None = None,
) -> Claim:
    """A claim whose id hashes all it says and where it says it."""
    identity = digest(kind, name, value, negated, doubtful, quantity, evidence.document,
                      evidence.span, evidence.exact, evidence.rule)
    return Claim(identity, kind, name, value, negated, doubtful, evidence, quantity)
