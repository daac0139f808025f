"""Whom a figure is about: the page's disease, a part of it, or another disease."""

from __future__ import annotations

import re

from ..model import Span
from .claims import phrase
from .figure_bounds import Figure
from .page import Lexicon, Page
from .segment import FOCUS, Sentence

_SHARE = re.compile(r"\b(?:mak(?:es?|ing) up|account(?:s|ed|ing)? for|compris\w+|constitut\w+"
                    r"|represent\w*)\b", re.IGNORECASE)
_PEOPLE_WITH = re.compile(
    r"\b(?:people|individuals|patients|persons|children|adults|infants|women|men|those|males|females)"
    r" (?:with|who have|who had|having|diagnosed with|affected by|suffering from) "
    r"(?:(?:a|an|the|severe|mild|classic|active|untreated|advanced|chronic|acute|early) )*",
    re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|occurs?|affects?|develops?|appears?|begins?"
                   r"|may|can|will)\b", re.IGNORECASE)
_ANAPHOR = re.compile(r"\b(?:it|they|these|this)\b", re.IGNORECASE)
_PRONOUNS = frozenset({"it", "they", "these", "this", "those", "which", "that", "he", "she", "we"})
# Kinds that say how common something is: of which disease depends on the subject alone.
FREQUENCIES = frozenset({"prevalence", "incidence", "case_count"})
MAX_LEAD = 12


def of_others(masked: str, within: Span, figure: Figure, page: Page) -> bool:
    """Whether the clause counts people with another disease in a sentence without the page's."""
    if FOCUS in masked or figure.shape not in {"percent", "rate", "count"}:
        return False
    if _ANAPHOR.search(masked, within.start, figure.span.start):
        return False
    found = _PEOPLE_WITH.search(masked, within.start, within.end)
    if not found:
        return False
    rest = masked[found.end():within.end]
    others = {curie for span, curie in page.lexicon.tag(rest, "disease") if span.start == 0}
    own = {curie for name in (page.document.title, *page.names)
           for curie in page.lexicon.find(name, "disease")}
    return bool(others - own)


def subject(sentence: Sentence, within: Span, before: Span, kind: str, lexicon: Lexicon) -> str:
    """The page's words for what is counted, where that is not its disease; else "".

    `within` is the figure's clause, `before` what of it stands before the figure.
    """
    if FOCUS in sentence.masked[within.start:within.end]:
        return ""
    share = _SHARE.search(sentence.masked, before.start, before.end)
    if share:
        words = phrase(sentence.text[within.start:share.start()])
        return "" if words.lower().partition(" ")[0] in _PRONOUNS else words
    return _other_disease(sentence, within, lexicon) if kind in FREQUENCIES else ""


def _other_disease(sentence: Sentence, within: Span, lexicon: Lexicon) -> str:
    """A disease that begins the clause as the subject of its verb."""
    part = sentence.masked[within.start:within.end]
    first = next(iter(lexicon.tag(part, "disease")), None)
    verb = _VERB.search(part)
    if first is None or verb is None or first[0].start > MAX_LEAD or first[0].end > verb.start():
        return ""
    return phrase(sentence.text[within.start:within.start + verb.start()])
