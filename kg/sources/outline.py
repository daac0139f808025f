"""From headings, paragraphs, items and rows in reading order to blocks with their section kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Block, Reference, Span
from ..text import collapse
from .lines import BAND
from .references import reference
from .sections import FACTUAL, boilerplate_kind, guess, heading_kind, votes

UPDATED = re.compile(
    r"\b[Ll]ast\s+(?:updated|reviewed|modified)(?:\s+on)?:?\s*"
    r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d"
    r"|(?:[A-Z][a-z]{2,8}\.?\s+)?(?:\d{1,2},?\s+)?(?:19|20)\d\d)\.?")
NAMES = re.compile(
    r"(?:other\s+(?:disease\s+)?names?|also\s+(?:known\s+as|called)|synonyms?|alternative\s+names?)"
    r"(?:\s+for\s+this\s+(?:condition|disease))?\s*(?:[*_]{1,2})?:(?:[*_]{1,2})?\s*", re.IGNORECASE)
_MORE = re.compile(
    r"[\s;,]{0,9}\b(?:see|show|view|read) (?:more|less|all|fewer)\W*$", re.IGNORECASE)
CATEGORIES = re.compile(r"(?:categor(?:y|ies)|tags?|subtypes? of)\s*:", re.IGNORECASE)
ENOUGH_VOTES = 4


class Outline:
    """Collects the blocks of one page; every `words` given is the page's text at its span."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self._kind: str | None = None
        self._heading = ""
        self._level = 0
        self._sticky: str | None = None
        self._inherited: str | None = None
        self._prose_seen = False
        self._led = False

    @property
    def kind(self) -> str | None:
        """The kind that the last heading gave, None where headings are lost."""
        return self._kind

    @property
    def started(self) -> bool:
        """Whether any paragraph of the page has been read."""
        return self._prose_seen

    def title(self, span: Span) -> None:
        """The page's own name."""
        self.blocks.append(Block("summary", "heading", "", span))

    def heading(self, words: str, span: Span, level: int = 2) -> None:
        """A heading opens a section; one below it that names no kind of its own stays inside."""
        kind = heading_kind(words)
        if kind is None and self._kind and level > self._level:
            kind = self._kind
        else:
            self._level = level
        self._kind, self._heading, self._sticky = kind, words.strip(), None
        self._inherited = None
        self.blocks.append(Block(kind or "other", "heading", self._heading, span, kind is None))

    def paragraph(self, words: str, span: Span, form: str = "prose") -> None:
        """A paragraph or list item; what belongs to the site, not the disease, is marked so."""
        label = NAMES.match(words)
        if label and not self._prose_seen:
            self._add("names", "heading", self._cut(span, 0, len(label.group().rstrip())))
            return self.names(words[label.end():], self._cut(span, label.end()))
        if self._kind == "names":
            return self.names(words, span)
        for start, end, updated in _dated(words):
            if end <= start:
                continue
            if updated:
                self._add("resources", "prose", self._cut(span, start, end))
                self._close()
            else:
                self._prose(words[start:end], self._cut(span, start, end), form)
        return None

    def names(self, words: str, span: Span) -> None:
        """A list of the disease's names: the span is exactly the names."""
        self._add("names", "prose", self._cut(span, 0, len(_MORE.sub("", words).rstrip())))

    def row(self, words: str, span: Span, kind: str | None = None) -> None:
        """One line of a table; a frequency band becomes the heading of the rows below it."""
        if BAND.match(words):
            self._heading = words
        self.blocks.append(Block(kind or "table", "row", self._heading, span))

    def reference(self, number: int, words: str, span: Span, links: tuple[str, ...] = ()) -> None:
        """One entry of the reference list."""
        self.blocks.append(Block("references", "item", "References", span))
        self.references.append(reference(number, collapse(words), span, links))

    def silent(self, span: Span, kind: str = "resources") -> None:
        """A piece of the site around the page."""
        self._add(kind, "prose", span)

    @staticmethod
    def _cut(span: Span, start: int, end: int | None = None) -> Span:
        return Span(span.start + start, span.end if end is None else span.start + end)

    def _add(self, kind: str, form: str, span: Span, guessed: bool = False) -> None:
        if span.end > span.start:
            self.blocks.append(Block(kind, form, self._heading, span, guessed))

    def _close(self) -> None:
        """The end of a section where the page says so: what follows is not under its heading."""
        self._kind, self._heading, self._inherited, self._sticky = None, "", None, None

    def _prose(self, words: str, span: Span, form: str) -> None:
        silent = boilerplate_kind(words)
        if silent:
            if self._prose_seen and silent != "lesson" and form == "prose":
                self._sticky = silent
            return self._add(silent, form, span)
        if self._sticky and not (form == "prose" and _speaks(words)):
            return self._add(self._sticky, form, span)
        self._sticky = None
        guessed = self._kind is None
        kind = self._kind or self._guess(words, form)
        self._prose_seen = True
        return self._add(kind, form, span, guessed)

    def _guess(self, words: str, form: str) -> str:
        """Without a heading: the first paragraph sums up, items go with what announces them."""
        led = self._led
        self._led = words.rstrip().endswith(":") if form == "prose" else led
        if not self._prose_seen:
            self._inherited = None
            return "summary"
        if form == "prose" or self._inherited is None or not led:
            self._inherited = guess(words) or self._inherited
        return self._inherited or "other"


def _speaks(words: str) -> bool:
    """Whether a paragraph among a site's own texts is about a disease after all."""
    return not words.rstrip().endswith("?") and sum(
        count for kind, count in votes(words).items() if kind in FACTUAL) >= ENOUGH_VOTES


def _dated(words: str) -> Iterator[tuple[int, int, bool]]:
    """The stretches of a paragraph, "Last updated: …" apart from what stands around it."""
    position = 0
    for found in UPDATED.finditer(words):
        yield (*_trimmed(words, position, found.start()), False)
        yield found.start(), found.end(), True
        position = found.end()
    yield (*_trimmed(words, position, len(words)), False)


def _trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    piece = words[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, start + len(piece.rstrip()))
