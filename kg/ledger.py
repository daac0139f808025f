"""What a run has finished, kept in its folder: each page's share, found again by its key."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from .errors import UsageError
from .files import sole
from .shares import Share, unpacked
from .summary import Summary

FOLDER = ".rarekg"  # in the output folder; hidden, so that it is no part of a release
FILE = "ledger.sqlite"
SCHEMA = 3
COMMITTED = 16  # pages that a kill may cost
LISTED_AT_ONCE = 64  # listed pages, perhaps with their bytes, that are in memory
# decisions/0034: SQLite's log is the journal: appended frames with checksums, a torn tail is
# dropped when the file is opened again.
TABLES = """
CREATE TABLE pages(id INTEGER PRIMARY KEY, name UNIQUE, key, asked, sha256, first, skipped,
                   summary, sizes, files);
CREATE INDEX pages_by_sha256 ON pages(sha256, name);
CREATE TABLE rows(page, kind, sort, body);
CREATE INDEX rows_by_kind ON rows(kind, sort);
CREATE INDEX rows_by_page ON rows(page);
CREATE TABLE sure(page, triple INTEGER, denied INTEGER, opposite INTEGER);
CREATE INDEX sure_by_triple ON sure(triple, denied);
CREATE INDEX sure_by_page ON sure(page);
CREATE TABLE offers(name PRIMARY KEY, body) WITHOUT ROWID;
CREATE TABLE placed(name PRIMARY KEY, page, key, edited, sizes) WITHOUT ROWID;
CREATE TABLE noted(name PRIMARY KEY, value) WITHOUT ROWID;
"""
LISTED = """
CREATE TEMP TABLE listed(name PRIMARY KEY, path, content);
CREATE TEMP TABLE moved(name PRIMARY KEY, page, key, edited, sizes) WITHOUT ROWID;
CREATE TEMP TABLE counted(number INTEGER PRIMARY KEY, count, name, sort);
CREATE TEMP TABLE seen(id PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE ordered(sort PRIMARY KEY, body) WITHOUT ROWID;
"""
FIRST = ("coalesce((SELECT min(o.name) FROM pages o WHERE o.sha256=pages.sha256 "
         "AND o.name<pages.name), '')")
COUNTS = "page IN (SELECT id FROM pages WHERE first='')"  # the second of two equal pages does not


class Kept(Struct, frozen=True):
    """A finished page without its files; `first` is the page that has the same bytes, or empty."""

    id: int
    name: str
    key: bytes
    first: str
    skipped: str
    sizes: tuple[int, ...]


class Ledger:
    """The database of one output folder; only one process has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        for setting in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL",
                        "temp_store=FILE", "cache_size=-32768"):
            self._db.execute(f"PRAGMA {setting}")
        if self._db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
            self._fresh()
        self._db.executescript(LISTED)
        self._open = 0

    def _fresh(self) -> None:
        for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type='table'"):
            self._db.execute(f'DROP TABLE "{name}"')
        self._db.executescript(f"BEGIN; {TABLES} PRAGMA user_version={SCHEMA}; COMMIT;")

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query."""
        return self._db.execute(query, values).fetchall()

    def each(self, query: str, *values: object) -> Iterator[Any]:
        """The rows of a query as they come."""
        return iter(self._db.cursor().execute(query, values))

    def do(self, query: str, *values: object) -> None:
        """Run a statement."""
        self._db.execute(query, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block is kept, or, after an error, nothing."""
        self.committed()
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # SQLite itself ended it where the disk is full
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Everything is on disk and the file is free."""
        self.committed()
        self._db.close()

    # ---------------------------------------------------------------- pages

    def keep(self, share: Share) -> None:
        """The share replaces what was kept of its page; a kill costs the last few at most."""
        if not self._open:
            self._db.execute("BEGIN")
        self._forget("name=?", share.name)
        page = self._db.execute(
            "INSERT INTO pages(name,key,asked,sha256,first,skipped,summary,sizes,files) "
            "VALUES(?,?,?,?,'',?,?,?,?)",
            (share.name, share.key, share.asked, share.sha256, share.skipped,
             msgspec.msgpack.encode(share.summary), msgspec.msgpack.encode(share.sizes),
             share.files)).lastrowid
        self._db.executemany("INSERT INTO rows VALUES(?,?,?,?)", (
            (page, row.kind, row.sort, row.body) for row in share.rows))
        self._db.executemany("INSERT INTO sure VALUES(?,?,?,?)", (
            (page, one.triple, one.denied, one.opposite) for one in share.sure))
        self._open += 1
        if self._open >= COMMITTED:
            self.committed()

    def committed(self) -> None:
        """What was kept so far survives whatever comes."""
        if self._open and self._db.in_transaction:
            self._db.execute("COMMIT")
        self._open = 0

    def _forget(self, which: str, *values: object) -> None:
        """The pages are gone, with all that belongs to them."""
        found = self._db.execute(f"SELECT id FROM pages WHERE {which}", values).fetchall()
        for table, column in (("rows", "page"), ("sure", "page"), ("pages", "id")):
            self._db.executemany(f"DELETE FROM {table} WHERE {column}=?", found)

    def listing(self, pages: Iterable[tuple[str, str | bytes]],
                same: Callable[[str, str | bytes, str | bytes], None]) -> int:
        """These are the pages of this run; returns how many.  `same` judges two of one name."""
        with self.transaction():
            for name, content in pages:
                before = self._db.execute("SELECT path, content FROM listed WHERE name=?",
                                          (name,)).fetchone()
                if before and _content(*before) != content:
                    same(name, _content(*before), content)
                elif before:
                    continue
                else:
                    cells = (None, content) if isinstance(content, bytes) else (
                        os.fsencode(content), None)
                    self._db.execute("INSERT INTO listed VALUES(?,?,?)", (name, *cells))
        return int(self.rows("SELECT count(*) FROM listed")[0][0])

    def listed(self) -> Iterator[tuple[str, str | bytes, bytes, bytes]]:
        """Name, path or bytes, and what is kept of each page by name: its key and what was put to
        people's decisions, empty where nothing is.

        No query stays open between two pages: SQLite could not empty its log meanwhile.
        """
        last = ""
        while found := self.rows(
                "SELECT l.name, l.path, l.content, coalesce(p.key, x''), coalesce(p.asked, x'') "
                "FROM listed l LEFT JOIN pages p USING(name) WHERE l.name>? "
                "ORDER BY l.name LIMIT ?", last, LISTED_AT_ONCE):
            for name, path, content, key, asked in found:
                yield name, _content(path, content), key, asked
            last = found[-1][0]

    def settle(self) -> None:
        """Pages that are not listed are gone; of equal pages all but the first name it."""
        with self.transaction():
            self._forget("name NOT IN (SELECT name FROM listed)")
            # a row that is written is written whole, with its files: only where it must be
            self._db.execute(f"UPDATE pages SET first={FIRST} WHERE sha256!='' AND first!={FIRST}")

    def pages(self) -> Iterator[Kept]:
        """Every page by name."""
        for number, name, key, first, skipped, sizes in self.each(
                "SELECT id, name, key, first, skipped, sizes FROM pages ORDER BY name"):
            yield Kept(number, name, key, first, skipped,
                       tuple(msgspec.msgpack.decode(sizes)))

    def files(self, page: int, wanted: Iterable[str]) -> dict[str, bytes]:
        """A page's parts of these stage files."""
        (files, sizes), = self.rows("SELECT files, sizes FROM pages WHERE id=?", page)
        return unpacked(files, msgspec.msgpack.decode(sizes), wanted) if files else {}

    def summary(self) -> Summary:
        """The counts of all pages."""
        whole = Summary()
        for (one,) in self.each("SELECT summary FROM pages WHERE first=''"):
            whole += msgspec.msgpack.decode(one, type=Summary)
        return whole

    def table(self, *kinds: str) -> Iterator[bytes]:
        """The bodies of the rows of these kinds, sorted together."""
        marks = ",".join("?" * len(kinds))
        return (body for (body,) in self.each(
            f"SELECT body FROM rows WHERE kind IN ({marks}) AND {COUNTS} ORDER BY sort, page",
            *kinds))

    def count(self, kind: str) -> int:
        """How many rows there are of a kind."""
        return int(self.rows(f"SELECT count(*) FROM rows WHERE kind=? AND {COUNTS}", kind)[0][0])

    # ---------------------------------------------------------------- notes

    def note(self, name: str, value: object) -> None:
        """Keep something small under a name."""
        self._db.execute("INSERT OR REPLACE INTO noted VALUES(?,?)",
                         (name, msgspec.msgpack.encode(value)))

    def noted(self, name: str) -> Any:
        """What is kept under a name, or None."""
        found = self.rows("SELECT value FROM noted WHERE name=?", name)
        return msgspec.msgpack.decode(found[0][0]) if found else None


def _content(path: bytes | None, content: bytes | None) -> str | bytes:
    return os.fsdecode(path) if path is not None else content or b""


@contextmanager
def ledger(out: Path, *, fresh: bool = False, resume: bool = False) -> Iterator[Ledger]:
    """The ledger of an output folder, held until the end of the block.

    Raises UsageError where another process has it, where it cannot be read, for `resume` where
    there is none, and for `resume` and `fresh` at once.
    """
    folder = out / FOLDER
    if resume and fresh:
        raise UsageError("--resume goes on with what is there, --fresh does not: give one")
    if resume and not (folder / FILE).is_file():
        raise UsageError(f"{out}: nothing to resume: no run has begun there; leave out --resume")
    folder.mkdir(exist_ok=True)
    with sole(folder / "lock", f"{out}: another kg run is writing there; wait for it or "
              "choose another folder"):
        if fresh:
            for path in folder.glob(f"{FILE}*"):
                path.unlink()
        try:
            book = Ledger(folder / FILE)
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{folder / FILE}: cannot be read ({error}); run again with "
                             "--fresh") from None
        try:
            yield book
        finally:
            book.close()
