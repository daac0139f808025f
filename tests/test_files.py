"""Tables, stage files and atomic writing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg import jsonl
from kg.errors import DataError, UsageError
from kg.files import replacing, rows, scratch, shipped, swept
from kg.model import Quantity, Skipped, Span


def test_rows_carry_their_line_numbers(tmp_path: Path) -> None:
    """Comments and blank lines are left out but counted."""
    path = tmp_path / "a.tsv"
    path.write_text("# head\na\tb\n\n1\t2\n", encoding="utf-8")
    assert list(rows(path)) == [(4, {"a": "1", "b": "2"})]


def test_a_ragged_row_is_named(tmp_path: Path) -> None:
    """The message gives file, line and both counts."""
    path = tmp_path / "a.tsv"
    path.write_text("a\tb\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.tsv:2: 1 cells where the header has 2"):
        list(rows(path))


def test_a_missing_shipped_file_says_what_to_do() -> None:
    """An incomplete installation is told from a user's mistake."""
    with pytest.raises(UsageError, match="reinstall"):
        shipped("data/nothing.tsv")


def test_replacing_leaves_the_old_file_when_the_block_fails(tmp_path: Path) -> None:
    """No half file, no stray part."""
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    def fail() -> None:
        with replacing(path) as handle:
            handle.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    """No traceback, and nothing stays beside it."""
    path = tmp_path / "a.txt"
    path.mkdir()
    with pytest.raises(UsageError, match=r"cannot write .*/a\.txt: Is a directory"), \
            replacing(path):
        pass
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """What fails while writing is named with the reason."""
    def fail() -> None:
        with replacing(tmp_path / "a.txt"), Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(UsageError, match="No space left"):
        fail()


def test_swept_takes_only_what_nobody_writes(tmp_path: Path) -> None:
    """A part of a killed process goes, that of a live one stays."""
    (tmp_path / ".old.txt.abc.part").write_text("half", encoding="utf-8")
    (tmp_path / "other.part").write_text("not ours", encoding="utf-8")
    (tmp_path / ".scratch.abc.part").mkdir()
    (tmp_path / ".scratch.abc.part/quads").write_text("half", encoding="utf-8")
    with replacing(tmp_path / "new.txt") as handle, scratch(tmp_path) as place:
        handle.write(b"new")
        swept(tmp_path)
        assert place.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "other.part"]


def test_decimals_stay_plain_numbers_and_come_back(tmp_path: Path) -> None:
    """30 is written 30, 0.0001 is written 0.0001, and both are read as the same decimals."""
    quantity = Quantity(Decimal("0.0001"), Decimal("30"), "%", "range")
    path = tmp_path / "q.jsonl"
    assert jsonl.write(path, [quantity]) == 1
    assert '"low":0.0001,"high":30,' in path.read_text(encoding="utf-8")
    assert next(jsonl.read(path, Quantity)) == quantity


def test_a_bad_line_of_a_stage_file_is_named(tmp_path: Path) -> None:
    """File, line and field are in the message."""
    path = tmp_path / "s.jsonl"
    path.write_text('{"start":1,"end":2}\n{"start":"x","end":2}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"s\.jsonl:2: not a Span.*start"):
        list(jsonl.read(path, Span))


def test_a_missing_stage_file_is_a_usage_error(tmp_path: Path) -> None:
    """The user named the wrong folder."""
    with pytest.raises(UsageError, match="no such file"):
        list(jsonl.read(tmp_path / "no.jsonl", Skipped))
