"""Exports that are written in pieces, on all cores, or from the pieces of the exports before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import IO

from msgspec import Struct

from ..files import replacing, swept
from ..pool import hands
from ..prefixes import Prefixes
from ..sorting import RUN, Part, Run, in_range, ranges, runs
from ..splicing import BLOCK
from . import kgx_pieces
from .pieces import (
    MOST,
    QUADS,
    TARGET,
    Change,
    Changed,
    Piece,
    Writer,
    joined,
    spliced,
    written,
)
from .release import PARALLEL_FROM, Release
from .store import Store, end, in_a_row
from .syntaxes import SYNTAXES

SHARES = 4  # runs for each process, at least, so that none waits long for another at the end
TRIPLES = "graph.nt"
NAMES = (QUADS, *SYNTAXES)
Write = Callable[[Release, IO[bytes]], int]


class Kept(Struct):
    """What the next run needs of this one's exports: `store` is the file of the sorted quads.

    `pieces` are those of the exports that are there, `change` is what has changed since (None:
    unknown); `rows` are the same for KGX, None where the lines of pages may not stand together in
    order and it is to be read off the whole graph.
    """

    store: Path
    pieces: list[Piece] = []
    change: Change | None = None
    rows: kgx_pieces.Kept | None = None


class _Group(Struct, frozen=True):
    """A range of the quads that one process sorts and writes in pieces."""

    parts: tuple[Part, ...]
    folder: Path
    prefixes: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    least: int

    def pieces(self) -> list[Piece]:
        """The pieces, whose parts are in the group's folder afterwards."""
        self.folder.mkdir()
        return written(in_range(self.parts, self.folder), _writer(self.prefixes, self.names),
                       self.folder, self.least)


@lru_cache(1)
def _writer(prefixes: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> Writer:
    """One for all ranges of a process: writers know terms by heart, and are cycles that stay."""
    return Writer(Prefixes(dict(prefixes)), names)


class Made(Struct, frozen=True):
    """How the files are written, and what brings the sorted quads up to date beside that."""

    writes: dict[str, Write]
    store: Callable[[], None]


def made(release: Release, folder: Path, names: Iterable[str], kept: Kept, jobs: int) -> Made:
    """How each of these files in `folder` is written; the release has its triples afterwards if
    they are among the files, and after `store` its sorted quads.

    Every line of the graph must name its graph.  `kept` has the new pieces afterwards; its store
    is the file of N-Quads in the folder, if that is to be written.
    """
    swept(kept.store.parent)
    writer = Writer(release.prefixes, names)
    if kept.change is not None and _fits(kept, writer, folder):
        return _patched(release, folder, writer, kept, kept.change)
    return _fresh(release, writer, kept, jobs)


def _fits(kept: Kept, writer: Writer, folder: Path) -> bool:
    """Whether the files that are there are made of these pieces."""
    names, pieces = {QUADS, *writer.names}, kept.pieces
    return bool(pieces) and all(piece.sizes.keys() >= names for piece in pieces) and all(
        (folder / name).is_file() for name in writer.names) and kept.store.is_file() and (
            kept.store.stat().st_size == end(pieces))


def _patched(release: Release, folder: Path, writer: Writer, kept: Kept, change: Change) -> Made:
    after = Changed(kept.pieces, change, kept.store, writer)
    new = Store(kept.store, after, whole=kept.store == folder / QUADS)

    def store() -> None:
        release.digest = new.write()

    def write(_: Release, out: IO[bytes], name: str) -> None:
        with (folder / name).open("rb") as old:
            spliced(name, writer, out, after, old)

    kept.pieces = new.pieces
    return Made(_writes(release, writer, kept, write), store)


def _fresh(release: Release, writer: Writer, kept: Kept, jobs: int) -> Made:
    size = release.graph.stat().st_size
    alone = jobs == 1 or size < PARALLEL_FROM
    plan = runs([release.graph], release.scratch,
                RUN if alone else min(RUN, size // (SHARES * jobs)),
                paged=kept.rows is not None)
    with hands(1 if alone else jobs) as each:
        spread = list(each(Run.spread, plan))
        groups = [_Group(tuple(parts), release.scratch / f"range-{place:05}",
                         tuple(release.prefixes.table.items()), writer.names,
                         max(TARGET, size // MOST))
                  for place, parts in enumerate(ranges(spread))]
        pieces = list(_stored(release, kept.store, groups, each(_Group.pieces, groups)))
    for run in plan:
        run.target.unlink()
    ready = [(some, group.folder) for some, group in zip(pieces, groups, strict=True)]

    def write(_: Release, out: IO[bytes], name: str) -> None:
        joined(name, writer, out, ready)

    kept.pieces = list(in_a_row(chain.from_iterable(pieces)))
    return Made(_writes(release, writer, kept, write), lambda: None)


def _stored(release: Release, store: Path, groups: Sequence[_Group],
            made: Iterable[list[Piece]]) -> Iterator[list[Piece]]:
    """The pieces of each group as they come; the sorted quads of all are in `store` at the end."""
    digest = hashlib.sha256()
    with replacing(store) as out:
        for group, pieces in zip(groups, made, strict=True):
            with (group.folder / QUADS).open("rb") as quads:
                while block := quads.read(BLOCK):
                    digest.update(block)
                    out.write(block)
            (group.folder / QUADS).unlink()
            yield pieces
    release.digest = digest.hexdigest()


def _writes(release: Release, writer: Writer, kept: Kept,
            write: Callable[[Release, IO[bytes], str], None]) -> dict[str, Write]:
    """How each file is written, and how many triples are in it; also the triples of the release."""
    triples = sum(piece.triples for piece in kept.pieces)

    def counted(release: Release, out: IO[bytes], name: str) -> int:
        write(release, out, name)
        return triples

    if TRIPLES in writer.names:
        with (release.scratch / "triples").open("wb") as out:
            write(release, out, TRIPLES)
    return {name: partial(counted, name=name) for name in writer.names}
