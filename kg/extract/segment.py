"""Sentences of a page, each with its section, its citations and the disease masked out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from ..files import rows, shipped
from ..model import Block, Document, Span
from ..publications import ARTICLES
from ..text import blanked, citations, sentences
from .caseless import Caseless, caseless, lower
from .focus import Mentions
from .gates import Gated, gate, gates, literals
from .requisites import requisites

# Private-use characters stand for the page's disease, so that patterns see it as one kind of word.
FOCUS = "\ue000"
SILENT_KINDS = frozenset({"references", "resources", "question", "lesson", "names", "table"})
_MARKS = re.compile(r"(?:\s*\[\^?[\d,;\s–-]+\])+$")
_ITEM_HEAD = re.compile(r"([^.:]{2,80}?)(?:\s*:\s|\s[–—-]\s|\.[*_]*\s+(?=[A-Z]))")
_DASH = re.compile(r"(?<=[\w)])\s+-\s+(?=\w)")
WORDS_OF_A_HEAD = 8
LOST_BREAKS = 2
MOST_ITEMS = 100
_LEAD_LENGTH = 1000
_LOOSE = re.compile(r" {2,}|^ | (?=[,.;:](?!\d))")
_GAPS = ("  ", " ,", " .", " ;", " :")  # without one of them nothing is loose
_CLOSING = frozenset({",", ".", ";", ":"})


class Sentence(Struct, frozen=True):
    """One sentence of the page.

    `text` is the sentence without citation markers, emphasis marks and runs of white space;
    `places` says where in the page each of its characters stands, counted from `span.start`, and
    is empty where that is simply their number.  `masked` has the length of `text`: the disease's
    names are runs of FOCUS.  `items` are the names of the list items that the sentence announces.
    `cites` are its own citation numbers, else the next ones in its paragraph, else those of its
    list's lead; in an article of the literature its own alone.
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
    places: tuple[int, ...] = ()

    def on_page(self, span: Span) -> Span:
        """`span` of `text` as offsets into the page."""
        first, at = self.span.start, self.places
        if not at or span.start >= len(at):
            return Span(first + span.start, first + span.end)
        return Span(first + at[span.start], first + at[max(span.start, span.end - 1)]
                    + (span.end > span.start))


@cache
def _lessons() -> Gated[Caseless]:
    """The rows of data/lessons.tsv behind their gates."""
    path = shipped("data/lessons.tsv")
    return Gated((
        gate(literals(cells["needs"])) | gates(requisites(cells["pattern"], {}, cells["pattern"])),
        caseless(cells["pattern"], (path, line))) for line, cells in rows(path))


@lru_cache(maxsize=4096)
def is_lesson(sentence: str) -> bool:
    """Whether a sentence teaches, defines, asks or links, and so states nothing of the disease.

    Kept, as pages of one publisher teach the same.
    """
    low, lessons = lower(sentence), _lessons()
    return any(pattern.search(low) for pattern in lessons.open(low))


@cache
def _anaphora() -> Caseless:
    patterns = [cells["pattern"] for _, cells in rows(shipped("data/anaphora.tsv"))]
    return caseless(rf"\b(?:{'|'.join(patterns)})\b")


@lru_cache(maxsize=8)
def focus_pattern(names: tuple[str, ...]) -> Mentions:
    """Finds the disease by any of its names; kept, as one extractor after another asks."""
    return Mentions(names)


def mask(text: str, focus: Mentions) -> str:
    """`text` blanked (text.blanked), each mention of the disease by name or anaphor as FOCUS."""
    return _masked(blanked(text), focus)


def _masked(plain: str, focus: Mentions) -> str:
    spans = focus.spans(plain)
    named, low = _hidden(plain, spans), _hidden(lower(plain), spans)
    return _hidden(named, [found.span() for found in _anaphora().found(named, low)])


def tightened(text: str) -> tuple[str, str, tuple[int, ...]]:
    """A sentence's characters that count, the same blanked (text.blanked), and their places.

    Left out are what was blanked and all but one of the spaces between two words, so that
    patterns need not expect them; no place is given where all that is left out is at the end.
    """
    plain = blanked(text).rstrip()
    if not plain.startswith(" ") and not any(map(plain.__contains__, _GAPS)):
        return text[:len(plain)], plain, ()
    places = tuple(at for start, end in _kept(plain) for at in range(start, end))
    words = "".join(" " if plain[at] == " " else text[at] for at in places)
    return words, "".join(plain[at] for at in places), places


def _kept(plain: str) -> Iterator[tuple[int, int]]:
    """The stretches between loose spaces, the first space of a gap with the word before it."""
    start = 0
    for found in _LOOSE.finditer(plain):
        before_mark = plain[found.end():found.end() + 1] in _CLOSING
        yield start, found.start() + (0 if before_mark or not found.start() else 1)
        start = found.end()
    yield start, len(plain)


def _hidden(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with what stands at the spans as FOCUS."""
    for start, end in spans:
        text = f"{text[:start]}{FOCUS * (end - start)}{text[end:]}"
    return text


def segment(document: Document, names: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    """All sentences of the page in order, those that cannot hold facts left out.

    `names` are the disease's names besides the title.
    """
    focus = focus_pattern((document.title, *names))
    found: list[Sentence] = []
    lead = -1
    lead_cites: tuple[int, ...] = ()
    for index, block in enumerate(document.blocks):
        if block.form != "item":
            lead, lead_cites = index, _last_cites(document, block)
        if block.kind not in SILENT_KINDS and block.form != "heading":
            inherited = lead_cites if lead != index else ()
            found.extend(_of_block(document, index, focus, inherited))
    return tuple(found)


def _of_block(
    document: Document, index: int, focus: Mentions, inherited: tuple[int, ...]
) -> Iterator[Sentence]:
    block = document.blocks[index]
    spans = list(sentences(document.text, block.span))
    texts = [document.text[span.start:span.end] for span in spans]
    cites = ([citations(text) for text in texts] if document.format in ARTICLES
             else _cites(texts, inherited))  # an article's own finding is not what it cites next
    for position, (span, text) in enumerate(zip(spans, texts, strict=True)):
        words, plain, places = tightened(text)
        if is_lesson(plain):
            continue
        last = position == len(spans) - 1
        leads = last and _leads(text, _before_item(document, index))
        yield Sentence(span, words, _masked(plain, focus), index, block.kind, block.form,
                       block.heading, cites[position], _items(document, index) if leads else (),
                       places)


def followed(lead: Sentence, sentence: Sentence) -> Sentence:
    """Two sentences of a page as one."""
    gap = sentence.span.start - lead.span.start
    first, second = (one.places or range(len(one.text)) for one in (lead, sentence))
    return replace(
        lead, span=Span(lead.span.start, sentence.span.end),
        text=f"{lead.text} {sentence.text}", masked=f"{lead.masked} {sentence.masked}",
        items=sentence.items, cites=sentence.cites or lead.cites,
        places=(*first, gap - 1, *(gap + at for at in second)))


def _cites(texts: list[str], inherited: tuple[int, ...]) -> list[tuple[int, ...]]:
    """For each sentence of a block its own citations, else the next ones, else the inherited."""
    found: list[tuple[int, ...]] = []
    following = inherited
    for text in reversed(texts):
        following = citations(text) or following
        found.append(following)
    return found[::-1]


def _last_cites(document: Document, block: Block) -> tuple[int, ...]:
    """The citations of a block's last sentence, which the list below it shares."""
    tail = document.text[max(block.span.start, block.span.end - _LEAD_LENGTH):block.span.end]
    if "[" not in tail:
        return ()
    last = list(sentences(tail, Span(0, len(tail))))[-1:]
    return citations(tail[last[0].start:last[0].end]) if last else ()


def _before_item(document: Document, index: int) -> bool:
    """Whether a list begins right after block `index`."""
    below = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
    return below is not None and below.form == "item" and document.blocks[index].form != "item"


def _leads(text: str, before_item: bool) -> bool:
    """Whether a sentence announces the list below it: "Options are:", "Options include"."""
    bare = text[-_LEAD_LENGTH:].rstrip()
    bare = _MARKS.sub("", bare).rstrip() if bare.endswith("]") else bare
    return bare.endswith(":") or (before_item and bare[-1:] not in {".", "?", "!", ";"})


def _items(document: Document, index: int) -> tuple[Span, ...]:
    """The names of the list items right after block `index`: "Term. What it is …" gives "Term".

    Where the block is an item itself, its list ends at the next item that announces one.
    """
    spans: list[Span] = []
    inner = document.blocks[index].form == "item"
    for block in islice(document.blocks, index + 1, index + 1 + MOST_ITEMS):
        if block.form != "item" or block.kind in SILENT_KINDS:
            break
        if inner and document.text[block.span.start:block.span.end].rstrip().endswith(":"):
            break
        spans.extend(_head(document.text, one) for one in _parted(document.text, block.span))
    return tuple(spans)


def _parted(text: str, span: Span) -> Iterator[Span]:
    """An item, or the items of one whose line breaks were lost ("gout - lupus - an injury")."""
    dashed = "-" in text[span.start:span.end]
    inner = list(_DASH.finditer(text, span.start, span.end)) if dashed else []
    if len(inner) < LOST_BREAKS:
        inner = []
    start = span.start
    for found in inner:
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, span.end)


def _head(text: str, span: Span) -> Span:
    """The first words of an item where they stand apart from an explanation."""
    found = _ITEM_HEAD.match(text, span.start, span.end)
    if found is None or len(found.group(1).split()) > WORDS_OF_A_HEAD:
        return span
    return Span(span.start, found.end(1))
