"""What a graph lost and gained while it was written, collected page by page."""

from __future__ import annotations

from msgspec import Struct, structs

from .pieces import Change

MOST_CHANGED = 64 << 20  # bytes of quads of changed pages; more are faster written anew


class Changes(Struct, frozen=True):
    """The quads of pages that went and came, as long as they are few."""

    gone: list[bytes] = []
    added: list[bytes] = []
    size: int = 0

    def gained(self, content: bytes) -> Changes | None:
        """The same with the lines of a page that is new; None where it is too much."""
        self.added.extend(content.splitlines(keepends=True))
        return self._more(len(content))

    def lost(self, content: bytes) -> Changes | None:
        """The same with the lines of a page that was there; None where it is too much."""
        self.gone.extend(content.splitlines(keepends=True))
        return self._more(len(content))

    def _more(self, size: int) -> Changes | None:
        more = structs.replace(self, size=self.size + size)
        return more if more.size <= MOST_CHANGED else None

    def made(self) -> Change:
        """What is in one of the two only, and the pages that it is of."""
        gone, added = frozenset(self.gone), frozenset(self.added)
        lost, gained = gone - added, added - gone
        graphs = {_graph(line) for line in lost | gained}
        return Change(lost, gained, *(tuple(line for line in lines if _graph(line) in graphs)
                                      for lines in (self.gone, self.added)))


def _graph(line: bytes) -> bytes:
    return line[line.rindex(b" <"):]
