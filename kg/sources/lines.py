"""Lines of plain text and Markdown: their spans, wrapped paragraphs, numbered references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ..model import Span

_LINE = re.compile(r"[^\n\r\f\x85\u2028\u2029]+")
_BULLET = re.compile(r"[•·▪◦‣●○*+–—-]\s+(?=\S)")
_NUMBER = re.compile(r"(?:\[\^?(\d{1,3})\]:?|(\d{1,3})[.)])\s+(?=\S)")
_CITABLE = re.compile(r"\b(?:19|20)\d\d\b|https?://|\bPMID\b|\bdoi\b|\bPMC\d", re.IGNORECASE)
# The first line of a frequency table, and the lines that head its bands.
BAND = re.compile(
    r"\d+%\s*[-–]\s*\d+% of people (?:have|with)|percent of people who have these symptoms",
    re.IGNORECASE)
TABLE = re.compile(
    r"showing (?:\d+ )?of \d+|medical terms\b|signs and symptoms\s+approximate number",
    re.IGNORECASE)
_STOPPED = re.compile(r"[.!?:;,\]]['\"”’)]*$")
_ENDED = re.compile(r"[.!?:\]]['\"”’)]*$")  # after a comma or semicolon a list goes on
WRAPPED_AT = 120
LEAST_FILLED = 40


class Line(Struct, frozen=True):
    """A line that is not blank, without white space around it; `after_blank` if one precedes it."""

    span: Span
    text: str
    after_blank: bool

    def tail(self, start: int) -> Span:
        """The span of the line from its character `start`."""
        return Span(self.span.start + start, self.span.end)


def lines(text: str) -> list[Line]:
    """The lines of `text` that hold anything, paragraphs broken at a fixed width put together."""
    single = list(_lines(text))
    wrapped = sum(1 for line in single if len(line.text) > WRAPPED_AT) <= len(single) // 10
    return list(_joined(text, single, _continues if wrapped else _goes_on))


def _lines(text: str) -> Iterator[Line]:
    end = 0
    for found in _LINE.finditer(text):
        words = found.group().strip("\ufeff \t\xa0\x1c\x1d\x1e\x1f")
        if not words.strip():
            continue
        start = found.start() + found.group().index(words)
        span = Span(start, start + len(words))
        yield Line(span, words, end == 0 or _blank_between(text[end:start]))
        end = start + len(words)


def _blank_between(gap: str) -> bool:
    return gap.replace("\r\n", "\n").count("\n") + gap.replace("\r\n", "\n").count("\r") > 1


def _joined(
    text: str, single: Sequence[Line], continues: Callable[[Line, Line], bool]
) -> Iterator[Line]:
    first = last = None
    for line in single:
        if first and last and (_opens(line) or not continues(last, line)):
            yield _paragraph(text, first, last)
            first = line
        first, last = first or line, line
    if first and last:
        yield _paragraph(text, first, last)


def _paragraph(text: str, first: Line, last: Line) -> Line:
    span = Span(first.span.start, last.span.end)
    return Line(span, text[span.start:span.end], first.after_blank)


def _opens(line: Line) -> bool:
    """Whether a line begins something: after a blank line, with a bullet, a number, a mark."""
    return (line.after_blank or line.text[0] in "#|>=" or bool(bullet(line.text))
            or numbered(line.text) is not None)


def _continues(before: Line, line: Line) -> bool:
    """In wrapped text every line goes on with a full one before it."""
    if len(line.text) < LEAST_FILLED and line.text[0].isupper() and (
            _ENDED.search(before.text) and not _STOPPED.search(line.text)):
        return False
    table = BAND.match(before.text) or TABLE.match(before.text) or BAND.match(line.text)
    return len(before.text) >= LEAST_FILLED and before.text[0] not in "#|" and not table


def _goes_on(before: Line, line: Line) -> bool:
    """Elsewhere only a line that begins in the midst of a sentence does."""
    return line.text[0].islower() and before.text[-1] not in ".!?:;|" and before.text[0] not in "#|"


def bullet(words: str) -> int:
    """The length of the bullet that a line begins with, 0 without one."""
    found = _BULLET.match(words)
    return found.end() if found else 0


def numbered(words: str) -> tuple[int, int] | None:
    """The number that a line begins with and where its text starts: "3. Smith J." or "[^3]: …"."""
    found = _NUMBER.match(words)
    return (int(found.group(1) or found.group(2)), found.end()) if found else None


def reference_lines(page: Sequence[Line]) -> range:
    """The lines of the page's last numbered list that looks like references, as indexes."""
    starts = [i for i, line in enumerate(page) if (n := numbered(line.text)) and n[0] == 1]
    for start in reversed(starts):
        stop, wanted = start, 1
        while stop < len(page) and (n := numbered(page[stop].text)) and n[0] == wanted:
            stop, wanted = stop + 1, wanted + 1
        found = page[start:stop]
        if sum(1 for line in found if _CITABLE.search(line.text)) * 2 >= len(found):
            return range(start, stop)
    return range(0)
