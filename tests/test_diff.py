"""kg diff: what changed in words, and patches that give the new graph byte for byte."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from kg import jsonl
from kg.cli import main
from kg.difference import Difference, Renamed, difference
from kg.difference_patch import apply, write
from kg.difference_words import as_markdown, as_text, headline
from kg.errors import DataError, UsageError
from kg.model import (
    Document,
    Entity,
    Evidence,
    Grounding,
    Quantity,
    Span,
    Statement,
)
from kg.provenance import FILE, Vocabulary

DISEASE = Entity("MONDO:0006245", "hidradenocarcinoma", "disease")
SURGERY = Entity("MAXO:0000004", "surgical procedure", "therapy")


def page(sha: str = "a" * 64, name: str = "pages/one.txt") -> Document:
    """A page without anything on it."""
    return Document(sha[:16], name, "gard-text", "Hidradenocarcinoma", Span(0, 18),
                    "Hidradenocarcinoma", sha, "", "", (), (), ())


def statement(key: str, kind: str = "therapy", value: str = "standard",
              target: Entity | None = SURGERY, *, quantity: Quantity | None = None,
              name: str = "surgery", quote: str = "Surgery is usual.") -> Statement:
    """A statement about the disease."""
    evidence = Evidence("a" * 16, Span(0, len(quote)), quote, Span(0, 7), "treatment", (), "x")
    return Statement(key, kind, DISEASE, target, value, False, False, (name,),
                     Grounding("exact", 1.0, "MAXO") if target else None, (evidence,), quantity)


def survival(key: str, high: int) -> Statement:
    """Fewer than so many per cent live for five years."""
    return statement(key, "figure", "survival", None, name="survival",
                     quantity=Quantity(None, Decimal(high), "%", "<", "", "P5Y"))


def folder(path: Path, *said: Statement, pages: tuple[Document, ...] = ()) -> Path:
    """A folder with these statements."""
    path.mkdir()
    jsonl.write(path / "documents.jsonl", pages or (page(),))
    jsonl.write(path / "statements.jsonl", said)
    return path


def between(tmp_path: Path, old: list[Statement], new: list[Statement]) -> Difference:
    """What two lists of statements say otherwise."""
    return difference(folder(tmp_path / "old", *old), folder(tmp_path / "new", *new))


def test_a_change_in_human_words(tmp_path: Path) -> None:
    """Therapies that are new, a figure that moved, a class that was replaced."""
    drug = Entity("DRUGBANK:DB00072", "Trastuzumab", "drug")
    care = Entity("MAXO:0000014", "radiation therapy", "therapy")
    moved = Entity("MAXO:0000447", "surgical excision", "therapy")
    found = between(tmp_path, [statement("1"), survival("2", 30)],
                    [statement("3", target=moved), survival("4", 35),
                     statement("5", target=drug, name="trastuzumab"),
                     statement("6", target=care, name="radiation")])
    assert headline(found.changes) == (
        "+2 therapies, 1 survival figure changed from < 30 % to < 35 %, 1 id replaced")
    text = as_text(found)
    assert text.startswith("hidradenocarcinoma (MONDO:0006245): +2 therapies, ")
    assert ("~ therapy: surgical excision: MAXO:0000004 (surgical procedure) → "
            "MAXO:0000447 (surgical excision)") in text
    assert as_markdown(found).startswith("## Data\n\n- **hidradenocarcinoma (MONDO:0006245)**: ")


def test_a_status_that_changed(tmp_path: Path) -> None:
    """The same therapy, another value: one change, not one lost and one new."""
    (one,) = between(tmp_path, [statement("1")], [statement("2", value="experimental")]).changes
    assert (one.sort, one.before, one.after) == ("value", "standard", "experimental")


def test_sentences_and_labels(tmp_path: Path) -> None:
    """The same statement on another sentence, and its class under another name."""
    renamed = structs.replace(SURGERY, label="surgery")
    found = between(tmp_path, [statement("1")],
                    [statement("1", target=renamed, quote="It is operated on.")])
    assert [(one.sort, one.before, one.after) for one in found.changes] == [
        ("evidence", "1 sentence less", "1 more")]
    assert found.labels == (Renamed("MAXO:0000004", "surgical procedure", "surgery", 1),)
    assert as_text(found).endswith(
        "1 class labelled anew:\n  ~ MAXO:0000004: surgical procedure → surgery (1 statement)\n")


def test_names_that_a_newer_vocabulary_has(tmp_path: Path) -> None:
    """An id won and one lost are told from one that was replaced; two alike are told once."""
    minted = Entity("rarekg:term/gene/x-12345678", "x", "gene")
    gene = Entity("NCBIGene:1", "X", "gene")
    found = between(
        tmp_path, [statement("1", "gene", "causal", minted, name="X"),
                   statement("2", "gene", "associated", minted, name="X"), statement("3")],
        [statement("4", "gene", "causal", gene, name="X"),
         statement("5", "gene", "associated", gene, name="X"),
         statement("6", target=structs.replace(minted, category="therapy"))])
    assert headline(found.changes) == "1 id lost, 2 ids won"
    assert "~ gene: X: no identifier → NCBIGene:1 (X) (2 statements)\n" in as_text(found)
    assert "MAXO:0000004 (surgical procedure) → no identifier\n" in as_text(found)


def test_a_page_s_statements_go_with_its_disease(tmp_path: Path) -> None:
    """An obsolete disease that was replaced: one change of the page, not all lost and new."""
    other = Entity("MONDO:0000001", "another name", "disease")
    old = [statement("1", "disease", "", None), statement("2"), survival("3", 30)]
    new = [structs.replace(one, id=f"{one.id}x", disease=other)
           for one in (old[0], old[1], survival("3", 40))]
    found = between(tmp_path, old, new)
    assert headline(found.changes) == (
        "1 survival figure changed from < 30 % to < 40 %, 1 page now about another disease, "
        "1 statement moved with its page")
    text = as_text(found)
    assert text.startswith("another name (MONDO:0000001): 1 survival")
    assert "~ page: MONDO:0006245 (hidradenocarcinoma) → MONDO:0000001 (another name)\n" in text


def test_vocabularies_of_other_versions_are_named_first(tmp_path: Path) -> None:
    """They are what most differences come from."""
    one = Vocabulary("MONDO", "2024", "x", "", "a" * 64, "", 5, 0)
    said = {"old": (one, structs.replace(one, name="HP")),
            "new": (structs.replace(one, version="2026", sha256="b" * 64),
                    structs.replace(one, name="MAXO"))}
    for name, vocabularies in said.items():
        folder(tmp_path / name)
        (tmp_path / name / FILE).write_bytes(msgspec.json.encode(vocabularies))
    found = difference(tmp_path / "old", tmp_path / "new")
    assert found
    assert as_text(found) == (
        "− vocabulary HP: 2024, 5 classes\n+ vocabulary MAXO: 2024, 5 classes\n"
        "~ vocabulary MONDO: 2024, 5 classes → 2026, 5 classes\n")
    (tmp_path / "new" / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="not a list"):
        difference(tmp_path / "old", tmp_path / "new")


def test_pages_that_came_and_went(tmp_path: Path) -> None:
    """New, gone, and with other bytes."""
    old = folder(tmp_path / "old", pages=(page(), page("b" * 64, "two")))
    new = folder(tmp_path / "new", pages=(page("c" * 64), page("d" * 64, "three")))
    found = difference(old, new)
    assert (found.pages_added, found.pages_removed, found.pages_changed) == (
        ("three",), ("two",), ("pages/one.txt",))
    assert as_text(found) == ("+1 page new: three\n−1 page gone: two\n"
                              "~1 page with other bytes: pages/one.txt\n")


def test_no_difference(tmp_path: Path) -> None:
    """A folder and itself; the answer is false."""
    found = between(tmp_path, [statement("1")], [statement("1")])
    assert not found
    assert as_text(found) == "no difference\n"


NAMES = st.sampled_from("abcdefg")
GRAPHS = st.dictionaries(NAMES, st.sets(st.integers(0, 9), min_size=1, max_size=5), max_size=7)


def lines(graph: str, numbers: set[int]) -> bytes:
    """The sorted lines of a graph."""
    made = (f'<x:{one}> <x:p> "{one} <x:g> ." <x:{graph}> .\n' for one in numbers)
    return "".join(sorted(made)).encode()


def graph(path: Path, content: dict[str, set[int]], order: list[str]) -> Path:
    """A graph.nq with its graphs in an order."""
    path.write_bytes(b"".join(lines(name, content[name]) for name in order))
    return path


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(GRAPHS, GRAPHS, st.randoms())
def test_a_patch_gives_the_new_graph(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, set[int]],
    new: dict[str, set[int]], chance: object,
) -> None:
    """Byte for byte, whatever graphs came, went, changed or stand elsewhere."""
    place = tmp_path_factory.mktemp("patch")
    orders = [list(old), list(new)]
    for order in orders:
        chance.shuffle(order)  # type: ignore[attr-defined]
    before = graph(place / "old.nq", old, orders[0])
    after = graph(place / "new.nq", new, orders[1])
    with (place / "patch").open("wb") as out:
        gone, added = write(before, after, out)
    apply(place / "patch", before, place / "made.nq")
    assert (place / "made.nq").read_bytes() == after.read_bytes()
    rows = (place / "patch").read_bytes().splitlines()
    assert sum(row.startswith(b"D ") for row in rows) == gone
    assert sum(row.startswith(b"A ") for row in rows) == added


def test_a_patch_for_another_graph_is_refused(tmp_path: Path) -> None:
    """Nor is a patch that was changed applied; the output is as it was."""
    one = graph(tmp_path / "one.nq", {"a": {1, 2}}, ["a"])
    two = graph(tmp_path / "two.nq", {"a": {1, 3}}, ["a"])
    patch, out = tmp_path / "patch", tmp_path / "out.nq"
    with patch.open("wb") as handle:
        write(one, two, handle)
    out.write_text("before")
    with pytest.raises(UsageError, match="is not the file"):
        apply(patch, two, out)
    content = patch.read_bytes()
    patch.write_bytes(content.replace(b"A <x:3>", b"A <x:4>"))
    with pytest.raises(UsageError, match="it was changed"):
        apply(patch, one, out)
    patch.write_bytes(content + b"B\n")
    with pytest.raises(DataError, match="not a row"):
        apply(patch, one, out)
    patch.write_bytes(content[:-6])
    with pytest.raises(DataError, match="no whole patch"):
        apply(patch, one, out)
    assert out.read_text() == "before"


def test_a_graph_in_disorder_has_no_patch(tmp_path: Path) -> None:
    """Nothing could say where its lines were."""
    one = graph(tmp_path / "one.nq", {"a": {1, 2}}, ["a"])
    two = tmp_path / "two.nq"
    two.write_bytes(b"".join(reversed(one.read_bytes().splitlines(keepends=True))))
    with pytest.raises(UsageError, match="not together and sorted"), \
            (tmp_path / "patch").open("wb") as handle:
        write(one, two, handle)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit codes, formats, and a patch there and back."""
    def run(*words: object) -> object:
        with pytest.raises(SystemExit) as done:
            main(["diff", *map(str, words)])
        return done.value.code

    old, new = folder(tmp_path / "old", statement("1")), folder(tmp_path / "new")
    for path, numbers in ((old, {1}), (new, {2})):
        graph(path / "graph.nq", {"a": numbers}, ["a"])
    assert run(old, old) == 0
    capsys.readouterr()
    assert run(old, new, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["changes"][0]["sort"] == "removed"
    assert run(old, new, "--format", "markdown", "-o", tmp_path / "log.md") == 1
    patch = tmp_path / "change.rdfp"
    assert run(old, new, "--format", "patch", "-o", patch) == 1
    assert run("--apply", patch, old, "-o", tmp_path / "graph.nq") == 0
    assert (tmp_path / "graph.nq").read_bytes() == (new / "graph.nq").read_bytes()
    assert run(old) == 2
    assert run("--apply", patch, old) == 2
    assert run(old, tmp_path) == 2
