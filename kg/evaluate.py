"""Records measured against annotated pages: how much is right, how much is found, how sure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from . import jsonl
from .errors import DataError, UnknownName
from .matching import RULES, Item, Written, attribute_right, cites_right, item, pairs

RESAMPLES = 1000
MEASURES = ("precision", "recall", "f1", "attribute", "cites")


class Count(Struct, frozen=True):
    """How many items of one kind are right, spurious and missed, and right in their details."""

    right: int = 0
    spurious: int = 0
    missed: int = 0
    attributes: int = 0
    attributes_right: int = 0
    cites: int = 0
    cites_right: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(*(getattr(self, name) + getattr(other, name)
                       for name in Count.__struct_fields__))


class Score(Struct, frozen=True):
    """The measures of a count; None where there is nothing to measure."""

    gold: int
    predicted: int
    precision: float
    recall: float
    f1: float
    attribute: float | None
    cites: float | None

    def rounded(self) -> Score:
        """The measures with three decimals."""
        return Score(self.gold, self.predicted, round(self.precision, 3), round(self.recall, 3),
                     round(self.f1, 3), _rounded(self.attribute), _rounded(self.cites))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


class Fault(Struct, frozen=True):
    """One difference: `what` is missed, spurious, or the name of the field that differs."""

    page: str
    kind: str
    what: str
    name: str
    expected: str
    got: str
    quote: str


class Page(Struct, frozen=True):
    """What one annotated page gave: counts by kind, and the differences."""

    page: str
    source: str
    counts: Mapping[str, Count]
    faults: tuple[Fault, ...]
    found: bool


class Evaluation(Struct, frozen=True):
    """All annotated pages against the records."""

    pages: tuple[Page, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The annotated pages without a record."""
        return tuple(page.page for page in self.pages if not page.found)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every difference, in the order of the annotation."""
        return tuple(fault for page in self.pages for fault in page.faults)

    def scores(self) -> dict[str, Score]:
        """The measures of each kind over all pages."""
        return {kind: score(total(self.pages, kind)) for kind in RULES}

    def sources(self) -> dict[str, dict[str, Score]]:
        """The measures of each kind over the pages of each folder, kinds without items left out."""
        names = sorted({page.source for page in self.pages})
        groups = {name: [page for page in self.pages if page.source == name] for name in names}
        return {name: {kind: score(counted) for kind in RULES
                       if (counted := total(group, kind)) != Count()}
                for name, group in groups.items()}


def read(path: Path) -> list[dict[str, Any]]:
    """The pages of an annotation or of records.jsonl; raises DataError naming a bad line."""
    found = []
    for number, one in enumerate(jsonl.read(path, dict), 1):
        if not isinstance(one.get("page"), str):
            raise DataError(path, number, 'no "page" with the path of a page')
        for kind in (name for rule in RULES for name in (rule, f"{rule}_optional")):
            try:
                msgspec.convert(one.get(kind), list[Written | str] | None)
            except (msgspec.ValidationError, OverflowError) as error:
                raise DataError(path, number, f"{kind}: {error}") from None
            except SystemError:  # msgspec before 0.22, of an integer that no float can hold
                raise DataError(path, number, f"{kind}: number out of range") from None
        found.append(one)
    return found


def evaluate(
    gold: Iterable[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]
) -> Evaluation:
    """Each annotated page against the first record whose path ends with the page's path."""
    return Evaluation(tuple(_page(one, _record(str(one["page"]), records)) for one in gold))


def _record(page: str, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((one for one in records
                 if str(one.get("page", "")).replace("\\", "/").endswith(page)), None)


def _page(gold: Mapping[str, Any], record: Mapping[str, Any] | None) -> Page:
    """A kind that the page does not annotate is left out."""
    page = str(gold["page"])
    counts: dict[str, Count] = {}
    faults: list[Fault] = []
    for kind in RULES:
        if kind in gold:
            wanted = [*map(item, gold[kind] or ()),
                      *(item(name, optional=True) for name in gold.get(f"{kind}_optional") or ())]
            found = [item(one) for one in (record or {}).get(kind) or ()]
            matched = pairs(kind, wanted, found)
            counts[kind] = _count(kind, wanted, found, matched)
            faults.extend(_faults(page, kind, (wanted, found), matched))
    folder = PurePosixPath(page).parent.as_posix()
    return Page(page, "" if folder == "." else folder, counts, tuple(faults), record is not None)


def _count(
    kind: str, gold: list[Item], found: list[Item], matched: list[tuple[int, int]]
) -> Count:
    """Optional items are neither missed nor spurious."""
    kept = [(gold[i], found[j]) for i, j in matched if not gold[i].optional]
    cited = [(one, other) for one, other in kept if "cites" in one.fields]
    return Count(
        right=len(kept), spurious=len(found) - len(matched),
        missed=sum(not one.optional for one in gold) - len(kept),
        attributes=len(kept) if RULES[kind].attribute else 0,
        attributes_right=sum(attribute_right(kind, *both) for both in kept)
        if RULES[kind].attribute else 0,
        cites=len(cited), cites_right=sum(cites_right(*both) for both in cited))


def _faults(
    page: str, kind: str, items: tuple[list[Item], list[Item]], matched: list[tuple[int, int]]
) -> Iterator[Fault]:
    gold, found = items
    for i, one in enumerate(gold):
        if not one.optional and i not in {left for left, _ in matched}:
            yield _fault(page, kind, "missed", one)
    for j, one in enumerate(found):
        if j not in {right for _, right in matched}:
            yield _fault(page, kind, "spurious", one)
    for i, j in matched:
        if not gold[i].optional:
            yield from _details(page, kind, gold[i], found[j])


def _details(page: str, kind: str, gold: Item, found: Item) -> Iterator[Fault]:
    name = RULES[kind].attribute
    if name and not attribute_right(kind, gold, found):
        yield _fault(page, kind, name, gold, _value(gold, name), _value(found, name))
    if "cites" in gold.fields and not cites_right(gold, found):
        yield _fault(page, kind, "cites", gold, _value(gold, "cites"), _value(found, "cites"))


def _value(one: Item, name: str) -> str:
    keys = ("year", "pmid", "pmcid", "doi") if name == "ids" else (name,)
    return json.dumps([one.fields.get(key) for key in keys] if len(keys) > 1
                      else one.fields.get(name), ensure_ascii=False)


def _fault(page: str, kind: str, what: str, one: Item, expected: str = "", got: str = "") -> Fault:
    known = {key: one.fields.get(key) for key in ("kind", "low", "high", "number", "title")
             if one.fields.get(key) is not None}
    name = one.names[0] or json.dumps(known, ensure_ascii=False)
    return Fault(page, kind, what, name, expected, got, " … ".join(one.quotes))


# ---------------------------------------------------------------- measures and how sure they are


def total(pages: Iterable[Page], kind: str) -> Count:
    """The counts of one kind over some pages."""
    count = Count()
    for page in pages:
        count = count.plus(page.counts.get(kind, Count()))
    return count


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def score(count: Count) -> Score:
    """The measures of a count, unrounded; 0 where nothing was predicted or annotated."""
    precision = _share(count.right, count.right + count.spurious)
    recall = _share(count.right, count.right + count.missed)
    both = precision + recall
    return Score(
        count.right + count.missed, count.right + count.spurious, precision, recall,
        2 * precision * recall / both if both else 0.0,
        count.attributes_right / count.attributes if count.attributes else None,
        count.cites_right / count.cites if count.cites else None)


Interval = tuple[float, float]


def intervals(
    evaluation: Evaluation, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, dict[str, Interval]]:
    """For each kind and measure the middle 95 % over pages drawn again with replacement.

    The same seed draws the same pages, so the same input gives the same interval.
    """
    pages = evaluation.pages
    rolls = Random(seed)
    times = resamples if pages else 0
    draws = [rolls.choices(range(len(pages)), k=len(pages)) for _ in range(times)]
    return {kind: _spread([page.counts.get(kind, Count()) for page in pages], draws)
            for kind in RULES}


def _spread(counts: list[Count], draws: list[list[int]]) -> dict[str, Interval]:
    rows = [tuple(getattr(count, name) for name in Count.__struct_fields__) for count in counts]
    if not any(map(any, rows)):
        return {}
    drawn = [score(Count(*map(sum, zip(*(rows[i] for i in draw), strict=True)))) for draw in draws]
    found = {}
    for measure in MEASURES:
        values = sorted(value for one in drawn if (value := getattr(one, measure)) is not None)
        if values:
            last = len(values) - 1
            found[measure] = (values[round(0.025 * last)], values[round(0.975 * last)])
    return found


class Floor(Struct, frozen=True):
    """A measure of a kind below which a run has failed."""

    kind: str
    measure: str
    least: float


def floor(written: str) -> Floor:
    """The floor in "therapies=0.75" (F1) or "therapies.precision=0.9".

    Raises UnknownName for another kind or measure, ValueError where there is no number.
    """
    what, _, least = written.partition("=")
    kind, _, measure = what.partition(".")
    measure = measure or "f1"
    for noun, name, known in (("kind", kind, tuple(RULES)), ("measure", measure, MEASURES)):
        if name not in known:
            raise UnknownName(noun, name, known)
    return Floor(kind, measure, float(least))


def below(scores: Mapping[str, Score], floors: Iterable[Floor]) -> Iterator[tuple[Floor, float]]:
    """The floors that are not reached, each with the measure; nothing to measure is no failure."""
    for one in floors:
        reached = getattr(scores[one.kind], one.measure)
        if reached is not None and reached < one.least:
            yield one, reached
