"""The CURIEs of our own nodes: each hashes what the node says, so the same content has one id."""

from __future__ import annotations

from functools import lru_cache

from .model import Document, Entity, Evidence, Grounding, Reference, Span
from .text import digest


def local(name: str) -> str:
    """The last part of an id, with or without its prefix."""
    return name.rpartition("/")[2]


def page_id(document: str) -> str:
    """The CURIE of a page."""
    return f"rarekg:page/{document}"


def statement_id(name: str) -> str:
    """The CURIE of a statement, given it or its bare hash."""
    return f"rarekg:statement/{local(name)}"


@lru_cache(maxsize=64)  # a page's graph names its evidence and then describes it
def evidence_id(evidence: Evidence) -> str:
    """The CURIE of a piece of evidence: it hashes all that the evidence says."""
    return f"rarekg:evidence/{digest(*_facts(evidence))}"


def _facts(evidence: Evidence) -> tuple[object, ...]:
    spans = (evidence.span, evidence.exact, *evidence.context)
    ends = [(span.start, span.end) for span in spans]
    return evidence.document, evidence.section, evidence.cites, evidence.rule, ends


def citation_id(document: Document, reference: Reference) -> str:
    """The CURIE of an entry of a page's reference list."""
    return f"rarekg:citation/{digest(document.id, reference.number, reference.span.start)}"


def grounding_id(target: Entity, names: tuple[str, ...], grounding: Grounding) -> str:
    """The CURIE of how names were grounded: pages that agree share it."""
    return f"rarekg:grounding/{digest(target.id, names, *_grounds(grounding))}"


def _grounds(grounding: Grounding) -> tuple[object, ...]:
    above = (grounding.broader.id,) if grounding.broader else ()
    return grounding.tier, grounding.score, grounding.source, grounding.candidates, *above


def span_id(document: str, span: Span) -> str:
    """The CURIE of the position selector of a stretch of a page."""
    return f"rarekg:span/{document}-{span.start}-{span.end}"


def quote_id(document: str, span: Span) -> str:
    """The CURIE of the quote selector of a stretch of a page."""
    return f"rarekg:quote/{document}-{span.start}-{span.end}"
