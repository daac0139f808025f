"""Splitting a coordinated list ("X, Y such as Z, and/or W") into its items, by offsets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..model import Span
from .caseless import caseless

_WORDS = (
    r"(?:and/or|as well as|along with|together with|in combination with|combined with"
    r"|with or without"
    r"|(?:often |usually |sometimes )?followed by|and|or|plus)"
)
_SEPARATOR = caseless(
    rf"\s*(?:;|(?<=[a-z]),\d(?=\s)|,)\s*(?:{_WORDS})?\s+|\s+{_WORDS}\s+"
    r"|\s*(?:,\s*)?(?<![\w-])(?:such as|including|like|for example|e\.g\.),?\s+|\s+[•·-]\s+"
)
_BRACKETS = re.compile(r"\([^()]*\)?")
_RUN_TOGETHER = re.compile(
    r"(?<=[a-z)\ue000\ue00f])(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bby)(?<!\bthe)(?<!\bto)"
    r"(?<!\bas)\s+(?=[A-Z][a-z]|An? [a-z])")
# The number of a note at the end of a sentence ("surgery.3").
_RAISED = re.compile(r"(?<=[a-z]{3})\.\d{1,2}(?!\w)")
_EDGES = " ,;:.\n\t•·"
SHIELD = "\ue00f"


def shielded(text: str) -> str:
    """`text` at the same length, with every bracket and what it holds made opaque."""
    return _BRACKETS.sub(_shield, text) if "(" in text else text


def _shield(found: re.Match[str]) -> str:
    return SHIELD * len(found.group())


def split(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The items of text[start:end]; what stands in brackets is never split."""
    end = len(text) if end is None else end
    opaque = text[:start] + shielded(text[start:end])
    position = start
    for found in _SEPARATOR.finditer(opaque, start, end):
        yield from _item(text, position, found.start())
        position = found.end()
    yield from _item(text, position, end)


def run_together(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The items of a list whose separators were lost ("Rest Pain relief Knee braces").

    Each begins with a capital; empty when there are fewer than three, as a name may have two.
    """
    if text[start:end].lower() == text[start:end]:
        return ()
    cuts = [found.end() for found in _RUN_TOGETHER.finditer(shielded(text), start, end)]
    ends = [*cuts, end]
    items = [item for left, right in zip([start, *cuts], ends, strict=True)
             for item in _item(text, left, right)]
    return tuple(items) if len(items) >= 3 else ()


def with_shared_head(
    names: list[str], headless: Callable[[str], bool], head: Callable[[str], str],
) -> list[str]:
    """The names, those without a head of their own completed from the next one that has one.

    >>> with_shared_head(["hormone", "enzyme replacement therapy"],
    ...                  lambda name: name == "hormone", lambda name: "replacement therapy")
    ['hormone replacement therapy', 'enzyme replacement therapy']
    """
    done: list[str] = []
    shared = ""
    for name in reversed(names):
        if headless(name) and shared:
            done.append(f"{name} {shared}")
            continue
        shared = head(name)
        done.append(name)
    return done[::-1]


def _item(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and (text[start] in _EDGES or text.startswith("- ", start)):
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    if text[end - 1:end].isdigit():
        raised = _RAISED.search(text, start, end)
        end = raised.start() if raised and raised.end() == end else end
    if start < end:
        yield Span(start, end)
