"""The statement that says which disease a page is about, with the page's title as its evidence."""

from __future__ import annotations

from collections.abc import Iterable

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


def by_page(statements: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    """The statements of each document by its id, the identity first, in the file's order."""
    pages: dict[str, list[Statement]] = {}
    for statement in statements:
        pages.setdefault(statement.evidence[0].document, []).append(statement)
    return {document: tuple(found) for document, found in pages.items()}
