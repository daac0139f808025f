"""Text in the columns of a terminal: wide and combining characters counted as they are shown."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator, Sequence

DEFAULT_COLUMNS = 80
GAP = 2  # blanks between the columns of a table
MIN_COLUMN = 8
_MOVES = frozenset({"Cc", "Zl", "Zp"})  # categories of characters that move the cursor
# Format characters (zero-width, turning the line), surrogates, private and unassigned ones.
_HIDES = frozenset({"Cf", "Cs", "Co", "Cn"})
_SOFT_HYPHEN = "\xad"  # harmless, and frequent on web pages
HIDDEN = "\ufffd"


def columns() -> int:
    """The width of the terminal, or DEFAULT_COLUMNS where there is none."""
    return max(20, shutil.get_terminal_size((DEFAULT_COLUMNS, 24)).columns)


def plain(text: str) -> str:
    """`text` with no character that moves the cursor, turns the line or cannot be seen.

    Each that moves becomes one blank, each that hides or turns one HIDDEN: offsets stay.
    """
    return text if text.isprintable() else "".join(map(_plain, text))


def _plain(one: str) -> str:
    kind = unicodedata.category(one)
    if kind in _MOVES:
        return " "
    return HIDDEN if kind in _HIDES and one != _SOFT_HYPHEN else one


def width(text: str) -> int:
    """How many columns `text` takes.

    >>> width("汗腺癌"), width("é"), width("é")
    (6, 1, 1)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clipped(text: str, limit: int) -> str:
    """`text` in at most `limit` columns, ending in "…" where something was cut."""
    if width(text) <= limit:
        return text
    kept, used = [], 1
    for character in text:
        used += _width(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def padded(text: str, limit: int) -> str:
    """`text` with blanks up to `limit` columns."""
    return text + " " * (limit - width(text))


def breaks(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Where to cut `text` so that every piece fits `limit` columns: at blanks where possible."""
    start = 0
    while start < len(text):
        end, used = start, 0
        while end < len(text) and used + _width(text[end]) <= limit:
            used += _width(text[end])
            end += 1
        if end < len(text) and text[end] != " ":
            blank = text.rfind(" ", start + 1, end)
            end = blank if blank > 0 else max(end, start + 1)
        yield start, end
        start = end + 1 if text[end:end + 1] == " " else end


def table(header: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None = None) -> str:
    """Aligned columns; where they are wider than `limit`, the widest ones are clipped."""
    cells = [[plain(cell) for cell in row] for row in (header, *rows)]
    sizes = [max(map(width, column)) for column in zip(*cells, strict=True)]
    while limit and sum(sizes) + GAP * (len(sizes) - 1) > limit and max(sizes) > MIN_COLUMN:
        sizes = _narrower(sizes, limit)
    shown = [[padded(clipped(cell, size), size) for cell, size in zip(row, sizes, strict=True)]
             for row in cells]
    rule = ["─" * size for size in sizes]
    return "\n".join((" " * GAP).join(row).rstrip() for row in (shown[0], rule, *shown[1:]))


def _narrower(sizes: list[int], limit: int) -> list[int]:
    """The widest column brought down to the next widest, or as far as is needed."""
    widest = max(sizes)
    next_widest = max([size for size in sizes if size < widest], default=MIN_COLUMN)
    over = sum(sizes) + GAP * (len(sizes) - 1) - limit
    share = -(-over // sizes.count(widest))
    target = max(next_widest, widest - share, MIN_COLUMN)
    return [min(size, target) for size in sizes]
