"""Lines in byte order, each once, in memory that does not grow with their number."""

from __future__ import annotations

import heapq
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

RUN = 64 << 20  # bytes of lines that are sorted in memory at a time: about 150 MB
PARTS = 64  # files that longer inputs are spread over, each a range of the order


def in_order(lines: Iterable[bytes], scratch: Path, run: int = RUN) -> Iterator[bytes]:
    """`lines` sorted, each once, with at most `run` bytes of them in memory.

    Longer inputs are spread over files in `scratch` by ranges that the first run of lines shows; a
    range that is still too long is spread again.
    """
    rest = iter(lines)
    first = _run(rest, run)
    second = _run(rest, run)
    if not second:
        yield from _once(first)
        return
    bounds = first[len(first) // PARTS::max(1, len(first) // PARTS)][:PARTS - 1]
    with tempfile.TemporaryDirectory(dir=scratch) as place, ExitStack() as stack:
        files = (Path(place) / f"part-{number:02}" for number in range(len(bounds) + 1))
        parts: list[BinaryIO] = [stack.enter_context(file.open("w+b")) for file in files]
        _spread(first, bounds, parts)
        first = []
        while second:
            _spread(second, bounds, parts)
            second = _run(rest, run)
        whole = sum(part.tell() for part in parts)
        for part in parts:
            yield from _part(part, scratch, run, splits=part.tell() < whole / 2)
            part.truncate(0)


def _run(lines: Iterator[bytes], size: int) -> list[bytes]:
    """The next lines, sorted; as many as have `size` bytes."""
    found, left = [], size
    for line in lines:
        found.append(line)
        left -= len(line)
        if left <= 0:
            break
    found.sort()  # pages come sorted, which this finds and merges
    return found


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, each once."""
    return (line for line, _ in groupby(lines))


def _spread(found: list[bytes], bounds: list[bytes], parts: list[BinaryIO]) -> None:
    start = 0
    for bound, part in zip(bounds, parts, strict=False):
        end = bisect_left(found, bound, start)
        part.write(b"".join(found[start:end]))
        start = end
    parts[-1].write(b"".join(found[start:]))


def _part(part: BinaryIO, scratch: Path, run: int, *, splits: bool) -> Iterator[bytes]:
    """A range in order; one that did not split (few different lines) is merged from sorted runs."""
    size = part.tell()
    part.seek(0)
    if size <= run:
        yield from _once(_run(iter(part), size + 1))
    elif splits:
        yield from in_order(part, scratch, run)
    else:
        yield from _merged(part, scratch, run)


def _merged(part: BinaryIO, scratch: Path, run: int) -> Iterator[bytes]:
    with ExitStack() as stack:
        runs: list[BinaryIO] = []
        while found := _run(part, run):
            runs.append(stack.enter_context(tempfile.TemporaryFile(dir=scratch)))
            runs[-1].writelines(found)
            runs[-1].seek(0)
        yield from _once(heapq.merge(*runs))
