"""Vocabulary files as bytes, decompressed where they are packed, and never more than they may be.

A small file that unpacks to gigabytes is an attack and not a vocabulary: the packages' own files
grow up to 63 times, deflate can go to 1,000 and bzip2 and Zstandard far beyond.
"""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..errors import DataError

GZIP, BZIP2, ZSTANDARD = b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd"
GROWTH = 200  # times its size that a file may unpack to
SPARE = 16_000_000  # bytes that any file may unpack to
LONGEST = 16_000_000  # bytes of one line
_BLOCK = 1 << 20


def limit(path: Path) -> int:
    """How many bytes a file may unpack to."""
    return SPARE + GROWTH * path.stat().st_size


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A handle on the unpacked bytes; what is damaged raises DataError where it is read."""
    try:
        with _handle(path) as handle:
            yield handle
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(path, 0, f"damaged: {error}") from None


@contextmanager
def _handle(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        start = plain.read(4)
        plain.seek(0)
        if start.startswith(ZSTANDARD):
            yield from _zstandard(path, plain)
        elif start.startswith(GZIP):
            yield gzip.GzipFile(fileobj=plain)  # type: ignore[misc] # it reads as IO does
        elif start.startswith(BZIP2):
            yield bz2.open(plain)  # noqa: SIM115
        else:
            yield plain


def _zstandard(path: Path, plain: IO[bytes]) -> Iterator[IO[bytes]]:
    try:
        import zstandard  # noqa: PLC0415 - comes with the package whose files these are
    except ImportError:
        raise DataError(path, 0, "compressed with Zstandard: pip install zstandard") from None
    try:
        yield zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(plain)
    except (zstandard.ZstdError, MemoryError) as error:
        raise DataError(path, 0, f"damaged: {error}") from None


def content(path: Path) -> bytes:
    """All bytes of a file, unpacked; raises DataError where it is damaged or grows too much."""
    found, rest = [], limit(path)
    with opened(path) as handle:
        while part := handle.read(_BLOCK):
            rest -= len(part)
            found.append(part)
            if rest < 0:
                raise DataError(path, 0, _too_much(path))
    return b"".join(found)


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of a file, unpacked; raises DataError as `content`, and for a long line.

    What was read until then has been given.
    """
    rest = limit(path)
    with opened(path) as handle:
        for number, line in enumerate(iter(lambda: handle.readline(LONGEST + 1), b""), 1):
            rest -= len(line)
            if rest < 0:
                raise DataError(path, number, _too_much(path))
            if len(line) > LONGEST:
                raise DataError(path, number, f"a line of more than {LONGEST:,} bytes")
            yield number, line


def _too_much(path: Path) -> str:
    return (f"refused: it unpacks to more than {limit(path):,} bytes, over {GROWTH} times its size")
