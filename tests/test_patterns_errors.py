"""What is damaged or asked for wrongly is told with its place; the commands work as documented."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import patterned
import pytest
from click.testing import CliRunner
from patterned import OTHERS, write

from kg import cli, patterns
from kg.errors import DataError, UnknownName, UsageError

DOC = Path(__file__).parents[1] / "docs/evidence-patterns.md"
ALL = ("reified", *OTHERS)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with a contradiction."""
    return patterned.sample(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(scope="module")
def files(graph: Path) -> dict[str, Path]:
    """The sample in every pattern."""
    return {name: write(graph, graph.parent, name) for name in ALL}


# ---------------------------------------------------------------- errors


def damaged(path: Path, folder: Path, old: str, new: str) -> Path:
    """A copy with one change, which is there to be made."""
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text)
    copy = folder / path.name
    copy.write_text(re.sub(old, new, text, count=1), encoding="utf-8", newline="\n")
    return copy


DAMAGE = {
    "rdf12: no triple": ("rdf12", r"(?m)^.*#reifies>.*\n", "", "has no .*subject"),
    "rdf12: another reifies": (
        "rdf12", r"(?m)^(\S+ \S+#reifies> <<\( )(\S+)(.*\n)", r"\1\2\3\1<http://x/y>\3",
        "has two of one end"),
    "graphs: no graph": ("graphs", r"(?m)^.*/treats> \S+ \S+statement\S+ \.\n", "",
                         r"the graph of the statement .* is missing"),
    "graphs: two triples": (
        "graphs", r"(?m)^(\S+ \S+/treats> )(\S+)( \S+statement.*\n)", r"\1\2\3\1<http://x/y>\3",
        "does not say one thing"),
    "graphs: no page": (
        "graphs", r"(?m)^.*\n", r"<http://x/s> <http://x/p> <http://x/o> "
        r"<https://w3id.org/rarekg/statement/0> .\n\g<0>", "no page describes"),
    "reified: an end is missing": ("reified", r"(?m)^\S+ \S+#predicate>.*\n", "",
                                   "has no .*predicate"),
    "reified: two ends": ("reified", r"(?m)^(\S+ \S+#predicate> )(\S+)(.*\n)",
                          r"\1\2\3\1<http://x/y>\3", "has two of one end"),
    "reified: not asserted": ("reified", r"(?m)^.*/treats> \S+ \S+graph\S+ \.\n", "",
                              "does not assert"),
    "reified: no page": ("reified", r"(?m)^\S+graph\S+ \S+wasDerivedFrom>.*\n", "",
                         "which page it is derived from"),
    "reified: no quad": ("reified", r"(?m)^.*\n", "rubbish\n", r"reified\.nq:1: not canonical"),
    "reified: a blank node": ("reified", r"(?m)^\S+", "_:b", r"reified\.nq:1: .*blank nodes"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_is_told_with_its_line(files: dict[str, Path], case: str, tmp_path: Path) -> None:
    """What is missing or there twice is no statement of ours: the error names file and line."""
    name, old, new, problem = DAMAGE[case]
    path = damaged(files[name], tmp_path, old, new)
    with pytest.raises(DataError, match=problem) as caught:
        write(path, tmp_path, "graphs" if name == "reified" else "reified")
    assert re.match(rf".*{name}\.nq:[1-9]\d*: ", str(caught.value))
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and file != path]


def test_a_statement_that_pages_make_two_things(graph: Path, tmp_path: Path) -> None:
    """An id hashes what it says: where it says two things, no graph of its name can be written."""
    second = patterned.page_graphs(graph)[1]
    path = tmp_path / "graph.nq"
    path.write_text("".join(
        line.replace("MAXO_0000004", "MAXO_0000005") if second in line else line
        for line in graph.read_text(encoding="utf-8").splitlines(keepends=True)),
        encoding="utf-8", newline="\n")
    with pytest.raises(DataError, match="says something else on another page"):
        write(path, tmp_path, "graphs")


def test_a_pattern_under_another_name(files: dict[str, Path], tmp_path: Path) -> None:
    """No file of one pattern passes for one of another that it is not."""
    for source in OTHERS:
        for name in ALL:
            if source != name:
                path = tmp_path / f"{name}.nq"
                path.write_bytes(files[source].read_bytes())
                with pytest.raises(DataError):
                    write(path, tmp_path / "out", "reified" if name != "reified" else "graphs")


def test_unknown_names_and_bad_places(graph: Path, tmp_path: Path) -> None:
    """A pattern that is not in the table, a missing file and a folder that is a file are told."""
    with pytest.raises(UnknownName, match="rdf12"):
        patterns.find("rdf1")
    with pytest.raises(UsageError, match="no such file"):
        write(tmp_path / "none.nq", tmp_path, "rdf12")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        write(graph, tmp_path / "file", "rdf12")


# ---------------------------------------------------------------- the command


def test_command(graph: Path, files: dict[str, Path], tmp_path: Path) -> None:
    """kg export --evidence writes what it lists, and --from says what a file is."""
    run = CliRunner().invoke
    made = run(cli.cli, ["export", str(graph.parent), "-o", str(tmp_path), "-e", "rdf12", "-e",
                         "graphs", "-f", "nquads", "-f", "trig", "--json"])
    assert [file["path"] for file in json.loads(made.output)] == [
        f"evidence/{name}.{form}" for name in ("rdf12", "graphs") for form in ("nq", "trig")]
    other = tmp_path / "other.nq"
    other.write_bytes(files["nanopub"].read_bytes())
    back = run(cli.cli, ["export", str(other), "-o", str(tmp_path), "-e", "reified", "--from",
                         "nanopub"])
    assert "evidence/reified.nq" in back.output
    assert (tmp_path / "evidence/reified.nq").read_bytes() == graph.read_bytes()
    assert "-e nanopub" in run(cli.cli, ["export", str(graph.parent), "--list"]).output


def test_the_documented_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the documentation work one after the other, and the comment is true."""
    if not DOC.is_file():
        pytest.skip("the documentation is only in a checkout")
    (tmp_path / "out").mkdir()
    graph = patterned.sample(tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    block = re.search(r"```console\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    for line in block.group(1).splitlines():
        words = shlex.split(line.removeprefix("$ kg "), comments=True)
        assert CliRunner().invoke(cli.cli, words).exit_code == 0, line
    assert Path("back/evidence/reified.nq").read_bytes() == graph.read_bytes()


@pytest.mark.parametrize("options", [
    ["-e", "rdf13"], ["-e", "rdf12", "-f", "turtle"], ["-e", "nanopub", "--date", "yesterday"],
    ["-e", "nanopub", "--date", "2026-02-30"], ["-e", "nanopub", "--creator", "me"],
    ["--date", "2026-01-01"], ["-e", "rdf12", "--from", "x"]])
def test_what_the_command_refuses(graph: Path, tmp_path: Path, options: list[str]) -> None:
    """Unknown patterns, formats, dates and creators end with code 2 and write nothing."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["export", str(graph), "-o", str(tmp_path), *options])
    assert caught.value.code == 2
    assert not list(tmp_path.iterdir())


def test_another_base(graph: Path, tmp_path: Path) -> None:
    """A graph under another base IRI comes back too: the base is read off the file."""
    path = tmp_path / "graph.nq"
    text = graph.read_text(encoding="utf-8")
    path.write_text(re.sub(r"<https://w3id\.org/rarekg/(?!ontology#)", "<https://x.example/r/",
                           text), encoding="utf-8", newline="\n")
    for name in OTHERS:
        for source, pattern in ((path, name), (tmp_path / f"evidence/{name}.nq", "reified")):
            assert CliRunner().invoke(cli.cli, ["export", str(source), "-o", str(tmp_path), "-e",
                                                pattern]).exit_code == 0
        assert (tmp_path / "evidence/reified.nq").read_bytes() == path.read_bytes()
    assert "<https://x.example/r/nanopub/RA" in (tmp_path / "evidence/nanopub.nq").read_text()
