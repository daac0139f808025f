"""Oxigraph: every page's graph in a store on disk, loaded in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from ..errors import LoadError
from .published import GRAPH, Published
from .sparql import ROWS
from .tally import Held, Row

FILE = "store"


def make(published: Published, expected: Held, folder: Path) -> None:  # noqa: ARG001
    """Write the store; raises LoadError for a line that is no quad."""
    store = ox.Store(folder / FILE)
    try:
        store.bulk_load(path=published.file(GRAPH), format=ox.RdfFormat.N_QUADS)
    except (SyntaxError, ValueError) as error:
        raise LoadError(f"oxigraph: {error}") from None
    store.flush()


def held(folder: Path) -> Held:
    """What the store holds, read back."""
    try:
        store = ox.Store.read_only(str(folder / FILE))
    except OSError as error:
        raise LoadError(f"{folder / FILE}: {error}") from None

    def rows() -> Iterator[Row]:
        for one in store.query(ROWS):  # type: ignore[union-attr]
            yield tuple(term.value for term in one)

    return Held({"statements": rows}, {"quads": len(store)})
