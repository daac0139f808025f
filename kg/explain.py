"""Why a statement is in the graph: its sentences, their rules, grounding and citations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from .extract.rows import Rule, rule_rows
from .ids import statement_id
from .model import (
    Document,
    Entity,
    Evidence,
    Grounding,
    Quantity,
    Reference,
    Review,
    Span,
    Statement,
)
from .publications import ITSELF, identifiers, itself
from .stored import documents, statements


class Citation(Struct, frozen=True):
    """A number in the sentence and the work that the page's list has for it."""

    number: int
    title: str = ""
    year: int | None = None
    ids: tuple[str, ...] = ()
    url: str | None = None


class Passage(Struct, frozen=True):
    """One sentence behind the statement; `mention` is relative to `quote`, `span` to the page.

    `rows` are the rows that `rule` is made of.
    """

    page: str
    title: str
    url: str
    section: str
    quote: str
    span: Span
    mention: Span
    context: tuple[str, ...]
    rule: str
    rows: tuple[Rule, ...]
    citations: tuple[Citation, ...]


class Explanation(Struct, frozen=True):
    """A statement with everything that led to it."""

    statement: str
    kind: str
    value: str
    disease: Entity
    object: Entity | None
    names: tuple[str, ...]
    quantity: Quantity | None
    negated: bool
    doubtful: bool
    grounding: Grounding | None
    review: Review | None
    passages: tuple[Passage, ...]


def explain(folder: Path, statement: str) -> Explanation:
    """The explanation of a statement of a run's folder, by its id, a prefix of it, CURIE or IRI.

    Raises UsageError where there is no such statement or several.
    """
    found = statements(folder, statement)
    pages = documents(folder, {one.document for every in found for one in every.evidence})
    passages = [_passage(pages[one.document], one)
                for every in found for one in every.evidence if one.document in pages]
    first: Statement = found[0]
    return Explanation(
        statement_id(first.id), first.kind, first.value, first.disease, first.object,
        tuple(sorted({name for one in found for name in one.names})), first.quantity,
        first.negated, first.doubtful, first.grounding, first.review,
        tuple(sorted(passages, key=lambda one: (one.page, one.span, one.rule))))


def _passage(page: Document, evidence: Evidence) -> Passage:
    start = evidence.span.start
    mention = Span(max(0, evidence.exact.start - start), max(0, evidence.exact.end - start))
    context = tuple(page.text[span.start:span.end] for span in evidence.context)
    return Passage(page.page, page.title, page.url, evidence.section, evidence.quote, evidence.span,
                   mention, context, evidence.rule, rule_rows(evidence.rule),
                   tuple(_citations(page, ((ITSELF,) if itself(page) else ()) + evidence.cites)))


def _citations(page: Document, numbers: tuple[int, ...]) -> Iterator[Citation]:
    listed: dict[int, Reference] = {one.number: one for one in page.references}
    for number in numbers:
        if found := listed.get(number):
            yield Citation(number, found.title or found.text, found.year,
                           tuple(identifiers(found)), found.url)
        else:
            yield Citation(number)
