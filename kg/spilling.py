"""Dictionaries, lists and sorted rows that go to disk when they grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, Generic, TypeVar

import msgspec

V = TypeVar("V")
KEPT = 250_000  # entries in memory: some 100 MB


def _database(table: str) -> sqlite3.Connection:
    """A database of our own on disk that is gone with us (an empty name; SQLite, "Temporary
    Databases"); TMPDIR says where."""
    made = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    made.execute("PRAGMA cache_size=-32768")
    made.execute("PRAGMA synchronous=OFF")
    made.execute(table)
    made.execute("BEGIN")
    return made


class Shelf(MutableMapping[str, V]):
    """A dictionary of values of one type; its order is that of the keys once it has spilled."""

    def __init__(self, kind: Any, kept: int | None = None) -> None:
        self._near: dict[str, V] = {}
        self._far: sqlite3.Connection | None = None
        self._kept = KEPT if kept is None else kept
        self._decoder: msgspec.msgpack.Decoder[V] = msgspec.msgpack.Decoder(kind)

    def __setitem__(self, key: str, value: V) -> None:
        if self._far is None:
            self._near[key] = value
            if len(self._near) > self._kept:
                self._spill()
        else:
            self._put(((key, value),))

    def _spill(self) -> None:
        self._far = _database("CREATE TABLE shelf(key PRIMARY KEY, value) WITHOUT ROWID")
        self._put(self._near.items())
        self._near = {}

    def _put(self, items: Iterable[tuple[str, V]]) -> None:
        assert self._far is not None
        self._far.executemany("INSERT OR REPLACE INTO shelf VALUES(?,?)", (
            (_key(key), msgspec.msgpack.encode(value)) for key, value in items))

    def __getitem__(self, key: str) -> V:
        if self._far is None:
            return self._near[key]
        found = self._far.execute("SELECT value FROM shelf WHERE key=?", (_key(key),)).fetchone()
        if found is None:
            raise KeyError(key)
        return self._decoder.decode(found[0])

    def __delitem__(self, key: str) -> None:
        if self._far is None:
            del self._near[key]
        else:
            self._far.execute("DELETE FROM shelf WHERE key=?", (_key(key),))

    def __contains__(self, key: object) -> bool:
        if self._far is None:
            return key in self._near
        return bool(self._far.execute("SELECT 1 FROM shelf WHERE key=?",
                                      (_key(str(key)),)).fetchone())

    def __iter__(self) -> Iterator[str]:
        if self._far is None:
            yield from self._near
        else:
            for (key,) in self._far.cursor().execute("SELECT key FROM shelf ORDER BY key"):
                yield key.decode("utf-8", "surrogatepass")

    def in_order(self) -> Iterator[tuple[str, V]]:
        """Every key with its value, by key."""
        if self._far is None:
            yield from sorted(self._near.items(), key=lambda item: item[0])
            return
        for key, value in self._far.cursor().execute("SELECT key, value FROM shelf ORDER BY key"):
            yield key.decode("utf-8", "surrogatepass"), self._decoder.decode(value)

    def __len__(self) -> int:
        if self._far is None:
            return len(self._near)
        return int(self._far.execute("SELECT count(*) FROM shelf").fetchone()[0])


def _key(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


class Spool(Generic[V]):
    """Values of one type in the order in which they were appended, read as often as one likes."""

    def __init__(self, kind: Any, kept: int | None = None) -> None:
        self._near: list[V] = []
        self._far: sqlite3.Connection | None = None
        self._kept = KEPT if kept is None else kept
        self._decoder: msgspec.msgpack.Decoder[V] = msgspec.msgpack.Decoder(kind)

    def append(self, value: V) -> None:
        """Add a value at the end."""
        self._near.append(value)
        if len(self._near) > self._kept:
            if self._far is None:
                self._far = _database("CREATE TABLE spool(number INTEGER PRIMARY KEY, value)")
            self._far.executemany("INSERT INTO spool(value) VALUES(?)", (
                (msgspec.msgpack.encode(one),) for one in self._near))
            self._near = []

    def __iter__(self) -> Iterator[V]:
        if self._far is not None:
            for (value,) in self._far.cursor().execute("SELECT value FROM spool ORDER BY number"):
                yield self._decoder.decode(value)
        yield from self._near

    def __len__(self) -> int:
        far = self._far.execute("SELECT count(*) FROM spool").fetchone()[0] if self._far else 0
        return int(far) + len(self._near)


class Groups(Generic[V]):
    """Values of one type under keys, those of a key in the order in which they were added."""

    def __init__(self, kind: Any, kept: int | None = None) -> None:
        self._near: dict[str, list[V]] = {}
        self._count = 0
        self._far: sqlite3.Connection | None = None
        self._kept = KEPT if kept is None else kept
        self._decoder: msgspec.msgpack.Decoder[V] = msgspec.msgpack.Decoder(kind)

    def add(self, key: str, value: V) -> None:
        """Add a value under a key."""
        self._near.setdefault(key, []).append(value)
        self._count += 1
        if self._count > self._kept:
            self._far = self._far or _database(
                "CREATE TABLE groups(key, number, value, PRIMARY KEY(key, number)) WITHOUT ROWID")
            for one, values in self._near.items():
                first = self._far.execute("SELECT count(*) FROM groups WHERE key=?",
                                          (_key(one),)).fetchone()[0]
                self._far.executemany("INSERT INTO groups VALUES(?,?,?)", (
                    (_key(one), number, msgspec.msgpack.encode(value))
                    for number, value in enumerate(values, first)))
            self._near, self._count = {}, 0

    def of(self, key: str) -> list[V]:
        """The values of a key."""
        far = self._far.execute("SELECT value FROM groups WHERE key=? ORDER BY number",
                                (_key(key),)) if self._far else ()
        return [*(self._decoder.decode(value) for (value,) in far), *self._near.get(key, ())]


def in_rows(rows: Iterable[tuple[str, ...]], kept: int | None = None) -> Iterator[tuple[str, ...]]:
    """Rows of texts, of one length, sorted, each once."""
    most = KEPT if kept is None else kept
    near: set[tuple[str, ...]] = set()
    far: sqlite3.Connection | None = None
    for row in rows:
        near.add(row)
        if len(near) > most:
            columns = ",".join(f"c{number}" for number in range(len(row)))
            far = far or _database(
                f"CREATE TABLE rows({columns}, PRIMARY KEY({columns})) WITHOUT ROWID")
            far.executemany(f"INSERT OR IGNORE INTO rows VALUES({','.join('?' * len(row))})",
                            (tuple(map(_key, one)) for one in near))
            near = set()
    if far is None:
        yield from sorted(near)
        return
    width = len(far.execute("SELECT * FROM rows LIMIT 1").fetchone())
    far.executemany(f"INSERT OR IGNORE INTO rows VALUES({','.join('?' * width)})",
                    (tuple(map(_key, one)) for one in near))
    order = ",".join(f"c{number}" for number in range(width))
    for row in far.cursor().execute(f"SELECT * FROM rows ORDER BY {order}"):
        yield tuple(cell.decode("utf-8", "surrogatepass") for cell in row)
