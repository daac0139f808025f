"""The statement that says which disease a page is about, with the page's title as its evidence."""

from __future__ import annotations

from .model import Document, Entity, Evidence, Grounding, Statement
from .summary import IDENTITY
from .text import digest

RULE = "page.title"


def identity(document: Document, disease: Entity, grounding: Grounding) -> Statement:
    """The first line of the page in statements.jsonl; its id hashes the title and the disease."""
    span = document.title_span
    title = Evidence(document.id, span, document.text[span.start:span.end], span, "title", (), RULE)
    return Statement(digest(IDENTITY, disease.id, document.title), IDENTITY, disease, None, "",
                     False, False, (document.title,), grounding, (title,))
