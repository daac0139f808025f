"""The sorted quads after a change: appended to the file of the others, or all in order anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import structs

from ..files import replacing
from ..splicing import Splice
from .pieces import QUADS, Changed, Piece

DEAD = 0.25  # bytes for each living one that a file may hold before it is put in order
BLOCK = 1 << 18


class Store:
    """How the file of the old pieces becomes one of `pieces`; in order, if it is to be `whole`."""

    def __init__(self, path: Path, after: Changed, *, whole: bool) -> None:
        self._path = path
        self._after = after
        living = sum(piece.sizes[QUADS] for piece in after.pieces)
        size = end(after.before) + sum(len(parts[QUADS]) for parts in after.fresh.values())
        self._whole = whole or size > (1 + DEAD) * living
        self.pieces = list(in_a_row(after.pieces) if self._whole else self._appended())

    def _appended(self) -> Iterator[Piece]:
        at = end(self._after.before)
        for number, piece in enumerate(self._after.pieces):
            if number in self._after.fresh:
                yield structs.replace(piece, at=at)
                at += piece.sizes[QUADS]
            else:
                yield piece

    def write(self) -> str:
        """The file has the new pieces; returns the SHA-256 of the sorted quads.

        A file that is appended to is of no known pieces until those are noted.
        """
        if self._whole:
            with self._path.open("rb") as old, replacing(self._path) as out:
                splice = Splice(out, old)
                for number, piece in enumerate(self._after.before):
                    if number in self._after.fresh:
                        splice.write(self._after.fresh[number][QUADS])
                    else:
                        splice.copy(piece.at, piece.sizes[QUADS])
                splice.close()
        else:
            with self._path.open("ab") as out:
                out.writelines(parts[QUADS] for parts in self._after.fresh.values())
        return digest(self._path, self.pieces)


def in_a_row(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces in a file that has them one after the other."""
    at = 0
    for piece in pieces:
        yield structs.replace(piece, at=at)
        at += piece.sizes[QUADS]


def end(pieces: Iterable[Piece]) -> int:
    """The size of the file with these pieces: what was written last is alive."""
    return max((piece.at + piece.sizes[QUADS] for piece in pieces), default=0)


def digest(path: Path, pieces: Iterable[Piece]) -> str:
    """The SHA-256 of the pieces in their order, in hexadecimal digits."""
    known, room = hashlib.sha256(), memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as quads:
        for start, stop in _stretches(pieces):
            for at in range(start, stop, BLOCK):
                quads.seek(at)
                known.update(room[:quads.readinto(room[:stop - at])])
    return known.hexdigest()


def _stretches(pieces: Iterable[Piece]) -> Iterator[tuple[int, int]]:
    """Where pieces begin and end that follow one another in the file."""
    start = stop = 0
    for piece in pieces:
        if piece.at != stop:
            yield start, stop
            start = stop = piece.at
        stop += piece.sizes[QUADS]
    yield start, stop
