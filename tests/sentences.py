"""Sentences and pages in our own words for the tests of the extraction."""

from __future__ import annotations

import hashlib

from kg.extract.page import Page
from kg.extract.segment import FOCUS, Sentence, segment
from kg.model import Block, Document, Span


class NoLexicon:
    """A lexicon that knows no name."""

    def find(self, name: str, category: str) -> tuple[str, ...]:
        return ()

    def tag(self, text: str, category: str) -> tuple[tuple[Span, str], ...]:
        return ()


def sentence_of(text: str) -> Sentence:
    """A sentence in which the word FOCUS stands for the disease."""
    masked = text.replace("FOCUS", FOCUS * 5)
    return Sentence(Span(0, len(text)), text, masked, 0, "risk", "prose", "", ())


def page_of(*paragraphs: str, title: str = "Testosis", kind: str = "summary",
            form: str = "prose") -> Page:
    """A page about `title`; a paragraph that begins with "- " is a list item."""
    text = "\n\n".join(paragraphs)
    blocks: list[Block] = []
    at = 0
    for paragraph in paragraphs:
        mark = 2 if paragraph.startswith("- ") else 0
        span = Span(at + mark, at + len(paragraph))
        blocks.append(Block(kind, "item" if mark else form, "", span))
        at += len(paragraph) + 2
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document(sha[:16], "test.txt", "test", title, Span(0, 0), text, sha, "", "", (),
                        tuple(blocks), ())
    return Page(document, segment(document), NoLexicon(), (title,))
