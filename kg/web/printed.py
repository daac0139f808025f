"""Pages made before they are asked for: those of every disease, and the slow ones, compressed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from ..answers import serialised
from ..files import locked, replacing
from ..pool import Work, ordered
from . import linked, pages, rendering
from .cache import Body, body
from .paths import path_of
from .prepared import FOLDER, Prepared, prepare
from .resources import described

SLOW = 40  # statements of a node from which on its page takes long to make
_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE bodies(path TEXT NOT NULL, form TEXT NOT NULL, small INTEGER NOT NULL,
    kept BLOB NOT NULL, PRIMARY KEY(path, form)) WITHOUT ROWID;
"""
Row = tuple[str, str, bool, bytes]


class Printed:
    """Finds what was printed, for any thread.

    The file is opened once: another program, started later, takes its name away.
    """

    def __init__(self, file: Path) -> None:
        self._index = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True,
                                      check_same_thread=False)
        self._lock = threading.Lock()

    def find(self, path: str, form: str) -> Body | None:
        """The body of a node's document; None where it was not printed."""
        with self._lock:
            row = self._index.execute("SELECT kept, small FROM bodies WHERE path = ? AND form = ?",
                                      (path, form)).fetchone()
        return Body(row[0], bool(row[1])) if row else None

    def close(self) -> None:
        """Nothing is found any more."""
        self._index.close()


class Sheet(Struct, frozen=True):
    """A node to print: its folder, IRI, the path of its documents, and whether as Turtle too."""

    folder: str
    iri: str
    path: str
    data: bool


def printed(
    prepared: Prepared, jobs: int, note: Callable[[str], None] = lambda _: None
) -> Printed:
    """What is printed of the folder, made now unless this program has done so before.

    Two processes that start at once print once.
    """
    if not prepared.pages.is_file():
        with locked(prepared.folder / FOLDER / "pages.lock"):
            if not prepared.pages.is_file():
                note("making the pages of all diseases, once")
                _print(prepared, jobs)
    return Printed(prepared.pages)


def _print(prepared: Prepared, jobs: int) -> None:
    for older in prepared.place.glob("pages-*.sqlite"):
        older.unlink()
    sheets = list(_sheets(prepared))
    with replacing(prepared.pages) as out:
        name = Path(out.name)
        with closing(sqlite3.connect(name)) as index, index:
            index.executescript(_TABLE)
            for rows in ordered(Work(rows_of, _crashed), sheets, jobs):
                index.executemany("INSERT INTO bodies VALUES(?,?,?,?)", rows)


def _sheets(prepared: Prepared) -> Iterator[Sheet]:
    """Every disease, and every other node with so many statements that its page takes long."""
    with closing(prepared.names()) as index:
        for row in index.execute(
                "SELECT iri, category FROM names WHERE kind = 'label' AND (statements > ? OR "
                "statements > 0 AND category = 'Disease') ORDER BY iri", (SLOW,)):
            if path := path_of(row["iri"], row["category"], prepared.prefixes):
                yield Sheet(str(prepared.folder), row["iri"], unquote(path),
                            row["category"] == "Disease")


def _crashed(_sheet: Sheet) -> list[Row]:
    """It is made when it is asked for."""
    return []


@cache
def _prepared(folder: str) -> Prepared:
    return prepare(Path(folder))


def rows_of(sheet: Sheet) -> list[Row]:
    """The documents of a node."""
    prepared = _prepared(sheet.folder)
    found = described(prepared, sheet.iri)
    if found is None:
        return []
    made = {"html": body(rendering.html(pages.of(prepared, sheet.iri, found)))}
    if sheet.data:
        made["ttl"] = body(serialised(found, "ttl"))
    made[linked.LINKS] = Body(linked.about(prepared, sheet.iri).encode("ascii"), True)
    return [(sheet.path, form, one.small, one.kept) for form, one in made.items()]
