"""When a fact that was read is the same as one that was annotated: the rules of kg evaluate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

# Words that do not tell one name from another.
_EMPTY = frozenset((
    "a", "an", "the", "of", "for", "to", "in", "on", "with", "and", "or", "by", "from", "at", "as",
    "such", "other", "some", "certain", "any", "all", "use", "using", "used", "patient", "patients",
    "person", "people", "affected", "individual", "individuals",
))
_WORD = re.compile(r"[a-z0-9]+")
_BREAKS = re.compile(r"\W+")
_NAMESPACE = re.compile(r"^(pmid|pmcid|doi):?")
SAME = 0.6  # of the words that two names have together, counted as F1
SAME_PLACE = 0.7  # of the words of the shorter quote
SAME_TITLE = 0.7
WITHIN = 0.5  # a name within the other, or a figure of another kind, in one place
TOLERANCE = 0.02
IDENTIFIERS = ("pmid", "pmcid", "doi")


class Item(Struct, frozen=True):
    """One annotated or predicted fact; `fields` are its other keys as they were written."""

    names: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    fields: Mapping[str, Any] = {}
    optional: bool = False

    def allowed(self, field: str) -> tuple[object, ...]:
        """The value of a field and those that a fair reader would accept too."""
        other = self.fields.get(f"alt_{field}")
        more = other if isinstance(other, list) else [] if other is None else [other]
        return (self.fields.get(field), *more)


def item(written: object, optional: bool = False) -> Item:
    """The fact in one element of an annotation or a record: an object or a bare name."""
    if not isinstance(written, dict):
        return Item((str(written),), optional=optional)
    quotes = written.get("quote") or written.get("quotes") or ()
    return Item(
        (written.get("name") or "", *(written.get("aliases") or ())),
        (quotes,) if isinstance(quotes, str) else tuple(quotes),
        written, optional or bool(written.get("optional")))


class Written(Struct):
    """What the keys of an annotated or predicted fact hold, as far as they are compared."""

    name: str | None = None
    aliases: list[str] | None = None
    quote: str | list[str] | None = None
    quotes: str | list[str] | None = None
    title: str | None = None
    low: float | None = None
    high: float | None = None
    cites: list[int] | None = None
    alt_cites: list[int] | None = None


# ---------------------------------------------------------------- words and places


@lru_cache(maxsize=1 << 16)
def content(name: str) -> tuple[str, ...]:
    """The words of a name that count, in the singular."""
    words = _WORD.findall(name.lower().replace("'s", ""))
    return tuple(_singular(word) for word in words if word not in _EMPTY)


def _singular(word: str) -> str:
    if len(word) <= 3:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] in "sxz":
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> str:
    return _BREAKS.sub(" ", text.lower()).strip()


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """The F1 of the words that two names share."""
    first, second = set(one), set(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def one_place(one: Item, other: Item) -> bool:
    """Whether a quote of the one is a quote of the other, or shares most of its words."""
    return any(_same_quote(_plain(first), _plain(second))
               for first in one.quotes for second in other.quotes)


def _same_quote(first: str, second: str) -> bool:
    if not first or not second:
        return False
    if first in second or second in first:
        return True
    words, others = set(first.split()), set(second.split())
    return len(words & others) / min(len(words), len(others)) >= SAME_PLACE


# ---------------------------------------------------------------- likeness, kind by kind

Likeness = Callable[[Item, Item], float]


def named(least: float, contained: bool = False) -> Likeness:
    """Names alike from `least` on; `contained`: one within the other counts in one place."""

    def likeness(gold: Item, found: Item) -> float:
        best = 0.0
        for first in gold.names:
            for second in found.names:
                words, others = content(first), content(second)
                if not words or not others:
                    continue
                if words == others or _plain(first) == _plain(second):
                    return 1.0
                shared = overlap(words, others)
                if shared < least:
                    within = set(words) <= set(others) or set(others) <= set(words)
                    shared = WITHIN if contained and within and one_place(gold, found) else 0.0
                best = max(best, shared)
        return best

    return likeness


def measured(gold: Item, found: Item) -> float:
    """Figures are alike by their numbers; one of another kind only in one place."""
    if not all(_close(gold.fields.get(end), found.fields.get(end)) for end in ("low", "high")):
        return 0.0
    if found.fields.get("kind") in gold.allowed("kind"):
        return 1.0
    return WITHIN if one_place(gold, found) else 0.0


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other), 1e-9)


def published(gold: Item, found: Item) -> float:
    """Publications are alike by number and an identifier, else the title."""
    if gold.fields.get("number") != found.fields.get("number"):
        return 0.0
    if any(gold.fields.get(key) and _bare(gold, key) == _bare(found, key)
           for key in (*IDENTIFIERS, "url")):
        return 1.0
    shared = overlap(*(content(one.fields.get("title") or "") for one in (gold, found)))
    return shared if shared >= SAME_TITLE else 0.0


def _bare(one: Item, key: str) -> str:
    return _NAMESPACE.sub("", str(one.fields.get(key) or "").strip().lower())


# ---------------------------------------------------------------- the kinds and their attributes


class Rule(Struct, frozen=True):
    """How the items of one field are matched, and which field of theirs is their attribute."""

    likeness: Likeness
    attribute: str = ""


_FREE, _STRICT = named(SAME, contained=True), named(0.85)
RULES: dict[str, Rule] = {
    "synonyms": Rule(_STRICT),
    "risk_factors": Rule(_FREE, "effect"),
    "causes": Rule(_FREE, "certainty"),
    "therapies": Rule(_FREE, "status"),
    "prognostic_factors": Rule(_FREE, "direction"),
    "figures": Rule(measured),
    "genes": Rule(_STRICT),
    "inheritance": Rule(named(SAME)),
    "publications": Rule(published, "ids"),
}


def pairs(kind: str, gold: list[Item], found: list[Item]) -> list[tuple[int, int]]:
    """Places of the items that match, each used once, the likest first."""
    likeness = RULES[kind].likeness
    ranked = sorted((-likeness(one, other), i, j)
                    for i, one in enumerate(gold) for j, other in enumerate(found))
    left, right, made = set[int](), set[int](), []
    for score, i, j in ranked:
        if score < 0 and i not in left and j not in right:
            left.add(i)
            right.add(j)
            made.append((i, j))
    return made


def attribute_right(kind: str, gold: Item, found: Item) -> bool:
    """Whether the attribute is the annotated one; a publication's is its year and identifiers."""
    if kind != "publications":
        name = RULES[kind].attribute
        return found.fields.get(name) in gold.allowed(name)
    year = gold.fields.get("year")
    return (year is None or year == found.fields.get("year")) and all(
        _bare(gold, key) == _bare(found, key) for key in IDENTIFIERS if gold.fields.get(key))


def cites_right(gold: Item, found: Item) -> bool:
    """Whether the citation numbers are the annotated ones, or the others that were accepted."""
    said = sorted(found.fields.get("cites") or ())
    first = gold.fields["cites"] or ()
    return said in (sorted(first), sorted(gold.fields.get("alt_cites") or first))
