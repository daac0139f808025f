"""Paragraphs about treatment that no heading announces and that were taken for something else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from ..model import Block
from .page import Page
from .segment import Sentence
from .therapy_context import blocked
from .therapy_mentions import mentions
from .therapy_words import patterns, says

# Kinds that a paragraph without a heading gets from a few words ("survived", "trial", "tested").
_DOUBTFUL = frozenset({"prognosis", "diagnosis", "statistics", "inheritance", "other"})
_SURE = frozenset({"drug", "strong"})
LEAST_SENTENCES = 2
LEAST_SHARE = 0.5


def resectioned(page: Page) -> tuple[Sentence, ...]:
    """The page's sentences, with those of a paragraph that is about therapies as "treatment".

    Only a paragraph whose kind was guessed is judged anew: at least half of its sentences, and no
    fewer than two, must name a therapy as something done, and no more than half as many tell of
    survival or relapse.
    """
    return tuple(sentence for block, group in groupby(page.sentences, lambda s: s.block)
                 for sentence in _judged(page, page.document.blocks[block], tuple(group)))


def _judged(
    page: Page, block: Block, sentences: tuple[Sentence, ...],
) -> Iterator[Sentence]:
    doubtful = block.guessed and block.form == "prose" and block.kind in _DOUBTFUL
    if doubtful and len(sentences) >= LEAST_SENTENCES:
        told = sum(_is_outcome(sentence) for sentence in sentences)
        named = sum(_names(page, sentence) for sentence in sentences)
        if named >= max(LEAST_SENTENCES, LEAST_SHARE * len(sentences), 2 * told):
            sentences = tuple(replace(sentence, kind="treatment") for sentence in sentences)
    yield from sentences


def _is_outcome(sentence: Sentence) -> bool:
    return bool(patterns()["outcome"].search(sentence.masked))


def _names(page: Page, sentence: Sentence) -> bool:
    """Whether a sentence names a therapy as something done."""
    text = sentence.masked
    if _is_outcome(sentence) or says("skip", text):
        return False
    return any(therapy.strength in _SURE and not blocked(text, therapy.span)
               for therapy in mentions(text, page.lexicon))
