"""Sorted lines cut into stretches of like size, no subject in two of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from msgspec import Struct


class Stretch(Struct, frozen=True):
    """A part of a file, in bytes."""

    start: int
    end: int


def cuts(path: Path, number: int, head: bytes) -> Iterator[Stretch]:
    """At most `number` stretches of like size that follow one another after the header; none ends
    between two lines of one subject."""
    size, start = path.stat().st_size, len(head)
    with path.open("rb") as lines:
        for place in range(1, number + 1):
            lines.seek(max(start, len(head) + (size - len(head)) * place // number))
            end = _next_subject(lines, size) if place < number else size
            if end > start:
                yield Stretch(start, end)
                start = end


def _next_subject(lines: IO[bytes], size: int) -> int:
    """Where, after the rest of this line, the first line of another subject begins."""
    lines.seek(max(0, lines.tell() - 1))
    lines.readline()
    if lines.tell() >= size:
        return size
    first = _subject(lines.readline())
    while lines.tell() < size:
        here = lines.tell()
        if _subject(lines.readline()) != first:
            return here
    return size


def _subject(line: bytes) -> bytes:
    return line.split(b"\t" if b"\t" in line else b" ", 1)[0]
