"""Every pattern of evidence says the same, asserts no more, and turns back into the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import patterned
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from patterned import OTHERS, TABLE, returned, write

from kg import cli, patterns, queries

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs/evidence-patterns.md"
EXAMPLES = ROOT / "exports/graph.nq"
ALL = ("reified", *OTHERS)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with a contradiction."""
    return patterned.sample(tmp_path_factory.mktemp("patterns"))


@pytest.fixture(scope="module")
def files(graph: Path) -> dict[str, Path]:
    """The sample in every pattern."""
    return {name: write(graph, graph.parent, name) for name in ALL}


def documented(mark: str) -> str:
    """The block of SPARQL below a line of the documentation."""
    if not DOC.is_file():
        pytest.skip("the documentation is only in a checkout")
    found = re.search(rf"^`{mark}\n\n```sparql\n(.*?)```", DOC.read_text(encoding="utf-8"),
                      re.DOTALL | re.MULTILINE)
    assert found, mark
    return found.group(1)


# ---------------------------------------------------------------- round trip


@pytest.mark.parametrize("name", ALL)
def test_the_way_back_is_the_identity(graph: Path, files: dict[str, Path], name: str,
                                      tmp_path: Path) -> None:
    """The sample comes back from each pattern byte for byte."""
    assert returned(files[name], tmp_path) == graph.read_bytes()


@pytest.mark.parametrize("name", OTHERS)
def test_the_examples_come_back(name: str, tmp_path: Path) -> None:
    """So do the published example pages."""
    if not EXAMPLES.is_file():
        pytest.skip("the exports are only in a checkout")
    lines = EXAMPLES.read_text(encoding="utf-8").split("\n")[:-1]
    path = tmp_path / "graph.nq"
    path.write_bytes(patterned.paged([f"{line}\n" for line in lines]))
    assert returned(write(path, tmp_path, name), tmp_path) == path.read_bytes()


@pytest.mark.parametrize("name", ALL)
def test_any_order_of_lines_is_read(files: dict[str, Path], graph: Path, name: str,
                                    tmp_path: Path) -> None:
    """What a store gives out in its own order says the same quads."""
    shuffled = tmp_path / files[name].name
    lines = files[name].read_text(encoding="utf-8").splitlines(keepends=True)
    shuffled.write_text("".join(sorted(lines, key=lambda line: line[::-1])), encoding="utf-8",
                        newline="\n")
    found = returned(shuffled, tmp_path / "back").splitlines()
    assert sorted(found) == sorted(graph.read_bytes().splitlines())


def test_any_pattern_to_any_other(files: dict[str, Path], tmp_path: Path) -> None:
    """There is one graph behind them: each is made from each, with the same bytes."""
    for source in ALL:
        for name in ALL:
            made = write(files[source], tmp_path, name)
            assert made.read_bytes() == files[name].read_bytes(), (source, name)


def test_hash_seed(graph: Path, files: dict[str, Path], tmp_path: Path) -> None:
    """Another process with another hash seed writes the same bytes."""
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    options = [word for name in OTHERS for word in ("-e", name)]
    subprocess.run([sys.executable, "-m", "kg", "export", graph, "-o", tmp_path, *options],
                   check=True, env=environment, capture_output=True)
    for name in OTHERS:
        assert (tmp_path / f"evidence/{name}.nq").read_bytes() == files[name].read_bytes()


# ---------------------------------------------------------------- the same is said


@pytest.mark.parametrize("name", OTHERS)
def test_the_documented_question(files: dict[str, Path], name: str) -> None:
    """The question of the documentation has the same answer in each pattern."""
    expected = patterned.rows(patterned.store(files["reified"]), documented("reified`"))
    found = patterned.rows(patterned.store(files[name]), documented(f"{name}`"))
    assert len(expected) == 5
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", OTHERS)
def test_the_named_queries(files: dict[str, Path], name: str) -> None:
    """All named queries answer with the same rows, two patterns with the documented view."""
    view = "" if name == "nanopub" else documented(f"{name}` view")
    made, default = patterned.store(files[name], view), patterned.store(files["reified"])
    answered = 0
    for query in queries.named().values():
        given = {one.name: one.example for one in query.parameters if one.required}
        text = queries.text(query, given, TABLE)
        expected = patterned.rows(default, text)
        assert patterned.rows(made, text) == expected, query.name
        answered += bool(expected)
    assert answered >= 12


def plain(path: Path) -> set[tuple[str, ...]]:
    """What a reader of all graphs as one takes for asserted, by predicates of statements."""
    predicates = {quad.object for quad in patterned.quads(path.parent / "reified.nq")
                  if quad.predicate.value.endswith("#predicate")}
    return {(str(quad.subject), str(quad.predicate), str(quad.object))
            for quad in patterned.quads(path) if quad.predicate in predicates}


@pytest.mark.parametrize("name", OTHERS)
def test_no_pattern_asserts_more(files: dict[str, Path], name: str) -> None:
    """The plain triples over all graphs are those of the default pattern.

    None is of a statement that is negated, doubtful or contradicted.
    """
    found = plain(files[name])
    assert found == plain(files["reified"])
    flagged = patterned.rows(patterned.store(files["reified"]), """
        SELECT DISTINCT ?s ?p ?o WHERE {
          ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
          ?statement biolink:negated|rkg:doubtful|rkg:contradicts ?flag }""")
    assert len(flagged) == 4
    assert not found & set(flagged)


@pytest.mark.parametrize("name", OTHERS)
def test_trig_equals_nquads(graph: Path, files: dict[str, Path], name: str,
                            tmp_path: Path) -> None:
    """TriG alone and beside N-Quads has the same quads, each line of N-Quads one of them."""
    made = write(graph, tmp_path, name, "trig")
    assert made.suffix == ".trig"
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    lines = files[name].read_bytes().splitlines()
    assert patterned.quads(made) == patterned.quads(files[name])
    assert len(patterned.quads(made)) == len(lines) == len(set(lines))


def test_every_pattern_is_documented_and_named_in_the_help() -> None:
    """The table of patterns, the documentation and the command agree."""
    names = [pattern.name for pattern in patterns.PATTERNS]
    if DOC.is_file():
        listed = re.findall(r"(?m)^\| `(\w+)` \| [a-z]", DOC.read_text(encoding="utf-8"))
        assert listed == names
    helped = CliRunner().invoke(cli.cli, ["export", "--help"]).output
    assert all(name in helped for name in names)


# ---------------------------------------------------------------- each pattern


def test_rdf12_reifies_triple_terms(files: dict[str, Path]) -> None:
    """Each statement reifies one triple term, and none of the three ends is left."""
    found = patterned.rows(patterned.store(files["rdf12"]), """
        SELECT ?statement ?s ?p ?o WHERE {
          GRAPH ?page { ?statement a rkg:Statement ; rdf:reifies <<( ?s ?p ?o )>> } }""")
    assert len(found) == 19
    text = files["rdf12"].read_text(encoding="utf-8")
    assert not any(f"-ns#{end}>" in text for end in ("subject", "predicate", "object"))


def test_graphs_are_named_by_statements(files: dict[str, Path]) -> None:
    """A name's graph has the OBO property too; what is not asserted names no graph."""
    made = patterned.store(files["graphs"])
    found = patterned.rows(made, """
        SELECT ?p WHERE { GRAPH ?page { ?statement a rkg:SynonymStatement }
                          GRAPH ?statement { ?s ?p "malignant acrospiroma"@en } } ORDER BY ?p""")
    assert [row[0].rpartition("/")[2] for row in found] == [
        "oboInOwl#hasExactSynonym>", "exact_synonym>"]
    assert not patterned.rows(made, """
        SELECT ?statement WHERE {
          GRAPH ?page { ?statement biolink:negated|rkg:doubtful|rkg:contradicts ?flag }
          GRAPH ?statement { ?s ?p ?o } }""")


def test_pages_that_spell_a_name_differently(graph: Path, tmp_path: Path) -> None:
    """One statement about a name in two spellings: one graph with both, each page with its own."""
    name, other = "malignant acrospiroma", "Malignant Acrospiroma"
    lines = graph.read_text(encoding="utf-8").splitlines(keepends=True)
    first, second = patterned.page_graphs(graph)[:2]
    node = next(line.split(" ")[0] for line in lines if f'#object> "{name}"@en' in line)
    copied = [line.replace(name, other).replace(first, second) for line in lines
              if line.startswith(node) or f'"{name}"@en' in line]
    path = tmp_path / "graph.nq"
    path.write_bytes(patterned.paged([*lines, *copied]))
    made = write(path, tmp_path, "graphs")
    spelt = {quad.object.value for quad in patterned.quads(made)
             if str(quad.graph_name) == node and isinstance(quad.object, ox.Literal)}
    assert spelt == {name, other}
    assert returned(made, tmp_path) == path.read_bytes()
