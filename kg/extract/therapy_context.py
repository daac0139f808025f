"""What the words around a mention say: that treatment is spoken of, or that none is meant."""

from __future__ import annotations

import re

from ..model import Span
from .segment import Sentence
from .therapy_phrases import Therapy
from .therapy_words import core, is_a, is_empty, patterns, says

# Sections whose sentences speak of other things unless a frame says otherwise.
ELSEWHERE = frozenset(
    {"cause", "risk", "diagnosis", "symptoms", "inheritance", "statistics", "table"})
# What a term of a list is, after its colon: "Total excision: An operation to remove all of it".
_GLOSS = re.compile(r":\s+(?:an?|the|surgery|treatment|removal|use)\b", re.IGNORECASE)
_TERM_AGAIN = re.compile(r"((\w+)\b[^:]{0,80}?):\s+\2\b", re.IGNORECASE)
_BLOCKED = re.compile(r"[^\w,;]*(?:[\w'-]+[^\w,;]+){0,1}$")


def asked_for(therapy: Therapy, text: str) -> bool:
    """Whether a sentence recommends what is a therapy only when it is recommended ("rest")."""
    what = core(therapy.name)
    named = not is_empty(what) if is_a(what.split()[-1].lower(), "served") else not is_empty(
        therapy.name.split()[-1])
    span = therapy.span
    given = patterns()["given"].match(text, span.end) or patterns()["gives"].search(
        text, max(0, span.start - 40), span.start)
    return named and bool(given or patterns()["request"].search(text))


def treats(sentence: Sentence) -> bool:
    """Whether a sentence outside treatment sections speaks of treatment all the same."""
    text = sentence.masked
    return (sentence.kind not in ELSEWHERE and says("cue", text)
            and not patterns()["risk"].search(text))


def blocked(text: str, span: Span) -> bool:
    """Whether the words around a mention make it no statement ("caused by", "if … fails")."""
    before = text[max(0, span.start - 60):span.start]
    return any(_BLOCKED.match(before[found.end():])
               for found in patterns()["block"].finditer(before)) or bool(
        patterns()["condition"].search(before) and patterns()["unmet"].match(text, span.end))


def end_of_term(text: str) -> int:
    """Where a list item ends or its explanation begins."""
    again, gloss = _TERM_AGAIN.match(text), _GLOSS.search(text)
    if again:
        return again.end(1)
    return gloss.start() if gloss else len(text.rstrip(" .;"))
