"""Exports that are written in pieces, on all cores, or from the pieces of the exports before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO

from msgspec import Struct

from ..cutting import Stretch, cuts
from ..pool import crew
from ..prefixes import Prefixes
from . import kgx_pieces
from .pieces import (
    MOST,
    QUADS,
    SYNTAXES,
    TARGET,
    TRIPLES,
    Change,
    Changed,
    Piece,
    Writer,
    joined,
    spliced,
    written,
)
from .release import Release

SMALL = 20_000_000  # bytes of quads that are not worth a second process
Write = Callable[[Release, IO[bytes]], int]


class Kept(Struct):
    """The pieces of the exports that are there, and what has changed since (None: unknown).

    `rows` are the same for KGX; None where it is to be read off the whole graph.
    """

    pieces: list[Piece] = []
    change: Change | None = None
    rows: kgx_pieces.Kept | None = None


class _Group(Struct, frozen=True):
    """A stretch of the sorted quads that one process writes in pieces."""

    quads: Path
    stretch: Stretch
    folder: Path
    prefixes: dict[str, str]
    names: tuple[str, ...]
    least: int

    def pieces(self) -> list[Piece]:
        """The pieces, whose parts are in the group's folder afterwards."""
        self.folder.mkdir()
        writer = Writer(Prefixes(self.prefixes), self.names)
        return written(self._lines(), writer, self.folder, self.least)

    def _lines(self) -> Iterator[bytes]:
        with self.quads.open("rb") as lines:
            lines.seek(self.stretch.start)
            left = self.stretch.end - self.stretch.start
            while left > 0:
                line = lines.readline()
                left -= len(line)
                yield line


def writes(release: Release, folder: Path, names: Sequence[str], kept: Kept,
           jobs: int) -> dict[str, Write]:
    """How each of these files in `folder` is written; the release has its triples afterwards.

    Every line of the graph must name its graph.  `kept` has the new pieces afterwards.
    """
    writer = Writer(release.prefixes, names)
    if kept.change is not None and _fits(kept.pieces, writer, folder):
        return _patched(release, folder, writer, kept, kept.change)
    return _fresh(release, writer, kept, jobs)


def _fits(pieces: Sequence[Piece], writer: Writer, folder: Path) -> bool:
    """Whether the files that are there are made of these pieces."""
    names = (QUADS, TRIPLES, *writer.names)
    return bool(pieces) and all(piece.sizes.keys() >= set(names) for piece in pieces) and all(
        (folder / name).is_file() for name in names) and (folder / QUADS).stat().st_size == sum(
            piece.sizes[QUADS] for piece in pieces)


def _patched(release: Release, folder: Path, writer: Writer, kept: Kept,
             change: Change) -> dict[str, Write]:
    after = Changed(kept.pieces, change, folder / QUADS, writer)
    for name, target in ((QUADS, "quads"), (TRIPLES, "triples")):
        with (folder / name).open("rb") as old, (release.scratch / target).open("wb") as out:
            spliced(name, writer, out, after, old)
    kept.pieces = after.pieces
    triples = sum(piece.triples for piece in after.pieces)

    def write(_: Release, out: IO[bytes], name: str) -> int:
        with (folder / name).open("rb") as old:
            spliced(name, writer, out, after, old)
        return triples

    return {name: partial(write, name=name) for name in writer.names}


def _fresh(release: Release, writer: Writer, kept: Kept, jobs: int) -> dict[str, Write]:
    groups = list(_groups(release, writer, jobs))
    if len(groups) > 1:
        with crew(jobs) as pool:
            made = list(pool.map(_Group.pieces, groups))
    else:
        made = [group.pieces() for group in groups]
    ready = [(pieces, group.folder) for pieces, group in zip(made, groups, strict=True)]
    with (release.scratch / "triples").open("wb") as out:
        joined(TRIPLES, writer, out, ready)
    for group in groups:
        for name in (QUADS, TRIPLES):
            (group.folder / name).unlink()
    kept.pieces = list(chain.from_iterable(made))
    triples = sum(piece.triples for piece in kept.pieces)

    def write(_: Release, out: IO[bytes], name: str) -> int:
        joined(name, writer, out, ready)
        return triples

    return {name: partial(write, name=name) for name in writer.names}


def _groups(release: Release, writer: Writer, jobs: int) -> Iterator[_Group]:
    size = release.quads.stat().st_size
    number = 1 if jobs == 1 or size < SMALL else 2 * jobs
    for place, stretch in enumerate(cuts(release.quads, number, b"")):
        yield _Group(release.quads, stretch, release.scratch / f"pieces-{place}",
                     dict(release.prefixes.table), writer.names, max(TARGET, size // MOST))


NAMES = tuple(SYNTAXES)
