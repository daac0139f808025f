"""candidates.sssom.tsv of a run: each name is looked up once, also over many runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from .assembling import names
from .candidates import FILE, TITLE, Candidate, Offer, offered, rows
from .ground import Ungrounded
from .ledger import Ledger
from .mappings import known, write_ordered
from .pool import Work, ordered
from .prefixes import Prefixes
from .shares import read, row
from .vocab.index import Index
from .vocab.similar import Finder

NOTE = "offers of"  # the fingerprint of the run that looked the names up
MANY = 1000  # names whose look-up is worth other processes
_Asked = tuple[Ungrounded, bytes]


def write(book: Ledger, out: Path, index: Index, prefixes: Prefixes, known_as: str,
          jobs: int = 1) -> int:
    """Write candidates.sssom.tsv for the names that kg.assembling counted; returns its rows.

    `known_as` is the fingerprint under which earlier look-ups hold.
    """
    with book.transaction():
        if book.noted(NOTE) != known_as:
            book.do("DELETE FROM offers")
            book.note(NOTE, known_as)
        _look_up(book, index, jobs)
        book.do("DELETE FROM ordered")
        for name, count, sort in _firsts(book):
            for candidate in rows(name, count, _offers(book, sort)):
                if known(candidate, prefixes):
                    made = row("", candidate)
                    book.do("INSERT OR IGNORE INTO ordered VALUES(?,?)", made.sort, made.body)
    return write_ordered(
        out / FILE, lambda: _ordered(book), prefixes, index.releases(),
        Candidate.__struct_fields__, TITLE)


def _firsts(book: Ledger) -> Iterator[tuple[Ungrounded, int, bytes]]:
    """Of names with one identifier the first stands for all."""
    book.do("DELETE FROM seen")
    for name, count, sort in names(book):
        if not book.rows("SELECT 1 FROM seen WHERE id=?", name.id):
            book.do("INSERT INTO seen VALUES(?)", name.id)
            yield name, count, sort


def _look_up(book: Ledger, index: Index, jobs: int) -> None:
    """The ledger has the offers for every name."""
    asked = ((name, sort) for name, _, sort in _firsts(book) if not _is_known(book, sort))
    several = jobs if _unknown(book) > MANY else 1
    work = Work(partial(_looked_up, index.path), partial(_looked_up, index.path))
    for sort, body in ordered(work, asked, several):
        book.do("INSERT INTO offers VALUES(?,?)", sort, body)


def _unknown(book: Ledger) -> int:
    """How many names have no offers yet, at most."""
    (number,), = book.rows("SELECT count(*) FROM counted c LEFT JOIN offers o ON o.name=c.sort "
                           "WHERE o.name IS NULL")
    return int(number)


def _is_known(book: Ledger, sort: bytes) -> bool:
    return bool(book.rows("SELECT 1 FROM offers WHERE name=?", sort))


def _looked_up(path: Path, asked: _Asked) -> tuple[bytes, bytes]:
    """What a name may mean, by its sort key."""
    name, sort = asked
    return sort, msgspec.msgpack.encode(offered(name, *_opened(path)))


@lru_cache(1)
def _opened(path: Path) -> tuple[Index, Finder]:
    return Index(path), Finder(path)


def _offers(book: Ledger, sort: bytes) -> tuple[Offer, ...]:
    (body,), = book.rows("SELECT body FROM offers WHERE name=?", sort)
    return msgspec.msgpack.decode(body, type=tuple[Offer, ...])


def _ordered(book: Ledger) -> Iterator[Candidate]:
    return (read(body, Candidate)
            for (body,) in book.each("SELECT body FROM ordered ORDER BY sort"))
