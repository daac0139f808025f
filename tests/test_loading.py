"""`kg.load` in every type, from a folder and from an RDF file."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
import sample_release

import kg
from kg import exports
from kg.errors import UnknownName, UsageError
from kg.exports.tables import TABLES

DISEASE = "MONDO:0006245"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its Turtle."""
    made = sample_release.write(tmp_path_factory.mktemp("release"))
    exports.write(made / "graph.nq", made / "exports", exports.chosen(["turtle"]))
    return made


def test_graph_and_dataset(folder: Path) -> None:
    """Both hold every triple; the dataset keeps the pages apart."""
    graph, dataset = kg.load(folder), kg.load(folder, "dataset")
    assert isinstance(dataset, rdflib.Dataset)
    assert set(graph) == {quad[:3] for quad in dataset.quads()}
    pages = {str(quad[3]) for quad in dataset.quads()}
    assert len(pages) == 3
    assert all("/graph/" in page for page in pages)
    assert graph.namespace_manager.normalizeUri("http://purl.obolibrary.org/obo/MONDO_1")


def test_store(folder: Path) -> None:
    """The store answers SPARQL over the pages' graphs."""
    store = kg.load(folder, "store")
    assert isinstance(store, ox.Store)
    assert len(store) == len((folder / "graph.nq").read_bytes().splitlines())
    assert len(list(store.named_graphs())) == 3


def test_network(folder: Path) -> None:
    """Nodes are CURIEs; an edge is a statement."""
    network = kg.load(folder, "network")
    assert isinstance(network, nx.MultiDiGraph)
    assert network.nodes[DISEASE]["label"] == "hidradenocarcinoma"
    assert "treats" in {data["label"] for *_, data in network.in_edges(DISEASE, data=True)}


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_tables(folder: Path, package: str) -> None:
    """The tables have the CSV files' columns, and cells as they are: no apostrophe is added."""
    pytest.importorskip(package)
    tables = kg.load(folder, package)  # type: ignore[call-overload]
    assert set(tables) == set(TABLES)
    factors = tables["prognostic_factors"]
    assert "direction" in list(factors.columns)
    assert "=relapse" in set(factors["object"])
    assert tables["genes"].shape[0] == 1


def test_a_missing_package_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandas the message says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        kg.load(folder, "pandas")


def test_an_rdf_file_will_do(folder: Path) -> None:
    """Turtle gives the same graph and the same network as the folder."""
    file = folder / "exports" / "graph.ttl"
    assert set(kg.load(file)) == set(kg.load(folder))
    assert nx.utils.graphs_equal(kg.load(file, "network"), kg.load(folder, "network"))


def test_wrong_use(folder: Path) -> None:
    """An unknown type and a folder of nothing are told."""
    with pytest.raises(UnknownName, match="network"):
        kg.load(folder, "neo4j")  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="no output of kg run"):
        kg.load(folder / "exports", "store")
