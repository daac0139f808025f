"""What two published folders say otherwise: statements paired by what they are about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct, structs

from . import jsonl, provenance
from .errors import UsageError
from .model import Document, Entity, Quantity, Statement
from .plural import many
from .summary import IDENTITY
from .vocab.term import MINTED

Statements = dict[str, list[Statement]]  # by id: one for each page that says it


class Change(Struct, frozen=True, order=True):
    """One difference about a disease.

    `sort` is "added" or "removed" (a statement), "figure" (its numbers), "id" (another class for
    the same name), "value" (another status, effect … or denied, or in doubt), "evidence" (other
    sentences), "page" (a page's disease) or "moved" (the same statement, of the page's other
    disease).  A class that no vocabulary has is empty in `before` and `after`.
    """

    disease: str
    label: str
    sort: str
    kind: str
    name: str
    before: str
    after: str
    statements: tuple[str, ...]


class Renamed(Struct, frozen=True, order=True):
    """A class with another label, or a vocabulary of another version; empty where there is none.

    `statements` is how many statements of the new folder are about the class.
    """

    name: str
    before: str
    after: str
    statements: int = 0


class Difference(Struct, frozen=True):
    """All that two folders say otherwise, by disease; and the pages that only one of them has."""

    changes: tuple[Change, ...]
    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]
    pages_changed: tuple[str, ...]
    vocabularies: tuple[Renamed, ...] = ()
    labels: tuple[Renamed, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def difference(old: Path, new: Path) -> Difference:
    """What `new` says otherwise than `old`; raises UsageError for a folder without statements."""
    before, after = _by_id(old), _by_id(new)
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    come = [after[key] for key in sorted(after.keys() - before.keys())]
    found = list(_paired(gone, come, _moved(before, after)))
    for key in before.keys() & after.keys():
        found += _same(before[key], after[key])
    return Difference(tuple(sorted(set(found))), *_pages(old, new), _versions(old, new),
                      _labels(before, after))


def _versions(old: Path, new: Path) -> tuple[Renamed, ...]:
    """The vocabularies of another version or file, those that came and those that went."""
    before, after = ({one.name: one for one in provenance.read(folder)} for folder in (old, new))
    found = ((name, before.get(name), after.get(name))
             for name in sorted(before.keys() | after.keys()))
    return tuple(Renamed(name, _version(one), _version(other)) for name, one, other in found
                 if one is None or other is None or one.sha256 != other.sha256)


def _version(one: provenance.Vocabulary | None) -> str:
    return f"{one.version or 'no version'}, {one.classes:,} classes" if one else ""


def _labels(before: Statements, after: Statements) -> tuple[Renamed, ...]:
    """The classes that both folders have, under another label."""
    old, new, counts = dict[str, str](), dict[str, str](), Counter[str]()
    for labels, statements in ((old, before), (new, after)):
        for (one, *_) in statements.values():
            labels.update({entity.id: entity.label for entity in (one.disease, one.object)
                           if entity})
    for (one, *_) in after.values():
        counts.update({entity.id for entity in (one.disease, one.object) if entity})
    return tuple(Renamed(key, old[key], new[key], counts[key])
                 for key in sorted(old.keys() & new.keys()) if old[key] != new[key])


def _moved(before: Statements, after: Statements) -> dict[str, str]:
    """The diseases all of whose pages are about one other disease by now, and that disease."""
    subjects = dict(_subjects(after))
    found: dict[str, set[str]] = defaultdict(set)
    for page, disease in _subjects(before):
        found[disease].add(subjects.get(page, ""))
    return {disease: other for disease, (other, *more) in found.items()
            if not more and other not in ("", disease)}


def _subjects(statements: Statements) -> Iterator[tuple[str, str]]:
    """Each page with its disease."""
    return ((one.evidence[0].document, one.disease.id) for several in statements.values()
            for one in several if one.kind == IDENTITY)


def _by_id(folder: Path) -> Statements:
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
    ("moved", lambda one: (one.disease.id, one.kind, _value(one), one.object.id if one.object
                           else one.names) if one.kind != IDENTITY else None),
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


def _paired(gone: list[list[Statement]], come: list[list[Statement]],
            moved: dict[str, str]) -> Iterator[Change]:
    """Old and new statements joined by the rules; what is left was added or removed."""
    old, new = [rows[0] for rows in gone], [rows[0] for rows in come]
    for sort, key in _RULES:
        waiting: dict[object, list[Statement]] = defaultdict(list)
        for one in old:
            if sort != "moved" or one.disease.id in moved:
                waiting[key(_under(one, moved))].append(one)
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


def _under(one: Statement, moved: dict[str, str]) -> Statement:
    """The statement as one of the disease that its page is about by now."""
    other = moved.get(one.disease.id)
    if other is None or one.kind == IDENTITY:
        return one
    return structs.replace(one, disease=structs.replace(one.disease, id=other))


def _change(sort: str, old: Statement, new: Statement) -> Change:
    told = {"figure": lambda one: quantity(one.quantity), "id": _class, "page": _disease,
            "moved": _disease, "value": _value}[sort]
    return Change(new.disease.id, new.disease.label, sort, new.kind, name(new), told(old),
                  told(new), (old.id, new.id))


def _one(sort: str, one: Statement, before: str, after: str) -> Change:
    return Change(one.disease.id, one.disease.label, sort, one.kind, name(one), before, after,
                  (one.id,))


def _class(one: Statement) -> str:
    return _entity(one.object) if one.object else ""


def _disease(one: Statement) -> str:
    return _entity(one.disease)


def _entity(one: Entity) -> str:
    return "" if one.id.startswith(MINTED) else f"{one.id} ({one.label})"


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
    """Statements with one id, on other sentences."""
    before, after = _quotes(old), _quotes(new)
    one = new[0]
    if before != after:
        lost, won = len(before - after), len(after - before)
        yield _one("evidence", one, f"{many(lost, 'sentence')} less" if lost else "",
                   f"{won} more" if won else "")


def _quotes(statements: Iterable[Statement]) -> set[str]:
    return {evidence.quote for one in statements for evidence in one.evidence}
