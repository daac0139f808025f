"""The command line as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import COMMANDS, main
from kg.files import shipped


def kg(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run([sys.executable, "-m", "kg", *arguments], input=stdin,
                          capture_output=True, check=False)


def exit_code(*arguments: str) -> int | str | None:
    """The code with which the command ends, in this process."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """--help ends well and shows how the command is typed."""
    assert exit_code(command, "--help") == 0
    assert f"kg {command}" in capsys.readouterr().out.replace("Usage: ", "", 1)


def test_help_imports_nothing_heavy() -> None:
    """The list of commands must come up at once."""
    code = ("import sys; from kg.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
            "print([m for m in ('rdflib', 'pyoxigraph', 'pyshacl', 'lxml', 'networkx') "
            "if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_an_unknown_command_offers_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, exit code 2, and what would have been accepted."""
    assert exit_code("qery") == 2
    assert "query" in capsys.readouterr().err


def test_a_missing_path_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the path; nothing is written."""
    assert exit_code("run", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out")) == 2
    assert "nowhere: no such file or folder" in capsys.readouterr().err


def test_a_missing_path_costs_only_itself(tmp_path: Path) -> None:
    """The other pages are published, the missing one is listed, and the exit code is 2."""
    good = next(path for path in shipped("data/pages").iterdir() if path.suffix == ".txt")
    done = kg("run", str(good), str(tmp_path / "nowhere.txt"), "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert b"nowhere.txt: cannot be read (No such file or directory)" in done.stderr
    assert (tmp_path / "out/records.jsonl").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(("key", "value"), [("kind", "frobnicate"), ("value", "wibble")])
def test_a_claim_of_no_kind_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: str
) -> None:
    """A stage file that was edited by hand gives one line that names what is accepted."""
    good = next(path for path in shipped("data/pages").iterdir() if path.suffix == ".txt")
    assert exit_code("parse", str(good), "-o", str(tmp_path)) == 0
    assert exit_code("extract", str(tmp_path)) == 0
    claims = tmp_path / "claims.jsonl"
    first, _, rest = claims.read_text(encoding="utf-8").partition("\n")
    claims.write_text(json.dumps(json.loads(first) | {key: value}) + f"\n{rest}", encoding="utf-8")
    assert exit_code("ground", str(tmp_path)) == 2
    assert f"{value!r}; accepted:" in capsys.readouterr().err
    assert not (tmp_path / "statements.jsonl").exists()


def test_an_unwritable_output_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file where the folder should be is told in one line."""
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert exit_code("run", "-o", str(tmp_path / "out")) == 2
    assert "cannot write here" in capsys.readouterr().err


def test_another_base_is_remembered_by_the_graph(tmp_path: Path) -> None:
    """What follows a run with --base needs not be told again."""
    page = next(path for path in shipped("data/pages").iterdir() if path.suffix == ".txt")
    base = "https://data.example.org/rare/"
    assert kg("run", str(page), "-o", str(tmp_path), "--base", base).returncode == 0
    assert base.encode() in (tmp_path / "exports/graph.ttl").read_bytes()
    assert b"w3id.org/rarekg/page" not in (tmp_path / "exports/graph.nt").read_bytes()
    asked = kg("query", str(tmp_path), "SELECT ?p { ?p a rkg:Page . FILTER(STRSTARTS(STR(?p), "
               f"'{base}')) }}", "--format", "csv")
    assert asked.stdout.count(b"\n") == 2
    found = kg("query", str(tmp_path), "SELECT ?g { rarekg:nothing ?p ?g }")
    assert found.returncode == 0
    export = kg("export", str(tmp_path), "-o", str(tmp_path / "again"), "--format", "turtle")
    assert export.returncode == 0
    assert (tmp_path / "again/graph.ttl").read_bytes() == (
        tmp_path / "exports/graph.ttl").read_bytes()
