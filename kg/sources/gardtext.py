"""The GARD web page saved as plain text, its headings kept or lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import SourceError
from ..model import Document, Span
from .assembly import declared_in, document, must_be_disease_page
from .decoding import decoded
from .lines import BAND, TABLE, Line, bullet, lines, numbered, reference_lines
from .outline import CATEGORIES, NAMES, UPDATED, Outline
from .sections import boilerplate_kind, heading_kind

HEAD = 20  # lines in which a title may stand
LONGEST_TITLE = 150
LONGEST_HEADING = 80
_JSON = re.compile(rb"\s*(?:\[\s*)?\{\s*\"")
_LEAD = re.compile(r"\b(?:include[sd]?|including|are|is|be|following|with|by|of|as|to|on|for)$")
_STOPPED = re.compile(r"[.!?:;,]['\"”)\]]*(?:\s*\[[\d,\s–-]+\])*$")


def sniff(data: bytes) -> bool:
    """Any text but JSON will do: this reader is asked last."""
    return not _JSON.match(data)


def read(page: str, data: bytes) -> Document:
    """The page with its text as it stands in the file.

    Raises SourceError where the bytes are no text or the text is no disease page.
    """
    text = decoded(page, data)
    all_lines = lines(text)
    first = _title(all_lines)
    if first is None:
        raise SourceError(page, "no disease: no title line")
    outline = Outline()
    for line in all_lines[:first]:
        outline.silent(line.span)
    outline.title(all_lines[first].span)
    _body(outline, all_lines[first + 1:])
    found = document(
        page, data, "gardtext", title=all_lines[first].span, text=text, blocks=outline.blocks,
        references=outline.references, declared=declared_in(text))
    return must_be_disease_page(found)


def _title(page: Sequence[Line]) -> int | None:
    """The line above the other names; else, of the first lines, the one that the page repeats.

    Sites put their own name and menu above the title, but only the disease is named again and
    again below it.  A page that repeats none of them is led by the first.
    """
    names = next((index for index, line in enumerate(page[:HEAD]) if NAMES.match(line.text)), 0)
    if names and _could_be_title(page[names - 1]):
        return names - 1
    found = [index for index in range(_first_sentence(page)) if _could_be_title(page[index])]
    text = "\n".join(line.text for line in page).casefold()
    return max(found, key=lambda index: (text.count(page[index].text.casefold()), -index),
               default=None)


def _first_sentence(page: Sequence[Line]) -> int:
    """How many lines stand above the first sentence, of the lines where a title may stand."""
    return next((index for index, line in enumerate(page[:HEAD])
                 if _STOPPED.search(line.text) and len(line.text) > LONGEST_HEADING
                 and not boilerplate_kind(line.text)), min(len(page), HEAD))


def _could_be_title(line: Line) -> bool:
    """Whether a line is neither the site's own nor a sentence."""
    return len(line.text) <= LONGEST_TITLE and not (
        _STOPPED.search(line.text) or boilerplate_kind(line.text) or bullet(line.text))


def _body(outline: Outline, page: Sequence[Line]) -> None:
    cited = reference_lines(page)
    table = False
    index = 0
    while index < len(page):
        line = page[index]
        table = _in_table(line, table)
        if index in cited:
            _reference(outline, line)
        elif table:
            outline.row(line.text, line.span)
        elif outline.kind == "references":
            outline.reference(len(outline.references) + 1, *_unbulleted(line))
        else:
            index += _line(outline, page, index)
        index += 1


def _in_table(line: Line, before: bool) -> bool:
    """Whether a line is one of a frequency table: up to a blank line or a sentence."""
    if TABLE.match(line.text) or BAND.match(line.text):
        return True
    return before and not line.after_blank and not _STOPPED.search(line.text) and (
        not line.text.startswith("Last updated"))


def _reference(outline: Outline, line: Line) -> None:
    found = numbered(line.text)
    number, start = found or (len(outline.references) + 1, 0)
    outline.reference(number, line.text[start:], line.tail(start))


def _unbulleted(line: Line) -> tuple[str, Span]:
    start = bullet(line.text)
    return line.text[start:], line.tail(start)


def _line(outline: Outline, page: Sequence[Line], index: int) -> int:
    """Read one line of the body; returns how many lines after it were read with it."""
    line = page[index]
    below = page[index + 1] if index + 1 < len(page) else None
    label = NAMES.fullmatch(line.text) or CATEGORIES.fullmatch(line.text)
    if label and below and not below.after_blank and not outline.started:
        return _labelled(outline, line, below)
    if bullet(line.text):
        outline.paragraph(*_unbulleted(line), form="item")
    elif _is_heading(line, below, page[index - 1] if index else None):
        outline.heading(line.text, line.span)
    else:
        outline.paragraph(line.text, line.span)
    return 0


def _labelled(outline: Outline, line: Line, below: Line) -> int:
    """A label alone on its line ("Other Names:"): what it labels stands below it."""
    if NAMES.match(line.text):
        outline.paragraph(line.text, line.span)
        if not CATEGORIES.match(below.text):
            outline.names(below.text, below.span)
            return 1
        return 0
    outline.silent(line.span)
    if _STOPPED.search(below.text):
        return 0
    outline.silent(below.span)
    return 1


def _ends(words: str) -> bool:
    """Whether a line ends what it says, so that the next one may be a heading."""
    return _STOPPED.search(words) is not None or UPDATED.search(words) is not None


def _is_heading(line: Line, below: Line | None, above: Line | None) -> bool:
    """A short line of its own that names a section, or stands alone above a paragraph."""
    words = line.text
    question = words.endswith("?") and len(words) <= LONGEST_HEADING
    above_item = below is not None and bullet(below.text) > 0
    if len(words) > LONGEST_HEADING or (_STOPPED.search(words) and not question) or (
            ". " in words or (above_item and _LEAD.search(words))):
        return False
    if boilerplate_kind(words):
        return heading_kind(words) is not None and ":" not in words
    short = len(words.split()) <= 8
    free = line.after_blank or question or above is None or _ends(above.text)
    if heading_kind(words) is not None and short and free:
        return True
    alone = line.after_blank and below is not None and below.after_blank and not above_item
    sentence_below = below is not None and _STOPPED.search(below.text) is not None
    return alone and short and words[:1].isupper() and sentence_below
