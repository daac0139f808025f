"""What every extractor is given: a page, its sentences, and the names it may look up."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from ..model import Document, Span
from .segment import Sentence


class Lexicon(Protocol):
    """Names with identifiers, looked up exactly after text.normalise."""

    def find(self, name: str, category: str) -> tuple[str, ...]:
        """The CURIEs of `category` that have this name, best scope first."""

    def __hash__(self) -> int:
        """By identity, so that what was looked up can be kept."""

    def tag(self, text: str, category: str) -> tuple[tuple[Span, str], ...]:
        """Mentions in `text`, leftmost and longest, on token boundaries."""


class Page(Struct, frozen=True):
    """A page ready for extraction; `names` are the disease's own names on the page."""

    document: Document
    sentences: tuple[Sentence, ...]
    lexicon: Lexicon
    names: tuple[str, ...]
