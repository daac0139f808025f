"""A folder's stage files against each other: pages, claims, statements, records and the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import structs

from .. import jsonl
from ..curation.reports import REJECTED, UNLICENSED
from ..ground import place
from ..identity import identity
from ..model import Claim, Document, Statement
from ..records import record
from ..summary import IDENTITY
from .evidence import claim_findings, document_findings, statement_findings
from .finding import Finding, differing
from .stagefile import Line, StageFile, canonical

WITHHELD = "withheld: "
Settled = Callable[[Document, Sequence[Claim]], tuple[Statement, ...]]


class Page:
    """One page with the lines that are about it; `withheld` where it broke a shape."""

    def __init__(self, chain: Chain, key: str) -> None:
        self._chain = chain
        self.line, self.document = chain.documents.of(key)[0]
        self.withheld = chain.withheld(key)

    @cached_property
    def claims(self) -> tuple[tuple[Line, Claim], ...]:
        """Its claims with their lines."""
        return tuple(self._chain.claims.of(self.document.id))

    @cached_property
    def statements(self) -> tuple[tuple[Line, Statement], ...]:
        """Its statements with their lines."""
        return tuple(self._chain.statements.of(self.document.id))

    @property
    def said(self) -> tuple[Statement, ...]:
        """Its statements, that of its disease first."""
        return tuple(one for _, one in self.statements)

    @property
    def facts(self) -> frozenset[str]:
        """The ids of what it states of its disease."""
        return frozenset(one.id for one in self.said if one.kind != IDENTITY)

    @property
    def is_whole(self) -> bool:
        """Whether its first statement says which disease it is about: else nothing follows."""
        return bool(self.statements) and self.said[0].kind == IDENTITY


class Chain:
    """The stage files of a folder, page by page in the order of documents.jsonl."""

    def __init__(self, folder: Path, settled: Settled | None = None) -> None:
        """`settled` gives a page's statements from its claims where people decided on them."""
        self.folder = folder
        self._settled = settled
        tables = (folder / REJECTED, folder / UNLICENSED) if settled else ()
        self._taken_out = frozenset[str]().union(*map(_first_cells, tables))
        self.documents = StageFile(folder / "documents.jsonl", Document)
        self.claims = StageFile(folder / "claims.jsonl", Claim)
        self.statements = StageFile(folder / "statements.jsonl", Statement)
        self.records = StageFile(folder / "records.jsonl", dict)
        self._withheld = _withheld(folder / "skipped.tsv")
        self._names = {key: self.documents.of(key)[0][1].page for key in self.documents.keys}

    def close(self) -> None:
        """The files are free; no page can be asked for any more."""
        for file in (self.documents, self.claims, self.statements, self.records):
            file.close()

    @property
    def pages(self) -> Iterator[Page]:
        """Every page that can be read, as it is asked for: no two are in memory."""
        return map(self.page, self.documents.keys)

    def page(self, key: str) -> Page:
        """The page of a document's id."""
        return Page(self, key)

    def withheld(self, key: str) -> bool:
        """Whether the page of a document's id broke a shape."""
        return self._names[key] in self._withheld

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the lines of the files, and in their order."""
        files = (self.documents, self.claims, self.statements, self.records)
        for file in files:
            yield from file.bad
        known = set(self.documents.keys)
        yield from self.claims.strange(known)
        yield from self.statements.strange(known)
        yield from self.records.strange(set(self._names.values()))
        for file in (self.claims, self.statements):
            yield from _in_order(file, self.documents.keys)
        yield from _in_order(self.records, list(self._names.values()))
        for page in self.pages:
            yield from self.of_page(page)

    def of_page(self, page: Page) -> Iterator[Finding]:
        """What is wrong with the lines of one page."""
        name = self.documents.name
        for line, _ in self.documents.of(page.document.id)[1:]:
            yield Finding(name, line.number, 0, 0, "order", "the page comes twice",
                          page.document.id)
        yield from document_findings(name, page.line, page.document)
        yield from canonical(name, page.line, page.document)
        yield from _said(self.claims.name, page)
        yield from _said(self.statements.name, page)
        yield from _about(page)
        yield from _of_one_disease(page)
        if self._settled and self._is_decided(page):
            yield from _resettled(page, self._settled)
        else:
            yield from _supported(page)
        yield from self._record(page)

    def _is_decided(self, page: Page) -> bool:
        """Whether people decided on what the page states."""
        return page.document.page in self._taken_out or any(one.review for one in page.said)

    def _record(self, page: Page) -> Iterator[Finding]:
        """The page's line of records.jsonl is what its statements give."""
        lines, name = self.records.raw(page.document.page), self.records.name
        if page.withheld or not page.is_whole:
            return
        if len(lines) != 1:
            yield Finding(name, lines[-1].number if lines else 0, 0, 0, "order",
                          f"{len(lines)} lines for {page.document.page}, there must be one")
        wanted = jsonl.line(record(page.document, page.said[0].disease, page.said[1:]))
        for line in lines:
            if line.raw != wanted:
                yield differing("record", name, line.number, "not what the statements give",
                                (line.text, wanted.decode("utf-8", "replace").rstrip("\n")),
                                (page.document.page, ""))


def _withheld(path: Path) -> frozenset[str]:
    """The pages that skipped.tsv says were withheld."""
    if not path.is_file():
        return frozenset()
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()[1:]
    cells = (line.partition("\t") for line in lines)
    return frozenset(page for page, _, reason in cells if reason.startswith(WITHHELD))


def _first_cells(path: Path) -> frozenset[str]:
    """The first cell of each line of a table but its header; none where there is no table."""
    if not path.is_file():
        return frozenset()
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()[1:]
    return frozenset(line.partition("\t")[0] for line in lines)


def _resettled(page: Page, settled: Settled) -> Iterator[Finding]:
    """The page's statements are what its claims and people's decisions give."""
    wanted = settled(page.document, [claim for _, claim in page.claims])
    lines = [line for line, _ in page.statements]
    for line, found, other in zip(lines, page.said, wanted, strict=False):
        if found != other:
            yield differing("claim", "statements.jsonl", line.number,
                            "not what the claims and the decisions give",
                            (line.text, jsonl.line(other).decode("utf-8", "replace").rstrip("\n")),
                            (found.id, ""))
            return
    if len(lines) != len(wanted):
        yield Finding("statements.jsonl", lines[-1].number if lines else 0, 0, 0, "claim",
                      f"the claims and the decisions give {len(wanted)} statements of "
                      f"{page.document.page}, {len(lines)} are there", page.document.id)


def _in_order(file: StageFile[Any], keys: list[str]) -> Iterator[Finding]:
    """The lines of a page stand together, and pages in the order of documents.jsonl."""
    place = {key: number for number, key in enumerate(keys)}
    last, at = -1, 0
    for key in file.keys:
        lines = file.raw(key)
        here = place.get(key, last)
        if here < last or lines[-1].number - lines[0].number != len(lines) - 1 \
                or lines[0].number < at:
            yield Finding(file.name, lines[0].number, 0, 0, "order",
                          "the page's lines are not together or not in their place", key)
        last, at = max(here, last), lines[-1].number


def _said(name: str, page: Page) -> Iterator[Finding]:
    """Each claim or statement of the page; no two have one id, all stand in their order."""
    seen: dict[str, int] = {}
    rows: list[tuple[Line, Claim | Statement]] = list(
        page.claims if name.startswith("claims") else page.statements)
    for line, one in rows:
        yield from canonical(name, line, one)
        if isinstance(one, Claim):
            yield from claim_findings(name, line, one, page.document)
        else:
            yield from statement_findings(name, line, one, page.document)
        if seen.setdefault(one.id, line.number) != line.number:
            yield Finding(name, line.number, 0, 0, "order",
                          f"the same as line {seen[one.id]}", one.id)
    order = [_place(one) for _, one in rows if not _is_identity(one)]
    for (line, one), here, wanted in zip(rows[len(rows) - len(order):], order, sorted(order),
                                         strict=True):
        if here != wanted:
            yield Finding(name, line.number, 0, 0, "order", "not in the order of the sentences",
                          one.id)
            return


def _about(page: Page) -> Iterator[Finding]:
    """The first statement is exactly what the page's title and its disease give."""
    name = "statements.jsonl"
    if not page.is_whole:
        yield Finding(name, page.statements[0][0].number if page.statements else 0, 0, 0, "order",
                      f"no first line says which disease {page.document.page} is about",
                      page.document.id)
        return
    line, one = page.statements[0]
    if one.grounding is None:
        yield Finding(name, line.number, 0, 0, "statement", "how the disease was found is missing",
                      one.id)
        return
    wanted = structs.replace(identity(page.document, one.disease, one.grounding),
                             review=one.review)
    if one != wanted:
        yield differing("statement", name, line.number, "not what the page's title gives",
                        (line.text, jsonl.line(wanted).decode("utf-8", "replace").rstrip("\n")),
                        (one.id, page.document.title))


def _of_one_disease(page: Page) -> Iterator[Finding]:
    """Every statement is about the page's disease, with its label and category."""
    for line, one in page.statements[1:]:
        wanted = structs.replace(one, disease=page.said[0].disease)
        if one != wanted:
            yield differing("statement", "statements.jsonl", line.number,
                            "its disease is not that of the page's first statement",
                            (line.text, jsonl.line(wanted).decode("utf-8", "replace").rstrip("\n")),
                            (one.id, one.evidence[0].quote))


def _is_identity(one: Claim | Statement) -> bool:
    return one.kind == IDENTITY


def _place(one: Claim | Statement) -> tuple[object, ...]:
    return () if isinstance(one, Claim) else place(one)


def _supported(page: Page) -> Iterator[Finding]:
    """Every statement rests on claims of the page, and every claim is in a statement."""
    name, claims = "claims.jsonl", page.claims
    made = {(one.kind, name_, one.value, one.negated, one.doubtful, e.span, e.exact)
            for _, one in page.statements for e in one.evidence for name_ in one.names}
    for line, claim in claims:
        e = claim.evidence
        if (claim.kind, claim.name, claim.value, claim.negated, claim.doubtful,
                e.span, e.exact) not in made:
            yield Finding(name, line.number, 0, 0, "claim",
                          "no line of statements.jsonl says this", claim.id,
                          sentence=e.quote)
    given = {claim.evidence for _, claim in claims}
    said = {evidence: statement for _, statement in page.statements
            if statement.kind != IDENTITY for evidence in statement.evidence}
    for line, statement in page.statements:
        for evidence in statement.evidence:
            if evidence not in given and statement.kind != IDENTITY:
                yield Finding("statements.jsonl", line.number, 0, 0, "claim",
                              "claims.jsonl has no claim with this evidence", statement.id,
                              sentence=evidence.quote)
    places = {(one.span, one.exact): one for one in said}
    for line, claim in claims:
        other = places.get((claim.evidence.span, claim.evidence.exact))
        if claim.evidence not in said and other and (
                claim.evidence.cites, claim.evidence.section) != (other.cites, other.section):
            yield Finding(name, line.number, 0, 0, "claim",
                          "its section or citations are not those of its statement", claim.id,
                          sentence=claim.evidence.quote)
