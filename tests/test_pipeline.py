"""The whole run: determinism, stage by stage equality, bad input, withheld pages."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from kg import pipeline
from kg.errors import DataError
from kg.files import shipped
from kg.ledger import FOLDER

PAGES = shipped("data/pages")


def run(out: Path, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[bytes]:
    """`kg run` in a process with its own hash seed."""
    return subprocess.run([sys.executable, "-m", "kg", "run", *arguments, "-o", str(out)],
                          env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True,
                          check=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its relative name, but for what a run keeps for the next."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and FOLDER not in path.parts}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example pages, published once."""
    out = tmp_path_factory.mktemp("published")
    done = run(out)
    assert done.returncode == 0, done.stderr.decode()
    return out


def test_the_run_leaves_every_file_of_its_contract(published: Path) -> None:
    """The names are what the other commands and the users rely on."""
    names = set(contents(published))
    assert {"documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl",
            "ungrounded.tsv", "skipped.tsv", "graph.nq", "report.txt", "report.json",
            "report.ttl", "exports/graph.ttl", "exports/graph.jsonld",
            "exports/manifest.json"} <= names
    assert "withheld.nq" not in names
    assert not [name for name in names if name.endswith(".part")]


def test_the_same_pages_give_the_same_bytes(published: Path, tmp_path: Path) -> None:
    """Neither the hash seed nor the order in which pages are named decides a byte."""
    pages = sorted(PAGES.iterdir(), reverse=True)
    done = run(tmp_path / "again", *map(str, pages), seed="4242")
    assert done.returncode == 0, done.stderr.decode()
    assert contents(tmp_path / "again") == contents(published)


def test_stage_by_stage_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    """`kg run` is nothing but its stages."""
    for command in (["parse", "-o", str(tmp_path)], ["extract", str(tmp_path)],
                    ["ground", str(tmp_path)], ["build", str(tmp_path)],
                    ["validate", str(tmp_path)], ["export", str(tmp_path)]):
        subprocess.run([sys.executable, "-m", "kg", *command], check=True, capture_output=True)
    assert contents(tmp_path) == contents(published)


def test_every_quote_is_its_span(published: Path) -> None:
    """A quote is cut from the page, never typed."""
    texts = {document["id"]: document["text"]
             for line in (published / "documents.jsonl").read_text(encoding="utf-8").splitlines()
             for document in [json.loads(line)]}
    lines = (published / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    evidence = [item for line in lines for item in json.loads(line)["evidence"]]
    assert len(evidence) > 100
    for item in evidence:
        span = item["span"]
        assert texts[item["document"]][span["start"]:span["end"]] == item["quote"]


def test_a_bad_page_is_listed_and_the_others_are_published(tmp_path: Path) -> None:
    """Every input is either in records.jsonl or in skipped.tsv with its reason."""
    good = next(path for path in PAGES.iterdir() if path.suffix == ".txt")
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / good.name).write_bytes(good.read_bytes())
    (pages / "copy.txt").write_bytes(good.read_bytes())
    (pages / "empty.txt").write_bytes(b"")
    (pages / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (pages / "broken.xml").write_bytes(b"<?xml version='1.0'?><Document><Focus>X</Fo")
    done = run(tmp_path / "out", str(pages), "--json")
    assert b"Traceback" not in done.stderr
    summary = json.loads(done.stdout)
    assert (summary["pages"], summary["pages_skipped"]) == (1, 4)
    skipped = (tmp_path / "out/skipped.tsv").read_text(encoding="utf-8")
    for name in ("empty.txt", "binary.txt", "broken.xml"):
        assert f"pages/{name}\t" in skipped
    assert "the same bytes as" in skipped
    assert done.returncode == 0


def test_a_run_without_any_readable_page_ends_with_2(tmp_path: Path) -> None:
    """Nothing was published, so the exit code says so."""
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run(tmp_path / "out", str(tmp_path / "empty.txt"))
    assert done.returncode == 2
    assert b"empty" in done.stderr


def test_a_page_from_standard_input_is_published(tmp_path: Path) -> None:
    """`-` reads one page."""
    good = next(path for path in PAGES.iterdir() if path.suffix == ".txt")
    done = subprocess.run([sys.executable, "-m", "kg", "run", "-", "-o", str(tmp_path)],
                          input=good.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_malformed_table_of_ours_is_no_fault_of_the_pages(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken data file stops the run and is named, also from another process."""

    def broken(*_: object) -> None:
        raise DataError("data/frames/x.tsv", 3, "10 cells where the header has 9")

    monkeypatch.setattr(pipeline, "published", broken)
    page = next(path for path in PAGES.iterdir() if path.suffix == ".txt")
    with pytest.raises(DataError, match=r"x\.tsv:3") as raised:
        pipeline.publish(pipeline.Settings(), pipeline.Input(page.name, str(page)))
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


TWICE = """
from kg import extract, sources
from kg.cli.inputs import inputs
from kg.vocab.index import open_index
from pathlib import Path
pages = [sources.read(page.name, page.data()) for page in inputs((), Path("out"))]
index = open_index()
first = [extract.claims(page, index) for page in pages]
assert first == [extract.claims(page, index) for page in pages]
"""


def test_the_first_page_of_a_process_reads_as_any_other() -> None:
    """What is loaded or kept on the way changes no claim: a fresh process reads all pages twice."""
    subprocess.run([sys.executable, "-c", TWICE], check=True)
