"""Prognostic factors whose sentences name their outcome: the edge that Biolink has for them."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from .kgx_cells import Row

FILE = "data/kgx_outcomes.tsv"
ASSOCIATION = "biolink:EntityToPhenotypicFeatureAssociation"
PROJECTED = "-outcome"  # ends the id of a projected edge: it sorts where its statement does
_GENERAL = "general"
_DIRECTIONS = frozenset({"favourable", "unfavourable"})
_NUMBER = re.compile(r"\d\s?%|\d+ (?:out )?of \d+")


class Outcome(Struct, frozen=True):
    """A class of HPO that factors make more or less likely.

    `words` is a pattern; the sentence `example` is about the outcome, `counter` is not.
    """

    id: str
    label: str
    better: str
    worse: str
    words: str
    example: str
    counter: str

    def named_in(self, sentence: str) -> bool:
        """Whether a sentence has one of the words."""
        return bool(_pattern(self.words).search(sentence))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@cache
def outcomes() -> dict[str, Outcome]:
    """The rows of data/kgx_outcomes.tsv by id; "general" names no outcome of its own."""
    return {cells["id"]: Outcome(*(cells[name] for name in Outcome.__struct_fields__))
            for _, cells in rows(shipped(FILE))}


def outcome(measured: Row) -> Outcome | None:
    """The one outcome that a row among the measurements is about, if an edge to it would be true.

    None unless the row is a sure prognostic factor with a direction, and each of its sentences
    names that outcome, no other and not the outlook as a whole.  A sentence with a share of people
    says how many do well, not what the factor does.
    """
    if measured.get("kind") != "prognostic_factor" or measured["measure"] not in _DIRECTIONS or any(
            measured.get(name) for name in ("negated", "doubtful", "contradicts")):
        return None
    sentences = measured.get("supporting_text", ())
    found = [one for one in outcomes().values() if any(map(one.named_in, sentences))]
    if len(found) != 1 or found[0].id == _GENERAL or any(map(_NUMBER.search, sentences)):
        return None
    return found[0] if all(map(found[0].named_in, sentences)) else None


def projected(measured: Row, edge: Row, found: Outcome) -> Row:
    """The edge from a prognostic factor to its outcome.

    `measured` is the factor's row among the measurements, `edge` the statement as an edge, of
    which it takes over sentences and words.
    """
    predicate = found.better if measured["measure"] == "favourable" else found.worse
    return {**edge, "id": edge["id"] + PROJECTED,
            "category": [ASSOCIATION], "predicate": predicate, "object": found.id,
            "disease_context_qualifier": measured["disease"]}


def node(found: Outcome) -> Row:
    """The node of an outcome, as KGX has it."""
    return {"id": found.id, "category": ["biolink:PhenotypicFeature"], "name": found.label}
