"""Every row of KGX from the pages of a graph, made on all cores in memory that does not grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from ..cutting import Stretch
from ..files import replacing
from ..pool import hands
from ..prefixes import Prefixes
from ..sorting import in_order
from ..splicing import copied
from .kgx import FOLDER, HEADS, Counts, told
from .kgx_parts import NODES, STATEMENTS, Parts, Taker, graph_of, is_statement, key, pages
from .kgx_pieces import PARTS, Kept, Patch, Piece, Writer, fits
from .release import PARALLEL_FROM, Release

TARGET = 32_000  # bytes of parts in a piece, at least
MOST = 8192  # pieces, roughly: those of a large graph are larger
BLOCK = 1 << 19  # bytes of quads that are in memory at a time: they stay in the cache
EACH = 64 << 20  # bytes of quads that a process reads at a time


def make(release: Release, graph: Path, folder: Path, kept: Kept, jobs: int) -> None:
    """Every file of KGX is where the writers of the release look for it.

    The lines of a page stand together in `graph`, sorted, and name the page's graph.  What is in
    `folder` is of the kept pieces; they are the new ones afterwards.
    """
    target = release.scratch / FOLDER
    target.mkdir()
    if kept.changed is not None and fits(kept.pieces, folder, kept.path):
        Patch(release.prefixes, folder, kept, kept.changed).write(target)
    else:
        several = jobs if graph.stat().st_size >= PARALLEL_FROM else 1
        with hands(several) as each:
            _Fresh(release, graph, several, each).write(target, kept)
    counts = Counts()
    for piece in kept.pieces:
        counts.plus(piece.counts)
    told(target, counts, release.prefixes)


class _Taken(Struct, frozen=True):
    """The pages of a stretch of the graph, whose parts one process writes to a file."""

    graph: Path
    stretch: Stretch
    out: Path
    prefixes: dict[str, str]

    def write(self) -> Path:
        """The parts are in the file; returns it."""
        taker = Taker(Prefixes(self.prefixes))
        with self.graph.open("rb") as lines, self.out.open("wb") as out:
            lines.seek(self.stretch.start)
            for page in _pages(lines, self.stretch.end - self.stretch.start):
                out.writelines(taker.lines(page))
        return self.out


def _pages(lines: IO[bytes], size: int) -> Iterator[bytes]:
    """The pages that the next bytes hold; the last one of a block may go on in the next."""
    rest = b""
    while size > 0:
        block = lines.read(min(BLOCK, size))
        block += lines.readline() if len(block) < size else b""
        size -= len(block)
        *whole, rest = pages(rest + block)
        yield from whole
    if rest:
        yield rest


def _stretches(graph: Path, number: int) -> Iterator[Stretch]:
    """At most so many stretches of like size; none ends inside a page."""
    size, start = graph.stat().st_size, 0
    with graph.open("rb") as lines:
        for place in range(1, number + 1):
            lines.seek(max(start, size * place // number))
            end = _next_page(lines, size) if place < number else size
            if end > start:
                yield Stretch(start, end)
                start = end


def _next_page(lines: IO[bytes], size: int) -> int:
    lines.readline()
    if lines.tell() >= size:
        return size
    tail = graph_of(lines.readline().decode()).encode()
    while lines.tell() < size:
        here = lines.tell()
        if not lines.readline().endswith(tail):
            return here
    return size


class _Group(Struct, frozen=True):
    """Pieces that one process writes into a folder; `sizes` are of all, for the names of nodes."""

    path: Path
    firsts: tuple[bytes, ...]
    sizes: tuple[int, ...]
    numbers: tuple[int, ...]
    missing: dict[int, list[str]]
    folder: Path
    prefixes: dict[str, str]

    def write(self) -> list[Piece]:
        """The pieces, whose bytes are in the folder afterwards."""
        self.folder.mkdir()
        parts, made = Parts(self.path, self.firsts, self.sizes, packed=False), []
        writer = Writer(Prefixes(self.prefixes), parts)
        with ExitStack() as stack:
            outs = {name: stack.enter_context((self.folder / name).open("wb"))
                    for name in (*HEADS, PARTS)}
            for number in self.numbers:
                piece, bodies = writer.piece(parts.firsts[number], parts.lines(number),
                                             self.missing.get(number, ()))
                made.append(piece)
                for name, body in bodies.items():
                    outs[name].write(body)
        return made


class _Fresh:
    """The parts of all pages are sorted, then rows are made of them range by range."""

    def __init__(self, release: Release, graph: Path, jobs: int, each: Callable[..., Any]) -> None:
        self._graph = graph
        self._prefixes = release.prefixes
        self._scratch = release.scratch
        self._jobs = jobs
        self._each = each
        self._path = release.scratch / "kgx-parts"
        # one piece of each sort even where it is empty: what comes later has its place
        self._firsts = [STATEMENTS]
        self._sizes = [0]

    def write(self, target: Path, kept: Kept) -> None:
        """The files are in `target`, the parts and pieces are those that are kept."""
        self._sort(self._taken())
        cut = self._firsts.index(NODES)
        statements = self._pieces("statements", range(cut), {})
        parts = Parts(self._path, self._firsts, self._sizes, packed=False)
        missing = Writer(self._prefixes, parts).missing(parts, chain(*statements.values()))
        named = self._pieces("nodes", range(cut, len(self._firsts)), missing)
        folders = [*statements, *named]
        for name, head in HEADS.items():
            _join(target / name, head, [folder / name for folder in folders])
        _join(kept.path, b"", [folder / PARTS for folder in folders])
        kept.pieces = [*chain(*statements.values(), *named.values())]

    def _taken(self) -> list[Path]:
        """The files with the parts of all pages."""
        number = max(self._jobs, -(-self._graph.stat().st_size // EACH))
        tasks = [_Taken(self._graph, stretch, self._scratch / f"kgx-taken-{place}",
                        dict(self._prefixes.table))
                 for place, stretch in enumerate(_stretches(self._graph, number))]
        return list(self._each(_Taken.write, tasks))

    def _sort(self, taken: Sequence[Path]) -> None:
        """All parts are in one file, and it is known where each piece begins."""
        least = max(TARGET, sum(path.stat().st_size for path in taken) // MOST)
        with self._path.open("wb") as out:
            for parts in in_order(taken, self._scratch):
                row = key(parts)
                if is_statement(self._firsts[-1]) and not is_statement(row):
                    self._begun(NODES)
                elif self._sizes[-1] >= least:
                    self._begun(row)
                out.write(parts)
                self._sizes[-1] += len(parts)
        if is_statement(self._firsts[-1]):
            self._begun(NODES)
        for path in taken:
            path.unlink()

    def _begun(self, first: bytes) -> None:
        self._firsts.append(first)
        self._sizes.append(0)

    def _pieces(self, name: str, numbers: range,
                missing: dict[int, list[str]]) -> dict[Path, list[Piece]]:
        """The folders into which these pieces are written."""
        several = 2 * self._jobs if self._jobs > 1 else 1
        cuts = [numbers[len(numbers) * place // several:len(numbers) * (place + 1) // several]
                for place in range(several)]
        tasks = [_Group(self._path, tuple(self._firsts), tuple(self._sizes), tuple(cut), missing,
                        self._scratch / f"kgx-{name}-{place}", dict(self._prefixes.table))
                 for place, cut in enumerate(cuts)]
        made = self._each(_Group.write, tasks)
        return {task.folder: pieces for task, pieces in zip(tasks, made, strict=True)}


def _join(path: Path, head: bytes, parts: Iterable[Path]) -> None:
    with replacing(path) as out:
        out.write(head)
        out.flush()
        for part in parts:
            with part.open("rb") as lines:
                copied(lines, 0, part.stat().st_size, out)
            part.unlink()
