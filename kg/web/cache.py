"""Finished answers kept in bounded memory: nothing changes while a server runs."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

SMALL = 1_400  # bytes that fit into one packet as they are
T = TypeVar("T")


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


class Kept(Generic[T]):
    """What was asked for last, at most `most` bytes of it as `weigh` counts them."""

    def __init__(self, most: int, weigh: Callable[[str, T], int]) -> None:
        self._most = most
        self._weigh = weigh
        self._size = 0
        self._kept: OrderedDict[str, T] = OrderedDict()

    def find(self, key: str) -> T | None:
        """What was kept under `key`, if it is still here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: str, one: T) -> T:
        """What `key` finds from now on; those not asked for longest make room."""
        if self._weigh(key, one) > self._most:
            return one
        if old := self._kept.pop(key, None):
            self._size -= self._weigh(key, old)
        self._kept[key] = one
        self._size += self._weigh(key, one)
        while self._size > self._most:
            self._size -= self._weigh(*self._kept.popitem(last=False))
        return one


class Cache:
    """The bodies that were asked for last, at most `most` bytes of them, as kept.

    Those of at most `small` bytes are not compressed: that takes longer than making an answer.
    """

    def __init__(self, most: int = 128 << 20, small: int = SMALL) -> None:
        self._small = small
        self._kept: Kept[Body] = Kept(most, weight)

    def find(self, key: str) -> Body | None:
        """The body of `key`, if it is still here."""
        return self._kept.find(key)

    def keep(self, key: str, content: bytes) -> Body:
        """The body that `key` finds from now on."""
        return self._kept.keep(key, body(content, self._small))

    def get(self, key: str, make: Callable[[], bytes]) -> Body:
        """The body of `key`, made at the first call; the same bytes each time."""
        return self.find(key) or self.keep(key, make())


def weight(key: str, one: Body) -> int:
    """About the memory that an entry takes; the objects themselves are some 400 bytes."""
    return len(one.kept) + len(key) + 400
