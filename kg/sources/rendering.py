"""A page's own text and its blocks, built piece by piece for sources that are marked up."""

from __future__ import annotations

from ..model import Block, Span
from .decoding import printable

BULLET = "• "


class Rendering:
    """Text that only grows, so that a block's span stays true once it is given."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []

    @property
    def text(self) -> str:
        """All that has been added."""
        return "".join(self._parts)

    def write(self, form: str, text: str, lead: str = "") -> Span:
        """Append `text` on its own line, with `lead` before it and outside its span."""
        clean = printable(text)
        if not clean:
            return Span(self._length, self._length)
        lead = lead or (BULLET if form == "item" else "")
        start = self._length + len(lead)
        line = f"{lead}{clean}\n" if form in {"item", "row"} else f"{lead}{clean}\n\n"
        self._parts.append(line)
        self._length += len(line)
        return Span(start, start + len(clean))

    def add(self, kind: str, form: str, heading: str, text: str, lead: str = "") -> Span:
        """Append one block; nothing is appended for blank text."""
        span = self.write(form, text, lead)
        if span.end > span.start:
            self.blocks.append(Block(kind, form, heading, span))
        return span
