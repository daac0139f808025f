"""Sentences of a page, each with its section, its citations and the disease masked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Block, Document, Span
from ..text import blanked, citations, sentences

# Private-use characters stand for the page's disease, so that patterns see it as one kind of word.
FOCUS = "\ue000"
SILENT_KINDS = frozenset({"references", "resources", "question", "lesson", "names"})
_PLURAL = r"(?:'?s|es)?"


class Sentence(Struct, frozen=True):
    """One sentence of the page.

    `masked` has the sentence's length: the disease's names are runs of FOCUS, citation markers
    are blank.  `items` are the list items that follow a sentence ending in a colon.  `cites` are
    its own citation numbers, else the next ones in its paragraph, else those of its list's lead.
    """

    span: Span
    text: str
    masked: str
    block: int
    kind: str
    form: str
    heading: str
    cites: tuple[int, ...]
    items: tuple[Span, ...] = ()


@cache
def _anaphora() -> tuple[str, ...]:
    return tuple(cells["pattern"] for _, cells in rows(shipped("data/anaphora.tsv")))


@cache
def _lessons() -> re.Pattern[str]:
    patterns = [cells["pattern"] for _, cells in rows(shipped("data/lessons.tsv"))]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def is_lesson(sentence: str) -> bool:
    """Whether a sentence teaches, defines or links, and so states nothing of the disease."""
    return bool(_lessons().search(sentence))


def focus_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the disease by any of its names, in singular or plural, or by an anaphor."""
    words = [_name_pattern(name) for name in sorted(set(names), key=lambda n: (-len(n), n)) if name]
    named = "|".join(words)
    whole = rf"(?:(?:the|a|an) )?\b(?:{named}){_PLURAL}(?![\w-])|" if named else ""
    return re.compile(rf"{whole}\b(?:{'|'.join(_anaphora())})\b", re.IGNORECASE)


def _name_pattern(name: str) -> str:
    """The name with any white space or hyphen between its words; short capitals keep their case."""
    words = [re.escape(word) for word in re.split(r"[\s\-‐-―]+", name.replace("’", "'")) if word]
    joined = r"[\s-]+".join(words)
    return f"(?-i:{joined})" if len(name) <= 5 and name.isupper() else joined


def mask(text: str, focus: re.Pattern[str]) -> str:
    """`text` blanked (see text.blanked) with every mention of the disease as a run of FOCUS."""
    return focus.sub(lambda found: FOCUS * len(found.group()), blanked(text))


def segment(document: Document, names: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    """All sentences of the page in order, those that cannot hold facts left out.

    `names` are the disease's names besides the title.
    """
    focus = focus_pattern((document.title, *names))
    found: list[Sentence] = []
    for index, block in enumerate(document.blocks):
        if block.kind not in SILENT_KINDS and block.form != "heading":
            found.extend(_of_block(document, index, block, focus))
    return tuple(found)


def _of_block(
    document: Document, index: int, block: Block, focus: re.Pattern[str]
) -> Iterator[Sentence]:
    spans = list(sentences(document.text, block.span))
    texts = [document.text[span.start:span.end] for span in spans]
    own = [citations(text) for text in texts]
    for position, (span, text) in enumerate(zip(spans, texts, strict=True)):
        if is_lesson(text):
            continue
        cites = next((c for c in own[position:] if c), ()) or _lead_cites(document, index)
        items = _items(document, index) if position == len(spans) - 1 and _leads(text) else ()
        yield Sentence(span, text, mask(text, focus), index, block.kind, block.form,
                       block.heading, cites, items)


def _leads(text: str) -> bool:
    return re.sub(r"(?:\s*\[[\d,\s–-]+\])+$", "", text).rstrip().endswith(":")


def _items(document: Document, index: int) -> tuple[Span, ...]:
    """The spans of the list items right after block `index`."""
    spans: list[Span] = []
    for block in document.blocks[index + 1:]:
        if block.form != "item":
            break
        spans.append(block.span)
    return tuple(spans)


def _lead_cites(document: Document, index: int) -> tuple[int, ...]:
    """For a list item: the citations of the paragraph that introduces the list."""
    if document.blocks[index].form != "item":
        return ()
    while index >= 0 and document.blocks[index].form == "item":
        index -= 1
    span = document.blocks[index].span if index >= 0 else Span(0, 0)
    marks = citations(document.text[span.start:span.end])
    last = list(sentences(document.text, span))[-1:] if marks else []
    return next((c for s in last if (c := citations(document.text[s.start:s.end]))), ())
