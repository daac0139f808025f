"""Disks that are full, broken or read-only, and kills, at writes spread over every command."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from disturbed import ROOT, SCENARIOS

from kg import loads
from kg.cli import main
from kg.files import linked, replacing, scratch, swapped, swept
from kg.ledger import Ledger

ERRORS = [(OSError(28, "No space left on device", "x/graph.nq"), "x/graph.nq: No space left"),
          (sqlite3.OperationalError("database or disk is full"), "TMPDIR"),
          (OSError("IO error"), "a file: IO error")]


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"),
                    reason="counts writes with a C library that is compiled for it")
def test_a_write_that_fails_is_told_and_nothing_is_lost() -> None:
    """A few of the writes of every command; `benchmarks/faults.py` does more of them."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "faults.py"), "run again", "release", "diff",
         "vocab build", "--every", "331", "--first", "23"],
        capture_output=True, text=True, check=False, timeout=550)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (told, done.stderr[-2000:])
    assert len(told) == 4 * 4
    assert all(one["writes"] > 20 and not one["findings"] for one in told)
    assert sum(one["refused"] for one in told) > 5 < sum(one["tried"] for one in told)
    assert sum(one["killed"] for one in told) > 3


@pytest.mark.parametrize(("error", "said"), ERRORS)
def test_what_the_system_says_is_a_message(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, wherever it happened: exit code 2 and the file, where it is known."""
    def fails(*_arguments: object) -> None:
        raise error

    (tmp_path / "exports").mkdir()
    monkeypatch.setattr(loads, "check", fails)
    with pytest.raises(SystemExit) as ended:
        main(["load", "sqlite", str(tmp_path), "--check"])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_folders_change_places_in_one_step(tmp_path: Path) -> None:
    """The new one stands there, the old one where the new one was; also where there was none."""
    new, folder = tmp_path / "new", tmp_path / "folder"
    for text in ("one", "two"):
        new.mkdir(exist_ok=True)
        (new / "x").write_text(text, encoding="utf-8")
        swapped(new, folder)
        assert (folder / "x").read_text(encoding="utf-8") == text
    assert (new / "x").read_text(encoding="utf-8") == "one"


@pytest.mark.parametrize("fails", [False, True])
def test_where_folders_cannot_change_places_at_once(
    fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two renames do it; after an error the old one is put back."""
    new, folder = tmp_path / "new", tmp_path / "folder"
    for path in (new, folder):
        path.mkdir()
        (path / "x").write_text(path.name, encoding="utf-8")
    monkeypatch.setattr("kg.files._exchanged", lambda _one, _other: False)
    if fails:
        rename = Path.rename

        def refused(path: Path, target: Path) -> Path:
            if path == new:
                raise OSError(28, "No space left on device", str(target))
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", refused)
        with pytest.raises(OSError, match="No space"):
            swapped(new, folder)
    else:
        swapped(new, folder)
    assert (folder / "x").read_text(encoding="utf-8") == ("folder" if fails else "new")


@pytest.mark.parametrize("links", [True, False])
def test_a_file_gets_a_second_name_or_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """What stood there is replaced, and no part is left; also where the system has no links."""
    def refused(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    (tmp_path / "one").write_bytes(b"new")
    (tmp_path / "other").write_bytes(b"old")
    if not links:
        monkeypatch.setattr(os, "link", refused)
    linked(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "other").read_bytes() == b"new"
    assert (tmp_path / "other").samefile(tmp_path / "one") == links
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


def test_the_part_of_a_killed_writer_goes_with_the_next(tmp_path: Path) -> None:
    """Only that of the same file, in whichever folder it is."""
    for name in (".x[1].nq.abcdefgh.part", ".x[1].nq.gz.abcdefgh.part"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    with replacing(tmp_path / "x[1].nq") as out:
        out.write(b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".x[1].nq.gz.abcdefgh.part", "x[1].nq"]


def test_what_cannot_be_taken_away_does_not_hide_the_first_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that turned read-only a scratch folder stays, and goes with the next run."""
    def refused(*_arguments: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    def fail() -> None:
        with scratch(tmp_path) as place:
            (place / "x").touch()
            monkeypatch.setattr(os, "unlink", refused)
            raise RuntimeError("the first error")

    with pytest.raises(RuntimeError, match="first"):
        fail()
    monkeypatch.undo()
    swept(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_ledger_says_that_the_disk_is_full_not_what_followed(tmp_path: Path) -> None:
    """SQLite ends the transaction itself; nobody ends it twice."""
    book = Ledger(tmp_path / "ledger.sqlite")
    book.do(f"PRAGMA max_page_count={book.rows('PRAGMA page_count')[0][0]}")
    with pytest.raises(sqlite3.OperationalError, match="full"), book.transaction():
        book.do("INSERT INTO noted VALUES(?,?)", "x", b"y" * 1_000_000)
    book.close()


def test_every_command_that_writes_is_disturbed() -> None:
    """Each scenario has a name of its own."""
    assert len({one.name for one in SCENARIOS}) == len(SCENARIOS) >= 10
