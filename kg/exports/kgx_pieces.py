"""KGX in ranges of rows: where pages changed, put together with what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, groupby
from pathlib import Path

from msgspec import Struct

from ..files import replacing
from ..ntriples import MAX_TERMS
from ..prefixes import Prefixes
from ..splicing import patched
from .kgx import HEADS, MEASUREMENT_FILE, put
from .kgx_parts import Parts, Taker, is_statement, key, merged, packed, pages, verbs
from .kgx_rows import Reader
from .kgx_terms import Terms

PARTS = "parts"


class Piece(Struct, frozen=True, array_like=True):
    """A range of rows from `first` on: its bytes in each file, its counts, and the outcomes that
    its edges were projected to."""

    first: bytes
    sizes: dict[str, int]
    counts: dict[str, dict[str, int]]
    projected: tuple[str, ...]


class Pages(Struct, frozen=True):
    """The sorted quads of the pages that changed, page by page: how they were and how they are."""

    before: Sequence[bytes]
    after: Sequence[bytes]


class Kept(Struct):
    """What the rows that are there were made of: `path` has the parts, in these pieces.

    `changed` says which pages changed since (None: unknown).
    """

    path: Path
    pieces: list[Piece] = []
    changed: Pages | None = None


def fits(pieces: Sequence[Piece], folder: Path, parts: Path) -> bool:
    """Whether the files that are there are made of these pieces."""
    paths = {**{name: folder / name for name in HEADS}, PARTS: parts}
    return bool(pieces) and all(
        path.is_file() and path.stat().st_size == len(HEADS.get(name, b"")) + sum(
            piece.sizes[name] for piece in pieces) for name, path in paths.items())


class Writer:
    """Writes pieces; the names of nodes are looked up in the parts."""

    def __init__(self, prefixes: Prefixes, parts: Parts) -> None:
        self._prefixes = prefixes
        self._terms = Terms(prefixes)
        self._reader = Reader(prefixes, self._terms)
        self._names = verbs(prefixes)
        self._parts = parts
        self._labels: dict[str, str] = {}

    def piece(self, first: bytes, lines: Sequence[bytes],
              missing: Iterable[str] = ()) -> tuple[Piece, dict[str, bytes]]:
        """A piece of these parts, and its bytes in each file; `missing` are the outcomes that stand
        there and no page has."""
        reader = Reader(self._prefixes, self._terms)
        outs = {name: BytesIO() for name in HEADS}
        counts = put(chain(reader.stated(merged(lines, self._names), self.label),
                           reader.named(missing)), outs)
        made = {**{name: out.getvalue() for name, out in outs.items()}, PARTS: packed(lines)}
        return Piece(first, {name: len(part) for name, part in made.items()}, counts.groups,
                     tuple(sorted(reader.projected))), made

    def label(self, curie: str) -> str:
        """The name of a node, empty where the graph has none."""
        if curie not in self._labels:
            if len(self._labels) > MAX_TERMS:
                self._labels.clear()
            self._labels[curie] = self.found(self._parts, self.iri(curie)) or ""
        return self._labels[curie]

    def iri(self, curie: str) -> bytes:
        """The row of a node."""
        return self._terms.iri(curie).encode()

    def curie(self, row: bytes) -> bytes:
        """A node as rows name it."""
        return self._terms.curie(f"<{row.decode()}>").encode()

    def found(self, parts: Parts, row: bytes) -> str | None:
        """The name of a node in some parts; None where it is not there."""
        subject = f"<{row.decode()}>"
        return next((self._reader.label(properties)
                     for one, properties in merged(parts.of(row), self._names) if one == subject),
                    None)

    def missing(self, parts: Parts, pieces: Iterable[Piece]) -> dict[int, list[str]]:
        """The outcomes that edges of the pieces name and no page does, by the piece where each
        belongs."""
        found: dict[int, list[str]] = {}
        for curie in sorted({one for piece in pieces for one in piece.projected}):
            row = self.iri(curie)
            if self.found(parts, row) is None:
                found.setdefault(parts.place(row), []).append(curie)
        return found


# ---------------------------------------------------------------- what changed


class Patch:
    """The pieces after a change of pages: what it touches is written anew, the rest copied."""

    def __init__(self, prefixes: Prefixes, folder: Path, kept: Kept, changed: Pages) -> None:
        self._folder = folder
        self._kept = kept
        self._pieces = list(kept.pieces)
        self._made: dict[int, dict[str, bytes]] = {}
        self._old, self._new = self._parts(), self._parts()
        self._writer = Writer(prefixes, self._new)
        taker = Taker(prefixes)
        before, after = _taken(taker, changed.before), _taken(taker, changed.after)
        self._differ = sorted(before ^ after)
        for number, lines in groupby(self._differ, lambda line: self._new.place(key(line))):
            found, there = set(lines), set(self._old.lines(number))
            self._new.fresh[number] = sorted(there - (found & before) | (found & after))

    def _parts(self) -> Parts:
        pieces = self._kept.pieces
        return Parts(self._kept.path, [piece.first for piece in pieces],
                     [piece.sizes[PARTS] for piece in pieces], packed=True)

    def write(self, target: Path) -> None:
        """The files are in `target`, and the parts and pieces are those of the change."""
        writer, touched = self._writer, set(self._new.fresh)
        before = writer.missing(self._old, self._pieces)
        statements = {number for number in touched if is_statement(self._new.firsts[number])}
        for number in sorted(statements | set(self._named())):
            self._piece(number)
        after = writer.missing(self._new, self._pieces)
        moved = {number for number in before | after if before.get(number) != after.get(number)}
        for number in sorted(touched - statements | moved):
            self._piece(number, after.get(number, ()))
        for name, head in HEADS.items():
            self._splice(name, self._folder / name, target / name, head)
        self._splice(PARTS, self._kept.path, self._kept.path, b"")
        self._kept.pieces = self._pieces

    def _piece(self, number: int, missing: Iterable[str] = ()) -> None:
        self._pieces[number], self._made[number] = self._writer.piece(
            self._new.firsts[number], self._new.lines(number), missing)

    def _named(self) -> Iterator[int]:
        """The pieces with a measurement of a node whose name is another now."""
        rows = {key(line) for line in self._differ}
        renamed = [b"\t%b\t" % self._writer.curie(row) for row in sorted(rows)
                   if not is_statement(row) and self._writer.found(self._old, row)
                   != self._writer.found(self._new, row)]
        with (self._folder / MEASUREMENT_FILE).open("rb") as rows_there:
            rows_there.seek(len(HEADS[MEASUREMENT_FILE]))
            for number, piece in enumerate(self._kept.pieces):
                there = rows_there.read(piece.sizes[MEASUREMENT_FILE])
                if there and any(one in there for one in renamed):
                    yield number

    def _splice(self, name: str, there: Path, path: Path, head: bytes) -> None:
        with there.open("rb") as old, replacing(path) as out:
            patched(out, old, (head, b"", b""), (piece.sizes[name] for piece in self._kept.pieces),
                    {number: parts[name] for number, parts in self._made.items()})


def _taken(taker: Taker, quads: Sequence[bytes]) -> set[bytes]:
    return {line for page in pages(b"".join(quads)) for line in taker.lines(page)}
