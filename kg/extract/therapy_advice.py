"""Measures that a page advises in verbs: "keep the legs raised", "by lowering the dose"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Span
from .claims import phrase
from .frames import Match, fired, macros
from .lists import split
from .segment import Sentence
from .therapy_phrases import Therapy, nameable, trimmed
from .therapy_words import is_a, patterns

_OWNER = re.compile(r"\b(?:your|their|his or her|his|her|its|my)\s", re.IGNORECASE)
# A sentence that is a measure, up to its examples, its condition or its end.
_ALONE = re.compile(
    r"(?P<said>(?:Not )?[A-Za-z][a-z]+ing [^.;:(]{3,90}?)"
    r"(?:,? (?:such as|including|like|if|when|while|because|so)\b|,? \(|[.;:]|$)")
_NOTE = re.compile(r"(?<=\w)(?<!ing)\s\([^()]*\)?.*$")  # what a bracket adds to a measure
_AVOIDS = re.compile(r"avoid|limit", re.IGNORECASE)
_INTO = re.compile(r"(?:to|and|or|then|also|by)\s+", re.IGNORECASE)


def advice(sentence: Sentence) -> Iterator[tuple[Therapy, Match]]:
    """The measures that the rows of data/frames/advice.tsv find, with the row's match."""
    for match in fired(sentence, "advice"):
        for slot, _ in match.slots:
            for therapy in measures(sentence.masked, slot, match.frame.kind):
                yield therapy, match


def measure_alone(text: str) -> Iterator[Therapy]:
    """The measure that a sentence is, if it begins with a verb in -ing and has no other."""
    found = _ALONE.match(text)
    if found and not patterns()["finite"].search(text, 0, found.end()):
        yield from measures(text, Span(*found.span("said")), "doing")


def long_measures(text: str) -> tuple[Therapy, ...]:
    """The measures that a list item is, unless it says what to avoid or what shall be reached."""
    other = _AVOIDS.match(text) or patterns()["goal"].match(text)
    return () if other else tuple(measure_alone(text))


def measures(text: str, slot: Span, form: str) -> Iterator[Therapy]:
    """The measures of a list whose items begin with a verb; others belong to the item before."""
    starts = re.compile(macros()["ADVICE" if form == "plain" else "DOING"] + r"\b", re.IGNORECASE)
    items: list[Span] = []
    for span in split(text, slot.start, slot.end):
        skipped = _INTO.match(text, span.start)
        start = skipped.end() if skipped else span.start
        if starts.match(text, start):
            items.append(Span(start, span.end))
        elif items:
            items[-1] = Span(items[-1].start, span.end)
    for item in items:
        yield from _measure(text, item)


def _measure(text: str, item: Span) -> Iterator[Therapy]:
    raw = _NOTE.sub("", text[item.start:item.end])
    cut = patterns()["measure_tail"].search(raw, len(raw.split(" ")[0]) + 1)
    verb, _, rest = raw[:cut.start() if cut else len(raw)].partition(" ")
    rest = trimmed(f"x {rest}")[0].partition(" ")[2] if rest else ""
    name = phrase(_OWNER.sub("", f"{doing(verb.lower())} {rest}")).strip()
    empty = patterns()["no_advice"].search(name)
    if rest and verb.isalpha() and nameable(name) and not empty:
        yield Therapy(name, Span(item.start, item.start + len(verb) + 1 + len(rest)), "")


def doing(verb: str) -> str:
    """The verb in -ing; one that has it stays as it is.

    >>> doing("take"), doing("cut"), doing("keep"), doing("lie"), doing("raising")
    ('taking', 'cutting', 'keeping', 'lying', 'raising')
    """
    if len(verb) > 4 and verb.endswith("ing"):
        return verb
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if is_a(verb, "doubled"):
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1] if verb.endswith('e') else verb}ing"
