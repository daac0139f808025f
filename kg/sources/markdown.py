"""Markdown pages: headings, bullets, tables, numbered or footnote citations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import SourceError
from ..model import Document, Span
from .assembly import Declared, declaration, document, must_be_disease_page
from .decoding import decoded
from .lines import BAND, TABLE, Line, bullet, lines, numbered, reference_lines
from .outline import NAMES, Outline

_ATX = re.compile(r"(#{1,6})\s+(?=\S)")
_SNIFF = re.compile(rb"^ {0,3}#{1,6}[ \t]+\S|^\S[^\n]*\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"(?:[-*_=]\s*){3,}$|\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FIELD = re.compile(r"^(\w+)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^?\d{1,3}\]:\s")
_UNDERLINE = re.compile(r"[ \t]*\r?\n(={3,}|-{3,})[ \t]*(?:\r?\n|$)")
_CLOSING = re.compile(r"\s+#+$")
_LINK = re.compile(r"\]\((https?://[^\s()]+)")


def sniff(data: bytes) -> bool:
    """Whether a line is a Markdown heading."""
    return bool(_SNIFF.search(data[:100_000].replace(b"\r", b"")))


def read(page: str, data: bytes) -> Document:
    """The page with its text as it stands in the file; front matter gives address and licence.

    Raises SourceError where there is no heading or no disease.
    """
    text = decoded(page, data)
    front = _FRONT.match(text)
    body = [line for line in lines(text) if not front or line.span.start >= front.end()]
    index, title = _title(body, text)
    if title.end == title.start:
        raise SourceError(page, "no disease: no title")
    outline = Outline()
    for line in body[:index]:
        outline.silent(line.span)
    outline.title(title)
    _read(outline, body[index + 1:], text)
    found = document(
        page, data, "markdown", title=title, text=text, blocks=outline.blocks,
        references=outline.references, declared=_declared(front.group(1) if front else "", text))
    return must_be_disease_page(found)


def _declared(front: str, text: str) -> Declared:
    fields = {name.lower(): value for name, value in _FIELD.findall(front)}
    return declaration(fields.get("url") or fields.get("source") or "",
                       fields.get("license") or fields.get("licence") or "", text)


def _title(body: Sequence[Line], text: str) -> tuple[int, Span]:
    """The first heading, whichever its level; the place of its words."""
    for index, line in enumerate(body):
        heading = _heading(line, text)
        if heading:
            return index, heading[0]
    return -1, Span(0, 0)


def _heading(line: Line, text: str) -> tuple[Span, int] | None:
    """The words and level of a heading: "## Words ##", or words underlined by === or ---."""
    found = _ATX.match(line.text)
    if found:
        closing = _CLOSING.search(line.text)
        end = line.span.start + (closing.start() if closing else len(line.text))
        return Span(line.span.start + found.end(), end), len(found.group(1))
    under = _UNDERLINE.match(text, line.span.end)
    if under and not bullet(line.text) and "\n" not in line.text and not _RULE.match(line.text):
        return line.span, 1 if under.group(1)[0] == "=" else 2
    return None


def _read(outline: Outline, body: Sequence[Line], text: str) -> None:
    cited = reference_lines(body)
    table = False
    for index, line in enumerate(body):
        table = bool(line.text.startswith("|") and (
            table or TABLE.match(line.text.strip("| ")) or BAND.match(line.text.strip("| "))))
        if _RULE.fullmatch(line.text):
            continue
        if index in cited or _FOOTNOTE.match(line.text):
            _reference(outline, line)
        elif heading := _heading(line, text):
            outline.heading(text[heading[0].start:heading[0].end], *heading)
        else:
            _line(outline, line, table)


def _reference(outline: Outline, line: Line) -> None:
    number, start = numbered(line.text) or (len(outline.references) + 1, 0)
    words = line.text[start:]
    outline.reference(number, words, line.tail(start), tuple(_LINK.findall(words)))


def _line(outline: Outline, line: Line, table: bool) -> None:
    start = bullet(line.text)
    counted = numbered(line.text)
    if line.text.startswith("|"):
        outline.row(line.text, line.span, "table" if table else outline.kind or "other")
    elif outline.kind == "references":
        outline.reference(len(outline.references) + 1, line.text[start:], line.tail(start),
                          tuple(_LINK.findall(line.text)))
    elif start or counted:
        start = start or (counted[1] if counted else 0)
        outline.paragraph(line.text[start:], line.tail(start), "item")
    else:
        _paragraph(outline, line)


def _paragraph(outline: Outline, line: Line) -> None:
    """A paragraph; quotation marks of Markdown (">") and bold labels stand outside its words."""
    start = len(line.text) - len(line.text.lstrip("> "))
    words, span = line.text[start:], line.tail(start)
    bare = words.lstrip("*_")
    if NAMES.match(bare):
        cut = len(words) - len(bare)
        return outline.paragraph(bare, Span(span.start + cut, span.end))
    return outline.paragraph(words, span)
