"""A graph prepared for writing: sorted within bounded memory, merged and cut into nodes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Protocol

from ..errors import DataError, UsageError
from ..facts import Facts, collect
from ..ntriples import Node, nodes
from ..prefixes import Prefixes
from ..sorting import in_order

PARALLEL_FROM = 20_000_000  # bytes of graph that are worth a second process
_QUAD = re.compile(
    rb"""(?:<[^<>]*>|_:\S+)\ <[^<>]*>\ (?:<[^<>]*>|_:\S+|"[^"\\]*(?:\\.[^"\\]*)*"
         (?:@[\w-]+|\^\^<[^<>]*>)?) (?:\ (?P<graph><[^<>]*>|_:\S+))? \ \.\n""", re.VERBOSE)


class Merged(Protocol):
    """A graph without its graph names, as the writers of triples take it."""

    prefixes: Prefixes

    def nodes(self) -> Iterator[Node]:
        """Every subject once, in order."""


class Lines:
    """A few triples as N-Triples lines, in memory."""

    def __init__(self, lines: Iterable[str], prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self.lines = sorted(set(lines))

    def nodes(self) -> Iterator[Node]:
        """Every subject once, in order."""
        return nodes(self.lines)


class Triples:
    """Sorted N-Triples in a file."""

    def __init__(self, path: Path, prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self._path = path

    def nodes(self) -> Iterator[Node]:
        """Every subject once, in order."""
        with self._path.open(encoding="utf-8", newline="\n") as lines:
            yield from nodes(lines)


class Release:
    """One `graph` and the sorted files that every format is written from; `scratch` holds them
    and goes with the release.

    Raises DataError at the first line of `graph` that is not canonical N-Quads.
    """

    def __init__(self, graph: Path, scratch: Path, prefixes: Prefixes) -> None:
        if not graph.is_file():
            raise UsageError(f"{graph}: no such file")
        self.prefixes = prefixes
        self.scratch = scratch
        self.graph = graph
        self._known: set[bytes] = set()  # graphs that were seen at the end of a whole quad

    @cached_property
    def quads(self) -> Path:
        """The quads as sorted N-Quads, each once."""
        path = self.scratch / "quads"
        if not path.exists():
            with path.open("wb") as out:
                out.writelines(in_order([self.graph], self.scratch))
        return path

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the sorted quads."""
        with self.quads.open("rb") as quads:
            return hashlib.file_digest(quads, "sha256").hexdigest()

    @cached_property
    def triples(self) -> Path:
        """The triples of all graphs as sorted N-Triples, each once."""
        path = self.scratch / "triples"
        if path.exists():
            return path
        # a triple is a prefix of its quad up to a space, so the order stays
        with path.open("wb") as out:
            out.writelines(triple for triple, _ in groupby(self._split()))
        return path

    def nodes(self) -> Iterator[Node]:
        """Every subject of the merged graph once, in order."""
        with self._unicode():
            yield from Triples(self.triples, self.prefixes).nodes()

    @cached_property
    def facts(self) -> Facts:
        """What the graph states, as rows."""
        return collect(self.nodes(), self.prefixes)

    def graphs(self) -> Iterator[tuple[str, Iterator[Node]]]:
        """Every graph with its nodes, in order; the default graph is the empty string."""
        runs = self._runs()
        with self.graph.open("rb") as lines:
            for graph in sorted(runs):
                found: set[bytes] = set()
                for start, length in runs[graph]:
                    lines.seek(start)
                    found.update(lines.read(length).splitlines(keepends=True))
                with self._unicode():
                    text, name = b"".join(sorted(found)).decode(), graph.decode()
                # no term holds a line feed, so this is only ever the end of a line
                triples = text.replace(f" {name} .\n", " .\n") if graph else text
                yield name, nodes(StringIO(triples, newline="\n"))

    def _runs(self) -> dict[bytes, list[tuple[int, int]]]:
        """Where the lines of each graph are in the file: a page's lines are mostly together."""
        runs: dict[bytes, list[tuple[int, int]]] = {}
        place = start = 0
        last, tail = b"", b"nowhere"
        with self.graph.open("rb") as lines:
            for line in lines:
                if not line.endswith(tail) or line.count(b" ") < 4:
                    if place > start:
                        runs.setdefault(last, []).append((start, place - start))
                    start, last = place, self._graph_of(line)
                    tail = b" " + last + b" .\n" if last else b"nowhere"
                place += len(line)
        if place > start:
            runs.setdefault(last, []).append((start, place - start))
        return runs

    def _split(self) -> Iterator[bytes]:
        """Each quad as its triple, ended as a line."""
        with self.quads.open("rb") as lines:
            for line in lines:
                cut = line.rfind(b" <")
                if line[cut + 1:-3] in self._known and line.count(b" ") > 3:
                    yield line[:cut] + b" .\n"  # as below, without a call for every line
                else:
                    graph = self._graph_of(line)
                    yield line[:-len(graph) - 4] + b" .\n" if graph else line

    def _graph_of(self, line: bytes) -> bytes:
        """The graph of a quad, empty for the default graph."""
        graph = line[line.rfind(b" <") + 1:-3]
        if graph in self._known and line.count(b" ") > 3:
            return graph
        found = _QUAD.fullmatch(line)
        if not found:
            shown = line[:120].decode("utf-8", "replace").rstrip()
            raise DataError(self.graph, self._number(line), f"not canonical N-Quads: {shown}")
        graph = found.group("graph") or b""
        self._known.add(graph)
        return graph

    @contextmanager
    def _unicode(self) -> Iterator[None]:
        """Raises DataError at the first line that is not UTF-8, where the block comes to one."""
        try:
            yield
        except UnicodeDecodeError:
            line = next((line for line in self._lines() if not _is_text(line)), b"")
            raise DataError(self.graph, self._number(line), "not UTF-8") from None

    def _lines(self) -> Iterator[bytes]:
        with self.graph.open("rb") as lines:
            yield from lines

    def _number(self, wanted: bytes) -> int:
        with self.graph.open("rb") as lines:
            return next((number for number, line in enumerate(lines, 1) if line == wanted), 0)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
