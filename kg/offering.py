"""candidates.sssom.tsv of a run: each name is looked up once, also over many runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from .assembling import names
from .candidates import FILE, TITLE, Candidate, Offer, offered, rows
from .ground import Ungrounded
from .ledger import Ledger
from .mappings import known, write_ordered
from .prefixes import Prefixes
from .shares import read, row
from .vocab.index import Index
from .vocab.similar import Finder

NOTE = "offers of"  # the fingerprint of the run that looked the names up


class _Offers:
    """What names may mean, from the ledger or, the first time, from the index."""

    def __init__(self, book: Ledger, index: Index, known: str) -> None:
        self._book = book
        self._index = index
        if book.noted(NOTE) != known:
            book.do("DELETE FROM offers")
            book.note(NOTE, known)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._index.path)

    def of(self, name: Ungrounded, sort: bytes) -> Iterable[Offer]:
        """The offers for a name."""
        found = self._book.rows("SELECT body FROM offers WHERE name=?", sort)
        if found:
            return msgspec.msgpack.decode(found[0][0], type=tuple[Offer, ...])
        made = offered(name, self._index, self._finder)
        self._book.do("INSERT INTO offers VALUES(?,?)", sort, msgspec.msgpack.encode(made))
        return made


def write(book: Ledger, out: Path, index: Index, prefixes: Prefixes, known_as: str) -> int:
    """Write candidates.sssom.tsv for the names that kg.assembling counted; returns its rows.

    `known_as` is the fingerprint under which earlier look-ups hold.
    """
    with book.transaction():
        book.do("DELETE FROM ordered")
        book.do("DELETE FROM seen")
        for candidate in _candidates(book, _Offers(book, index, known_as)):
            if known(candidate, prefixes):
                made = row("", candidate)
                book.do("INSERT OR IGNORE INTO ordered VALUES(?,?)", made.sort, made.body)
    return write_ordered(
        out / FILE, lambda: _ordered(book), prefixes, index.releases(),
        Candidate.__struct_fields__, TITLE)


def _candidates(book: Ledger, offers: _Offers) -> Iterator[Candidate]:
    """Of names with one identifier the first stands for all."""
    for name, count, sort in names(book):
        if not book.rows("SELECT 1 FROM seen WHERE id=?", name.id):
            book.do("INSERT INTO seen VALUES(?)", name.id)
            yield from rows(name, count, offers.of(name, sort))


def _ordered(book: Ledger) -> Iterator[Candidate]:
    return (read(body, Candidate)
            for (body,) in book.each("SELECT body FROM ordered ORDER BY sort"))
