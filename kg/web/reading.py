"""A page as it was read: its text in paragraphs, every mention marked with what was read there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from ..model import Document, Span
from .views import Link, Said, Source, ends, said

Marks = Sequence[tuple[Span, Said]]


class Piece(Struct, frozen=True):
    """Some text with the statements that it is the mention of."""

    text: str
    said: tuple[Said, ...]


class Paragraph(Struct, frozen=True):
    """A block of the page: "heading", "prose", "item" or "row".

    `said` is what was read in it, with whether no paragraph before has it.
    """

    form: str
    pieces: tuple[Piece, ...]
    said: tuple[tuple[Said, bool], ...]


class SourcePage(Struct, frozen=True):
    """A page with its address and licence, the disease it is about, and its text."""

    template: str
    link: Link
    url: str
    license: str
    file: str
    about: Link | None
    numbers: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    size: int


def reading(source: Source, iri: str, about: str, document: Document) -> SourcePage:
    """The page with its statements at their places; but for its title, all text is there."""
    marks = sorted(_marks(source, iri), key=lambda one: (one[0], one[1].id))
    itself = source.link(iri)
    return SourcePage(
        "page.html", Link(document.title, document.page, itself.path, iri), document.url,
        document.license, document.page, source.link(about) if about else None,
        document.xrefs, tuple(_paragraphs(document, marks)), len({one.id for _, one in marks}))


def _marks(source: Source, iri: str) -> Iterator[tuple[Span, Said]]:
    """The mentions on this page, each with its statement."""
    facts = source.facts
    for fact in facts.facts:
        here = [one for name in fact.evidence
                if (one := facts.sentences.get(name)) and one.page == iri]
        if here:
            shown = said(source, fact, 0)
            yield from ((Span(*ends(one.place)), shown) for one in here if one.place)


def _paragraphs(document: Document, marks: Marks) -> Iterator[Paragraph]:
    seen: set[str] = set()
    for form, block in _forms(document):
        span = _trimmed(document.text, block)
        inside = [(mark, one) for mark, one in marks
                  if mark.start < span.end and mark.end > span.start]
        title = document.text[span.start:span.end] == document.title and not inside
        if span.end > span.start and not title:
            several = _each(one for _, one in inside)
            yield Paragraph(form, tuple(_pieces(document.text, span, inside)),
                            tuple((one, one.id not in seen) for one in several))
            seen.update(one.id for one in several)


def _forms(document: Document) -> Iterator[tuple[str, Span]]:
    """The blocks in order, and what stands between them as prose; the title is a heading."""
    place = 0
    for block in sorted(document.blocks, key=lambda one: one.span):
        if block.span.start > place:
            yield _between(document, Span(place, block.span.start)), \
                Span(place, block.span.start)
        if block.span.end > place:
            start = max(place, block.span.start)
            yield block.form, Span(start, block.span.end)
            place = block.span.end
    if place < len(document.text):
        yield "prose", Span(place, len(document.text))


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    found = text[span.start:span.end]
    start = span.start + len(found) - len(found.lstrip())
    return Span(start, max(start, span.start + len(found.rstrip())))


def _between(document: Document, span: Span) -> str:
    return "heading" if span.start <= document.title_span.start < span.end else "prose"


def _pieces(text: str, span: Span, marks: Marks) -> Iterator[Piece]:
    """The text of a block cut wherever a mention begins or ends."""
    cuts = {span.start, span.end}
    cuts.update(min(max(place, span.start), span.end)
                for mark, _ in marks for place in (mark.start, mark.end))
    order = sorted(cuts)
    for start, end in pairwise(order):
        here = [(mark, one) for mark, one in marks if mark.start < end and mark.end > start]
        yield Piece(text[start:end], _each(one for _, one in here))


def _each(several: Iterable[Said]) -> tuple[Said, ...]:
    """Each statement once, in order."""
    found: Mapping[str, Said] = {one.id: one for one in several}
    return tuple(found.values())
