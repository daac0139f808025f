"""Subjects with the same predicates written together: a template once, their terms by columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Protocol

from msgspec import Struct

from ..ntriples import TYPE, Memo, Node, Told
from ..prefixes import Prefixes

MOST = 10_000  # shapes that are kept
LONG = 64  # triples of a subject whose shape is hardly met again
RELATIVE = r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_.-]*[A-Za-z0-9_-])*"  # a path below our base, as it is
_PLAIN = re.compile(r'(?:"[^"\\\x00-\x1f]*"\n)*"[^"\\\x00-\x1f]*"')


class Column(Struct, frozen=True):
    """The terms that subjects of one shape have in one place.

    `plain`: all are strings without a tag and with nothing to escape.  `ours` are all terms, each
    in a line, if all are IRIs of paths below our base (`start`), else empty.
    """

    terms: tuple[str, ...]
    plain: bool
    ours: str
    start: str

    def renamed(self, before: str, after: str) -> list[str]:
        """The paths of `ours` with this around each."""
        return self.ours.replace(self.start, before).replace(">", after).split("\n")

    def each(self, memo: Memo) -> list[str]:
        """What a memo has for each term."""
        return [memo[term] for term in self.terms]


class Mould(Protocol):
    """How one syntax writes a subject of some shape."""

    def template(self, predicates: Sequence[str]) -> tuple[list[str], list[int]]:
        """The texts before each term and after the last, and which terms: 0 is the subject, then
        its objects."""

    def texts(self, column: Column, predicate: str, /) -> Sequence[str]:
        """Terms as the objects of a predicate, or, of an empty one, as subjects."""


class Shape(Struct, frozen=True):
    """What a mould's `template` gives for some predicates."""

    texts: list[str]
    order: list[int]

    def filled(self, columns: Sequence[Sequence[str]]) -> Iterator[str]:
        """The text of each subject; the columns have the texts of terms."""
        parts: list[Iterable[str]] = []
        for text, place in zip(self.texts, self.order, strict=False):
            parts += repeat(text), columns[place]
        return map("".join, zip(*parts, repeat(self.texts[-1]), strict=False))


class Shapes:
    """Writes subjects in some syntaxes: by their moulds, or, where a shape is rare or a class is
    no IRI, one by one."""

    def __init__(self, prefixes: Prefixes, moulds: dict[str, Mould],
                 singly: dict[str, Callable[[Node], str]]) -> None:
        self._moulds = moulds
        self._singly = singly
        self._start = f"<{prefixes.table['rarekg']}"
        ours = re.escape(self._start) + RELATIVE + ">"
        self._ours = re.compile(rf"(?:{ours}\n)*{ours}", re.ASCII)
        self._shapes: dict[tuple[str, ...], dict[str, Shape]] = {}

    def texts(self, told: Sequence[Told]) -> dict[str, list[str]]:
        """The text of each subject in each syntax that has a mould."""
        made = {name: [""] * len(told) for name in self._moulds}
        groups: dict[tuple[str, ...], list[int]] = {}
        for place, (_, predicates, _) in enumerate(told):
            groups.setdefault(predicates, []).append(place)
        for predicates, places in groups.items():
            some = [told[place] for place in places]
            for name, texts in self._group(predicates, some):
                all_of_them = made[name]
                for place, text in zip(places, texts, strict=True):
                    all_of_them[place] = text
        return made

    def _group(self, predicates: tuple[str, ...],
               told: Sequence[Told]) -> Iterator[tuple[str, Iterable[str]]]:
        subjects, _, objects = zip(*told, strict=True)
        columns = [self._column(subjects), *map(self._column, zip(*objects, strict=True))]
        verbs = ("", *predicates)
        if len(predicates) > LONG or any(
                verb == TYPE and not _is_classes(column)
                for verb, column in zip(verbs, columns, strict=True)):
            nodes = list(map(node, told))
            yield from ((name, map(self._singly[name], nodes)) for name in self._moulds)
            return
        for name, shape in (self._shapes.get(predicates) or self._shaped(predicates)).items():
            texts = self._moulds[name].texts
            found = [texts(column, verb) for column, verb in zip(columns, verbs, strict=True)]
            yield name, shape.filled(found)

    def _shaped(self, predicates: tuple[str, ...]) -> dict[str, Shape]:
        if len(self._shapes) >= MOST:
            self._shapes.clear()
        found = self._shapes[predicates] = {
            name: Shape(*mould.template(predicates)) for name, mould in self._moulds.items()}
        return found

    def _column(self, terms: tuple[str, ...]) -> Column:
        plain, ours = False, ""
        if terms[0][-1] == '"':
            plain = bool(_PLAIN.fullmatch("\n".join(terms)))
        elif terms[0].startswith(self._start):
            ours = "\n".join(terms)
            ours = ours if self._ours.fullmatch(ours) else ""
        return Column(terms, plain, ours, self._start)


def _is_classes(column: Column) -> bool:
    return not any(term[0] == '"' for term in column.terms)


def node(told: Told) -> Node:
    """The same subject with its objects by predicate."""
    subject, predicates, objects = told
    found: dict[str, list[str]] = {}
    for predicate, term in zip(predicates, objects, strict=True):
        found.setdefault(predicate, []).append(term)
    return subject, found


def places(predicates: Sequence[str]) -> dict[str, list[int]]:
    """Where in `Mould.template`'s terms the objects of each predicate are."""
    found: dict[str, list[int]] = {}
    for place, predicate in enumerate(predicates, 1):
        found.setdefault(predicate, []).append(place)
    return found

