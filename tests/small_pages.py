"""Small pages, sentences and lexicons written in the test itself."""

from __future__ import annotations

from kg.extract.names import disease_names
from kg.extract.page import Page
from kg.extract.segment import FOCUS, Sentence, focus_pattern, mask, segment
from kg.model import Block, Document, Span


class Nothing:
    """A lexicon without names."""

    def find(self, name: str, category: str) -> tuple[str, ...]:
        return ()

    def tag(self, text: str, category: str) -> tuple[tuple[Span, str], ...]:
        return ()


class Knows(Nothing):
    """A lexicon of a few names."""

    def __init__(self, table: dict[tuple[str, str], str]) -> None:
        self.table = table

    def find(self, name: str, category: str) -> tuple[str, ...]:
        found = self.table.get((name.lower(), category))
        return (found,) if found else ()


def document(title: str, *blocks: str | tuple[str, str]) -> Document:
    """A page of one paragraph a block; a pair is its kind and its text."""
    text, made = "", []
    for block in blocks:
        kind, words = ("summary", block) if isinstance(block, str) else block
        made.append(Block(kind, "prose", "", Span(len(text), len(text) + len(words))))
        text += words + "\n"
    return Document("0" * 16, "page", "text", title, Span(0, 0), text, "0" * 64, "", "", (),
                    tuple(made), ())


def page(title: str, *blocks: str | tuple[str, str], lexicon: Nothing | None = None) -> Page:
    """The page ready for extraction."""
    made = document(title, *blocks)
    names = disease_names(made)
    return Page(made, segment(made, names), lexicon or Nothing(), names)


def sentence(text: str) -> Sentence:
    """A sentence in which the word FOCUS stands for the disease."""
    masked = mask(text, focus_pattern(())).replace("FOCUS", FOCUS * len("FOCUS"))
    return Sentence(Span(0, len(text)), text, masked, 0, "summary", "prose", "", ())
