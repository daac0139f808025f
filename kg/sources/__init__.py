"""The read stage: from the bytes of a page to a Document with offsets into the page's own text."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ..errors import SourceError
from ..model import Document
from . import containers, gardtext, html, jats, markdown, medquad, orphadata, pubmed

MAX_BYTES = 10_000_000


class Source(Struct, frozen=True):
    """A format of pages: `sniff` recognises it by content, `read` makes a Document of it."""

    name: str
    sniff: Callable[[bytes], bool]
    read: Callable[[str, bytes], Document]


# The first source that recognises the bytes reads them; the last one takes any text.
SOURCES: tuple[Source, ...] = (
    Source("fault", containers.sniff, containers.read),
    Source("pubmed", pubmed.sniff, pubmed.read),
    Source("jats", jats.sniff, jats.read),
    Source("orphadata", orphadata.sniff, orphadata.read),
    Source("medquad", medquad.sniff, medquad.read),
    Source("html", html.sniff, html.read),
    Source("markdown", markdown.sniff, markdown.read),
    Source("gardtext", gardtext.sniff, gardtext.read),
)


def read(page: str, data: bytes, limit: int = MAX_BYTES) -> Document:
    """The page as a Document; raises SourceError with the reason where it is no disease page."""
    if len(data) > limit:
        raise SourceError(page, f"too large: {len(data):,} bytes, at most {limit:,} are read")
    if not data.strip():
        raise SourceError(page, "the file is empty")
    source = next((source for source in SOURCES if source.sniff(data)), None)
    if source is None:
        raise SourceError(page, "no known kind of page")
    return source.read(page, data)
