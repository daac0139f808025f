"""The stage files of a run, page by page: what an untouched page has in the old ones is copied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from . import contradictions
from .exports.changes import Changes
from .exports.pieces import Change
from .files import replacing
from .folder import STAGE_FILES, WITHHELD
from .ledger import Kept, Ledger
from .splicing import Splice, aside, stamp

FILES = (WITHHELD, *STAGE_FILES)  # the last is in place first, or none is
GRAPH = FILES.index("graph.nq")
Edit = tuple[set[bytes], set[bytes]]


class Placed(Struct, frozen=True):
    """A page as the stage files have it: where its parts begin and how long they are, in the order
    of FILES; `edited` tells how its graph was changed."""

    name: str
    page: int
    key: bytes
    edited: bytes
    starts: tuple[int, ...]
    sizes: tuple[int, ...]


def placed(book: Ledger) -> Iterator[Placed]:
    """Every page of the stage files that are there, in their order."""
    starts = (0,) * len(FILES)
    for name, page, key, edited, packed in book.each(
            "SELECT name, page, key, edited, sizes FROM placed ORDER BY name"):
        sizes = tuple(msgspec.msgpack.decode(packed))
        yield Placed(name, page, key, edited, starts, sizes)
        starts = tuple(map(sum, zip(starts, sizes, strict=True)))


@contextmanager
def staged(book: Ledger, out: Path, edits: Mapping[int, Edit]) -> Iterator[Change | None]:
    """New stage files are in place after the block, in which they are still being written.

    What an untouched page has in those of the last run is copied.  Gives what the graph lost and
    gained, None where that is not known or much.  On any error, also an interrupt, the files that
    were there before are untouched.
    """
    with ExitStack() as stack:
        outs = [stack.enter_context(replacing(out / name)) for name in FILES]
        olds = _olds(book, out, stack)
        with aside() as later:
            splices = [Splice(one, old, later)
                       for one, old in zip(outs, olds or [None] * len(outs), strict=True)]
            with book.transaction():
                change = _spliced(book, out, splices, edits, known=bool(olds))
            yield change
        with book.transaction():
            gone = "WHERE name IN (SELECT name FROM moved)" if olds else ""
            book.do(f"DELETE FROM placed {gone}")
            book.do("INSERT INTO placed SELECT * FROM moved WHERE page IS NOT NULL")
            book.note("stamps", None)  # until the files are in place
    if not (out / WITHHELD).stat().st_size:
        (out / WITHHELD).unlink()
    book.note("stamps", {name: stamp(out / name) for name in FILES})


def _olds(book: Ledger, out: Path, stack: ExitStack) -> list[IO[bytes] | None]:
    """The files that the last run left, None for one that it did not; empty where they changed."""
    stamps = book.noted("stamps")
    if not stamps or any(stamp(out / name) != stamps[name] for name in FILES):
        return []
    return [stack.enter_context((out / name).open("rb")) if stamps[name] else None
            for name in FILES]


def _spliced(book: Ledger, out: Path, splices: list[Splice], edits: Mapping[int, Edit], *,
             known: bool) -> Change | None:
    """The pages' parts are on their way, and `moved` has those that are not as they were."""
    book.do("DELETE FROM moved")
    change = Changes() if known else None
    for page, old in _pairs(book, known=known):
        edit = edits.get(page.id) if page else None
        if page and old and page.key and (page.id, page.key, _signed(edit)) == (
                old.page, old.key, old.edited):
            for splice, start, size in zip(splices, old.starts, old.sizes, strict=True):
                splice.copy(start, size)
            continue
        if old and change:
            change = change.lost(_graph(old, out / FILES[GRAPH]))
        if page:
            parts = _parts(book, page, edit)
            for splice, part in zip(splices, parts, strict=True):
                splice.write(part)
            change = change.gained(parts[GRAPH]) if change else None
            _moved(book, page.name, page.id, page.key, _signed(edit),
                   msgspec.msgpack.encode(list(map(len, parts))))
        elif old:
            _moved(book, old.name)
    for splice in splices:
        splice.close()
    return change.made() if change else None


def _pairs(book: Ledger, *, known: bool) -> Iterator[tuple[Kept | None, Placed | None]]:
    """Every page that is published and, if it is known, how it was; or only one of the two."""
    new = ((page.name, page, None) for page in book.pages()
           if not page.first and any(page.sizes))
    old = ((one.name, None, one) for one in placed(book)) if known else iter(())
    for _, both in groupby(merge(new, old, key=itemgetter(0)), itemgetter(0)):
        rows = list(both)
        yield rows[0][1], rows[-1][2]


def _moved(book: Ledger, name: str, *cells: object) -> None:
    """The page stands in the new files with these cells of `placed`, or without any not at all."""
    book.do("INSERT INTO moved VALUES(?,?,?,?,?)", name, *(cells or (None,) * 4))


def _graph(old: Placed, path: Path) -> bytes:
    with path.open("rb") as lines:  # a handle of its own: the others are read by the thread
        lines.seek(old.starts[GRAPH])
        return lines.read(old.sizes[GRAPH])


def _signed(edit: Edit | None) -> bytes:
    """Tells how a page's graph was changed from every other way; empty where it was not."""
    if edit is None:
        return b""
    return hashlib.blake2b(b"\0".join(map(b"".join, map(sorted, edit))), digest_size=16).digest()


def _parts(book: Ledger, page: Kept, edit: Edit | None) -> list[bytes]:
    """What the page has in each file, its graph as it is now."""
    files = book.files(page.id, FILES)
    parts = [files[name] for name in FILES]
    if edit:
        lines = parts[GRAPH].splitlines(keepends=True)
        parts[GRAPH] = b"".join(contradictions.settled(lines, edit))
    return parts
