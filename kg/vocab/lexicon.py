"""Where extraction gets its names from: the compiled index, or a few names given by hand."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Span
from ..text import normalise
from .index import Index, open_index
from .tagging import table, tag

__all__ = ["Index", "Names", "open_index"]


class Names:
    """A lexicon of given names: category -> name -> CURIE; for tests and examples."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = {
            category: {normalise(name): curie for name, curie in given.items()}
            for category, given in names.items()
        }
        self._tables = {
            category: table(((normalise(name), name, curie) for name, curie in given.items()),
                            category)
            for category, given in names.items()
        }

    def find(self, name: str, category: str) -> tuple[str, ...]:
        """The CURIE of the name, if it was given in this category."""
        curie = self._names.get(category, {}).get(normalise(name))
        return (curie,) if curie else ()

    def tag(self, text: str, category: str) -> tuple[tuple[Span, str], ...]:
        """Mentions of the given names, leftmost and longest."""
        names = self._tables.get(category)
        return tag(text, names) if names else ()
