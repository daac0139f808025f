"""A name that is a kind of a known class: its modifiers taken off, its head has an identifier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from ..files import rows, shipped
from ..model import Grounding
from ..text import normalise
from .forms import singular_phrase
from .index import Index
from .resolve import Answer, resolve, variants
from .term import MINTED

TIER = "broader"
SCORE = 0.5  # the class is right, but it is not the thing itself
_EQUAL = frozenset({"label", "exact", "singular"})
_LONGEST = 12  # words; more is a sentence
_SHORTEST = 3  # letters: shorter names of vocabularies are symbols
_PHRASE = 5  # words of the longest modifier that a vocabulary names
_KEPT = 8192  # answers about words that are remembered: names repeat
# Whose names restrict a therapy: "thyroid surgery", "glaucoma medicines", "ethanol ablation".
_RESTRICTING = ("site", "disease", "phenotype", "drug")
_JOINED = re.compile(r"\s*(?:[,;/+]|\b(?:and|or|plus)\b)\s*", re.IGNORECASE)
_BROKEN = re.compile(r"[()\[\]{}:?!]|\.\s")


def place(name: str, categories: Sequence[str], index: Index) -> Answer:
    """The class of `name` (see `resolve`), else for a therapy what it is a kind of.

    The answer of tier "broader" has no class as its own: `grounding.broader` is above it.
    """
    answer = resolve(name, categories, index)
    if answer.grounding.tier != "minted" or "therapy" not in categories:
        return answer
    if answer.grounding.candidates:  # several classes have the name: which is above, nobody knows
        return answer
    above = index.term(_above(answer, name, categories, index))
    if above is None:
        return answer
    return Answer(answer.id, Grounding(TIER, SCORE, index.source_of(above.id), (), above))


def _above(answer: Answer, name: str, categories: Sequence[str], index: Index) -> str:
    """What our overlay says stands above its row, else what the words say."""
    stated = sorted(index.parents(answer.id)) if answer.id else []
    return stated[0] if stated else broader(name, categories, index)


def broader(name: str, categories: Sequence[str], index: Index) -> str:
    """The class that `name` is a kind of by its own words, empty where they do not tell.

    Only words of data/broader.tsv and names of sites, diseases, signs and drugs are taken off:
    "long-term oral antibiotics" are antibiotics, "anti-X", "non-X" and "X gene" are no X.
    """
    if _BROKEN.search(name) or len(normalise(name).split()) > _LONGEST:
        return ""
    wordings = [name, *(other for category in categories for other in variants(name, category))]
    for wording in dict.fromkeys(wordings):
        found = "" if _joins(wording, categories, index) else _by_head(wording, categories, index)
        found = found or _named("whole", normalise(wording), index)
        if found:
            return found
    return ""


def _joins(name: str, categories: Sequence[str], index: Index) -> bool:
    """Whether two therapies stand in one name: "surgery and radiation" is a kind of neither."""
    first, *others = _JOINED.split(name)
    if not others:
        return False
    after_link = any(_is("link", word) for word in normalise(first).split()[1:])
    return not after_link or any(
        resolve(part, categories, index).id or _by_head(part, categories, index)
        for part in others if part)


def _by_head(name: str, categories: Sequence[str], index: Index) -> str:
    """The class of the longest head that is left when modifiers before and after are taken off."""
    words = normalise(name).split()
    for end in range(len(words), 0, -1):
        if end < len(words) and not _is("link", words[end]):
            continue
        for start in range(end):
            if end - start == len(words):  # the whole is no kind of itself
                continue
            found = _head(words[start:end], categories, index)
            if found and _restricts(words[:start], words[start:end], found, index):
                return found
    return _by_form(words, index) or _named("phrase", " ".join(words), index)


def _head(words: Sequence[str], categories: Sequence[str], index: Index) -> str:
    """The class whose very name the words are, if it can stand as the head of a longer name."""
    head = " ".join(words)
    if named := _named("class", head, index):
        return named
    if _is("head", head) or not any(index.find(one, category) for category in categories
                                    for one in (head, singular_phrase(head), f"{head}s")):
        return ""
    answer = resolve(head, categories, index)
    fits = answer.grounding.tier in _EQUAL and not answer.id.startswith(MINTED)
    return answer.id if fits else ""


def _restricts(modifiers: Sequence[str], head: Sequence[str], found: str, index: Index) -> bool:
    """Whether the words are a row of modifiers that a head of this sort can have."""
    term = index.term(found)
    sort = term.category if term else ""
    fits = {sort, "any", head[-1]}
    reached = {0}
    for end in range(1, len(modifiers) + 1):
        if any(start in reached and _modifies(" ".join(modifiers[start:end]), fits, index)
               for start in range(max(0, end - _PHRASE), end)):
            reached.add(end)
    return len(modifiers) in reached


def _modifies(words: str, fits: set[str], index: Index) -> bool:
    if _listed(words, frozenset(fits)):
        return True
    if "therapy" not in fits or len(words) < _SHORTEST or _is("refuse", words):
        return False
    return not _is("link", words) and any(
        index.find(one, category) for category in _RESTRICTING
        for one in (words, singular_phrase(words)))


@lru_cache(_KEPT)
def _listed(words: str, fits: frozenset[str]) -> bool:
    """Whether data/broader.tsv has the words as a modifier of such a head."""
    return any(of & fits and pattern.fullmatch(words) for of, pattern in _modifiers())


def _by_form(words: Sequence[str], index: Index) -> str:
    """The drug in a preparation of it: "tacrolimus ointment" is a kind of tacrolimus."""
    for cut in (1, 2):
        if len(words) > cut and _is("form", " ".join(words[-cut:])):
            for start in range(len(words) - cut):
                found = _head(words[start:-cut], ("drug",), index)
                if found and _restricts(words[:start], words[start:-cut], found, index):
                    return found
    return ""


def _named(role: str, words: str, index: Index) -> str:
    """The class that a row of data/broader.tsv gives to these words, if an index has it."""
    return next((curie for curie, pattern in _classes(role)
                 if pattern.fullmatch(words) and index.term(curie)), "")


@cache
def _roles() -> dict[str, tuple[re.Pattern[str], ...]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for cells in _table():
        found.setdefault(cells["role"], []).append(re.compile(cells["pattern"]))
    return {role: tuple(patterns) for role, patterns in found.items()}


@cache
def _modifiers() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    """The patterns of modifiers, each with the sorts of head that it restricts."""
    return tuple((frozenset(cells["of"].split("|")), re.compile(cells["pattern"]))
                 for cells in _table() if cells["role"] == "modifier")


@cache
def _classes(role: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of a role whose rows name a class, each with that class."""
    return tuple((cells["of"], re.compile(cells["pattern"]))
                 for cells in _table() if cells["role"] == role)


@cache
def _table() -> tuple[dict[str, str], ...]:
    return tuple(cells for _, cells in rows(shipped("data/broader.tsv")))


@lru_cache(_KEPT)
def _is(role: str, words: str) -> bool:
    """Whether words in their normal form have this role in data/broader.tsv."""
    return any(pattern.fullmatch(words) for pattern in _roles().get(role, ()))
