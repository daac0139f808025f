"""Every format says the same, with the same bytes each time, and the manifest is true."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
import sample_release
from click.testing import CliRunner
from rdflib.query import ResultRow

import kg
from kg import exports, neighbourhood, prefixes, spilling
from kg.cli.exporting import export as command
from kg.errors import DataError, UnknownName, UsageError
from kg.exports import release
from kg.exports.release import Release
from kg.exports.tables import TABLES, guarded
from kg.ontology import kinds
from kg.sorting import in_order

TRIPLES = {"graph.ttl": ox.RdfFormat.TURTLE, "graph.jsonld": ox.RdfFormat.JSON_LD,
           "graph.nt": ox.RdfFormat.N_TRIPLES, "graph.rdf": ox.RdfFormat.RDF_XML}
QUADS = {"graph.nq": ox.RdfFormat.N_QUADS, "graph.trig": ox.RdfFormat.TRIG}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's stage files with all exports."""
    where = sample_release.write(tmp_path_factory.mktemp("release"))
    exports.write(where / "graph.nq", where / "exports")
    return where


def canonical(quads: list[ox.Quad]) -> str:
    """The RDFC-1.0 hash of a set of quads."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


def merged(path: Path, form: ox.RdfFormat) -> list[ox.Quad]:
    """The quads of a file without their graphs."""
    return [ox.Quad(*quad.triple) for quad in ox.parse(path=path, format=form)]


@pytest.mark.parametrize("name", TRIPLES)
def test_triples_equal(folder: Path, name: str) -> None:
    """Every triple format has the RDFC-1.0 hash of the merged stage file."""
    expected = canonical(merged(folder / "graph.nq", ox.RdfFormat.N_QUADS))
    assert canonical(merged(folder / "exports" / name, TRIPLES[name])) == expected


@pytest.mark.parametrize("name", QUADS)
def test_quads_equal(folder: Path, name: str) -> None:
    """The formats with graphs keep every graph."""
    expected = canonical(list(ox.parse(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)))
    assert canonical(list(ox.parse(path=folder / "exports" / name, format=QUADS[name]))) == expected


# rdflib's own JSON-LD parser uses what rdflib deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("name", "form"), [
    ("graph.ttl", "turtle"), ("graph.jsonld", "json-ld"), ("graph.rdf", "xml"), ("graph.nt", "nt")])
def test_second_parser(folder: Path, name: str, form: str) -> None:
    """rdflib reads the same number of triples as the manifest counts."""
    graph = rdflib.Graph()
    graph.parse(folder / "exports" / name, format=form)
    listed = {file.path: file.count for file in (exports.read_manifest(folder / "exports")
                                                 or pytest.fail("no manifest")).files}
    assert len(graph) == listed[name]


def test_context_is_inline(folder: Path) -> None:
    """The JSON-LD needs no network: its context is one object without imports."""
    document = json.loads((folder / "exports/graph.jsonld").read_text(encoding="utf-8"))
    assert isinstance(document["@context"], dict)
    assert "@import" not in json.dumps(document["@context"])
    beside = json.loads((folder / "exports/context.jsonld").read_text(encoding="utf-8"))
    assert beside["@context"] == document["@context"]


def test_each_subject_once(folder: Path) -> None:
    """A node that two pages share is one object with the evidence of both."""
    document = json.loads((folder / "exports/graph.jsonld").read_text(encoding="utf-8"))
    ids = [node["id"] for node in document["@graph"]]
    assert len(ids) == len(set(ids))
    shared = [node for node in document["@graph"] if len(node.get("has_evidence", ())) == 2]
    assert len(shared) == 1


def digests(where: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {path.relative_to(where).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(where.rglob("*")) if path.is_file()}


def test_input_order(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shuffled and repeated lines, sorted in small pieces, give the same bytes."""
    lines = (folder / "graph.nq").read_bytes().splitlines(keepends=True)
    random.Random(7).shuffle(lines)
    (tmp_path / "graph.nq").write_bytes(b"".join([*lines, *lines[:50]]))
    monkeypatch.setattr(release, "in_order", partial(in_order, size=5_000))
    exports.write(tmp_path / "graph.nq", tmp_path / "exports")
    assert digests(tmp_path / "exports") == digests(folder / "exports")


def test_little_memory(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to disk on the way gives the same bytes."""
    monkeypatch.setattr(spilling, "KEPT", 2)
    exports.write(folder / "graph.nq", tmp_path / "exports")
    assert digests(tmp_path / "exports") == digests(folder / "exports")


def test_hash_seed(folder: Path, tmp_path: Path) -> None:
    """Another process with another hash seed writes the same bytes."""
    environment = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    script = ("import sys, pathlib, kg.exports as e; "
              "e.write(*map(pathlib.Path, sys.argv[1:]))")
    subprocess.run([sys.executable, "-c", script, folder / "graph.nq", tmp_path / "exports"],
                   check=True, env=environment)
    assert digests(tmp_path / "exports") == digests(folder / "exports")


def test_processes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes write what one does."""
    monkeypatch.setattr(exports, "PARALLEL_FROM", 0)
    exports.write(folder / "graph.nq", tmp_path / "exports", jobs=2)
    assert digests(tmp_path / "exports") == digests(folder / "exports")


def test_manifest(folder: Path) -> None:
    """The manifest lists every file with its true size and hash."""
    manifest = exports.read_manifest(folder / "exports")
    assert manifest is not None
    found = digests(folder / "exports")
    del found[exports.MANIFEST]
    assert {file.path: file.sha256 for file in manifest.files} == found
    assert all(file.bytes == (folder / "exports" / file.path).stat().st_size
               for file in manifest.files)
    assert manifest.graph == found["graph.nq"]


def test_partial_exports(folder: Path, tmp_path: Path) -> None:
    """Later formats of the same graph join the manifest; another graph clears what is stale."""
    graph, out = tmp_path / "graph.nq", tmp_path / "exports"
    graph.write_bytes((folder / "graph.nq").read_bytes())
    exports.write(graph, out, exports.chosen(["turtle"]))
    both = exports.write(graph, out, exports.chosen(["ntriples"]))
    assert [file.path for file in both.files] == ["graph.ttl", "graph.nt"]
    graph.write_bytes(graph.read_bytes().splitlines(keepends=True)[0])
    fresh = exports.write(graph, out, exports.chosen(["csv"]))
    assert not (out / "graph.ttl").exists()
    assert all(file.format == "csv" for file in fresh.files)


def test_a_manifest_removes_nothing_outside_its_folder(folder: Path, tmp_path: Path) -> None:
    """A manifest that came from elsewhere can name any file; only those beside it are stale."""
    (tmp_path / "mine.txt").write_text("mine")
    out = tmp_path / "exports"
    exports.write(folder / "graph.nq", out, exports.chosen(["ntriples"]))
    manifest = (out / "manifest.json").read_text(encoding="utf-8")
    (out / "manifest.json").write_text(manifest.replace("graph.nt", "../mine.txt"))
    graph = tmp_path / "graph.nq"
    graph.write_bytes((folder / "graph.nq").read_bytes().splitlines(keepends=True)[0])
    exports.write(graph, out, exports.chosen(["turtle"]))
    assert (tmp_path / "mine.txt").exists()


def test_unknown_format() -> None:
    """A format that is not in the table is named with those that are."""
    with pytest.raises(UnknownName, match="turtle"):
        exports.chosen(["turtel"])


@pytest.mark.parametrize("line", [
    b"rubbish\n", b"<http://a/s> <http://a/p> <http://a/o> <http://a/g>\n", b"\xff\xfe\n",
    b'<http://a/s>  <http://a/p> "two blanks" <http://a/g> .\n'])
def test_not_quads(folder: Path, tmp_path: Path, line: bytes) -> None:
    """A line that is not canonical N-Quads is named, and no file is left behind."""
    good = (folder / "graph.nq").read_bytes().splitlines(keepends=True)[:3]
    (tmp_path / "graph.nq").write_bytes(b"".join([*good, line]))
    with pytest.raises(DataError, match=r"graph\.nq:4"):
        exports.write(tmp_path / "graph.nq", tmp_path / "exports")
    assert not [path for path in (tmp_path / "exports").rglob("*") if path.is_file()]


def test_default_graph(tmp_path: Path) -> None:
    """Triples outside any graph are kept, even where their object is the name of a graph."""
    text = ('<http://a/s> <http://a/p> "x <http://a/g>" <http://a/g> .\n'
            "<http://a/s> <http://a/p> <http://a/g> .\n"
            '<http://a/s> <http://a/p> "y <http://a/g> ." .\n')
    (tmp_path / "graph.nq").write_text(text)
    exports.write(tmp_path / "graph.nq", tmp_path / "out", exports.chosen(["trig", "ntriples"]))
    expected = canonical(list(ox.parse(text, format=ox.RdfFormat.N_QUADS)))
    found = list(ox.parse(path=tmp_path / "out/graph.trig", format=ox.RdfFormat.TRIG))
    assert canonical(found) == expected
    assert len((tmp_path / "out/graph.nt").read_text().splitlines()) == 3


def test_bad_places(folder: Path, tmp_path: Path) -> None:
    """A missing graph and a folder that is a file are told plainly."""
    with pytest.raises(UsageError, match="no such file"):
        exports.write(tmp_path / "none.nq", tmp_path / "exports")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        exports.write(folder / "graph.nq", tmp_path / "file")


def test_command(folder: Path, tmp_path: Path) -> None:
    """kg export writes what it lists; a file needs a place to write to."""
    runner = CliRunner()
    result = runner.invoke(command, [str(folder / "graph.nq"), "-o", str(tmp_path), "-f", "turtle"])
    assert result.exit_code == 0
    assert "graph.ttl" in result.output
    as_json = runner.invoke(command, [str(folder), "-o", str(tmp_path), "-f", "nquads", "--json"])
    assert [file["path"] for file in json.loads(as_json.output)["files"]] == [
        "graph.ttl", "graph.nq"]
    assert "tables/genes.csv" in runner.invoke(command, [str(folder), "--list"]).output
    assert runner.invoke(command, [str(folder / "graph.nq")]).exit_code == 2


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one CSV table."""
    with (folder / f"exports/tables/{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_tables(folder: Path) -> None:
    """A table has one row a statement, with both ends, the sentence and what it cites."""
    rows = {(row["disease"], row["object"]): row for row in table(folder, "therapies")}
    assert len(rows) == 4
    surgery = rows["hidradenocarcinoma", "surgical procedure"]
    assert surgery["status"] == "standard"
    assert surgery["sentences"] == "2"
    assert surgery["page"] == "a/first.txt"
    assert surgery["citations"] == "PMC:4370612 | PMID:17214855"
    assert {row["scope"]: row["name"] for row in table(folder, "synonyms")} == {
        "exact": "malignant acrospiroma", "abbreviation": "MAS"}
    survival = next(row for row in table(folder, "figures") if row["kind"] == "survival")
    assert [survival[name] for name in ("comparator", "low", "high", "unit", "horizon")] == [
        "<", "", "30", "%", "P5Y"]
    assert {row["negated"] for row in table(folder, "risk_factors")} == {"true", "false"}


def test_evidence_table(folder: Path) -> None:
    """Every sentence in evidence.csv stands at its place in its page."""
    pages = {page.page: page.text for page, _, _ in sample_release.pages()}
    for row in table(folder, "evidence"):
        assert pages[row["page"]][int(row["start"]):int(row["end"])] == row["quote"]


def test_formula_injection(folder: Path) -> None:
    """A cell that a spreadsheet would run gets an apostrophe; numbers stay numbers."""
    assert [guarded(cell) for cell in ("=1+1", "+x", "-x", "@x", "\tx", "-5", "a=b", "")] == [
        "'=1+1", "'+x", "'-x", "'@x", "'\tx", "-5", "a=b", ""]
    factors = {row["object"] for row in table(folder, "prognostic_factors")}
    assert "'=relapse" in factors


def test_table_for_each_kind() -> None:
    """Every kind of statement in the ontology has its table."""
    assert {kind.field for kind in kinds().values()} <= set(TABLES)


def test_graphml(folder: Path) -> None:
    """networkx reads the GraphML back: directions, labels and flags."""
    graph = nx.read_graphml(folder / "exports/graph.graphml", force_multigraph=True)
    assert graph.nodes["MONDO:0006245"]["label"] == "hidradenocarcinoma"
    assert graph.nodes["MONDO:0006245"]["synonyms"] == "MAS | malignant acrospiroma"
    edges = {(start, end): data for start, end, data in graph.edges(data=True)}
    assert edges["MAXO:0000004", "MONDO:0006245"]["value"] == "standard"
    assert edges["MONDO:0019142", "HP:0000006"]["kind"] == "inheritance"
    flagged = {data["label"] for data in edges.values() if data["negated"] == "true"}
    assert flagged == {"not associated with increased likelihood of"}
    assert sum(data["doubtful"] == "true" for data in edges.values()) == 1


def test_around(folder: Path, tmp_path: Path) -> None:
    """The neighbourhood of a node is what its edges reach, whichever way they run."""
    found = Release(folder / "graph.nq", tmp_path, prefixes.load())
    graph = neighbourhood.network(found.facts, found.prefixes)
    assert set(neighbourhood.around(graph, "MONDO:0019142")) == {
        "MONDO:0019142", "HGNC:4982", "HP:0000006", "MAXO:0000004", "HP:0002027",
        "UBERON:0002107"}
    assert "MONDO:0006245" in neighbourhood.around(graph, "MONDO:0019142", 2)
    with pytest.raises(UnknownName):
        neighbourhood.around(graph, "MONDO:1")


def test_load(folder: Path) -> None:
    """kg.load gives an rdflib graph of all pages that answers with our prefixes."""
    graph = kg.load(folder)
    triples = (folder / "exports/graph.nt").read_text(encoding="utf-8").splitlines()
    assert len(graph) == len(triples)
    rows = list(graph.query("SELECT ?t { ?t biolink:treats MONDO:0006245 }"))
    found = [str(row.t) for row in rows if isinstance(row, ResultRow)]
    assert found == ["http://purl.obolibrary.org/obo/MAXO_0000004"]
    assert len(kg.load(folder / "exports/graph.jsonld")) == len(triples)
    with pytest.raises(UsageError, match="no such file"):
        kg.load(folder / "none.ttl")
