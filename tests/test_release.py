"""kg release: an immutable folder with sums, licences and provenance, behind gates."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import jsonl
from kg.cli import cli, main
from kg.errors import UnknownName, UsageError
from kg.files import shipped
from kg.model import Statement
from kg.release_gates import Measured, measure, refused
from kg.releasing import Wanted, release
from kg.verifying import Asked, verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over one example page."""
    out = tmp_path_factory.mktemp("release") / "out"
    page = sorted(path for path in shipped("data/pages").iterdir() if path.is_file())[0]
    done = CliRunner().invoke(cli, ["run", str(page), "-o", str(out), "-j", "1"],
                              standalone_mode=False)
    assert done.exception is None, done.exception
    return out


@pytest.fixture(scope="module")
def released(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its release."""
    return release(Wanted(made, "2026.11", tmp_path_factory.mktemp("releases")), measure(made))


def test_a_release_verifies(released: Path) -> None:
    """It is what its sources give, and every sum is right."""
    assert verify(Asked(released)).findings == ()


def test_a_fact_of_two_pages_is_counted_once(made: Path, tmp_path: Path) -> None:
    """kg release and kg verify tell one number, without what says which disease a page is about."""
    one = sorted(path for path in shipped("data/pages").iterdir() if path.is_file())[0]
    (tmp_path / "pages").mkdir()
    for name, more in (("one", b""), ("two", b"\n")):  # other bytes: another page
        (tmp_path / "pages" / f"{name}{one.suffix}").write_bytes(one.read_bytes() + more)
    done = CliRunner().invoke(cli, ["run", str(tmp_path / "pages"), "-o", str(tmp_path / "out"),
                                    "-j", "1"], standalone_mode=False)
    assert done.exception is None, done.exception
    verdict, told = verify(Asked(tmp_path / "out")), measure(tmp_path / "out").numbers
    lines = sum(1 for _ in jsonl.read(tmp_path / "out/statements.jsonl", Statement))
    assert (verdict.findings, verdict.pages) == ((), 2)
    assert verdict.statements == told["statements"] == (lines - 2) / 2 > 10
    assert verdict.statements == verify(Asked(made)).statements


def test_a_release_is_read_only(released: Path) -> None:
    """No file or folder may be written by anybody."""
    for path in (released, *released.rglob("*")):
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), path


def test_what_a_release_says_of_itself(made: Path, released: Path) -> None:
    """Licences of pages and vocabularies, citation, provenance, pages."""
    told = json.loads((released / "provenance.json").read_bytes())
    assert told["version"] == "2026.11"
    assert len(told["rules"]) == 64
    assert told["graph"] == json.loads((made / "exports/manifest.json").read_bytes())["graph"]
    assert told["measured"]["pages"] == 1
    licences = (released / "LICENSES.md").read_text(encoding="utf-8")
    for one in told["vocabularies"]:
        assert one["license"] in licences
    citation = (released / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert {"cff-version: 1.2.0", 'version: "2026.11"', "type: dataset"} <= set(citation)
    assert len((released / "pages.tsv").read_text(encoding="utf-8").splitlines()) == 2
    bill = json.loads((released / "bom.cdx.json").read_bytes())
    assert bill["metadata"]["component"]["name"] == "rarekg"
    for one in bill["components"]:
        assert f"| {one['name']} | {one['version']} |" in licences
    assert (released / "exports/descriptions").is_dir()


def test_a_release_is_cited_as_it_was_described(made: Path, tmp_path: Path) -> None:
    """What kg describe was told is in CITATION.cff and in the descriptions of the release."""
    run = Path(shutil.copytree(made, tmp_path / "out"))
    told = ["--creator", "0000-0002-1825-0097 Jo Doe", "--publisher", "https://example.org/ Us",
            "--license", "CC-BY-4.0", "--date", "2026-11-22", "--identifier", "10.5281/zenodo.1",
            "--title", "Our pages", "--url", "https://example.org/rare"]
    CliRunner().invoke(cli, ["describe", str(run), *told], catch_exceptions=False)
    out = release(Wanted(run, "2", tmp_path), measure(run))
    assert (out / "CITATION.cff").read_text(encoding="utf-8").splitlines()[2:13] == [
        "type: dataset", 'title: "Our pages"', 'version: "2"', "authors:", '  - name: "Jo Doe"',
        '    orcid: "https://orcid.org/0000-0002-1825-0097"', 'license: "CC-BY-4.0"',
        'date-released: "2026-11-22"', 'doi: "10.5281/zenodo.1"',
        'url: "https://example.org/rare/"', 'abstract: "Licences of the pages: '
        'CC0-1.0 (1 page)."']
    page = json.loads((out / "exports/descriptions/dataset.jsonld").read_bytes())
    assert (page["creator"][0]["name"], page["version"]) == ("Jo Doe", "2")
    assert verify(Asked(out)).findings == ()


def test_nobody_is_named_as_an_author_in_silence(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without kg describe the program stands in, and the command says how to name somebody."""
    with pytest.raises(SystemExit, match="0"):
        main(["release", str(made), "--version", "3", "-o", str(tmp_path), "--no-verify"])
    assert "names no author: kg describe" in capsys.readouterr().err
    assert 'name: "rarekg ' in (tmp_path / "3/CITATION.cff").read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_release(made: Path, released: Path, tmp_path: Path) -> None:
    """Byte for byte."""
    again = release(Wanted(made, "2026.11", tmp_path), measure(made))
    assert (again / "SHA256SUMS").read_bytes() == (released / "SHA256SUMS").read_bytes()


def test_what_was_changed_in_a_release_is_found(released: Path, tmp_path: Path) -> None:
    """A file of which only the sums tell, one that was added, and a line of the sums."""
    copy = Path(shutil.copytree(released, tmp_path / "copy"))
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    (copy / "added.txt").write_text("x")
    (copy / "pages.tsv").unlink()
    (copy / "CITATION.cff").write_text("x")
    found = {(one.file, one.check) for one in verify(Asked(copy)).findings}
    assert found == {("added.txt", "checksum"), ("SHA256SUMS", "checksum"),
                     ("CITATION.cff", "checksum")}


def test_nothing_is_written_over(made: Path, released: Path, tmp_path: Path) -> None:
    """Neither a release, nor outside the folder of releases, nor without exports."""
    with pytest.raises(UsageError, match="never changed"):
        release(Wanted(made, "2026.11", released.parent), measure(made))
    for version in ("../x", "", ".hidden", "a b"):
        with pytest.raises(UsageError, match="version"):
            release(Wanted(made, version, tmp_path), measure(made))
    with pytest.raises(UsageError, match="exports"):
        release(Wanted(tmp_path, "1", tmp_path), measure(made))


def test_a_signature_is_beside_the_sums(made: Path, tmp_path: Path) -> None:
    """The command is given SHA256SUMS, without a shell; what it writes is part of the release."""
    script = tmp_path / "sign.py"
    script.write_text("import sys\nopen(sys.argv[-1] + '.sig', 'w').write(str(sys.argv[1:-1]))\n")
    command = f"{sys.executable} {script} '$(id)'"
    out = release(Wanted(made, "1", tmp_path / "out", sign=command), measure(made))
    assert (out / "SHA256SUMS.sig").read_text() == "['$(id)']"
    assert verify(Asked(out)).findings == ()


@pytest.mark.parametrize("command", ["no-such-command", "false", "true", "'"])
def test_a_signature_that_fails_leaves_nothing(made: Path, tmp_path: Path, command: str) -> None:
    """No release, no half of one."""
    with pytest.raises(UsageError, match="--sign-with"):
        release(Wanted(made, "1", tmp_path, sign=command), measure(made))
    assert not list(tmp_path.iterdir())


NOW = Measured({"statements": 90, "grounded": 0.5, "contradictions": 1, "therapy": 3},
               frozenset({("a", "b")}))


def test_gates() -> None:
    """Counts and shares; a gate that is none and a number that is not measured are errors."""
    assert list(refused(NOW, ["statements>=90", "grounded>=50%", "grounded < 0.6"])) == []
    assert list(refused(NOW, ["statements>=100", "contradictions==0"])) == [
        "statements is 90, not >= 100", "contradictions is 1, not == 0"]
    with pytest.raises(UsageError, match="write statements>=100"):
        list(refused(NOW, ["statements"]))
    with pytest.raises(UnknownName, match="statements"):
        list(refused(NOW, ["statement>=1"]))


def test_what_shrank_or_contradicts_anew_is_refused() -> None:
    """Against the release before; one of a few may go."""
    before = Measured({"statements": 100, "grounded": 0.51, "contradictions": 9, "therapy": 4},
                      frozenset())
    assert list(refused(NOW, [], before)) == [
        "statements shrank from 100 to 90 since the previous release (--may-shrink statements "
        "lets it)", "1 new contradiction: a and b"]
    assert list(refused(NOW, [], NOW)) == []


def test_the_command(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Released; refused by a gate, by findings, and for having shrunk."""
    def run(*words: object) -> object:
        with pytest.raises(SystemExit) as done:
            main(["release", *map(str, words), "-o", str(tmp_path / "out"), "-j", "1"])
        return done.value.code

    assert run(made, "--version", "1", "--gate", "statements>=1") == 0
    assert run(made, "--version", "1") == 2
    assert run(made, "--version", "2", "--gate", "statements>=100000") == 1
    less = Path(shutil.copytree(made, tmp_path / "less"))
    said = list(jsonl.read(less / "statements.jsonl", Statement))
    jsonl.write(less / "statements.jsonl", said[:len(said) // 2])
    assert run(less, "--version", "2") == 1
    assert "claims.jsonl" in capsys.readouterr().err
    assert run(less, "--version", "2", "--no-verify", "--previous", tmp_path / "out/1") == 1
    assert "shrank" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1"]
