"""The graph in ranges of subjects, each written alone: what a change does not touch is copied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import IO

from msgspec import Struct, structs

from ..ntriples import told
from ..prefixes import Prefixes
from ..sorting import batched, blocks
from ..splicing import Splice, patched
from .shapes import Shapes, node
from .syntaxes import SYNTAXES

TARGET = 64_000  # bytes of N-Quads in a piece, at least
MOST = 32_768  # pieces, roughly: those of a large graph are larger
TOGETHER = 4  # pieces whose subjects are written at once: many of one shape, in the cache still
QUADS = "graph.nq"


class Piece(Struct, frozen=True, array_like=True):
    """A range of subjects from `first` on: how many triples, how long it is in each file, and where
    in that of the sorted quads it begins."""

    first: bytes
    quads: int
    triples: int
    sizes: dict[str, int]
    at: int = 0


class Writer:
    """Pieces in some syntaxes, under the prefixes of a release."""

    def __init__(self, prefixes: Prefixes, names: Iterable[str]) -> None:
        self.names = tuple(name for name in SYNTAXES if name in set(names))
        self.heads = {name: SYNTAXES[name].head(prefixes) for name in self.names}
        texts = {name: SYNTAXES[name].text(prefixes) for name in self.names}
        moulds = {name: mould(prefixes) for name in self.names if (mould := SYNTAXES[name].mould)}
        self._shapes = Shapes(prefixes, moulds, texts)
        self._singly = {name: text for name, text in texts.items() if name not in moulds}

    def parts(self, subjects: Sequence[bytes]) -> tuple[Piece, dict[str, bytes]]:
        """A piece of the sorted quads of some subjects, and its bytes in each file."""
        return next(self.several([subjects]))

    def several(self, groups: Sequence[Sequence[bytes]],
                at: int = 0) -> Iterator[tuple[Piece, dict[str, bytes]]]:
        """The same for groups that follow one another, the first `at` a place of the quads."""
        found = [told(lines.decode()) for lines in chain.from_iterable(groups)]
        texts = self._shapes.texts(found)
        for name, text in self._singly.items():
            texts[name] = [text(node(one)) for one in found]
        start = 0
        for subjects in groups:
            here = slice(start, start + len(subjects))
            parts = {QUADS: b"".join(subjects), **{
                name: SYNTAXES[name].between.join(texts[name][here]).encode()
                for name in self.names}}
            yield _piece(parts, sum([len(objects) for _, _, objects in found[here]]), at), parts
            start, at = here.stop, at + len(parts[QUADS])


def _piece(parts: Mapping[str, bytes], triples: int, at: int) -> Piece:
    quads = parts[QUADS]
    return Piece(quads.partition(b" ")[0], quads.count(b"\n"), triples, {
        name: len(part) for name, part in parts.items()}, at)


def written(quads: Iterable[bytes], writer: Writer, folder: Path, least: int) -> list[Piece]:
    """All pieces of sorted quads, given as the blocks of their subjects; their parts stand one
    after the other in files in `folder`."""
    made = []
    with ExitStack() as stack:
        outs = {name: stack.enter_context((folder / name).open("wb"))
                for name in (QUADS, *writer.names)}
        groups = batched(quads, least)
        while some := list(islice(groups, TOGETHER)):
            for piece, parts in writer.several(some, outs[QUADS].tell()):
                made.append(piece)
                for name, part in parts.items():
                    outs[name].write(part)
    return made


class Change(Struct, frozen=True):
    """The quads that a graph lost and gained since its pieces were written.

    `before` and `after` are all quads of pages that changed, page by page.
    """

    gone: frozenset[bytes]
    added: frozenset[bytes]
    before: tuple[bytes, ...] = ()
    after: tuple[bytes, ...] = ()


class Changed:
    """Pieces after a change: those that it touches are written anew, the others stay."""

    def __init__(self, pieces: Sequence[Piece], change: Change, quads: Path,
                 writer: Writer) -> None:
        self.before = pieces
        self.pieces: list[Piece] = []
        self.fresh: dict[int, dict[str, bytes]] = {}
        firsts = [piece.first for piece in pieces]
        lost, gained = _sorted_out(change.gone, firsts), _sorted_out(change.added, firsts)
        with quads.open("rb") as lines:
            for number, piece in enumerate(pieces):
                if number in lost or number in gained:
                    lines.seek(piece.at)
                    old = set(lines.read(piece.sizes[QUADS]).splitlines(keepends=True))
                    new = sorted(old - lost.get(number, set()) | gained.get(number, set()))
                    made, self.fresh[number] = writer.parts([*blocks(b"".join(new))])
                    first = min(piece.first, made.first) if new else piece.first
                    self.pieces.append(structs.replace(made, first=first))
                else:
                    self.pieces.append(piece)


def _sorted_out(lines: Iterable[bytes], firsts: Sequence[bytes]) -> dict[int, set[bytes]]:
    """The lines by the number of their piece; what comes before all is the first one's."""
    found: dict[int, set[bytes]] = {}
    for line in lines:
        number = max(0, bisect_right(firsts, line.split(b" ", 1)[0]) - 1)
        found.setdefault(number, set()).add(line)
    return found


def joined(name: str, writer: Writer, out: IO[bytes],
           groups: Iterable[tuple[Sequence[Piece], Path]]) -> None:
    """A whole file from what `written` left in some folders."""
    between, foot = _around(name)
    out.write(writer.heads.get(name, b""))
    led = b""
    for pieces, folder in groups:
        start = 0
        with (folder / name).open("rb") as parts:
            splice = Splice(out, parts)
            for piece in pieces:
                splice.write(led)
                splice.copy(start, piece.sizes[name])
                start, led = start + piece.sizes[name], between
            splice.close()
    out.write(foot)


def _around(name: str) -> tuple[bytes, bytes]:
    """What stands between two pieces of a file, and at its end."""
    syntax = SYNTAXES.get(name)
    return (syntax.between.encode(), syntax.foot.encode()) if syntax else (b"", b"")


def spliced(name: str, writer: Writer, out: IO[bytes], after: Changed, old: IO[bytes]) -> None:
    """A whole file from the old one and the pieces that are fresh."""
    patched(out, old, (writer.heads.get(name, b""), *_around(name)),
            (piece.sizes[name] for piece in after.before),
            {number: parts[name] for number, parts in after.fresh.items()})
