"""What the words around a mention say: that treatment is spoken of, or that none is meant."""

from __future__ import annotations

import re

from ..model import Span
from .segment import Sentence
from .therapy_phrases import Therapy
from .therapy_words import core, is_a, is_empty, patterns

# Sections whose sentences speak of other things unless a frame says otherwise.
ELSEWHERE = frozenset(
    {"cause", "risk", "diagnosis", "symptoms", "inheritance", "statistics", "table"})
_BLOCKED = re.compile(r"[^\w,;]*(?:[\w'-]+[^\w,;]+){0,1}$")
# What is a therapy only where it is given: "oxygen is given", "patients are given fluids".
_GIVEN = re.compile(
    r"(?: (?:usually|also|often|then|sometimes))?"
    r" (?:(?:may|can|should|must|will)(?: also)? be|is|are)"
    r"(?: \w+ly| often| also)? (?:given|begun|started)"
    r"(?=\W*$|[,;)]|\s+(?:to|by|through|via|in|into|for|as|at|when|if|with|during|after|before|once"
    r"|and|every|daily|\w+ly|right|long)\b)|(?: (?:is|are))? rarely called for", re.IGNORECASE)
_GIVES = re.compile(
    r"\b(?:give|gives|given|receive|receives|along with)(?: you| them| the (?:baby|child|patient)s?"
    r"| extra| more)? $", re.IGNORECASE)


def asked_for(therapy: Therapy, text: str) -> bool:
    """Whether a sentence recommends what is a therapy only when it is recommended ("rest")."""
    what = core(therapy.name)
    named = not is_empty(what) if is_a(what.split()[-1].lower(), "served") else not is_empty(
        therapy.name.split()[-1])
    span = therapy.span
    given = _GIVEN.match(text, span.end) or _GIVES.search(text, max(0, span.start - 40), span.start)
    return named and bool(given or patterns()["request"].search(text))


def treats(sentence: Sentence) -> bool:
    """Whether a sentence outside treatment sections speaks of treatment all the same."""
    text = sentence.masked
    return (sentence.kind not in ELSEWHERE and bool(patterns()["cue"].search(text))
            and not patterns()["risk"].search(text))


def blocked(text: str, span: Span) -> bool:
    """Whether the words before a mention make it no statement ("caused by", "after")."""
    before = text[max(0, span.start - 60):span.start]
    return any(_BLOCKED.match(before[found.end():])
               for found in patterns()["block"].finditer(before))
