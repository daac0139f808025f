"""Seeded damage to KGX files: each sort is found, in words that say which row and what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sample_release
from click.testing import CliRunner

from kg import exports, prefixes
from kg.cli.stages import validate
from kg.errors import UsageError
from kg.exports.kgx_check import problems
from kg.exports.release import Release

TABLE = prefixes.load()
Row = dict[str, Any]
SURGERY = "biolink:treats"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published sample, its KGX in exports/kgx."""
    folder = sample_release.write(tmp_path_factory.mktemp("whole"))
    exports.write(folder / "graph.nq", folder / "exports", exports.chosen(["kgx"]))
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return copytree(whole, tmp_path / "copy")


def damaged(folder: Path, name: str, change: Callable[[list[Row]], object]) -> list[Row]:
    """Change the rows of a file of JSON Lines; returns them."""
    path = folder / "exports/kgx" / name
    rows: list[Row] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
                    encoding="utf-8")
    return rows


def told(folder: Path, alone: bool = False) -> list[str]:
    """The problems of a folder, compared with its graph unless it stands alone."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    release = None if alone else Release(folder / "graph.nq", scratch, TABLE)
    return [str(one) for one in problems(folder / "exports/kgx", TABLE, release)]


def treats(rows: list[Row]) -> Row:
    """The edge that damage is done to."""
    return next(row for row in rows if row["predicate"] == SURGERY)


def test_a_whole_release_has_no_problem(folder: Path) -> None:
    """With and without its graph."""
    assert told(folder) == []
    assert told(folder, alone=True) == []


def test_a_dropped_row(folder: Path) -> None:
    """The report counts one more, and the graph has the statement."""
    dropped: list[Row] = []
    damaged(folder, "kgx_edges.jsonl", lambda rows: dropped.append(rows.pop(2)))
    assert any("edges were written" in line for line in told(folder, alone=True))
    name = dropped[0]["id"]
    assert f"kgx_edges.jsonl: {name}: the graph has it and the file has not" in told(folder)


def test_swapped_ends(folder: Path) -> None:
    """A disease that treats surgery: its category does not fit, and the graph has it otherwise."""
    def swap(rows: list[Row]) -> None:
        row = treats(rows)
        row["subject"], row["object"] = row["object"], row["subject"]

    damaged(folder, "kgx_edges.jsonl", swap)
    assert any("subject MONDO:0006245 is biolink:Disease, not what a therapy has there" in line
               for line in told(folder, alone=True))
    assert any('subject is "MONDO:0006245", the graph gives "MAXO:0000004"' in line
               for line in told(folder))


def test_a_wrong_predicate(folder: Path) -> None:
    """One that no therapy has is seen alone, another of the ladder against the graph."""
    damaged(folder, "kgx_edges.jsonl", lambda rows: treats(rows).update(predicate="biolink:causes"))
    assert any("no therapy says biolink:causes" in line for line in told(folder, alone=True))
    damaged(folder, "kgx_edges.jsonl", lambda rows: next(
        row for row in rows if row["predicate"] == "biolink:causes" and row["subject"].startswith(
            "MAXO:")).update(predicate="biolink:studied_to_treat"))
    assert told(folder, alone=True) == []
    assert any('predicate is "biolink:studied_to_treat", the graph gives "biolink:treats"' in line
               for line in told(folder))


def test_an_unknown_prefix(folder: Path) -> None:
    """A prefix that is in no table is named, with the column it stands in."""
    damaged(folder, "kgx_edges.jsonl", lambda rows: treats(rows).update(subject="MAX0:0000004"))
    lines = told(folder, alone=True)
    assert any("subject MAX0:0000004: no prefix of ours" in line for line in lines)
    assert any("subject MAX0:0000004 is no node" in line for line in lines)


def test_a_negated_edge_among_the_plain(folder: Path) -> None:
    """A denied statement moved to the plain edges, flag and all, or without its flag."""
    moved: list[Row] = []

    def move(rows: list[Row]) -> None:
        moved.extend(row for row in rows if row.get("negated"))
        rows[:] = [row for row in rows if row not in moved]

    damaged(folder, "kgx_qualified_edges.jsonl", move)
    damaged(folder, "kgx_edges.jsonl", lambda rows: rows.extend(moved))
    assert any("must not be a plain edge" in line for line in told(folder, alone=True))
    damaged(folder, "kgx_edges.jsonl", lambda rows: rows[-1].pop("negated"))
    name = moved[0]["id"]
    lines = told(folder)
    assert f"kgx_qualified_edges.jsonl: {name}: the graph has it and the file has not" in lines
    assert f"kgx_edges.jsonl: {name}: the file has it and the graph has not" in lines


def test_glued_sentences(folder: Path) -> None:
    """Two sentences in one are not what the graph gives."""
    def glue(rows: list[Row]) -> None:
        row = next(one for one in rows if len(one["supporting_text"]) > 1)
        row["supporting_text"] = [" ".join(row["supporting_text"])]

    damaged(folder, "kgx_edges.jsonl", glue)
    assert any("supporting_text is" in line for line in told(folder))


def test_an_edge_without_its_node(folder: Path) -> None:
    """A node that was dropped leaves its edges hanging."""
    damaged(folder, "kgx_nodes.jsonl", lambda rows: rows.remove(
        next(row for row in rows if row["id"] == "MAXO:0000004")))
    assert any("subject MAXO:0000004 is no node" in line for line in told(folder, alone=True))


@pytest.mark.parametrize(("change", "message"), [
    (lambda row: row.pop("knowledge_level"), "knowledge_level is missing"),
    (lambda row: row.update(colour="red"), "colour is no column of ours"),
    (lambda row: row.update(category="biolink:Association"), "category is no list of texts"),
    (lambda row: row.update(subject=["MONDO:1"]), "subject is no text"),
    (lambda row: row.update(publications=[7]), "publications is no list of texts"),
    (lambda row: row.update(id="rarekg:statement/0"), "the file has it and the graph has not")])
def test_odd_rows(folder: Path, change: Callable[[Row], object], message: str) -> None:
    """What is missing, what is new and what has another name."""
    damaged(folder, "kgx_edges.jsonl", lambda rows: change(rows[0]))
    assert any(message in line for line in told(folder))


def test_a_projection_to_no_outcome(folder: Path) -> None:
    """What a prognostic factor is projected to is one of the outcomes that the table has."""
    def project(rows: list[Row]) -> None:
        rows.append({**rows[0], "id": "rarekg:statement/0123456789abcdef-outcome",
                     "original_predicate": "rkg:direction-unfavourable"})

    damaged(folder, "kgx_edges.jsonl", project)
    assert any("no outcome is" in line for line in told(folder, alone=True))


def test_broken_files(folder: Path) -> None:
    """Lines that are no rows, a lost file, a lost report, a row twice."""
    where = folder / "exports/kgx"
    damaged(folder, "kgx_edges.jsonl", lambda rows: rows.append(rows[0]))
    assert any("the id is there twice" in line for line in told(folder, alone=True))
    (where / "kgx_edges.jsonl").write_text("[1]\n")
    (where / "kgx_nodes.tsv").write_text("id\tcategory\nMONDO:1\n")
    (where / "kgx_qualified_edges.tsv").write_bytes(b"id\tcategory\n\xff\n")
    (where / "measurements.tsv").unlink()
    (where / "kgx_report.json").write_text("{}")
    lines = told(folder, alone=True)
    for message in ("not a JSON object", "not UTF-8", "1 cells where the header has 2",
                    "no such file", "kgx_report.json: cannot be read"):
        assert any(message in line for line in lines), message
    with pytest.raises(UsageError, match="no kgx_edges"):
        list(problems(folder, TABLE))


def test_command(folder: Path) -> None:
    """kg validate on a folder of KGX files finds the graph by itself; exit code 1 for damage."""
    where = str(folder / "exports/kgx")
    fine = CliRunner().invoke(validate, [where], standalone_mode=False)
    assert (fine.return_value, fine.output) == (0, "KGX: every row is as graph.nq has it\n")
    damaged(folder, "kgx_edges.jsonl", lambda rows: rows.pop())
    broken = CliRunner().invoke(validate, [where], standalone_mode=False)
    assert broken.return_value == 1
    assert "the graph has it and the file has not" in broken.output
    as_json = CliRunner().invoke(validate, [where, "--json"], standalone_mode=False)
    assert {one["file"] for one in json.loads(as_json.output)} == {
        "kgx_edges.jsonl", "kgx_report.json"}
