"""Files put together from stretches of older files and new bytes; the system does the copying."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

BLOCK = 1 << 22
AHEAD = 64  # calls that wait for a thread: a few pages
Do = Callable[..., None]


@contextmanager
def aside() -> Iterator[Do]:
    """A function that has its arguments called by a thread, one call after the other.

    All are done at the end of the block; the error of one is raised there or by a later call, and
    after an error in the block those that have not begun are left out.
    """
    calls: deque[Future[Any]] = deque()

    def later(do: Callable[..., object], *arguments: object) -> None:
        calls.append(thread.submit(do, *arguments))
        if len(calls) > AHEAD:
            calls.popleft().result()

    with ThreadPoolExecutor(1) as thread:
        try:
            yield later
            while calls:
                calls.popleft().result()
        finally:
            thread.shutdown(wait=False, cancel_futures=True)


def _now(do: Callable[..., object], *arguments: object) -> None:
    do(*arguments)


class Splice:
    """Writes `out` from its beginning; stretches of `old` that follow one another go at once.

    `does` is what makes the calls that write.
    """

    def __init__(self, out: IO[bytes], old: IO[bytes] | None = None, does: Do = _now) -> None:
        self._out = out
        self._old = old
        self._does = does
        self._start = self._length = 0
        self.size = 0  # bytes so far

    def write(self, content: bytes) -> None:
        """Append bytes."""
        if content:
            self._copied()
            self._does(self._out.write, content)
            self.size += len(content)

    def copy(self, start: int, length: int) -> None:
        """Append a stretch of the old file."""
        if start != self._start + self._length:
            self._copied()
            self._start = start
        self._length += length
        self.size += length

    def close(self) -> None:
        """Everything is written."""
        self._copied()

    def _copied(self) -> None:
        if self._length and self._old is not None:
            self._does(self._out.flush)
            self._does(copied, self._old, self._start, self._length, self._out)
        self._start, self._length = self._start + self._length, 0


def patched(out: IO[bytes], old: IO[bytes], around: tuple[bytes, bytes, bytes],
            sizes: Iterable[int], fresh: Mapping[int, bytes]) -> None:
    """Write what `old` is with some pieces anew: `sizes` are of its pieces, `fresh` by number.

    `around` is what stands at the beginning, between two pieces that are not empty, at the end.
    """
    head, between, foot = around
    splice, start, old_first, new_first = Splice(out, old), len(head), True, True
    splice.write(head)
    for number, size in enumerate(sizes):
        led = b"" if old_first or not size else between
        start += len(led)
        old_first = old_first and not size
        if fresh.get(number, size):
            if not new_first and led and number not in fresh:
                splice.copy(start - len(led), len(led))
            elif not new_first:
                splice.write(between)
            new_first = False
        if number in fresh:
            splice.write(fresh[number])
        else:
            splice.copy(start, size)
        start += size
    splice.write(foot)
    splice.close()


def copied(source: IO[bytes], start: int, length: int, out: IO[bytes]) -> None:
    """`length` bytes of `source` are appended to `out`, which has nothing in its buffer."""
    while length and hasattr(os, "copy_file_range"):
        try:
            done = os.copy_file_range(source.fileno(), out.fileno(), length, start)
        except OSError:  # another file system, or one that cannot
            break
        if not done:
            break
        start, length = start + done, length - done
    source.seek(start)
    while length:
        block = source.read(min(length, BLOCK))
        if not block:
            raise OSError(None, "is shorter than it was", str(getattr(source, "name", "")))
        out.write(block)
        length -= len(block)


def stamp(path: Path) -> list[int] | None:
    """Size, time of change and number of a file: what tells whether anybody wrote to it since."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]
