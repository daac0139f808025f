"""`kg vocab`: list, add, info, remove, build."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from vocab_files import OBO, write

from kg.cli import main
from kg.vocab import packages


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAREKG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RAREKG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(packages, "PACKAGES", ())


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    with pytest.raises(SystemExit) as stop:
        main(["vocab", *arguments])
    printed = capsys.readouterr()
    return int(stop.value.code or 0), printed.out, printed.err


def test_a_file_is_added_used_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is listed, its release is told, and afterwards it is gone."""
    path = write(tmp_path, "mine.obo", OBO)
    assert run(capsys, "add", str(path))[:2] == (
        0, f"added mine.obo (OBO) to {tmp_path / 'home' / 'vocab'}\n")
    assert "mine.obo" in run(capsys, "list")[1]
    code, out, _ = run(capsys, "info", "--json")
    assert code == 0
    assert json.loads(out)["mine.obo"]["version"] == "test/2026-01-02"
    assert run(capsys, "remove", "mine.obo")[0] == 0
    assert "mine.obo" not in run(capsys, "list")[1]


def test_what_is_no_vocabulary_is_not_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is copied; the message names the file."""
    code, _, errors = run(capsys, "add", str(write(tmp_path, "letter.txt", "Dear reader")))
    assert code == 2
    assert "letter.txt" in errors
    assert not (tmp_path / "home" / "vocab").exists()


def test_a_table_of_ones_own_is_looked_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many rows can be used is told; where none can, nothing is copied."""
    head = "id\tlabel\tcategory\n"
    bad = write(tmp_path, "bad.tsv", f"{head}EX:1\tgrey drops\tdrug\n")
    code, _, errors = run(capsys, "add", str(bad))
    assert code == 2
    assert "no row can be used; line 2: unknown prefix of 'EX:1'" in errors
    good = write(tmp_path, "good.tsv", f"{head}\tgrey drops\tdrug\nEX:1\tred drops\tdrug\n")
    assert "added good.tsv (table: 1 class; 1 skipped, the first: line 3: unknown prefix" in run(
        capsys, "add", str(good))[1]


def test_removing_what_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 2."""
    code, _, errors = run(capsys, "remove", "nothing.obo")
    assert code == 2
    assert "nothing.obo" in errors


def test_bad_lines_are_shown_with_their_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`info` lists what was skipped."""
    path = write(tmp_path, "bad.obo", OBO.replace("xref: ORPHA:77", "xref: EC:No 216"))
    assert "skipped: bad.obo:15:" in run(capsys, "info", "--with", str(path))[1]


def test_one_vocabulary_is_told_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its release and checksum; a name that is none is told with those that are."""
    path = write(tmp_path, "mine.obo", OBO)
    code, out, _ = run(capsys, "info", "mine.obo", "--with", str(path))
    assert code == 0
    assert f"sha256: {hashlib.sha256(OBO.encode()).hexdigest()}" in out.splitlines()
    code, _, errors = run(capsys, "info", "mine", "--with", str(path))
    assert (code, "mine.obo" in errors) == (2, True)


def test_a_folder_is_no_vocabulary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is called what it is."""
    code, _, errors = run(capsys, "add", str(tmp_path))
    assert (code, "a folder" in errors) == (2, True)


def test_build_tells_when_the_extra_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """So that nobody wonders why no disease has an identifier."""
    code, out, _ = run(capsys, "build")
    assert code == 0
    assert "rarekg[vocab]" in out
