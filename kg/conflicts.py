"""Where a page's own identifiers and its name do not lead to one class: both kept, never hidden."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from .model import Document
from .text import collapse, normalise
from .vocab.index import Index
from .vocab.names import canonical
from .vocab.resolve import resolve

HEADER = ("page", "what", "xref", "class", "label", "name", "other", "other_label", "relation",
          "trail")
DISEASE = ("disease",)


class Conflict(Struct, frozen=True, order=True):
    """A row of conflicts.tsv; `relation` is what `klass` is to `other` in the hierarchy.

    `what` is "name" (the title names another class), "ambiguous" (one number, several classes),
    "label" (no name of the class is the title), "unknown" (a number that no class bears) or
    "obsolete" (the class was replaced, along `trail`).
    """

    page: str
    what: str
    xref: str = ""
    klass: str = ""
    label: str = ""
    name: str = ""
    other: str = ""
    other_label: str = ""
    relation: str = ""
    trail: tuple[str, ...] = ()

    def row(self) -> tuple[str, ...]:
        """Its cells in the order of HEADER."""
        return (self.page, self.what, self.xref, self.klass, self.label, self.name, self.other,
                self.other_label, self.relation, " > ".join(self.trail))


def conflicts(document: Document, index: Index) -> tuple[Conflict, ...]:
    """Every disagreement between the page's cross-references, its title and the vocabularies."""
    title = collapse(document.title)
    named = resolve(title, DISEASE, index).id
    named = named if index.term(named) else ""
    found = [row for xref in document.xrefs for row in _of(document, xref, title, named, index)]
    return tuple(sorted(found))


def _of(document: Document, xref: str, title: str, named: str, index: Index) -> Iterator[Conflict]:
    """The rows of one cross-reference; its trail is told where a class was replaced."""
    page, number = document.page, canonical(xref)
    bearers = tuple(curie for curie in index.xref(number) if _is_disease(index, curie))
    trails = {curie: index.trail(curie) for curie in bearers}
    live = tuple(dict.fromkeys(trail[-1] for trail in trails.values() if trail))
    if not index.xref(number) and index.has_xrefs(number.partition(":")[0]):
        yield Conflict(page, "unknown", number, name=title, other=named,
                       other_label=_label(index, named))
    for curie in bearers:
        if len(trails[curie]) != 1:
            yield Conflict(page, "obsolete", number, curie, _label(index, curie), title,
                           trail=trails[curie] or (curie,))
    yield from (_pair(Conflict(page, "ambiguous", number, name=title), live[0], other, index)
                for other in live[1:])
    for curie in live:
        if named and curie != named:
            yield _pair(Conflict(page, "name", number, name=title), curie, named, index)
        elif not named and normalise(title) not in index.names_of(curie):
            yield Conflict(page, "label", number, curie, _label(index, curie), title)


def _is_disease(index: Index, curie: str) -> bool:
    term = index.term(curie)
    return term is not None and term.category == "disease"


def _pair(row: Conflict, one: str, other: str, index: Index) -> Conflict:
    return structs.replace(row, klass=one, label=_label(index, one), other=other,
                           other_label=_label(index, other), relation=relation(one, other, index))


def _label(index: Index, curie: str) -> str:
    term = index.term(curie) if curie else None
    return term.label if term else ""


def relation(one: str, other: str, index: Index) -> str:
    """What `one` is to `other`: same, ancestor, descendant, sibling (one parent) or unrelated."""
    if one == other:
        return "same"
    if one in index.ancestors(other):
        return "ancestor"
    if other in index.ancestors(one):
        return "descendant"
    return "sibling" if index.parents(one) & index.parents(other) else "unrelated"
