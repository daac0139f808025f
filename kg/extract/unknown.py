"""What a page says is not known or not established, by topic."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Claim
from .axes import axes
from .claims import Source, claim, phrase
from .frames import fired
from .page import Page
from .segment import Sentence


def unknowns(page: Page) -> Iterator[Claim]:
    """The first sentence of the page for each topic that it calls unknown.

    What is unknown in some people only is not said of the disease.
    """
    topics: set[str] = set()
    for sentence in page.sentences:
        for match in fired(sentence, "unknown"):
            if match.frame.value in topics or not match.spans or _partly(sentence):
                continue
            topics.add(match.frame.value)
            source = Source(page.document, sentence)
            name = phrase(sentence.text[match.spans[0].start:match.spans[0].end])
            yield claim("unknown", name, match.frame.value,
                        source.evidence(source.page_span(match.spans[0]), match.frame.rule))


def _partly(sentence: Sentence) -> bool:
    """Whether a sentence speaks of some people with the disease only."""
    return axes("partial")["some"].search(sentence.masked) is not None
