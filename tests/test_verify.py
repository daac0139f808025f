"""kg verify: an intact folder passes, and whatever is changed in it is found and named."""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli, main
from kg.files import shipped
from kg.verifying import Asked, Verdict, verify
from kg.verifying.finding import CHECKS, Finding, between, shown
from kg.verifying.reports import REPORTS, as_junit, as_sarif

PAGES = shipped("data/pages")


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over two example pages, which nobody changes."""
    out = tmp_path_factory.mktemp("verify") / "out"
    pages = [str(path) for path in sorted(PAGES.iterdir()) if path.is_file()][:2]
    done = CliRunner().invoke(cli, ["run", *pages, "-o", str(out), "-j", "1"],
                              standalone_mode=False)
    assert done.exception is None, done.exception
    return out


@pytest.fixture
def folder(intact: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(intact, tmp_path / "out"))


def changed(path: Path, old: str, new: str) -> None:
    """The file has `new` where it had the first `old`."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder: Path, check: str) -> list[Finding]:
    """The findings of one check."""
    return [one for one in verify(Asked(folder)).findings if one.check == check]


def test_an_intact_folder_has_no_findings(intact: Path) -> None:
    """Neither by itself, nor against its pages, nor with the rules run again."""
    pages: dict[str, str | bytes] = {
        f"pages/{path.name}": str(path) for path in PAGES.iterdir() if path.is_file()}
    verdict = verify(Asked(intact, pages, again=True))
    assert verdict.findings == ()
    assert (verdict.pages, verdict.unchecked) == (2, ())
    assert verify(Asked(intact, quick=True)).findings == ()


def test_processes_find_the_same(folder: Path) -> None:
    """Two processes give the verdict of one."""
    changed(folder / "exports/graph.ttl", " a ", " rdfs:seeAlso ")
    changed(folder / "statements.jsonl", '"quote":"', '"quote":"X')
    one, two = (verify(Asked(folder), jobs) for jobs in (1, 2))
    assert one == two
    assert {finding.file for finding in one.findings} >= {"statements.jsonl",
                                                          "exports/graph.ttl"}


def test_a_quote_is_located(folder: Path) -> None:
    """File, line and the very characters, with what the page has."""
    path = folder / "statements.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines[4].index('"quote":"') + len('"quote":"') + 3
    lines[4] = lines[4][:place] + "#" + lines[4][place + 1:]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (one,) = found(folder, "quote")
    assert (one.file, one.line, one.start, one.end) == ("statements.jsonl", 5, place + 1, place + 2)
    assert "#" in one.found
    assert "#" not in one.expected
    assert "#" in one.sentence


@pytest.mark.parametrize(("file", "old", "new", "check"), [
    ("statements.jsonl", '"section":"s', '"section":"x', "claim"),
    ("statements.jsonl", '"negated":false', '"negated":true', "statement"),
    ("statements.jsonl", '"kind":"therapy"', '"kind": "therapy"', "unreadable"),
    ("statements.jsonl", '{"id"', '["id"', "unreadable"),
    ("statements.jsonl", '"label":"', '"label":"un', "vocabulary"),
    ("claims.jsonl", '"name":"', '"name":"un', "claim"),
    ("claims.jsonl", '"quote":"', '"quote":"un', "quote"),
    ("documents.jsonl", '"sha256":"', '"sha256":"0', "document"),
    ("records.jsonl", '"quote":"', '"quote":"un', "record"),
    ("graph.nq", "rdf-syntax-ns#subject", "rdf-syntax-ns#object", "graph"),
    ("ungrounded.tsv", "\t", "\tx", "record"),
    ("contradictions.tsv", "kind", "kin", "contradiction"),
    ("vocabularies.json", '"name"', '"nam"', "vocabulary"),
    ("exports/vocabularies.json", "MONDO", "MUNDO", "manifest"),
    ("exports/manifest.json", '"count": ', '"count": 1', "manifest"),
    ("exports/manifest.json", '"graph": "', '"graph": "0', "manifest"),
    ("exports/manifest.json", '"unit": "triples"', '"unit": "quads"', "manifest"),
    ("exports/manifest.json", '"path": "graph.ttl"', '"path": "graph.tt"', "manifest"),
    ("exports/graph.ttl", " a ", " rdfs:seeAlso ", "syntax"),
    ("exports/graph.ttl", "@prefix", "@prefax", "syntax"),
    ("exports/graph.jsonld", '"id":"', '"id":"x', "syntax"),
    ("exports/graph.rdf", "rdf:about=", "rdf:abuot=", "syntax"),
    ("exports/graph.nt", "https", "http", "syntax"),
    ("exports/graph.nq", "https", "http", "syntax"),
    ("exports/graph.trig", " a ", " rdfs:seeAlso ", "syntax"),
    ("exports/context.jsonld", "id", "ic", "export"),
    ("exports/tables/therapies.csv", "statement", "statment", "export"),
    ("exports/kgx/kgx_edges.tsv", "biolink:", "biolonk:", "kgx"),
    ("exports/graph.graphml", "label", "labal", "export"),
])
def test_a_change_is_found(folder: Path, file: str, old: str, new: str, check: str) -> None:
    """By the check that is about it, which names the file."""
    changed(folder / file, old, new)
    assert any(one.file == file or file.removeprefix("exports/") in one.message
               for one in found(folder, check)), verify(Asked(folder)).findings


def test_a_statement_of_another_disease_is_found(folder: Path) -> None:
    """Its category or label too, which neither the id nor the graph has once more."""
    path = folder / "statements.jsonl"
    *lines, last = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, last.replace('"category":"disease"', '"category":"dizease"',
                                                  1)]), encoding="utf-8")
    (one,) = found(folder, "statement")
    assert (one.line, one.message) == (
        len(lines) + 1, "its disease is not that of the page's first statement")
    assert "dizease" in one.found
    assert "disease" in one.expected


def test_a_grounding_of_nothing_is_found(folder: Path) -> None:
    """A figure has no object: how one was found can be no more than a change by hand."""
    path = folder / "statements.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if '"object":null' in line and at)
    made = ('"grounding":{"tier":"exact","score":1.0,"source":"MONDO","candidates":[],'
            '"broader":null}')
    path.write_text("".join([*lines[:at], lines[at].replace('"grounding":null', made),
                             *lines[at + 1:]]), encoding="utf-8")
    (one,) = found(folder, "statement")
    assert (one.line, one.message) == (at + 1, "it has no object that could be grounded")


@pytest.mark.parametrize("name", ["documents.jsonl", "claims.jsonl", "statements.jsonl",
                                  "records.jsonl", "graph.nq", "exports/graph.nt",
                                  "exports/tables/evidence.csv"])
@pytest.mark.parametrize("at", [0, -1])
@pytest.mark.parametrize("times", [0, 2])
def test_lines_lost_and_doubled_are_found(folder: Path, name: str, at: int, times: int) -> None:
    """The first or the last line missing, or there twice."""
    path = folder / name
    lines = path.read_bytes().splitlines(keepends=True)
    at %= len(lines)
    path.write_bytes(b"".join((*lines[:at], *lines[at:at + 1] * times, *lines[at + 1:])))
    assert any(one.file == name or name in one.message
               for one in verify(Asked(folder)).findings)


def test_a_changed_page_is_found(intact: Path, tmp_path: Path) -> None:
    """One character of the page's file; the finding names the file, line and hash."""
    copy = Path(shutil.copytree(PAGES, tmp_path / "pages"))
    names = [json.loads(line)["page"]
             for line in (intact / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    path = copy / names[0].rpartition("/")[2]
    text = path.read_bytes().decode()
    at = text.index("the ")
    path.write_bytes((text[:at] + "tha " + text[at + 4:]).encode())
    pages: dict[str, str | bytes] = {f"pages/{one.name}": str(one) for one in copy.iterdir()}
    (one,) = verify(Asked(intact, pages)).findings
    assert (one.check, one.file) == ("page-hash", f"pages/{path.name}")
    assert one.line
    del pages[f"pages/{path.name}"]
    assert "not among the pages" in verify(Asked(intact, pages)).findings[0].message


def test_a_dropped_triple_is_shown(folder: Path) -> None:
    """What graph.nq lacks is told as the line that is expected."""
    path = folder / "graph.nq"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:7] + lines[8:]))
    (one,) = found(folder, "graph")
    assert one.message == "a line is missing"
    assert one.expected == lines[7].decode().rstrip("\n")


def test_a_denied_statement_that_is_asserted_is_found(folder: Path) -> None:
    """A plain triple of what nobody asserts is a line that no page gives."""
    path = folder / "graph.nq"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    graph = lines[0].rsplit(" ", 2)[1]
    lines.insert(0, '<http://purl.obolibrary.org/obo/MAXO_0000004> <https://w3id.org/biolink/'
                 f'vocab/treats> <http://purl.obolibrary.org/obo/MONDO_0000001> {graph} .\n')
    path.write_text("".join(lines), encoding="utf-8")
    assert [one.line for one in found(folder, "graph")] == [1]


def test_random_single_characters_are_found(folder: Path) -> None:
    """What benchmarks/verify.py does a thousand times, here sixty times on files that follow."""
    names = ["claims.jsonl", "statements.jsonl", "records.jsonl", "graph.nq",
             *(f"exports/{path}" for path in ("graph.ttl", "graph.jsonld", "graph.nt", "graph.rdf",
                                              "manifest.json", "tables/figures.csv"))]
    chance = random.Random(8)
    for name in names * 3:
        path = folder / name
        content = path.read_bytes()
        at = chance.choice([one.start() for one in re.finditer(rb"[a-z0-9]", content)])
        other = chance.choice([one for one in b"abcdefgh01234567" if one != content[at]])
        path.write_bytes(content[:at] + bytes([other]) + content[at + 1:])
        assert verify(Asked(folder, quick=True)).findings, (name, at, other)
        path.write_bytes(content)


def test_nothing_is_left_behind(folder: Path) -> None:
    """The sorted files of the work are gone, beside the folder too."""
    before = sorted(folder.parent.rglob("*"))
    verify(Asked(folder))
    assert sorted(folder.parent.rglob("*")) == before


NASTY = Finding("a file.nq", 3, 2, 5, "graph", "odd \x1b[31m", "x:y", "<b>&\x00", "]]>", "“a”")


def test_reports_hold_any_text() -> None:
    """Markup, control characters and spaces in names break no report."""
    verdict = Verdict("out", 1, 2, (NASTY,), ("pages",))
    made = {suffix: write(verdict) for suffix, write in REPORTS.items()}
    assert json.loads(made[".json"])["findings"][0]["line"] == 3
    assert "<b>" not in made[".html"]
    assert "\x1b" not in made[".txt"].replace(NASTY.message, "")
    cases = ET.fromstring(as_junit(verdict)).findall("*/testcase")
    assert [one.get("name") for one in cases] == list(CHECKS)
    assert [one.get("name") for one in cases if one.find("failure") is not None] == ["graph"]


def test_sarif_points_at_the_characters() -> None:
    """As SARIF 2.1.0 has it: rule, file as a URI, region from column to column."""
    (run,) = json.loads(as_sarif(Verdict("out", 1, 2, (NASTY,), ("pages",))))["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20file.nq"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endColumn": 5}
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "graph"
    assert result["properties"]["sentence"] == "“a”"


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 without findings, 1 with some and their reports, 2 for what is no such folder."""
    def run(*words: str) -> object:
        with pytest.raises(SystemExit) as done:
            main(["verify", *words])
        return done.value.code

    reports = [folder.parent / f"report{suffix}" for suffix in REPORTS]
    assert run(str(folder), "-j", "1", "--pages", str(PAGES)) == 0
    changed(folder / "claims.jsonl", '"quote":"', '"quote":"un')
    options = [word for path in reports for word in ("--report", str(path))]
    assert run(str(folder), "-j", "1", *options) == 1
    assert "claims.jsonl:1:" in capsys.readouterr().out
    assert all(path.stat().st_size for path in reports)
    assert run(str(folder), "--report", "x.pdf") == 2
    assert run(str(folder / "exports")) == 2
    assert run(str(folder), "-j", "1", "--json") == 1
    assert json.loads(capsys.readouterr().out)["findings"]


def test_differences_have_their_place() -> None:
    """The ends of what differs, also where one text is empty or contains the other."""
    assert between("", "abc") == (0, 0, 3)
    assert between("aab", "ab") == (1, 2, 1)
    assert shown("") == "nothing"
    assert sys.getsizeof(shown("x" * 10_000)) < 1000
