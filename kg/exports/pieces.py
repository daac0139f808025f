"""The graph in ranges of subjects, each written alone: what a change does not touch is copied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO

from msgspec import Struct, structs

from ..ntriples import Node, nodes
from ..prefixes import Prefixes
from ..splicing import Splice, copied
from . import jsonld, rdfxml, turtle
from .release import Merged

TARGET = 256_000  # bytes of N-Quads in a piece, at least
MOST = 8192  # pieces, roughly: those of a large graph are larger
QUADS, TRIPLES = "graph.nq", "graph.nt"


class Syntax(Struct, frozen=True):
    """How a format's pieces are put together: what stands between two, and at the end."""

    write: Callable[[Merged, IO[bytes]], int]
    between: bytes = b""
    foot: bytes = b""


# The formats that are written in pieces, besides sorted N-Quads and N-Triples.
SYNTAXES: dict[str, Syntax] = {
    "graph.ttl": Syntax(turtle.write),
    "graph.jsonld": Syntax(jsonld.write, b",", b"\n]}\n"),
    "graph.rdf": Syntax(rdfxml.write, foot=b"</rdf:RDF>\n"),
}


class Piece(Struct, frozen=True):
    """A range of subjects from `first` on: how many triples, and how long it is in each file."""

    first: bytes
    quads: int
    triples: int
    sizes: dict[str, int]


class _Lines:
    """Sorted triples, as the writers take them."""

    def __init__(self, lines: Iterable[bytes], prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self._lines = lines

    def nodes(self) -> Iterator[Node]:
        """Every subject once, in order."""
        return nodes(line.decode() for line in self._lines)


class Writer:
    """Pieces in some syntaxes, under the prefixes of a release."""

    def __init__(self, prefixes: Prefixes, names: Iterable[str]) -> None:
        self.prefixes = prefixes
        self.names = tuple(name for name in SYNTAXES if name in set(names))
        self.heads = {name: self._whole(name, ())[:-len(SYNTAXES[name].foot) or None]
                      for name in self.names}

    def _whole(self, name: str, triples: Iterable[bytes]) -> bytes:
        out = BytesIO()
        SYNTAXES[name].write(_Lines(triples, self.prefixes), out)
        return out.getvalue()

    def parts(self, quads: Sequence[bytes]) -> tuple[Piece, dict[str, bytes]]:
        """A piece of these sorted quads, and its bytes in each file."""
        triples = [line for line, _ in groupby(map(_triple, quads))]
        found = {QUADS: b"".join(quads), TRIPLES: b"".join(triples)}
        for name in self.names:
            whole = self._whole(name, triples)
            found[name] = whole[len(self.heads[name]):len(whole) - len(SYNTAXES[name].foot)] if (
                triples) else b""
        first = quads[0].split(b" ", 1)[0] if quads else b""
        return Piece(first, len(quads), len(triples), {
            name: len(part) for name, part in found.items()}), found


def _triple(quad: bytes) -> bytes:
    """A quad of ours, which has a graph, without it."""
    return quad[:quad.rindex(b" <")] + b" .\n"


def ranges(quads: Iterable[bytes], least: int) -> Iterator[list[bytes]]:
    """Sorted quads in pieces of at least so many bytes; a subject is in one piece."""
    found: list[bytes] = []
    size = 0
    for _, lines in groupby(quads, lambda line: line.split(b" ", 1)[0]):
        part = list(lines)
        if size >= least:
            yield found
            found, size = [], 0
        found += part
        size += sum(map(len, part))
    if found:
        yield found


def written(quads: Iterable[bytes], writer: Writer, folder: Path, least: int) -> list[Piece]:
    """All pieces of sorted quads; their parts stand one after the other in files in `folder`."""
    made = []
    with ExitStack() as stack:
        outs = {name: stack.enter_context((folder / name).open("wb"))
                for name in (QUADS, TRIPLES, *writer.names)}
        for lines in ranges(quads, least):
            piece, parts = writer.parts(lines)
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
        start = 0
        with quads.open("rb") as lines:
            for number, piece in enumerate(pieces):
                if number in lost or number in gained:
                    lines.seek(start)
                    old = set(lines.read(piece.sizes[QUADS]).splitlines(keepends=True))
                    new = sorted(old - lost.get(number, set()) | gained.get(number, set()))
                    made, self.fresh[number] = writer.parts(new)
                    first = min(piece.first, made.first) if new else piece.first
                    self.pieces.append(structs.replace(made, first=first))
                else:
                    self.pieces.append(piece)
                start += piece.sizes[QUADS]


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
    syntax = SYNTAXES.get(name, Syntax(turtle.write))
    out.write(writer.heads.get(name, b""))
    between = b""
    for pieces, folder in groups:
        start = 0
        with (folder / name).open("rb") as parts:
            for piece in pieces:
                if between or not start:
                    out.write(between)
                    out.flush()
                copied(parts, start, piece.sizes[name], out)
                start, between = start + piece.sizes[name], syntax.between
    out.write(syntax.foot)


def spliced(name: str, writer: Writer, out: IO[bytes], after: Changed, old: IO[bytes]) -> None:
    """A whole file from the old one and the pieces that are fresh."""
    syntax = SYNTAXES.get(name, Syntax(turtle.write))
    splice = Splice(out, old)
    splice.write(writer.heads.get(name, b""))
    start = len(writer.heads.get(name, b""))
    old_first = new_first = True
    for number, piece in enumerate(after.before):
        size = piece.sizes[name]
        led = b"" if old_first or not size else syntax.between
        start += len(led)
        old_first = old_first and not size
        if after.pieces[number].sizes[name]:
            if not new_first and led and number not in after.fresh:
                splice.copy(start - len(led), len(led))
            elif not new_first:
                splice.write(syntax.between)
            new_first = False
        if number in after.fresh:
            splice.write(after.fresh[number][name])
        else:
            splice.copy(start, size)
        start += size
    splice.write(syntax.foot)
    splice.close()

