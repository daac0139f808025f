"""Lines are sorted within bounded memory, and the lines of a subject stay together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import sorting
from kg.sorting import Part, Run, batched, blocks, in_order, in_range, ranges, runs

LINE = st.one_of(
    st.binary(max_size=4).map(lambda one: one.replace(b"\n", b"") + b"\n"),
    st.tuples(st.sampled_from("abcd"), st.integers(0, 9)).map(
        lambda row: b"<%s> %d .\n" % (row[0].encode(), row[1])))


def subject(line: bytes) -> bytes:
    """What stands before a line's first space."""
    return line.partition(b" ")[0]


@given(st.lists(st.lists(LINE), min_size=1, max_size=3), st.integers(min_value=1, max_value=60),
       st.booleans(), st.sampled_from([1, 20, sorting.PARTS]))
@settings(max_examples=300, deadline=None)
def test_lines_are_sorted_in_any_memory(
    files: list[list[bytes]], size: int, ordered: bool, parts: int
) -> None:
    """However little fits, the order is that of the bytes, each line is there once, and those of
    a subject stand together."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "PARTS", parts)
        patch.setattr(sorting, "FEWEST", 2)
        paths = [Path(name) / f"lines-{number}" for number in range(len(files))]
        for path, lines in zip(paths, files, strict=True):
            path.write_bytes(b"".join(sorted(lines) if ordered else lines))
        found = list(in_order(paths, Path(name), size))
        assert sorted(Path(name).iterdir()) == paths
    assert b"".join(found) == b"".join(sorted(set(chain(*files))))
    subjects = [subject(block) for block in found]
    assert len(subjects) == len(set(subjects))


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    """It is a line like the others, and no line grows by it."""
    (tmp_path / "lines").write_bytes(b"<b> 1 .\n<a> 2 .\n<a> 1 .")
    assert b"".join(in_order([tmp_path / "lines"], tmp_path)) == b"<a> 1 .\n<a> 2 .\n<b> 1 .\n"


def test_many_equal_lines_and_skewed_ones_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges that do not split are merged from files."""
    merged: list[int] = []
    whole = sorting._merged

    def counting(parts: Sequence[Part], scratch: Path) -> Iterator[bytes]:
        merged.append(len(parts))
        return whole(parts, scratch)

    monkeypatch.setattr(sorting, "_merged", counting)
    lines = [b"same\n"] * 5000 + [b"<same> %d .\n" % (number * 7 % 3001)
                                  for number in range(9000)]
    path = tmp_path / "lines"
    path.write_bytes(b"".join(lines))
    assert b"".join(in_order([path], tmp_path, 100)) == b"".join(sorted(set(lines)))
    assert merged


def test_parts_are_bounded_however_much_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen times the lines have no more parts at a time, and no more lines in memory."""
    planned, held, merges = list[int](), list[int](), list[int]()
    plan, whole = sorting._runs, sorting._in_memory

    def planning(sources: Sequence[tuple[Part, ...]], scratch: Path, size: int, *,
                 paged: bool = False) -> list[Run]:
        made = plan(sources, scratch, size, paged=paged)
        planned.append(sum(len(run.bounds) + 1 for run in made))
        return made

    def holding(parts: Iterable[bytes]) -> Iterator[bytes]:
        found = list(parts)
        held.append(sum(map(len, found)))
        return whole(found)

    for name, other in (("_runs", planning), ("_in_memory", holding), ("PARTS", 900),
                        ("FEWEST", 3), ("_merged", lambda *_: merges.append(1))):
        monkeypatch.setattr(sorting, name, other)
    dice = random.Random(3)
    for number, second in ((800, False), (3200, True), (12800, True)):
        lines = [b"<%08x> %d .\n" % (dice.randrange(1 << 32), place) for place in range(number)]
        path = tmp_path / "lines"
        path.write_bytes(b"".join(lines))
        planned.clear()
        assert b"".join(in_order([path], tmp_path, 800)) == b"".join(sorted(lines))
        assert max(planned) <= 900
        assert (len(planned) > 1) == second
    assert max(held) <= sorting.LARGE * 800
    assert not merges


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), unique=True),
       st.integers(1, 40))
def test_blocks_are_whole_subjects(rows: list[tuple[str, int]], least: int) -> None:
    """Also when several are put together, which end when they are large enough."""
    lines = [b"<%s> %d .\n" % (name.encode(), number) for name, number in sorted(rows)]
    assert list(blocks(b"".join(lines))) == [
        b"".join(same) for _, same in groupby(lines, subject)]
    batches = list(map(b"".join, batched(blocks(b"".join(lines)), least)))
    assert b"".join(batches) == b"".join(lines)
    assert all(len(batch) >= least for batch in batches[:-1])


@given(st.lists(st.sets(st.tuples(st.sampled_from("abcdef"), st.integers(0, 99)), min_size=1),
                min_size=1, max_size=6), st.integers(1, 300))
@settings(max_examples=200, deadline=None)
def test_pages_are_spread_as_any_lines_are(
    graphs: list[set[tuple[str, int]]], size: int
) -> None:
    """Cut where a page ends and a range begins, each range has what it has of lines in any
    order, also of subjects of several pages and of pages that are in two runs."""
    with TemporaryDirectory() as name:
        path = Path(name) / "pages"
        path.write_bytes(b"".join(line for number, rows in enumerate(graphs) for line in sorted(
            b'<%s> "%d <" <g%d> .\n' % (one.encode(), value, number) for one, value in rows)))
        found = [[[sorted(part.read().splitlines()) for part in run.spread()]
                  for run in runs([path], Path(name), size, paged=paged)]
                 for paged in (False, True)]
        assert found[0] == found[1]
        paged = ranges(run.spread() for run in runs([path], Path(name), size, paged=True))
        whole = b"".join(chain.from_iterable(in_range(parts, Path(name)) for parts in paged))
        assert whole == b"".join(in_order([path], Path(name)))
