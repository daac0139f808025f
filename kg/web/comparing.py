"""Two diseases side by side: what pages state of both, and of one alone."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..errors import UnknownName
from . import pages
from .pages import NodePage
from .prepared import Prepared
from .search import search
from .views import Group, Link, Said


class Row(Struct, frozen=True):
    """One thing that is stated: of the first, of the second, or of both."""

    words: str
    one: Said | None
    other: Said | None

    @property
    def differs(self) -> bool:
        """Whether both are said to have it, but not in the same way."""
        return bool(self.one and self.other and (self.one.value, self.one.flags) != (
            self.other.value, self.other.flags))


class Kind(Struct, frozen=True):
    """The rows of a kind of statement: shared by both, of the first alone, of the second alone."""

    kind: str
    both: tuple[Row, ...]
    first: tuple[Row, ...]
    second: tuple[Row, ...]


class Comparison(Struct, frozen=True):
    """Two diseases; a side is None where nothing of that name was found."""

    first: NodePage | None
    second: NodePage | None
    kinds: tuple[Kind, ...]

    def count(self, part: str) -> int:
        """How many rows there are in all of "both", "first" or "second"."""
        return sum(len(getattr(kind, part)) for kind in self.kinds)


def disease(prepared: Prepared, typed: str) -> NodePage | None:
    """The view of the disease that a CURIE, or else the likest name, stands for."""
    try:
        iri = prepared.prefixes.expand(typed.strip())
    except UnknownName:
        hits = [hit for hit in search(prepared, typed) if hit.category == "Disease"]
        if not hits:
            return None
        iri = hits[0].link.iri
    try:
        found = pages.page(prepared, iri)
    except ValueError:  # Oxigraph takes no IRI with a space or a bracket
        return None
    return found if isinstance(found, NodePage) and found.category == "Disease" else None


def compared(prepared: Prepared, first: str, second: str) -> Comparison:
    """What is stated of two diseases, by kind in a reader's order."""
    one, other = disease(prepared, first), disease(prepared, second)
    if one is None or other is None:
        return Comparison(one, other, ())
    names = list(dict.fromkeys([*one.groups, *other.groups]))
    return Comparison(one, other, tuple(
        _kind(name, keyed(one.groups.get(name, ())), keyed(other.groups.get(name, ())))
        for name in names))


def keyed(groups: tuple[Group, ...]) -> dict[tuple[str, str], Said]:
    """Statements by what they say: the node, or the value and the words; the first of several."""
    found: dict[tuple[str, str], Said] = {}
    for one in (one for group in groups for one in group.items):
        key = ("", one.target.iri) if one.target else (one.value, one.words.casefold())
        found.setdefault(key, one)
    return found


def _kind(
    name: str, one: Mapping[tuple[str, str], Said], other: Mapping[tuple[str, str], Said]
) -> Kind:
    rows = [Row(found.words, one.get(key), other.get(key))
            for key, found in {**other, **one}.items()]
    rows.sort(key=lambda row: (row.words.casefold(), row.words))
    return Kind(name, tuple(row for row in rows if row.one and row.other),
                tuple(row for row in rows if row.other is None),
                tuple(row for row in rows if row.one is None))


def typed(link: Link | None, text: str) -> str:
    """What stands in a field: the CURIE that was understood, else what was typed."""
    return link.curie if link else text
