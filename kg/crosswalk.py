"""From an identifier in anybody's spelling to our classes and back, with every step told."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from .errors import UsageError
from .vocab.index import Index
from .vocab.names import canonical, written

# The categories in which a name of unknown kind is looked up, in this order.
TYPES = ("disease", "therapy", "drug", "gene", "phenotype", "inheritance", "site", "factor",
         "chemical", "concept")


class Link(Struct, frozen=True):
    """A class that an identifier leads to: how (`tier`), by whose word (`source`), its `trail`."""

    id: str
    label: str
    category: str
    tier: str
    source: str
    trail: tuple[str, ...]
    xrefs: tuple[str, ...]


class Crossing(Struct, frozen=True):
    """What is known of one identifier: its own label where a vocabulary has it, and its classes.

    `warnings` say what a reader must know: several classes, an obsolete id without replacement.
    """

    id: str
    label: str
    links: tuple[Link, ...]
    warnings: tuple[str, ...] = ()


def crossing(text: str, index: Index, to: str = "") -> Crossing:
    """Every class that the identifier `text` names, and their cross-references, those of the
    prefix `to` only where it is given.

    Raises UsageError where `text` is no identifier.
    """
    curie = written(text)
    if not curie:
        raise UsageError(f"{text!r} is no identifier: write it as GARD:0010439, ORPHA:58, "
                         "MIM 203450, C0004135, D004194 or MONDO:0008840 (a name is looked up by "
                         "kg ground NAME)")
    prefix = canonical(f"{to}:1").partition(":")[0] if to else ""
    own = index.term(curie)
    starts = [(curie, "same")] if own and own.category != "concept" else []
    starts += [(bearer, "xref") for bearer in index.xref(curie)]
    links, warnings = list[Link](), list[str]()
    for start, tier in starts:
        trail = index.trail(start)
        if not trail:
            warnings.append(f"{start} is obsolete and nothing replaces it")
        elif all(link.id != trail[-1] for link in links):
            links.append(_link(index, trail, tier, prefix))
    if prefix and links:
        found = [link for link in links if link.xrefs or link.id.startswith(f"{prefix}:")]
        if not found:
            warnings.append(f"{' '.join(link.id for link in links)}: no {prefix} identifier of it "
                            "is known here")
        links = found
    if len(links) > 1:
        warnings.append(f"{len(links)} classes bear this identifier: none of them is certain")
    return Crossing(curie, own.label if own else "", tuple(links), tuple(warnings))


def _link(index: Index, trail: tuple[str, ...], tier: str, prefix: str) -> Link:
    term = index.term(trail[-1])
    found = _fitting(index.xrefs_of(trail[-1]), prefix)
    label, category = (term.label, term.category) if term else ("", "")
    return Link(trail[-1], label, category, tier, index.source_of(trail[-1]), trail, found)


def _fitting(xrefs: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Cross-references that are CURIEs, of one prefix where one is wanted."""
    return tuple(xref for xref in xrefs if "://" not in xref
                 and (not prefix or xref.startswith(f"{prefix}:")))
