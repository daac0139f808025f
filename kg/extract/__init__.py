"""The extract stage: what a page states of its disease, each claim with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model import Claim, Document
from .factors import factors
from .figures import figures
from .genetics import genes, inheritance
from .names import disease_names, synonyms
from .page import Lexicon, Page
from .segment import segment
from .therapies import therapies
from .unknown import unknowns

Extractor = Callable[[Page], Iterator[Claim]]

# One line for each kind of fact; the order decides nothing but the order of trace output.
EXTRACTORS: tuple[Extractor, ...] = (
    synonyms, factors, therapies, figures, genes, inheritance, unknowns,
)


def page_of(document: Document, lexicon: Lexicon) -> Page:
    """The document cut into sentences with its disease's names masked."""
    names = disease_names(document)
    return Page(document, segment(document, names), lexicon, names)


def claims(document: Document, lexicon: Lexicon) -> tuple[Claim, ...]:
    """Every claim of the page, ordered by place, each once."""
    page = page_of(document, lexicon)
    found = {claim.id: claim for extractor in EXTRACTORS for claim in extractor(page)}
    return tuple(sorted(found.values(), key=lambda c: (c.evidence.exact, c.kind, c.value, c.id)))
