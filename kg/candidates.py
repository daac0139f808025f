"""What a name without an identifier may mean: similar names, to be judged, never asserted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from .ground import Ungrounded
from .mappings import Row, known, source_of
from .mappings import write as write_set
from .model import Statement
from .ontology import kinds
from .prefixes import Prefixes
from .summary import IDENTITY
from .text import normalise
from .version import VERSION
from .vocab.forms import guard
from .vocab.index import Index
from .vocab.resolve import live
from .vocab.similar import Finder, Similar, words_of

FILE = "candidates.sssom.tsv"
OFFERED = 3  # candidates of a name, at most
LOOKED_AT = 6  # similar names, to have enough where several are of one class
MEASURE = "Dice coefficient of word stems, the rarer the heavier"
TITLE = "What names without an identifier may mean: for review, nothing of it is asserted"
SIMILAR = "semapv:LexicalSimilarityThresholdMatching"
CLOSE, BROAD, RELATED = "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch"
# After these words a phrase only says more of what stands before them.
_AFTER_HEAD = frozenset({
    "about", "after", "against", "among", "as", "at", "before", "by", "called", "during", "for",
    "from", "in", "into", "of", "on", "that", "through", "to", "using", "when", "which", "who",
    "with", "within", "without"})
_DENIES = frozenset({"no", "not", "without", "avoid", "type", "kind", "form"})
_WORD = re.compile(r"[\w-]+")
_MEANING = 3  # letters of a word that can mean something on its own
_ARTICLE = frozenset({"a"})  # in running text it is no letter that tells two things apart


class Candidate(Row, frozen=True, order=True):
    """A row of candidates.sssom.tsv.

    `confidence` is the share of such rows that were right when we read some of them.
    """

    subject_category: str = ""
    object_category: str = ""
    mapping_tool: str = "rarekg"
    mapping_tool_version: str = VERSION
    confidence: str = ""
    match_string: str = ""
    similarity_score: str = ""
    similarity_measure: str = ""
    comment: str = ""


class _Rule(Struct, frozen=True):
    """What similar names with these differences are offered as, and from which score on."""

    predicate: str
    least: float
    confidence: float


# By what the candidate has that the name has not, and the reverse (see vocab.similar.Similar).
# The confidences are shares of rows that were right among those we read: docs/grounding.md.
_SAME = _Rule(CLOSE, 0.75, 0.9)
_BROADER = _Rule(BROAD, 0.55, 0.85)
_PART = _Rule(RELATED, 0.6, 0.9)
_NARROWER = _Rule(RELATED, 0.75, 0.6)
_OTHER = _Rule(RELATED, 0.7, 0.6)
# Names that say what an id is called are of everything ("history"): they must be more alike.
_MORE = {"concept": 0.15}
LEAST = min(rule.least for rule in (_SAME, _BROADER, _PART, _NARROWER, _OTHER))


@cache
def categories(category: str) -> tuple[str, ...]:
    """Where candidates for the names of a category are looked for, the likeliest first."""
    found = [category]
    for kind in kinds().values():
        if kind.category == category:
            found.extend(kind.vocabularies)
    more = ("chemical", "site", "concept") if category == "factor" else ("concept",)
    return tuple(dict.fromkeys((*found, *more)))


def unnamed(statements: Iterable[Statement]) -> tuple[Ungrounded, ...]:
    """The row of ungrounded.tsv for a page whose own disease got an identifier of ours."""
    return tuple(
        Ungrounded(statement.names[0], "disease", statement.disease.id, how.candidates,
                   "several classes have this name" if how.candidates
                   else "no vocabulary has this name")
        for statement in statements if statement.kind == IDENTITY
        and (how := statement.grounding) is not None and how.tier == "minted")


def candidates(names: Iterable[tuple[Ungrounded, int]], index: Index) -> tuple[Candidate, ...]:
    """The candidates of every name that got an identifier of ours, given with its number of
    statements; of names with one identifier the first stands for all."""
    finder, seen, found = Finder(index.path), set[str](), list[Candidate]()
    for name, count in names:
        if name.id not in seen:
            seen.add(name.id)
            found.extend(_rows(name, count, index, finder))
    return tuple(sorted(found))


def _rows(name: Ungrounded, count: int, index: Index, finder: Finder) -> Iterator[Candidate]:
    return rows(name, count, offered(name, index, finder))


def offered(name: Ungrounded, index: Index, finder: Finder) -> tuple[Offer, ...]:
    """What a name without an identifier may mean."""
    return offers(name.name, categories(name.category), index, finder, name.candidates)


def rows(name: Ungrounded, count: int, found: Iterable[Offer]) -> Iterator[Candidate]:
    """The rows of a name that `count` statements have, given what it may mean."""
    comment = f"{count} statement{'s' if count > 1 else ''}"
    for offer in found:
        yield Candidate(
            name.id, offer.predicate, offer.id, offer.justification, name.name, offer.label, "",
            source_of(offer.id), name.category, offer.category,
            confidence=f"{offer.confidence:g}", match_string=offer.match,
            similarity_score=f"{offer.score:g}", similarity_measure=MEASURE, comment=comment)


def write(out: Path, names: Iterable[tuple[Ungrounded, int]], index: Index,
          prefixes: Prefixes) -> int:
    """Write candidates.sssom.tsv for these names into the folder `out`; returns its rows."""
    rows = (row for row in candidates(names, index) if known(row, prefixes))
    return write_set(out / FILE, rows, prefixes, index.releases(), Candidate.__struct_fields__,
                     TITLE)


class Offer(Struct, frozen=True):
    """A class that a name may mean, by which of its names (`match`), and as what."""

    id: str
    label: str
    category: str
    predicate: str
    score: float
    confidence: float
    match: str
    justification: str = SIMILAR


def offers(name: str, categories: tuple[str, ...], index: Index, finder: Finder,
           tied: Iterable[str] = ()) -> tuple[Offer, ...]:
    """The best classes that `name` may mean: those that tie for it, then similar ones."""
    found: dict[str, Offer] = {}
    for curie in tied:
        if (term := index.term(curie)) is not None:
            found[curie] = Offer(curie, term.label, term.category, CLOSE, 1.0, 0.5,
                                 normalise(name), "semapv:LexicalMatching")
    if not found:
        for similar in finder.similar(normalise(name), categories, LOOKED_AT, LEAST):
            for offer in _offered(name, similar, index):
                found.setdefault(offer.id, offer)
    return tuple(found.values())[:OFFERED]


def _offered(name: str, similar: Similar, index: Index) -> Iterator[Offer]:
    """The classes that have a similar name, if its numbers and guard words allow it."""
    rule = _rule(name, similar)
    if rule is None or similar.score < rule.least + _MORE.get(similar.category, 0.0):
        return
    if similar.written and similar.written not in _WORD.findall(name):
        return  # "can" is no CAN
    hits = index.hits(similar.name, similar.category)
    best = [hit for hit in hits if hit.scope == hits[0].scope]
    for curie in live(index, best):
        term = index.term(curie)
        if term is not None:
            yield Offer(curie, term.label, similar.category, rule.predicate, similar.score,
                        rule.confidence, similar.name)


def _rule(name: str, similar: Similar) -> _Rule | None:
    """Which rule a similar name falls under; none where it has a number, letter or guard word
    that the name has not, or shares nothing else."""
    ours, theirs = guard(name), guard(similar.name)
    words = words_of(similar.name)
    if theirs - ours or not _tells(words - theirs, words_of(normalise(name)), similar):
        return None
    if not similar.extra:
        if not similar.missing:
            return _SAME if ours - _ARTICLE == theirs - _ARTICLE else _PART
        return _BROADER if similar.category != "gene" and _is_kind(name, words) else _PART
    if ours - theirs - _ARTICLE:
        return None
    return _OTHER if similar.missing else _NARROWER


def _tells(words: frozenset[str], ours: frozenset[str], similar: Similar) -> bool:
    """Whether one of the words that are no guard words is shared, and long enough to mean it."""
    if similar.category == "gene":
        return True
    shared = words & ours if similar.missing or similar.extra else words
    return any(len(word) >= _MEANING for word in shared)


def _is_kind(name: str, words: frozenset[str]) -> bool:
    """Whether the name is of the sort that the words of a broader name say: it has their head,
    and nothing is done to it or denied."""
    first = normalise(name).partition(" ")[0]
    return words_of(_head(name)) <= words and first not in _DENIES and not first.endswith("ing")


def _head(name: str) -> str:
    """The word that says what the thing is: the last before a preposition or a clause.

    >>> _head("oral steroids for the skin"), _head("BRCA1 gene mutation")
    ('steroids', 'mutation')
    """
    words = normalise(name).split()
    end = next((place for place, word in enumerate(words) if place and word in _AFTER_HEAD),
               len(words))
    return words[end - 1] if words else ""
