"""Quotes, mentions, context and citations of a page's claims and statements, against its text."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from .. import jsonl
from ..model import Claim, Document, Evidence, Quantity, Span, Statement
from ..summary import IDENTITY
from ..text import digest, normalise
from .finding import Finding, differing, shown
from .stagefile import Line


def document_findings(name: str, line: Line, page: Document) -> Iterator[Finding]:
    """A document against itself: its id, its title and its references."""
    if page.id != page.sha256[:16]:
        wanted = structs.replace(page, id=page.sha256[:16])
        yield differing("document", name, line.number, "the id is not the beginning of the SHA-256",
                        (line.text, _line(wanted)), (page.id, ""))
    spans = [("title", page.title_span), *((f"reference {one.number}", one.span)
                                           for one in page.references),
             *(("block", one.span) for one in page.blocks)]
    for what, span in spans:
        if not _within(span, Span(0, len(page.text))):
            yield Finding(name, line.number, 0, 0, "document",
                          f"{what} {span.start}-{span.end} is not in a text of "
                          f"{len(page.text)} characters", page.id)


def _within(span: Span, outer: Span) -> bool:
    return outer.start <= span.start <= span.end <= outer.end


def _line(value: object) -> str:
    return jsonl.line(value).decode("utf-8", "replace").rstrip("\n")


def claim_findings(name: str, line: Line, claim: Claim, page: Document) -> Iterator[Finding]:
    """A claim: its evidence, and its id from what it says."""
    yield from _evidence(name, line, claim, (claim.evidence,), page)
    wanted = claim_id(claim)
    if claim.id != wanted:
        yield differing("claim", name, line.number, "the id is not the hash of what it says",
                        (line.text, _line(structs.replace(claim, id=wanted))),
                        (claim.id, claim.evidence.quote))


def claim_id(claim: Claim) -> str:
    """The id of a claim, from its content."""
    evidence = claim.evidence
    return digest(claim.kind, claim.name, claim.value, claim.negated, claim.doubtful,
                  claim.quantity, evidence.document, evidence.span, evidence.exact, evidence.rule)


def statement_findings(
    name: str, line: Line, statement: Statement, page: Document
) -> Iterator[Finding]:
    """A statement: its evidence, its id from what it says, and no grounding of nothing."""
    yield from _evidence(name, line, statement, statement.evidence, page)
    wanted = statement_id(statement)
    if statement.id != wanted:
        yield differing("statement", name, line.number, "the id is not the hash of what it says",
                        (line.text, _line(structs.replace(statement, id=wanted))),
                        (statement.id, statement.evidence[0].quote))
    if statement.grounding and statement.object is None and statement.kind != IDENTITY:
        yield differing("statement", name, line.number, "it has no object that could be grounded",
                        (line.text, _line(structs.replace(statement, grounding=None))),
                        (statement.id, statement.evidence[0].quote))


def statement_id(statement: Statement) -> str:
    """The id of a statement, from its content."""
    names, target = statement.names, statement.object
    if not names:
        return ""
    if statement.kind == IDENTITY:
        return digest(IDENTITY, statement.disease.id, names[0])
    named = target.id if target else normalise(names[0]) or names[0]
    key = digest(statement.kind, statement.disease.id, named, statement.value, statement.negated,
                 statement.doubtful, *_figures(statement.quantity))
    return digest(key, names[0]) if target is None and statement.quantity is None else key


def _figures(quantity: Quantity | None) -> tuple[object, ...]:
    return structs.astuple(quantity) if quantity else ()


def _evidence(
    name: str, line: Line, owner: Claim | Statement, evidence: tuple[Evidence, ...],
    page: Document,
) -> Iterator[Finding]:
    for one in evidence:
        if one.document != page.id:
            yield Finding(name, line.number, 0, 0, "quote", "evidence of another page", owner.id,
                          page.id, one.document, one.quote)
            continue
        yield from _quote(name, line, owner, one, page)
        yield from _spans(name, line, owner, one, page)
        yield from _cites(name, line, owner, one, page)


def _quote(
    name: str, line: Line, owner: Claim | Statement, one: Evidence, page: Document
) -> Iterator[Finding]:
    text = page.text[one.span.start:one.span.end]
    if text == one.quote and _within(one.span, Span(0, len(page.text))):
        return
    wanted = structs.replace(one, quote=text)
    yield differing(
        "quote", name, line.number, f"the quote is not what {page.page} has at characters "
        f"{one.span.start}-{one.span.end}", (line.text, _line(_with(owner, one, wanted))),
        (owner.id, one.quote))


def _with(owner: Claim | Statement, old: Evidence, new: Evidence) -> Claim | Statement:
    if isinstance(owner, Claim):
        return structs.replace(owner, evidence=new)
    return structs.replace(owner, evidence=tuple(new if one is old else one
                                                 for one in owner.evidence))


def _spans(
    name: str, line: Line, owner: Claim | Statement, one: Evidence, page: Document
) -> Iterator[Finding]:
    """The mention lies in the quote, what else decided on the page."""
    whole = Span(0, len(page.text))
    for what, span, outer in (("mention", one.exact, one.span),
                              *(("context", span, whole) for span in one.context)):
        if not _within(span, outer):
            yield Finding(name, line.number, 0, 0, "span", f"{what} {span.start}-{span.end} is "
                          f"not in {outer.start}-{outer.end}", owner.id, sentence=one.quote)


def _cites(
    name: str, line: Line, owner: Claim | Statement, one: Evidence, page: Document
) -> Iterator[Finding]:
    """A number that no reference has is at least one that the sentence bears."""
    known = {reference.number for reference in page.references}
    for number in one.cites:
        if number not in known and known:
            yield Finding(name, line.number, 0, 0, "citation", f"no reference [{number}] in the "
                          f"list of {page.page}", owner.id,
                          ", ".join(map(str, sorted(known))), str(number), shown(one.quote))
