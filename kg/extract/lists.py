"""Splitting a coordinated list ("X, Y such as Z, and/or W") into its items, by offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Span

_SEPARATOR = re.compile(
    r"\s*(?:;|,)\s*(?:and/or|and|or|as well as|followed by)?\s+|\s+(?:and/or|as well as|followed by|and|or)\s+"
    r"|\s*(?:,\s*)?\b(?:such as|including|like|for example|e\.g\.),?\s+|\s+[•·-]\s+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")


def split(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The items of text[start:end]; what stands in brackets is never split."""
    end = len(text) if end is None else end
    shielded = _BRACKETS.sub(lambda found: "\ue00f" * len(found.group()), text)
    position = start
    for found in _SEPARATOR.finditer(shielded, start, end):
        yield from _item(text, position, found.start())
        position = found.end()
    yield from _item(text, position, end)


def _item(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start] in " ,;:.\n\t":
        start += 1
    while end > start and text[end - 1] in " ,;:.\n\t":
        end -= 1
    if start < end:
        yield Span(start, end)
