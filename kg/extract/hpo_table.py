"""The rows of HPO frequency tables, as GARD's pages have them: run together, or one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ..frequency import frequency
from ..model import Block, Claim, Evidence, Span
from ..text import collapse
from .claims import claim
from .page import Page

SECTION = "symptoms"
_HEAD = re.compile(
    r"Signs and Symptoms\s+Approximate number of patients(?:\s+\(when available\))?\s*(?:\|\s*)?"
    r"|(?:.{0,20}\s)?Medical Terms\b.*|Showing\b.*|\d+%?\s*$", re.IGNORECASE)
_BAND = re.compile(r"(\d+%\s*[-–]\s*\d+%) of people\b", re.IGNORECASE)
_NO_BAND = re.compile(r"percent of people\b", re.IGNORECASE)
# What ends a row of a table that was run together; a lone "%" has lost its number.
_ENDS = re.compile(r"(?<=\s)(?:\d+(?:\.\d+)?\s?%|\d+/\d+|\d+ of \d+|[-–%])(?=\s|$)")
_CODE = re.compile(r"[\s|]*(?:HP:)?(\d{7})\W*$")
_COMMENT = re.compile(r"\s*\{[^{}]*\}")
_CELL = re.compile(r"\s*\|\s*")
LONGEST_NAME = 14  # words


class Row(Struct, frozen=True):
    """One row: its own span, that of its name, and how often, in the table's words."""

    span: Span
    name: Span
    written: str
    rule: str
    context: tuple[Span, ...] = ()


def table_rows(page: Page) -> Iterator[Claim]:
    """A claim for each row of each table: a phenotype with its frequency, or how it is inherited.

    The evidence is the row alone; a line below a band of frequencies has the band as context.
    """
    for row in _rows(page):
        text = page.document.text[row.name.start:row.name.end]
        name = _COMMENT.sub("", collapse(text))
        evidence = Evidence(
            document=page.document.id, span=row.span,
            quote=page.document.text[row.span.start:row.span.end], exact=row.name,
            section=SECTION, cites=(), rule=row.rule, context=row.context)
        yield _claim(page, name, row, evidence)


def _claim(page: Page, name: str, row: Row, evidence: Evidence) -> Claim:
    if page.lexicon.find(name, "inheritance"):
        return claim("inheritance", name, "", evidence)
    often = frequency(row.written)
    absent = often is not None and often.high == 0
    return claim("phenotype", name, "absent" if absent else "present", evidence, negated=absent,
                 quantity=often)


def _rows(page: Page) -> Iterator[Row]:
    band = ""
    context: tuple[Span, ...] = ()
    for block in page.document.blocks:
        if block.kind != "table":
            band, context = "", ()
            continue
        text = page.document.text[block.span.start:block.span.end]
        headed = _BAND.match(text)
        if headed or _NO_BAND.match(text):
            band, context = (headed.group(1), (block.span,)) if headed else ("-", ())
        elif band:
            yield from _line(page, block, text, band, context)
        else:
            yield from _run_together(block, text)


def _run_together(block: Block, text: str) -> Iterator[Row]:
    """The rows of a block: each ends with its frequency."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    for found in _ENDS.finditer(text, start):
        name = _trimmed(text, start, found.start())
        if name.end > name.start:
            yield Row(_shifted(Span(name.start, found.end()), block), _shifted(name, block),
                      found.group(), "hpo_table.row")
        start = found.end()


def _line(
    page: Page, block: Block, text: str, band: str, context: tuple[Span, ...]
) -> Iterator[Row]:
    """A line below a band: the name, perhaps other names and the number of its HP class."""
    if _HEAD.match(text):
        return
    code = _CODE.search(text)
    name = _trimmed(text, 0, code.start() if code else len(text))
    if cell := _CELL.search(text, name.start, name.end):
        name = Span(name.start, cell.start())
    elif code:
        name = _named(page, text, name, f"HP:{code.group(1)}")
    if name.end > name.start:
        yield Row(block.span, _shifted(name, block), band, "hpo_table.band", context)


def _named(page: Page, text: str, whole: Span, curie: str) -> Span:
    """The first words of a line that are a name of the class, else of any; all where none are."""
    words = list(re.finditer(r"\S+", text[whole.start:whole.end]))[:LONGEST_NAME]
    best: Span | None = None
    for word in reversed(words):
        span = Span(whole.start, whole.start + word.end())
        found = page.lexicon.find(text[span.start:span.end], "phenotype")
        if curie in found:
            return span
        if found and best is None:
            best = span
    return best or whole


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " |\t\n":
        start += 1
    while end > start and text[end - 1] in " |\t\n":
        end -= 1
    return Span(start, end)


def _shifted(span: Span, block: Block) -> Span:
    return Span(block.span.start + span.start, block.span.start + span.end)
