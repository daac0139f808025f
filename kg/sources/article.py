"""Articles of the literature as Documents: what PubMed and PMC have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from msgspec import Struct, structs

from ..files import rows, shipped
from ..model import Block, Document, Reference, Span
from ..publications import ITSELF
from ..text import collapse
from .assembly import Declared, document
from .decoding import printable
from .outline import Outline
from .references import LONGEST, reference
from .rendering import Rendering
from .subject import Heading, subject

_RETRACTED = re.compile(r"\W*(?:retracted(?: article)?|withdrawn)\b\s*[:.\]]", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]{1,200}")
_NUMBER = re.compile(r"0*([1-9]\d{0,9})")
_PMCID = re.compile(r"(?:PMC)?0*([1-9]\d{0,9})", re.IGNORECASE)
MOST_CITED = 999  # a citation mark has at most three digits


class Work(Struct, frozen=True):
    """A publication; `text` is its entry in a list of references, identifiers are as found."""

    text: str
    title: str = ""
    year: int | None = None
    pmid: str = ""
    pmcid: str = ""
    doi: str = ""
    links: tuple[str, ...] = ()
    article: bool = True


class Part(Struct, frozen=True):
    """A section: its heading (perhaps none), how deep, and form and words of its paragraphs.

    `kind` is set where it is known to state nothing of the disease.
    """

    heading: str
    paragraphs: tuple[tuple[str, str], ...]
    level: int = 2
    kind: str | None = None


class Article(Struct, frozen=True):
    """An article as its source tells it; the references are gone through once, if at all."""

    work: Work
    headings: tuple[Heading, ...]
    parts: tuple[Part, ...]
    references: Iterable[Work]
    url: str
    license: str


def is_retracted(title: str) -> bool:
    """Whether a title is marked so by the publisher: "RETRACTED: A trial of …"."""
    return bool(_RETRACTED.match(title))


@cache
def _silent() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((cells["kind"], re.compile(cells["pattern"], re.IGNORECASE))
                 for _, cells in rows(shipped("data/article_sections.tsv")))


def silent_kind(heading: str) -> str | None:
    """The kind of a section that states nothing of the disease (data/article_sections.tsv)."""
    plain = re.sub(r"^[\d.\s]+|[\s:.]+$", "", heading)
    return next((kind for kind, pattern in _silent() if pattern.search(plain)), None)


def document_of(page: str, data: bytes, source: str, article: Article) -> Document:
    """The article as a Document whose title is the one disease it is about, where it is named.

    The article itself is entry 0 of its list of references.  Raises SourceError where it is not
    about one disease.
    """
    rendering, outline = Rendering(), Outline()
    title = printable(article.work.title)
    found = subject(page, title, article.headings)
    span = rendering.write("heading", title)
    outline.title(span)
    listed(outline, rendering, ITSELF, article.work)
    filed = _headings(outline, rendering, article.headings)
    for part in article.parts:
        _part(outline, rendering, part)
    for number, work in enumerate(article.references, 1):
        if number == 1:
            outline.silent(rendering.write("heading", "References"), "references")
        listed(outline, rendering, number, work)
    named = filed[found.heading] if found.span is None else Span(
        span.start + found.span.start, span.start + found.span.end)
    return document(
        page, data, source, title=named, text=rendering.text, blocks=outline.blocks,
        references=outline.references, declared=Declared(article.url, article.license))


def _headings(outline: Outline, rendering: Rendering, headings: Sequence[Heading]) -> list[Span]:
    """One line for each subject heading, and where its words stand."""
    spans = []
    for heading in headings:
        spans.append(rendering.write("item", heading.name, lead="Subject: "))
        outline.silent(spans[-1])
    return spans


def _part(outline: Outline, rendering: Rendering, part: Part) -> None:
    """A section; the paragraphs of one that states nothing keep their place and are silent."""
    if part.heading:
        span = rendering.write("heading", part.heading)
        if part.kind:
            outline.silent(span, part.kind)
        else:
            outline.heading(printable(part.heading), span, part.level)
    for form, text in part.paragraphs:
        words = printable(text)
        if words and part.kind:
            outline.silent(rendering.write(form, words), part.kind)
        elif words:
            outline.paragraph(words, rendering.write(form, words), form)


def listed(outline: Outline, rendering: Rendering, number: int, work: Work) -> None:
    """Add an entry to the list of references; its numbers are those that the source marks up."""
    words = printable(work.text)
    if not words:
        return
    span = rendering.write("item", words, lead=f"{number}. " if number else "Article: ")
    outline.blocks.append(Block("references", "item", "References", span))
    outline.references.append(_identified(reference(number, words, span, work.links), work))


def _identified(found: Reference, work: Work) -> Reference:
    pmid, pmcid = _NUMBER.fullmatch(work.pmid), _PMCID.fullmatch(work.pmcid)
    doi = _DOI.fullmatch(work.doi)
    return structs.replace(
        found, title=collapse(work.title)[:LONGEST] or found.title, year=work.year or found.year,
        pmid=pmid.group(1) if pmid else found.pmid,
        pmcid=f"PMC{pmcid.group(1)}" if pmcid else found.pmcid,
        doi=doi.group() if doi else found.doi,
        kind="article" if work.article or pmid or pmcid or doi else found.kind)


def cited_as(authors: Iterable[str], title: str, journal: str, year: int | None, place: str,
             identifiers: Iterable[str]) -> str:
    """An entry as lists of references write it: authors, title, journal, year, place, numbers."""
    names = list(authors)
    who = ", ".join(names[:6]) + (", et al" if len(names) > 6 else "")
    when = ";".join(filter(None, (str(year or ""), place)))
    parts = (who, title.rstrip(". "), journal, when, *identifiers)
    return " ".join(f"{collapse(part)}." for part in parts if part and part.strip())


def year_in(text: str | None) -> int | None:
    """The first year from 1600 to 2199 in a text."""
    found = re.search(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)", text or "")
    return int(found.group()) if found else None
