"""What pages assert both ways: found, listed with both sentences, and no plain triple left."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample_release
from msgspec import structs

from kg import contradictions, jsonl, prefixes, queries
from kg.model import Document, Statement
from kg.ontology import kinds
from kg.rdf import graph_lines, quads
from kg.terms import Names
from kg.validate import validate

TABLE = prefixes.load()
DENIED = ("risk_factor", "none")
Changed = tuple[str, str, bool, bool]


def release(folder: Path, *added: Changed) -> tuple[Path, list[Statement]]:
    """The sample release; its second page says more of what its first says of hidradenoma."""
    pages = sample_release.pages()
    model = pages[0][2][2]  # hidradenoma makes the disease more likely
    extra = [structs.replace(
        model, id=f"rarekg:statement/{number:016x}", kind=kind, value=value, negated=negated,
        doubtful=doubtful, evidence=pages[1][2][1].evidence)
        for number, (kind, value, negated, doubtful) in enumerate(added)]
    pages[1][2].extend(extra)
    write(folder, [(page, several) for page, _, several in pages])
    return folder, [model, *extra]


def write(folder: Path, pages: list[tuple[Document, list[Statement]]]) -> None:
    """The stage files that contradictions are looked for in."""
    jsonl.write(folder / "documents.jsonl", [page for page, _ in pages])
    jsonl.write(folder / "statements.jsonl", [one for _, several in pages for one in several])
    (folder / "graph.nq").write_bytes(b"".join(
        graph_lines(quads(page, several[0].disease, several, TABLE, kinds()))
        for page, several in pages))


def settled(folder: Path) -> tuple[int, list[list[str]]]:
    """How many rows were written, and their cells."""
    number = contradictions.publish(folder, folder, kinds(), TABLE)
    lines = (folder / contradictions.FILE).read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(contradictions.HEADER)
    return number, [line.split("\t") for line in lines[1:]]


def asserted(folder: Path, one: Statement) -> bool:
    """Whether the plain triple of a risk factor is in the graph."""
    store = ox.Store()
    store.load(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    assert one.object
    names = TABLE.expand(one.object.id), TABLE.expand(one.disease.id)
    predicate = TABLE.expand(kinds()[one.kind].value(one.value).predicate)
    return bool(store.query(f"ASK {{ GRAPH ?g {{ <{names[0]}> <{predicate}> <{names[1]}> }} }}"))


def broken(lines: list[bytes]) -> set[tuple[str, str]]:
    """The shapes that a page's lines break, and where."""
    return {(one.shape, one.focus) for one in validate(b"".join(lines), "pyshacl").results}


def test_a_denial_on_another_page(tmp_path: Path) -> None:
    """Both sentences are listed, the plain triple goes, and the two nodes name each other."""
    folder, (stated, denied) = release(tmp_path, ("risk_factor", "none", True, False))
    assert asserted(folder, stated)
    number, rows = settled(folder)
    assert number == 1
    row = dict(zip(contradictions.HEADER, rows[0], strict=True))
    assert (row["sort"], row["value"], row["other_value"]) == ("denied", "increases", "not none")
    assert row["quote"] == "An older benign hidradenoma makes it more likely."
    assert row["other_quote"] == "Sunlight may play a part."
    assert (row["page"], row["other_page"]) == ("a/first.txt", "b/second.txt")
    assert not asserted(folder, stated)
    graph = (folder / "graph.nq").read_text(encoding="utf-8")
    for one, other in ((stated, denied), (denied, stated)):
        assert (f"<{TABLE.expand(one.id)}> <{TABLE.expand('rkg:contradicts')}> "
                f"<{TABLE.expand(other.id)}>") in graph


def test_the_opposite_value(tmp_path: Path) -> None:
    """More likely here and less likely there: neither is asserted."""
    folder, both = release(tmp_path, ("risk_factor", "decreases", False, False))
    assert settled(folder)[1][0][0] == "opposed"
    assert not any(asserted(folder, one) for one in both)


@pytest.mark.parametrize("second", [
    ("risk_factor", "increases", False, True), ("risk_factor", "none", True, True),
    ("risk_factor", "decreases", False, True), ("risk_factor", "increases", False, False),
    ("cause", "stated", False, False)])
def test_what_is_hedged_or_agrees_contradicts_nothing(tmp_path: Path, second: Changed) -> None:
    """The graph is the same to the byte, and the list is there but empty."""
    folder, (stated, _) = release(tmp_path, second)
    before = (folder / "graph.nq").read_bytes()
    assert settled(folder) == (0, [])
    assert (folder / "graph.nq").read_bytes() == before
    assert asserted(folder, stated)


def test_each_page_stays_sorted_and_valid(tmp_path: Path) -> None:
    """Settling changes the two pages only, keeps their order, and breaks no shape."""
    folder, _ = release(tmp_path, ("risk_factor", "decreases", False, False))
    before = (folder / "graph.nq").read_bytes().splitlines(keepends=True)
    settled(folder)
    after = (folder / "graph.nq").read_bytes().splitlines(keepends=True)
    names = list(dict.fromkeys(line.rsplit(b" ", 2)[1] for line in before))
    assert list(dict.fromkeys(line.rsplit(b" ", 2)[1] for line in after)) == names
    for place, name in enumerate(names):
        was, now = ([line for line in lines if line.rsplit(b" ", 2)[1] == name]
                    for lines in (before, after))
        assert now == sorted(now)
        assert (was == now) == (place == 2)
        assert broken(now) == broken(was)


def test_the_named_query_finds_it(tmp_path: Path) -> None:
    """`kg query --name contradictions` shows each pair once, with both sentences."""
    folder, _ = release(tmp_path, ("risk_factor", "none", True, False))
    settled(folder)
    store = ox.Store()
    store.load(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    text = queries.text(queries.find("contradictions"), {"disease": "MONDO:0006245"}, TABLE)
    rows = store.query(text, prefixes=TABLE.table, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    found = [row["about"].value for row in rows]
    assert found == ["benign hidradenoma"]


def test_what_many_pages_say_is_not_paired_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table and the graphs are those of all pairs; their number grows with the pages."""
    model = sample_release.pages()[0][2][2]
    dice, said = random.Random(2), []
    for number in range(120):
        negated, value = dice.choice(((True, "none"), (False, "increases"), (False, "decreases")))
        evidence = [structs.replace(model.evidence[0], document=f"{number:016x}")]
        said.append(structs.replace(
            model, id=f"rarekg:statement/{value}-{dice.randint(1, 3)}", value=value,
            negated=negated, evidence=tuple(evidence)))
    pages = {one.evidence[0].document: f"page-{place}" for place, one in enumerate(said)}
    few = contradictions.among(said, kinds())
    monkeypatch.setattr(contradictions, "_met", product)
    every = contradictions.among(said, kinds())
    assert len(few) < len(every) / 2 < len(said) ** 2
    assert {(pair.one.id, pair.other.id) for pair in few} == {
        (pair.one.id, pair.other.id) for pair in every}
    for name, found in (("few", few), ("every", every)):
        (tmp_path / name).mkdir()
        contradictions.tabulate(tmp_path / name, found, pages)
    assert len({(tmp_path / name / contradictions.FILE).read_bytes()
                for name in ("few", "every")}) == 1
    names = Names(TABLE)
    assert contradictions.changes(few, kinds(), names) == contradictions.changes(
        every, kinds(), names)
