"""The difference of two graph.nq files as an RDF Patch, and the patch applied byte for byte.

RDF Patch (Apache Jena, afs.github.io/rdf-delta): H rows, then A and D rows in one transaction.
The H rows name the SHA-256 of both files, and behind which page's graph a new one stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, BinaryIO

from msgspec import Struct

from .errors import DataError, UsageError
from .files import replacing

FIRST = b"-"  # stands for what comes before the first graph


class Place(Struct, frozen=True):
    """Where the lines of a graph are in a file."""

    start: int
    length: int


class Graphs:
    """A graph.nq: its lines together by graph, sorted in each.

    Raises UsageError where a file is not so: no patch could give it back byte for byte.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UsageError(f"{path}: no such file")
        self.path = path
        self.places: dict[bytes, Place] = {}
        digest, place = hashlib.sha256(), 0
        with path.open("rb") as lines:
            for graph, part in groupby(lines, graph_of):
                content = list(part)
                if not graph or graph in self.places or content != sorted(set(content)):
                    raise UsageError(f"{path}: lines in no graph, or those of a graph not together "
                                     "and sorted; kg run and kg build write them so")
                block = b"".join(content)
                self.places[graph] = Place(place, len(block))
                place += len(block)
                digest.update(block)
        self.sha256 = digest.hexdigest()

    def read(self, handle: BinaryIO, graph: bytes) -> bytes:
        """The lines of a graph; none where it is not in the file."""
        place = self.places.get(graph, Place(0, 0))
        handle.seek(place.start)
        return handle.read(place.length)


def graph_of(line: bytes) -> bytes:
    """The last term of a line of canonical N-Quads; empty for the default graph."""
    found = line[line.rfind(b" <") + 1:-3]
    return found if line.count(b" ") > 3 and found.endswith(b">") and b" " not in found else b""


def write(old: Path, new: Path, out: IO[bytes]) -> tuple[int, int]:
    """The patch from one graph.nq to another; returns the numbers of lines gone and added."""
    before, after = Graphs(old), Graphs(new)
    for name, value in (("from", before.sha256), ("to", after.sha256)):
        out.write(f'H {name} "{value}" .\n'.encode())
    for graph, other in _behind(list(before.places), list(after.places)):
        out.write(b"H behind " + graph + b" " + other + b" .\n")
    out.write(b"TX .\n")
    gone = added = 0
    with old.open("rb") as one, new.open("rb") as other_file:
        for graph in dict.fromkeys((*before.places, *after.places)):
            lines = before.read(one, graph), after.read(other_file, graph)
            if lines[0] != lines[1]:
                there, wanted = (set(part.splitlines(keepends=True)) for part in lines)
                out.writelines(b"D " + line for line in sorted(there - wanted))
                out.writelines(b"A " + line for line in sorted(wanted - there))
                gone, added = gone + len(there - wanted), added + len(wanted - there)
    out.write(b"TC .\n")
    return gone, added


def _behind(old: list[bytes], new: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The graphs whose place does not follow from the old order, each with the one before it."""
    kept = [graph for graph in old if graph in set(new)]
    same = set(kept) if kept == [graph for graph in new if graph in set(old)] else set()
    last = FIRST
    for graph in new:
        if graph not in same:
            yield graph, last
        last = graph


class Patch:
    """A patch that was read; raises DataError at a line that is no row of ours."""

    def __init__(self, path: Path) -> None:
        self.sums: dict[str, str] = {}
        self.behind: list[tuple[bytes, bytes]] = []
        self.gone: dict[bytes, set[bytes]] = {}
        self.added: dict[bytes, set[bytes]] = {}
        self._path = path
        last = b""
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                self._row(number, line)
                last = line
        if last != b"TC .\n" or self.sums.keys() != {"from", "to"}:
            raise DataError(path, 0, "no whole patch of kg diff: it begins with H from and H to "
                            "and ends with TC")

    def _row(self, number: int, line: bytes) -> None:
        mark, _, rest = line.partition(b" ")
        if mark in (b"A", b"D"):
            side = self.added if mark == b"A" else self.gone
            side.setdefault(graph_of(rest), set()).add(rest)
            return
        words = line.decode("utf-8", "replace").split()
        match words:
            case ["H", ("from" | "to") as name, value, "."]:
                self.sums[name] = value.strip('"')
            case ["H", "behind", graph, other, "."]:
                self.behind.append((graph.encode(), other.encode()))
            case ["TX" | "TC", "."]:
                pass
            case _:
                raise DataError(self._path, number, "not a row of an RDF patch of kg diff")

    def order(self, old: Iterable[bytes]) -> list[bytes]:
        """The graphs of the new file in their order, those that may be empty by now included."""
        moved = {graph for graph, _ in self.behind}
        following: dict[bytes, list[bytes]] = {}
        for graph, other in self.behind:
            following.setdefault(other, []).append(graph)
        found: list[bytes] = []
        waiting = [FIRST, *(graph for graph in old if graph not in moved)]
        for graph in waiting:
            chain = [graph]
            while chain:
                found.append(one := chain.pop())
                chain += reversed(following.get(one, []))
        return found[1:]


def apply(patch: Path, old: Path, out: Path) -> None:
    """`out` is the new graph.nq of the patch, byte for byte.

    Raises UsageError where `old` is not the file that the patch is from or the result is not the
    one it leads to; `out` is then as it was.
    """
    change, before = Patch(patch), Graphs(old)
    if before.sha256 != change.sums["from"]:
        raise UsageError(f"{old} is not the file that {patch} is from (its SHA-256 is "
                         f"{before.sha256})")
    digest = hashlib.sha256()
    with old.open("rb") as handle, replacing(out) as target:
        for graph in change.order(before.places):
            block = before.read(handle, graph)
            gone, added = change.gone.get(graph, set()), change.added.get(graph, set())
            if gone or added:
                lines = set(block.splitlines(keepends=True)) - gone | added
                block = b"".join(sorted(lines))
            digest.update(block)
            target.write(block)
        if digest.hexdigest() != change.sums["to"]:
            raise UsageError(f"{patch} does not give the file that it names: it was changed")
