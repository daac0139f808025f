"""What identifies a publication, decided once for records, graph and citations."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Document, Reference
from .text import digest

ITSELF = 0  # the number under which a page that is a publication lists itself
ARTICLES = frozenset({"pubmed", "jats"})  # the formats whose pages are publications


def itself(document: Document) -> Reference | None:
    """The page's own entry in its list of references, where the page is a publication."""
    first = document.references[0] if document.references else None
    listed = first is not None and first.number == ITSELF and document.format in ARTICLES
    return first if listed else None


def identifiers(reference: Reference) -> Iterator[str]:
    """The CURIEs a reference carries, the one that names it first."""
    if reference.pmid:
        yield f"PMID:{reference.pmid}"
    if reference.pmcid:
        yield f"PMC:{reference.pmcid.upper().removeprefix('PMC')}"
    if reference.doi:
        yield f"doi:{reference.doi}"


def identifier(reference: Reference) -> str:
    """PMID, else PMC, else doi, else a hash of the URL, else of title (or text) and year."""
    for curie in identifiers(reference):
        return curie
    if reference.url:
        return f"rarekg:publication/{digest(reference.url)}"
    return f"rarekg:publication/{digest(reference.title or reference.text, reference.year)}"
