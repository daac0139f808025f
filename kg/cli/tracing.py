"""What `kg extract --trace` shows: text for a reader, or a table for a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..extract.page import Lexicon
from ..files import replacing
from ..model import Claim, Document

if TYPE_CHECKING:
    from ..extract.trace import Traced

STDOUT = Path("-")
HEADER = ("page", "start", "end", "section", "verdict", "what", "rule", "rows", "sentence")
_MARKS = {"made": "+", "turned": "~", "blocked": "-"}
Traces = Callable[[Document, tuple[Claim, ...]], None]


@contextmanager
def tracing(path: Path | None, lexicon: Lexicon) -> Iterator[Traces]:
    """A function that takes each page with its claims, and does nothing without a path."""
    if path is None:
        yield lambda *_: None
        return
    from ..extract.trace import trace  # noqa: PLC0415 - nobody else needs it

    if path == STDOUT:
        yield lambda document, claims: click.echo("\n".join(
            [f"== {document.page}: {document.title}",
             *map(_text, trace(document, lexicon, claims)), ""]))
        return
    with replacing(path) as handle:
        handle.write(_line(HEADER))
        yield lambda document, claims: handle.writelines(
            _line(row) for one in trace(document, lexicon, claims) for row in _rows(one))


def _text(one: Traced) -> str:
    lines = [f"[{one.span.start}-{one.span.end}] {one.section}: {' '.join(one.text.split())}"]
    lines += [f"    {_MARKS[note.verdict]} {' '.join(note.what.split())}  <{note.rule}>"
              f"{' ' if note.rows else ''}{' '.join(note.rows)}" for note in one.notes]
    return "\n".join(lines)


def _rows(one: Traced) -> Iterator[tuple[object, ...]]:
    for note in one.notes:
        yield (one.page, one.span.start, one.span.end, one.section, note.verdict, note.what,
               note.rule, " ".join(note.rows), one.text)


def _line(cells: tuple[object, ...]) -> bytes:
    """A line of a table whose cells hold no tab and no line break."""
    return ("\t".join(" ".join(str(cell).split()) for cell in cells) + "\n").encode(
        "utf-8", "replace")
