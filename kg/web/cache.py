"""Finished bodies kept in bounded memory: nothing changes while a server runs."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

SMALL = 1_400  # bytes that fit into one packet as they are


class Body(Struct, frozen=True):
    """A body, compressed once unless it is small."""

    kept: bytes
    small: bool

    def plain(self) -> bytes:
        """The body as it was."""
        return self.kept if self.small else gzip.decompress(self.kept)


def body(content: bytes, small: int = SMALL) -> Body:
    """A body for answering with; one of at most `small` bytes is never compressed."""
    if len(content) <= small:
        return Body(content, True)
    return Body(gzip.compress(content, 5, mtime=0), False)


class Cache:
    """The bodies that were asked for last, at most `most` bytes of them, as kept.

    Those of at most `small` bytes are not compressed: that takes longer than making an answer.
    """

    def __init__(self, most: int = 128 << 20, small: int = SMALL) -> None:
        self._most = most
        self._small = small
        self._size = 0
        self._kept: OrderedDict[str, Body] = OrderedDict()

    def find(self, key: str) -> Body | None:
        """The body of `key`, if it is still here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: str, content: bytes) -> Body:
        """The body that `key` finds from now on; those not asked for longest make room."""
        made = body(content, self._small)
        if _weight(key, made) > self._most:
            return made
        if old := self._kept.pop(key, None):
            self._size -= _weight(key, old)
        self._kept[key] = made
        self._size += _weight(key, made)
        while self._size > self._most:
            self._size -= _weight(*self._kept.popitem(last=False))
        return made

    def get(self, key: str, make: Callable[[], bytes]) -> Body:
        """The body of `key`, made at the first call; the same bytes each time."""
        return self.find(key) or self.keep(key, make())


def _weight(key: str, one: Body) -> int:
    """About the memory that an entry takes; the objects themselves are some 400 bytes."""
    return len(one.kept) + len(key) + 400
