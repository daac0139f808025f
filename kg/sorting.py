"""Lines in byte order, each once, in memory that does not grow with their number."""

from __future__ import annotations

import heapq
import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from io import BytesIO
from itertools import accumulate, chain, compress, count, groupby, islice, pairwise
from operator import ge
from pathlib import Path

from msgspec import Struct

from .cutting import Stretch

RUN = 32 << 20  # bytes of lines that are in memory at a time, some three times over
WIDE = 2  # times so much: a range that is spread again, over smaller ones
LARGE = 4  # times so much: a range of few subjects that is merged from files
PARTS = 1 << 17  # of all runs together: of some 11 GB a range is a run's size, then larger
FEWEST = 16  # ranges, where there are very many runs
SAMPLES = 32  # lines for each range that tell where it begins
_MIXED = 8  # lines: shorter stretches in order are not worth finding
# The lines of a subject that stand together; any other line is alone.
_BLOCK = re.compile(rb"([^ \n]+ )[^\n]*\n(?:\1[^\n]*\n)*|[^\n]*\n")


class Part(Struct, frozen=True):
    """A stretch of a file, no subject twice in it unless its lines stand together in order."""

    path: Path
    stretch: Stretch

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.stretch.end - self.stretch.start

    def read(self) -> bytes:
        """Its content."""
        with self.path.open("rb") as lines:
            lines.seek(self.stretch.start)
            return lines.read(self.size)


class Run(Struct, frozen=True):
    """Parts of files of lines that are to be spread over ranges: in any order, or, if they are
    `paged`, those of a page together in order, with the page's graph at the end of each."""

    source: tuple[Part, ...]
    target: Path
    bounds: tuple[bytes, ...]
    paged: bool = False

    def spread(self) -> list[Part]:
        """Its lines stand in `target`, range after range; returns the part of each range."""
        found, start = [], 0
        content = b"".join(part.read() for part in self.source)
        with self.target.open("wb") as out:
            for part in (_sliced(content, self.bounds) if self.paged else
                         _spread(_lines(content), self.bounds)):
                out.write(part)
                found.append(Part(self.target, Stretch(start, start + len(part))))
                start += len(part)
        return found


def runs(paths: Sequence[Path], scratch: Path, size: int = RUN, *,
         paged: bool = False) -> list[Run]:
    """How the lines of files are spread in `scratch`: about `size` bytes in a run, and in a range
    unless there would be more parts than PARTS."""
    return _runs([(Part(path, stretch),) for path in paths
                  for stretch in _stretches(path, size)], scratch, size, paged=paged)


def _runs(sources: Sequence[tuple[Part, ...]], scratch: Path, size: int, *,
          paged: bool = False) -> list[Run]:
    parts = [*chain.from_iterable(sources)]
    total, most = _total(parts), max(FEWEST, PARTS // max(1, len(sources)))
    bounds = tuple(_bounds(parts, max(size, -(-total // most)))) if total > size else ()
    return [Run(source, scratch / f"run-{place:05}", bounds, paged)
            for place, source in enumerate(sources)]


def _total(parts: Iterable[Part]) -> int:
    return sum(part.size for part in parts)


def _stretches(path: Path, size: int) -> Iterator[Stretch]:
    """A file in stretches of about `size` bytes, each of whole lines."""
    start, end = 0, _size(path)
    with path.open("rb") as lines:
        while start < end:
            lines.seek(min(start + size, end) - 1)
            lines.readline()
            yield Stretch(start, lines.tell())
            start = lines.tell()


def _size(path: Path) -> int:
    return path.stat().st_size


def ranges(spread: Iterable[Sequence[Part]]) -> list[list[Part]]:
    """The parts of each range, of what `Run.spread` returned."""
    return [[part for part in parts if part.size] for parts in zip(*spread, strict=True)]


def in_order(paths: Sequence[Path], scratch: Path, size: int = RUN) -> Iterator[bytes]:
    """The lines of files sorted, each once, those of a subject (up to a space) together."""
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as place:
        spread = [run.spread() for run in runs(paths, Path(place), size)]
        for parts in ranges(spread):
            yield from in_range(parts, Path(place), size)


def in_range(parts: Sequence[Part], scratch: Path, size: int = RUN) -> Iterator[bytes]:
    """The lines of a range sorted, each once, those of a subject together."""
    total = _total(parts)
    if total <= WIDE * size:
        return _in_memory(part.read() for part in parts)
    return _again(parts, scratch, size)


def _again(parts: Sequence[Part], scratch: Path, size: int) -> Iterator[bytes]:
    """The same of a range that is too wide: spread over smaller ones, where there are such."""
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as place:
        spread = [run.spread() for run in _runs(_together(parts, size), Path(place), size)]
        for some in ranges(spread):
            if _total(some) <= _total(parts) // 2:
                yield from in_range(some, Path(place), size)
            elif _total(some) <= LARGE * size:
                yield from _in_memory(part.read() for part in some)
            else:  # few subjects, or one
                yield from _merged(some, Path(place))


def _together(parts: Sequence[Part], size: int) -> list[tuple[Part, ...]]:
    """The parts put together, about so many bytes at a time."""
    ends = zip(parts, accumulate(part.size for part in parts), strict=True)
    return [tuple(part for part, _ in same)
            for _, same in groupby(ends, lambda one: (one[1] - 1) // size)]


def blocks(lines: bytes) -> Iterator[bytes]:
    """The lines of each subject, where those of a subject stand together."""
    return (found[0] for found in _BLOCK.finditer(lines))


def batched(found: Iterable[bytes], least: int) -> Iterator[list[bytes]]:
    """Blocks together until they have so many bytes."""
    batch: list[bytes] = []
    size = 0
    for block in found:
        batch.append(block)
        size += len(block)
        if size >= least:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bounds(parts: Sequence[Part], size: int) -> list[bytes]:
    """Where all ranges but the first begin; fewer where the lines are of few subjects."""
    found = sorted(_sample(parts, -(-SAMPLES * _total(parts) // size)))
    return sorted(set(found[SAMPLES::SAMPLES]))


def _sample(parts: Sequence[Part], number: int) -> Iterator[bytes]:
    """The subjects of lines all over the parts."""
    total, begin, place = _total(parts), 0, 0
    for part in parts:
        with part.path.open("rb") as lines:
            while (here := total * place // number - begin) < part.size and place < number:
                lines.seek(part.stretch.start + here)
                lines.readline()
                yield _subject(lines.readline()) + b" "
                place += 1
        begin += part.size


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _lines(content: bytes) -> list[bytes]:
    """Lines that end at a line feed, also the last, and at nothing else."""
    lines = BytesIO(content).readlines()
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    return lines


def _spread(lines: list[bytes], bounds: Sequence[bytes]) -> Iterator[bytes]:
    """The lines of each range: pages are in order, so a few stretches of each are."""
    ends = list(compress(count(1), map(ge, lines, islice(lines, 1, None))))
    if len(ends) * _MIXED > len(lines):
        lines, ends = sorted(set(lines)), []
    starts = [0, *ends]
    ends.append(len(lines))
    places = [[start, *(bisect_left(lines, bound, start, end) for bound in bounds), end]
              for start, end in zip(starts, ends, strict=True)]
    for number in range(len(bounds) + 1):
        found = [lines[place[number]:place[number + 1]] for place in places]
        yield _joined([one for one in found if one])


def _joined(found: list[list[bytes]]) -> bytes:
    """Stretches in order, one after the other; sorted where a subject would be in two at once."""
    whole = chain.from_iterable(found)
    if any(_subject(one[-1]) == _subject(other[0]) for one, other in pairwise(found)):
        return b"".join(sorted(set(whole)))
    return b"".join(whole)


def _sliced(content: bytes, bounds: Sequence[bytes]) -> Iterator[bytes]:
    """The lines of each range: where a page is cut is found without looking at every line."""
    slices: list[list[bytes]] = [[] for _ in range(len(bounds) + 1)]
    start = 0
    while start < len(content):
        end = page_end(content, start)
        for bound, found in zip(bounds, slices, strict=False):
            place = _line_from(content, bound, start, end)
            found.append(content[start:place])
            start = place
        slices[-1].append(content[start:end])
        start = end
    for found in slices:
        yield _put_together([one for one in found if one])


def page_end(content: bytes, start: int) -> int:
    """Where, after the page whose lines begin at `start`, the next one's begin."""
    first = content.index(b"\n", start) + 1
    tail = content[content.rindex(b" <", start, first):first]
    return bisect_left(range(len(content)), True, start, key=lambda place: not content.endswith(
        tail, 0, content.find(b"\n", place) + 1 or len(content)))


def _line_from(content: bytes, bound: bytes, start: int, end: int) -> int:
    """Where the first line begins that is not before `bound`, of sorted ones."""
    def follows(place: int) -> bool:
        line = content.rfind(b"\n", start, place) + 1 or start
        return content[line:line + len(bound)] >= bound

    return bisect_left(range(end), True, start, key=follows)


def _put_together(found: list[bytes]) -> bytes:
    """Slices in order, one after the other; sorted where a subject would be in two at once."""
    whole = b"".join(found)
    if any(one[one.rfind(b"\n", 0, -1) + 1:].startswith(other[:other.index(b" ") + 1])
           for one, other in pairwise(found)):
        return b"".join(sorted(set(_lines(whole))))
    return whole


def _in_memory(parts: Iterable[bytes]) -> Iterator[bytes]:
    found = [block for part in parts for block in blocks(part)]
    found.sort()  # whole blocks: that two lines differ shows in the first, unless of one subject
    for _, same in groupby(found, _subject):
        block, *others = same
        yield b"".join(sorted({*_lines(block), *chain.from_iterable(map(_lines, others))})) if (
            others) else block


def _merged(parts: Sequence[Part], scratch: Path) -> Iterator[bytes]:
    with ExitStack() as stack:
        files = []
        for part in parts:
            files.append(stack.enter_context(tempfile.TemporaryFile(dir=scratch)))
            files[-1].writelines(_in_memory([part.read()]))
            files[-1].seek(0)
        lines = (line for line, _ in groupby(heapq.merge(*files)))
        for _, same in groupby(lines, _subject):
            yield b"".join(same)
