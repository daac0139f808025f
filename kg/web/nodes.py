"""Every node of the merged graph as packed lines in SQLite: a look-up takes microseconds."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from ..ntriples import Node

TABLES = """
CREATE TABLE nodes(iri TEXT PRIMARY KEY, lines BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE packing(dictionary BLOB NOT NULL);
"""
_WINDOWS, _WINDOW = 32, 256  # places of the graph, and bytes of each, that make the dictionary
_BATCH = 20_000
_RAW = -zlib.MAX_WBITS


def dictionary(triples: Path) -> bytes:
    """What lines of the sorted N-Triples file have in common, to pack short texts with."""
    size, found = triples.stat().st_size, []
    with triples.open("rb") as lines:
        for number in range(_WINDOWS):
            lines.seek(size * number // _WINDOWS)
            lines.readline()
            text = b"".join(line.partition(b" ")[2] for line in islice(lines, 8))
            found.append(text[:_WINDOW])
    return b"".join(found)


def packed(
    index: sqlite3.Connection, nodes: Iterable[Node], common: bytes
) -> Iterator[Node]:
    """The same nodes, each written into the table `nodes` on its way."""
    index.execute("INSERT INTO packing VALUES(?)", (common,))
    rest = iter(nodes)
    while batch := list(islice(rest, _BATCH)):
        index.executemany("INSERT INTO nodes VALUES(?,?)", (
            (subject[1:-1], _pack(properties, common)) for subject, properties in batch))
        yield from batch


def _pack(properties: dict[str, list[str]], common: bytes) -> bytes:
    work = zlib.compressobj(6, zlib.DEFLATED, _RAW, zdict=common)
    # canonical N-Triples has no tab and no line feed inside a term
    text = "\n".join(["\t".join((predicate, *terms)) for predicate, terms in properties.items()])
    return work.compress(text.encode()) + work.flush()


class Nodes:
    """Looks nodes up; each thread has a connection of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._common: bytes = self.index.execute("SELECT dictionary FROM packing").fetchone()[0]

    @property
    def index(self) -> sqlite3.Connection:
        """This thread's connection: opening one costs more than a look-up."""
        if not hasattr(self._local, "index"):
            self._local.index = self._connect()
        found: sqlite3.Connection = self._local.index
        return found

    def properties(self, iri: str) -> dict[str, list[str]]:
        """What a node has: objects by predicate, as N-Triples writes them; empty if nothing."""
        row = self.index.execute("SELECT lines FROM nodes WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            return {}
        text = zlib.decompressobj(_RAW, zdict=self._common).decompress(row[0]).decode()
        # splitlines() would also cut at other characters
        return {cells[0]: cells[1:] for cells in [line.split("\t") for line in text.split("\n")]}

    def size(self, iri: str) -> int:
        """The bytes that what is said of the node takes as it is packed; 0 where nothing is."""
        row = self.index.execute("SELECT length(lines) FROM nodes WHERE iri = ?",
                                 (iri,)).fetchone()
        return int(row[0]) if row else 0

    def has(self, iri: str) -> bool:
        """Whether the graph says anything of the node."""
        return self.index.execute("SELECT 1 FROM nodes WHERE iri = ?", (iri,)).fetchone() \
            is not None
