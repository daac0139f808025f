"""Prognostic factors by grammar: a clause that judges an outcome, and its other argument."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .caseless import caseless
from .coordination import listed
from .frames import Frame, Match, macros, seen
from .gates import Gated, gate, gates, literals
from .naming import final, is_any, rewritten, trimmed
from .outcome_clauses import READERS, VALUES
from .outcome_words import words
from .requisites import requisites
from .segment import FOCUS, Sentence
from .slots import Named

SECTIONS = frozenset({"prognosis", "treatment", "summary"})
_NAME = re.compile(r"\{([A-Z_]+)\}")
# Whole age groups and sexes that are compared with another ("children do better than adults").
_AGES = {"children": "childhood", "infants": "infancy", "adults": "adulthood",
         "women": "female sex", "men": "male sex", "girls": "female sex", "boys": "male sex"}
MAX_WORDS = 16
FATES = "outcome-fate-"  # begins the rules that read their own negation
CONDITIONS = "outcome-conditions-"  # begins the rules of leads whose items are clauses


class Judgement(Struct, frozen=True):
    """One row: `pattern` judges an outcome; `role` says where in the clause its factor stands."""

    role: str
    frame: Frame


@cache
def judgements() -> tuple[Judgement, ...]:
    """The rows of data/outcomes.tsv that are no words, in their order.

    Raises DataError naming the row whose cells are malformed.
    """
    return tuple(_judgement(row) for row in table())


class Row(Struct, frozen=True):
    """A row of data/outcomes.tsv that is no word; `names` are the macros of its pattern."""

    line: int
    cells: Mapping[str, str]
    names: Mapping[str, str]
    expanded: str


def table() -> Iterator[Row]:
    """The rows that judge, in their order; the words between them are their macros."""
    names = dict(macros())
    for line, cells in rows(shipped("data/outcomes.tsv")):
        pattern = _NAME.sub(lambda name: names[name.group(1)], cells["pattern"])
        if cells["role"] == "word":
            names[cells["sign"]] = pattern
        else:
            yield Row(line, cells, names, pattern)


def _judgement(row: Row) -> Judgement:
    cells = row.cells
    needs = requisites(cells["pattern"], row.names, row.expanded)
    frame = Frame(f"outcome-{cells['role']}-{cells['sign']}-{row.line}", "prognostic_factor",
                  VALUES[cells["sign"]], caseless(row.expanded),
                  gate(literals(cells["needs"])) | gates(needs), SECTIONS)
    return Judgement(cells["role"], frame)


def judged(sentence: Sentence) -> Iterator[Match]:
    """Each judgement of an outcome in the sentence, its slot holding what the outcome hangs on."""
    if sentence.kind not in SECTIONS:
        return
    gated = _gated()
    view = seen(sentence.masked)
    for judgement in gated.open(view.low):
        for found in judgement.frame.pattern.found(sentence.masked, view.low):
            yield from READERS[judgement.role](sentence, judgement.frame, found)


@cache
def _gated() -> Gated[Judgement]:
    return Gated((judgement.frame.gate, judgement) for judgement in judgements())


def judged_by(sentence: Sentence, match: Match) -> Iterator[Named]:
    """The names of the factors in the slots of a judgement; what names none is left out."""
    text = sentence.masked
    for slot, splits in match.slots:
        than = text.startswith(" than ", match.whole.end)
        for span in _listed(text, slot, splits):
            said = words()["front"].sub("", text[span.start:span.end].strip(" ,"))
            name = _AGES.get(said.lower(), "") if than else ""
            name = name or rewritten(trimmed(said, clause=True))
            if name in _AGES.values() or (_fit(said) and _fit(name)):
                yield Named(final(name, proper=False), span)


def _listed(text: str, slot: Span, splits: bool) -> Iterator[Span]:
    """The items of a slot, those that "nor" parts among them."""
    for span in listed(text, slot, splits, subject=False):
        start = span.start
        for nor in re.finditer(r"\snor\s", text[span.start:span.end]):
            yield Span(start, span.start + nor.start())
            start = span.start + nor.end()
        yield Span(start, span.end)


def _fit(phrase: str) -> bool:
    """Whether a phrase may name a factor: not the disease, people or care as such."""
    known = words()
    bare = phrase.replace(FOCUS, "").strip(" ,;:-")
    if len(bare) < 3 or known["vague"].match(bare) or known["no_noun"].match(bare):
        return False
    if len(bare.split()) > MAX_WORDS or (
            FOCUS in phrase and len(bare.split()) < 3 and not known["kind"].search(bare)
            and not known["subtype"].match(phrase)):
        return False
    # A number or a measure is no name by itself, but "after 90 days" sets a group apart.
    plain = known["number"].sub("nine", re.sub(r"^(?:after|without|within|how) ", "", bare))
    if is_any(plain, "junk"):
        return False
    is_care = known["care"].search(known["head_end"].split(bare)[0])
    return not is_care or known["timely"].search(bare) is not None
