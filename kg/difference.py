"""What two published folders say otherwise: statements paired by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from . import jsonl
from .errors import UsageError
from .model import Document, Quantity, Statement
from .summary import IDENTITY


class Change(Struct, frozen=True, order=True):
    """One difference about a disease.

    `sort` is "added" or "removed" (a statement), "figure" (its numbers), "id" (another class for
    the same name), "value" (another status, effect … or denied, or in doubt), "evidence" (other
    sentences), "label" (another name of the same class) or "page" (a page's disease).
    """

    disease: str
    label: str
    sort: str
    kind: str
    name: str
    before: str
    after: str
    statements: tuple[str, ...]


class Difference(Struct, frozen=True):
    """All that two folders say otherwise, by disease; and the pages that only one of them has."""

    changes: tuple[Change, ...]
    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]
    pages_changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.pages_added or self.pages_removed or self.pages_changed)


def difference(old: Path, new: Path) -> Difference:
    """What `new` says otherwise than `old`; raises UsageError for a folder without statements."""
    before, after = _by_id(old), _by_id(new)
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    come = [after[key] for key in sorted(after.keys() - before.keys())]
    found = list(_paired(gone, come))
    for key in before.keys() & after.keys():
        found += _same(before[key], after[key])
    return Difference(tuple(sorted(set(found))), *_pages(old, new))


def _by_id(folder: Path) -> dict[str, list[Statement]]:
    """The statements of a folder by id: one for each page that says it."""
    path, found = folder / "statements.jsonl", defaultdict(list)
    if not path.is_file():
        raise UsageError(f"{path}: no such file: give folders of kg run or kg release")
    for one in jsonl.read(path, Statement):
        found[one.id].append(one)
    return found


def _pages(old: Path, new: Path) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The paths that only the new and only the old folder has, and those with other bytes."""
    sums = [{page.page: page.sha256 for page in jsonl.read(folder / "documents.jsonl", Document)}
            for folder in (old, new)]
    before, after = sums
    both = before.keys() & after.keys()
    return (tuple(sorted(after.keys() - both)), tuple(sorted(before.keys() - both)),
            tuple(sorted(page for page in both if before[page] != after[page])))


# What two statements of one disease have in common that are the same fact, told otherwise: the
# first that pairs an old one with a new one decides.
Key = Callable[[Statement], object]
_RULES: tuple[tuple[str, Key], ...] = (
    ("figure", lambda one: (one.disease.id, one.kind, one.value, one.object.id if one.object
                            else "", *_about(one.quantity)) if one.quantity else None),
    ("value", lambda one: (one.disease.id, one.kind, one.object.id) if one.object else None),
    ("id", lambda one: (one.disease.id, one.kind, one.value, one.names[0].casefold())
     if one.object else None),
    ("page", lambda one: (one.names[0], one.evidence[0].document)
     if one.kind == IDENTITY else None),
    ("value", lambda one: (one.disease.id, one.kind, one.names) if not one.object
     and not one.quantity and one.kind != IDENTITY else None),
)


def _about(quantity: Quantity | None) -> tuple[object, ...]:
    return (quantity.unit, quantity.about, quantity.horizon, quantity.subject) if quantity else ()


def _paired(gone: list[list[Statement]], come: list[list[Statement]]) -> Iterator[Change]:
    """Old and new statements joined by the rules; what is left was added or removed."""
    old, new = [rows[0] for rows in gone], [rows[0] for rows in come]
    for sort, key in _RULES:
        waiting: dict[object, list[Statement]] = defaultdict(list)
        for one in old:
            waiting[key(one)].append(one)
        waiting.pop(None, None)
        rest, taken = [], set()
        for one in new:
            fitting = waiting.get(key(one))
            if not fitting:
                rest.append(one)
                continue
            other = fitting.pop(0)
            taken.add(other.id)
            yield _change(sort, other, one)
        old, new = [one for one in old if one.id not in taken], rest
    yield from (_one("removed", one, said(one), "") for one in old)
    yield from (_one("added", one, "", said(one)) for one in new)


def _change(sort: str, old: Statement, new: Statement) -> Change:
    told = {"figure": lambda one: quantity(one.quantity), "id": _class, "page": _disease,
            "value": _value}[sort]
    return Change(new.disease.id, new.disease.label, sort, new.kind, name(new), told(old),
                  told(new), (old.id, new.id))


def _one(sort: str, one: Statement, before: str, after: str) -> Change:
    return Change(one.disease.id, one.disease.label, sort, one.kind, name(one), before, after,
                  (one.id,))


def _class(one: Statement) -> str:
    return f"{one.object.id} ({one.object.label})" if one.object else ""


def _disease(one: Statement) -> str:
    return f"{one.disease.id} ({one.disease.label})"


def _value(one: Statement) -> str:
    words = [one.value, "denied" if one.negated else "", "in doubt" if one.doubtful else ""]
    words.append(quantity(one.quantity) if one.quantity else "")
    return ", ".join(word for word in words if word) or "stated"


def name(one: Statement) -> str:
    """What a statement is about, in words."""
    return one.object.label if one.object else one.names[0] if one.names else one.value


def said(one: Statement) -> str:
    """A statement in a few words."""
    value = _value(one)
    return name(one) if value == "stated" else f"{name(one)} ({value})"


def quantity(figure: Quantity | None) -> str:
    """A figure as people write it: "< 30 %", "30–60 years".

    >>> from decimal import Decimal
    >>> quantity(Quantity(None, Decimal(30), "%", "<"))
    '< 30 %'
    """
    if figure is None:
        return ""
    low, high = (None if end is None else f"{end.normalize():f}" for end in (figure.low,
                                                                           figure.high))
    if low and high and low != high:
        ends = f"{low}–{high}"
    else:
        mark = "" if figure.comparator in {"=", "range"} else f"{figure.comparator} "
        ends = mark + (low or high or "")
    return f"{ends} {figure.unit}".strip()


def _same(old: list[Statement], new: list[Statement]) -> Iterator[Change]:
    """Statements with one id: other sentences, or another label of what they are about."""
    before, after = _quotes(old), _quotes(new)
    one = new[0]
    if before != after:
        lost, won = len(before - after), len(after - before)
        yield _one("evidence", one, f"{lost} sentence{'s' * (lost != 1)} less" if lost else "",
                   f"{won} more" if won else "")
    for first, second in ((old[0].disease, one.disease), (old[0].object, one.object)):
        if first and second and first.label != second.label:
            yield Change(one.disease.id, one.disease.label, "label", one.kind, second.id,
                         first.label, second.label, (one.id,))


def _quotes(statements: Iterable[Statement]) -> set[str]:
    return {evidence.quote for one in statements for evidence in one.evidence}
