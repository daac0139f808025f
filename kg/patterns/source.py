"""A file of quads read graph by graph, wherever in the file the lines of a graph stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import ne
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from ..errors import DataError, UsageError

Row = tuple[str, str, str]  # subject, predicate and object as N-Triples writes them
_IRI = "<[^<> \\n]*>"
_LITERAL = rf'"[^"\\\n]*(?:\\.[^"\\\n]*)*"(?:@[A-Za-z0-9-]+|\^\^{_IRI})?'
_TERM = rf"{_IRI}|{_LITERAL}"
_OBJECT = rf"{_TERM}|<<\( {_IRI} {_IRI} (?:{_TERM}) \)>>"
QUAD = re.compile(rf"^({_IRI}) ({_IRI}) ({_OBJECT}) ({_IRI}) \.\n", re.MULTILINE)


class Graph(Struct, frozen=True):
    """A named graph: its name and its rows, each once and in order."""

    name: str
    rows: list[Row]

    def lines(self) -> Iterator[str]:
        """Its quads as N-Quads lines."""
        end = f" {self.name} .\n"
        return (f"{subject} {predicate} {value}{end}" for subject, predicate, value in self.rows)


def _whole(name: bytes) -> bytes:
    return name


class Source:
    """A file of quads in groups: a group is what `key` makes one name of the graphs' names.

    What is remembered of a group is its name and where its lines are.  Blank nodes and the
    default graph are refused, as no page of ours has them.  Raises UsageError without a file.
    """

    def __init__(self, path: Path, key: Callable[[bytes], bytes] = _whole) -> None:
        if not path.is_file():
            raise UsageError(f"{path}: no such file")
        self._path = path
        self._key = key

    def graphs(self) -> Iterator[Graph]:
        """Every graph once, in the order in which they begin."""
        for group in self.groups():
            yield from group

    def groups(self) -> Iterator[list[Graph]]:
        """Every group with its graphs, in the order in which they begin."""
        with self._path.open("rb") as lines:
            for runs in self._runs.values():
                yield self._parsed(_read(lines, runs))

    def names(self) -> Iterator[str]:
        """The names of the groups, in the order in which they begin."""
        return (name.decode("utf-8", "replace") for name in self._runs)

    def find(self, name: str) -> Graph | None:
        """The graph of this name, where it is a group of its own."""
        runs = self._runs.get(name.encode())
        if runs is None:
            return None
        with self._path.open("rb") as lines:
            return self._parsed(_read(lines, runs))[0]

    def wrong(self, problem: str, beginning: str) -> DataError:
        """The error at the first line of the file that begins so."""
        return DataError(self._path, self._number(beginning.encode()), problem)

    def _number(self, beginning: bytes) -> int:
        with self._path.open("rb") as lines:
            return next((number for number, line in enumerate(lines, 1)
                         if line.startswith(beginning)), 0)

    @cached_property
    def _runs(self) -> dict[bytes, list[tuple[int, int]]]:
        """Where the lines of each group are: mostly together."""
        runs: dict[bytes, list[tuple[int, int]]] = {}
        place = start = 0
        name, tail = b"", b"\0"
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(tail):
                    graph = line[line.rfind(b" <") + 1:-3]
                    tail = b" %b .\n" % graph
                    if self._key(graph) != name:
                        if place > start:
                            runs.setdefault(name, []).append((start, place - start))
                        start, name = place, self._key(graph)
                place += len(line)
        if place > start:
            runs.setdefault(name, []).append((start, place - start))
        return runs

    def _parsed(self, data: bytes) -> list[Graph]:
        """The graphs of some lines; each with its rows once and in order."""
        rows: dict[str, list[Row]] = {}
        text = data.decode("utf-8", "replace")
        found = QUAD.findall(text)
        if len(found) != text.count("\n") or not text.endswith("\n") or "\ufffd" in text:
            self._readable(data)
        for subject, predicate, value, graph in found:
            rows.setdefault(graph, []).append((subject, predicate, value))
        return [Graph(graph, ordered(rows[graph])) for graph in sorted(rows)]

    def _readable(self, data: bytes) -> None:
        """Raise the DataError at the first line that is no quad of names and literals."""
        for line in data.splitlines(keepends=True):
            try:
                good = QUAD.fullmatch(line.decode())
            except UnicodeDecodeError:
                good = None
            if not good:
                shown = line[:120].decode("utf-8", "replace").rstrip()
                problem = f"not canonical N-Quads in a named graph, without blank nodes: {shown}"
                raise DataError(self._path, self._number(line), problem)


def _read(lines: BinaryIO, runs: list[tuple[int, int]]) -> bytes:
    found: list[bytes] = []
    for start, length in runs:
        lines.seek(start)
        found.append(lines.read(length))
    return b"".join(found)


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Rows each once, in the order of their lines: no term is the beginning of another."""
    found = sorted(rows)
    # mostly sorted and single already, and a set would lose the order
    return found if all(map(ne, found, found[1:])) else sorted(set(found))
