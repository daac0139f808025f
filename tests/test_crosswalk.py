"""`kg xref` and `kg ground NAME`: any spelling in, classes and their numbers out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from vocab_files import OBO, small, write

from kg.cli import main
from kg.crosswalk import crossing
from kg.errors import UsageError
from kg.vocab import packages
from kg.vocab.names import canonical, written


@pytest.mark.parametrize(("text", "curie"), [
    ("GARD:123", "GARD:0000123"), ("gard 123", "GARD:0000123"), ("GARD:0000123", "GARD:0000123"),
    ("ORPHA:77", "Orphanet:77"), ("Orphanet_77", "Orphanet:77"), ("ORDO:77", "Orphanet:77"),
    ("ORPHA77", "Orphanet:77"), ("MIM 203450", "OMIM:203450"), ("MIM#203450", "OMIM:203450"),
    ("OMIM: 203450", "OMIM:203450"), ("C0004135", "UMLS:C0004135"),
    ("cui:C0004135", "UMLS:C0004135"),
    ("D004194", "MESH:D004194"), ("mesh:D004194", "MESH:D004194"), ("NCIT_C9245", "NCIT:C9245"),
    ("http://purl.obolibrary.org/obo/MONDO_0000010", "MONDO:0000010"),
    ("http://www.orpha.net/ORDO/Orphanet_77", "Orphanet:77"),
    ("PMCID: PMC4370612", "PMC:4370612"), ("pmid 12", "PMID:12"), ("PMC12", "PMC:12"),
    ("glimmer syndrome", ""), ("58", ""), ("", ""), ("LETTER:5", ""),
])
def test_identifiers_are_read_in_every_usual_spelling(text: str, curie: str) -> None:
    """What is no identifier gives nothing; what is one contracts to itself."""
    assert written(text) == curie
    assert not curie or canonical(curie) == written(curie) == curie


def test_a_number_leads_to_its_class_and_back(tmp_path: Path) -> None:
    """With the class's other numbers, all of them or those of one prefix."""
    index = small(tmp_path)
    (link,) = crossing("gard 123", index).links
    assert (link.id, link.label, link.tier) == ("MONDO:0000010", "glimmer syndrome", "xref")
    assert link.xrefs == ("GARD:0000123", "Orphanet:77")
    assert crossing("MONDO:0000010", index, "ORPHA").links[0].xrefs == ("Orphanet:77",)
    assert crossing("ORPHA:77", index, "mondo").links[0].id == "MONDO:0000010"
    assert crossing("ORPHA:78", index).links == ()


def test_an_obsolete_class_is_followed(tmp_path: Path) -> None:
    """Along all its replacements."""
    (link,) = crossing("MONDO:0000099", small(tmp_path)).links
    assert link.trail == ("MONDO:0000099", "MONDO:0000098", "MONDO:0000010")


def test_what_is_no_identifier_is_told(tmp_path: Path) -> None:
    """With examples of what would be one."""
    with pytest.raises(UsageError, match="ORPHA:58"):
        crossing("glimmer", small(tmp_path))


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    """A command with only the small ontology; its exit code and output."""
    monkeypatch.setenv("RAREKG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RAREKG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(packages, "PACKAGES", ())
    (tmp_path / "home" / "vocab").mkdir(parents=True)
    write(tmp_path / "home" / "vocab", "mine.obo", OBO)

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        return int(stop.value.code or 0), capsys.readouterr().out

    return run


def test_the_commands(command: object, tmp_path: Path) -> None:
    """`xref` and `ground` for people and for programs; unknown things end with 1 or 2."""
    assert callable(command)
    code, out = command("xref", "ORPHA:77")
    assert (code, "MONDO:0000010  glimmer syndrome  (xref, mine.obo)" in out) == (0, True)
    assert command("xref", "ORPHA:78")[0] == 1
    assert command("xref", "glimmer")[0] == 2
    code, out = command("xref", "MONDO:0000099", "--json")
    assert json.loads(out)["links"][0]["id"] == "MONDO:0000010"
    code, out = command("ground", "Grünwald glimmer disease", "--type", "disease")
    assert (code, out.splitlines()[1]) == (0, "  tier exact, score 1, from mine.obo")
    code, out = command("ground", "twin name", "--json")
    assert json.loads(out)["candidates"] == "MONDO:0000013|MONDO:0000014"
    assert command("ground", "nothing at all", "--type", "nonsense")[0] == 2
    names = write(tmp_path, "names.tsv", "glimmer syndrome\tx\n\nnobody\n")
    lines = command("ground", "--batch", str(names))[1].splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        ["name", "id"], ["glimmer syndrome", "MONDO:0000010"], ["nobody", ""]]


def test_a_batch_reads_the_column_that_is_named(command: object, tmp_path: Path) -> None:
    """Of CSV files too, as lines of JSON where that is wanted; what is similar is told."""
    assert callable(command)
    names = write(tmp_path, "names.csv",
                  'page,title\n1,"Glimmer syndrome, type 1"\n2,Glimer syndrome\n')
    out = command("ground", "--batch", str(names), "--column", "title", "--json")[1]
    found = [json.loads(line) for line in out.splitlines()]
    assert [(row["name"], row["id"], row["similar"]) for row in found] == [
        ("Glimmer syndrome, type 1", "MONDO:0000011", ""), ("Glimer syndrome", "", "MONDO:0000010")]
    assert command("ground", "--batch", str(names), "--column", "titel")[0] == 2
    ragged = write(tmp_path, "ragged.tsv", "a\tb\nglimmer\n")
    assert command("ground", "--batch", str(ragged), "--column", "b")[0] == 2
    assert command("ground", "--batch", str(write(tmp_path, "empty.tsv", "\n")))[0] == 2


def test_what_is_asked_for_is_clear(command: object, tmp_path: Path) -> None:
    """Neither two things, nor a folder that is not there, nor an empty name; a prefix without
    an identifier is told."""
    assert callable(command)
    names = str(write(tmp_path, "names.tsv", "glimmer\n"))
    for arguments in (["", "--type", "disease"], ["./nowhere"], ["glimmer", "--batch", names],
                      ["--batch", names, "-o", str(tmp_path)], ["glimmer", "--column", "x"], []):
        assert command("ground", *arguments)[0] == 2, arguments
    code, out = command("xref", "MONDO:0000010", "--to", "UMLS")
    assert (code, out.splitlines()[1]) == (
        1, "  MONDO:0000010: no UMLS identifier of it is known here")


def test_a_name_without_a_class_shows_what_is_similar(command: object) -> None:
    """With the predicate that it would have at most."""
    assert callable(command)
    code, out = command("ground", "glimmer sindrome", "--type", "disease")
    assert code == 1
    assert out.splitlines()[1].startswith(
        "  similar MONDO:0000010  glimmer syndrome  (skos:closeMatch, score 0.")
