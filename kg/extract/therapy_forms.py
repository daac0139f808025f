"""Therapies that a sentence names by a verb or an adjective: "is removed", "is symptomatic"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .caseless import Caseless
from .frames import caseless_row, seen
from .gates import gate, literals
from .segment import Sentence
from .status import STANDARD, status
from .therapy_phrases import Therapy

# Sections in which a row fires only where it names them.
_SILENT = frozenset({"cause", "risk", "diagnosis", "symptoms", "statistics", "table"})


class Form(Struct, frozen=True):
    """One row of data/therapy_forms.tsv."""

    rule: str
    name: str
    value: str
    sections: frozenset[str]
    gate: int
    pattern: Caseless


@cache
def forms() -> tuple[Form, ...]:
    """The rows of data/therapy_forms.tsv."""
    path = shipped("data/therapy_forms.tsv")
    return tuple(
        Form(cells["rule"], cells["name"], cells["value"], frozenset(cells["sections"].split()),
             gate(literals(cells["needs"])), caseless_row(cells["pattern"], path, line))
        for line, cells in rows(path))


def formed(sentence: Sentence) -> Iterator[tuple[Therapy, str, str]]:
    """The therapies that the rows find in the sentence, each with its standing and its rule."""
    known = forms()  # before the gates are asked: loading it adds to them
    gates = seen(sentence.masked).gates
    for form in known:
        if sentence.kind not in form.sections if form.sections else sentence.kind in _SILENT:
            continue
        if form.gate & gates != form.gate:
            continue
        for match in form.pattern.finditer(sentence.masked):
            groups = {key: (value or "").lower() for key, value in match.groupdict().items()}
            named = next((key for key, value in groups.items() if value), 0)
            span = Span(*match.span(named))
            cue = status(sentence.masked, span)
            value = form.value or (cue.value if cue else STANDARD)
            yield Therapy(form.name.format(**groups), span, "strong"), value, form.rule
