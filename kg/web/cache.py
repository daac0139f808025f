"""Finished bodies kept in bounded memory: nothing changes while a server runs."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct


class Body(Struct, frozen=True):
    """A body compressed once, and how long it is when it is not."""

    packed: bytes
    length: int

    def plain(self) -> bytes:
        """The body as it was."""
        return gzip.decompress(self.packed)


class Cache:
    """The bodies that were asked for last, at most `most` bytes of them, packed."""

    def __init__(self, most: int = 128 << 20) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, Body] = OrderedDict()

    def get(self, key: str, make: Callable[[], bytes]) -> Body:
        """The body of `key`, made at the first call; the same bytes each time."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        content = make()
        made = Body(gzip.compress(content, 5, mtime=0), len(content))
        if len(made.packed) <= self._most:
            self._kept[key] = made
            self._size += len(made.packed)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1].packed)
        return made
