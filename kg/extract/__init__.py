"""The extract stage: what a page states of its disease, each claim with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..model import Claim, Document
from .factors import factors
from .figures import figures
from .genetics import genes, inheritance
from .hpo_table import table_rows
from .names import disease_names, synonyms
from .page import Lexicon, Page
from .phenotypes import phenotypes
from .segment import segment
from .sites import sites
from .therapies import therapies
from .unknown import unknowns

Extractor = Callable[[Page], Iterator[Claim]]

# One line for each kind of fact; the order decides nothing but the order of trace output.
EXTRACTORS: tuple[Extractor, ...] = (
    synonyms, factors, therapies, figures, genes, inheritance, unknowns,
    table_rows, phenotypes, sites,
)


def page_of(document: Document, lexicon: Lexicon) -> Page:
    """The document cut into sentences with its disease's names masked."""
    names = disease_names(document)
    return Page(document, segment(document, names), lexicon, names)


def claims(document: Document, lexicon: Lexicon) -> tuple[Claim, ...]:
    """Every claim of the page, ordered by place, each once."""
    page = page_of(document, lexicon)
    return ordered(claim for extractor in EXTRACTORS for claim in extractor(page))


def ordered(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims by place, each once."""
    found = {claim.id: claim for claim in claims}
    return tuple(sorted(found.values(), key=lambda c: (c.evidence.exact, c.kind, c.value, c.id)))
