"""A second run does only what changed, and gives the bytes that a first one would."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
import tiny

from kg import assembling, offering, pool, prefixes
from kg.candidates import FILE as CANDIDATES
from kg.cli import main
from kg.cli import run as run_module
from kg.exports import kgx, kgx_build
from kg.exports.kgx_cells import tsv
from kg.ledger import FILE, FOLDER, Ledger
from kg.shares import Share
from kg.vocab.index import open_index

FEW = ("--format", "turtle", "--format", "kgx", "--jobs", "1")


def run(*arguments: object) -> int | str | None:
    """The exit code of a run in this process."""
    with pytest.raises(SystemExit) as ended:
        main(["run", *map(str, arguments), *FEW])
    return ended.value.code


def kept(out: Path) -> dict[str, int]:
    """The number under which each page's share is kept: it changes when the page is done again."""
    with_ledger = Ledger(out / FOLDER / FILE)
    found = {page.name: page.id for page in with_ledger.pages()}
    with_ledger.close()
    return found


@pytest.fixture
def first(tmp_path: Path) -> tuple[Path, Path]:
    """Twelve pages and the folder that they were published into."""
    pages = tiny.pages(tmp_path / "pages", 12)
    assert run(pages, "-o", tmp_path / "out") == 0
    return pages, tmp_path / "out"


def check(pages: Path, out: Path, whole: Path) -> None:
    """`out` holds what a run from the beginning gives."""
    assert run(pages, "-o", whole, "--fresh") == 0
    assert tiny.contents(out) == tiny.contents(whole)


def test_nothing_changed_is_nothing_done(first: tuple[Path, Path]) -> None:
    """No page is done again and no file is written."""
    pages, out = first
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")
              if path.is_file() and FOLDER not in path.parts}
    numbers = kept(out)
    assert run(pages, "-o", out, "--resume") == 0
    assert kept(out) == numbers
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_only_what_changed_is_done_again(first: tuple[Path, Path], tmp_path: Path) -> None:
    """A changed, a new and a removed page give the files of a run from the beginning."""
    pages, out = first
    numbers = kept(out)
    (pages / "page-0003.txt").write_text(tiny.page(3, "may be"), encoding="utf-8")
    (pages / "page-0000.txt").write_text(tiny.page(77), encoding="utf-8")
    (pages / "page-0005.txt").unlink()
    assert run(pages, "-o", out) == 0
    after = kept(out)
    assert {name for name in numbers if after.get(name) != numbers[name]} == {
        "pages/page-0003.txt", "pages/page-0005.txt"}
    check(pages, out, tmp_path / "whole")


def test_several_processes_look_names_up_as_one_does(
    first: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offers are the same, and so is the table."""
    _, out = first
    monkeypatch.setattr(offering, "MANY", 0)
    monkeypatch.setattr(pool, "SMALL", 2)
    book = Ledger(out / FOLDER / FILE)
    before = book.rows("SELECT name, body FROM offers ORDER BY name")
    assert len(before) > 3
    book.do("DELETE FROM offers")
    assembling.counted(book)
    offering.write(book, tmp_path, open_index(), prefixes.load(), book.noted(offering.NOTE), jobs=2)
    assert book.rows("SELECT name, body FROM offers ORDER BY name") == before
    book.close()
    assert (tmp_path / CANDIDATES).read_bytes() == (out / CANDIDATES).read_bytes()


def test_exports_of_another_program_are_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is copied from files that another version of the writers made."""
    pages, out = tiny.pages(tmp_path / "pages", 4), tmp_path / "out"
    monkeypatch.setattr(kgx_build, "TARGET", 1)
    assert run(pages, "-o", out) == 0
    monkeypatch.setattr(run_module, "fingerprint", lambda *_: "another")
    monkeypatch.setattr(kgx, "tsv", lambda row, columns: tsv(row, columns).swapcase())
    (pages / "page-0003.txt").write_text(tiny.page(3, "may be"), encoding="utf-8")
    assert run(pages, "-o", out) == 0
    check(pages, out, tmp_path / "whole")


def test_formats_may_come_and_go_between_changes(
    first: tuple[Path, Path], tmp_path: Path
) -> None:
    """Rows that were left out of a run are not patched with the change of the next."""
    pages, out = first
    (pages / "page-0003.txt").write_text(tiny.page(3, "may be"), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["run", str(pages), "-o", str(out), "--format", "turtle", "--jobs", "1"])
    assert not (out / FOLDER / "kgx.parts").exists()
    (pages / "page-0004.txt").write_text(tiny.page(4, "may be"), encoding="utf-8")
    assert run(pages, "-o", out) == 0
    check(pages, out, tmp_path / "whole")


def test_a_copy_takes_the_place_of_the_page_it_was_of(
    first: tuple[Path, Path], tmp_path: Path
) -> None:
    """Which of two equal pages is published follows from the pages that there are now."""
    pages, out = first
    (pages / "page-0009.txt").unlink()  # page-0010 has the same bytes
    assert run(pages, "-o", out) == 0
    assert "page-0010" not in (out / "skipped.tsv").read_text(encoding="utf-8")
    check(pages, out, tmp_path / "whole")


def test_pages_that_contradict_each_other_later_are_settled(
    first: tuple[Path, Path], tmp_path: Path
) -> None:
    """What an unchanged page no longer asserts leaves its graph, and comes back."""
    pages, out = first
    text = tiny.page(4)
    other = text.replace("increases the risk", "does not increase the risk")
    (pages / "page-0099.txt").write_text(other, encoding="utf-8")
    assert run(pages, "-o", out) == 0
    assert (out / "contradictions.tsv").read_text(encoding="utf-8").count("\n") > 1
    check(pages, out, tmp_path / "whole")
    (pages / "page-0007.txt").write_text(tiny.page(7, "may be"), encoding="utf-8")
    assert run(pages, "-o", out) == 0  # its graph is copied as it was settled
    check(pages, out, tmp_path / "whole")
    (pages / "page-0098.txt").write_text(other + "\n", encoding="utf-8")
    assert run(pages, "-o", out) == 0
    check(pages, out, tmp_path / "whole")
    (pages / "page-0098.txt").unlink()
    (pages / "page-0099.txt").unlink()
    assert run(pages, "-o", out) == 0
    assert (out / "contradictions.tsv").read_text(encoding="utf-8").count("\n") == 1
    check(pages, out, tmp_path / "whole")


def test_a_file_that_somebody_changed_is_written_again(
    first: tuple[Path, Path], tmp_path: Path
) -> None:
    """Neither an edited stage file nor a lost export survives."""
    pages, out = first
    whole = tiny.contents(out)
    (out / "graph.nq").write_bytes(b"")
    (out / "exports/graph.ttl").unlink()
    assert run(pages, "-o", out) == 0
    assert tiny.contents(out) == whole


def test_other_settings_are_another_outcome(first: tuple[Path, Path], tmp_path: Path) -> None:
    """With another base every page is done again."""
    pages, out = first
    numbers = kept(out)
    assert run(pages, "-o", out, "--base", "https://example.org/x/") == 0
    assert not set(kept(out).items()) & set(numbers.items())
    assert run(pages, "-o", tmp_path / "whole", "--base", "https://example.org/x/") == 0
    assert tiny.contents(out) == tiny.contents(tmp_path / "whole")


def test_a_page_without_an_outcome_is_tried_again(first: tuple[Path, Path]) -> None:
    """A crash or a page that took too long says nothing about the next run."""
    pages, out = first
    whole = tiny.contents(out)
    book = Ledger(out / FOLDER / FILE)
    book.keep(Share("pages/page-0001.txt", b"", skipped="its worker process died"))
    book.close()
    assert run(pages, "-o", out) == 0
    assert tiny.contents(out) == whole


def test_resume_without_anything_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--resume promises that something is there; and --fresh contradicts it."""
    pages = tiny.pages(tmp_path / "pages", 1)
    assert run(pages, "-o", tmp_path / "out", "--resume") == 2
    assert "nothing to resume" in capsys.readouterr().err
    assert run(pages, "-o", tmp_path / "out", "--resume", "--fresh") == 2


def test_a_damaged_ledger_is_told(
    first: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file and what to do; --fresh does it."""
    pages, out = first
    (out / FOLDER / FILE).write_bytes(b"no database" * 1000)
    assert run(pages, "-o", out) == 2
    assert "--fresh" in capsys.readouterr().err
    assert run(pages, "-o", out, "--fresh") == 0


@pytest.mark.parametrize("name", ["pyshacl", "auto", "flink"])
def test_an_old_or_unknown_engine_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """--engine once named the SHACL engine: the message says what to write."""
    assert run("-o", tmp_path / "out", "--engine", name) == 2
    told = capsys.readouterr().err
    assert "local" in told
    assert (f"--shacl-engine {name}" in told) == (name != "flink")


def test_a_second_run_into_the_same_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs at once would each undo what the other does."""
    pages = tiny.pages(tmp_path / "pages", 30)
    running = subprocess.Popen(tiny.command(pages, tmp_path / "out", *FEW),
                               stdout=subprocess.DEVNULL)
    try:
        while not list((tmp_path / "out").glob(f"{FOLDER}/{FILE}*")):
            time.sleep(0.02)
            assert running.poll() is None
        running.send_signal(signal.SIGSTOP)
        assert run(pages, "-o", tmp_path / "out") == 2
        assert "another kg run is writing there" in capsys.readouterr().err
    finally:
        running.kill()
        running.wait()


def test_an_interrupted_run_ends_at_once_and_is_gone_on_with(tmp_path: Path) -> None:
    """Ctrl-C: one line, exit code 130, and what was finished is kept."""
    pages = tiny.pages(tmp_path / "pages", 40)
    running = subprocess.Popen(tiny.command(pages, tmp_path / "out", "--jobs", "2"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               start_new_session=True)
    journal = tmp_path / "out" / FOLDER / f"{FILE}-wal"
    while not journal.exists() or journal.stat().st_size < 100_000:
        time.sleep(0.02)
        assert running.poll() is None
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.decode().strip() == "kg: interrupted; nothing was half-written"
    assert len(kept(tmp_path / "out")) >= 16
    assert not list((tmp_path / "out").glob("*.jsonl"))


def test_a_run_that_is_killed_at_any_moment_is_gone_on_with(tmp_path: Path) -> None:
    """Ten kills at random moments of first runs and of updates; after every third the run is
    finished and its files compared."""
    pages, out, dice = tiny.pages(tmp_path / "pages", 30), tmp_path / "out", random.Random(5)
    started = time.monotonic()
    assert run(pages, "-o", tmp_path / "whole") == 0
    longest = time.monotonic() - started + 1.5
    kills = rounds = 0
    while kills < 10:
        rounds += 1
        assert rounds < 60
        more = ("--fresh",) if rounds % 6 == 0 else ()
        command = tiny.command(pages, out, *FEW[:-1], str(1 + rounds % 2), *more)
        kills += tiny.killed(command, dice.uniform(0.2, longest))
        if rounds % 3 == 0:
            assert run(pages, "-o", out) == 0
            check(pages, out, tmp_path / "whole")
            assert not list(out.rglob("*.part"))
            new = tiny.page(500 + rounds)
            (pages / f"page-{rounds:04}.txt").write_text(new, encoding="utf-8")
    assert json.loads(tiny.run(pages, out, *FEW, "--resume").stdout)["pages"] >= 26
