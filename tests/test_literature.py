"""A run over files of the literature, from the command line to exports."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import cli

FOLDER = Path(__file__).parent / "literature"
DISEASES = {"MONDO:0006245": {"PMID:90000001", "PMID:90000006"},
            "MONDO:0010526": {"PMID:90000007", "PMID:90000102"}}


def kg(*arguments: str | Path) -> str:
    """What a command prints, after it ended with 0."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output


def rows(path: Path) -> list[dict[str, Any]]:
    """The values on the lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the tests, published once."""
    folder = tmp_path_factory.mktemp("literature") / "out"
    kg("run", FOLDER, "-o", folder, "--format", "kgx", "-j", "1")
    return folder


def test_every_document_is_published_or_has_a_reason(out: Path) -> None:
    """Nine pages, and one reason for each of the five others."""
    published = rows(out / "documents.jsonl")
    assert len(published) == 9
    with (out / "skipped.tsv").open(newline="") as handle:
        skipped = {row["page"].partition("#")[2]: row["reason"]
                   for row in csv.DictReader(handle, delimiter="\t")}
    assert set(skipped) == {"999999", "90000002", "90000003", "90000004", "90000005"}
    assert all(skipped.values())


def test_every_edge_of_an_article_has_its_number(out: Path) -> None:
    """A statement of an abstract or a full text has the article as a publication."""
    publications: dict[str, set[str]] = {}
    for edge in rows(out / "exports/kgx/kgx_edges.jsonl"):
        for end in (edge["subject"], edge["object"]):
            publications.setdefault(end, set()).update(edge.get("publications", ()))
    for disease, numbers in DISEASES.items():
        assert numbers <= publications[disease]


def test_explain_names_the_article(out: Path) -> None:
    """As entry 0 of what it cites, before the works that the sentence cites."""
    (figure,) = [row for row in rows(out / "statements.jsonl")
                 if row["value"] == "survival" and "62%" in row["names"]]
    told = kg("explain", out, figure["id"])
    assert "[0] Survival and treatment in hidradenocarcinoma" in told
    assert "PMID:90000001" in told


def test_verify_reads_the_articles_again(out: Path) -> None:
    """Each from its place in the file."""
    assert "everything is as its sources give it" in kg("verify", out, "--pages", FOLDER)


def test_stages_give_what_the_run_gives(out: Path, tmp_path: Path) -> None:
    """kg parse, on the same folder."""
    kg("parse", FOLDER, "-o", tmp_path / "parsed")
    assert (tmp_path / "parsed/documents.jsonl").read_bytes() == (
        out / "documents.jsonl").read_bytes()
