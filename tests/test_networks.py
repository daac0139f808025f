"""The network of entities: files for graph tools, projections, statistics and the picture."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
import sample_release
from click.testing import CliRunner

from kg import neighbourhood, prefixes
from kg.cli.graphing import graph as command
from kg.errors import KgError, UnknownName, UsageError
from kg.exports.networks import as_cytoscape, as_graphml, as_nodelink, write_graphml
from kg.exports.release import Release
from kg.loading import load
from kg.neighbourhood import around
from kg.picture import MOST, layout, svg
from kg.projection import asserted, shared, statistics

DISEASE, OTHER, SURGERY = "MONDO:0006245", "MONDO:0019142", "MAXO:0000004"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release."""
    return sample_release.write(tmp_path_factory.mktemp("release"))


def test_a_node_may_be_called_by_its_name(folder: Path) -> None:
    """A disease's label does as well as its CURIE; another name is refused with near ones."""
    def said(node: str) -> bytes:
        return CliRunner().invoke(command, [str(folder), "-d", node, "-f", "nodelink"],
                                  catch_exceptions=False).stdout_bytes

    assert said("Hidradenocarcinoma") == said(DISEASE) != b""
    with pytest.raises(UnknownName, match=r"accepted: .*hidradenocarcinoma"):
        said("hidradenocarcino")


@pytest.fixture(scope="module")
def network(folder: Path) -> nx.MultiDiGraph[str]:
    """Its network."""
    return load(folder, "network")


def run(folder: Path, *options: str) -> bytes:
    """What `kg graph` prints."""
    return CliRunner().invoke(command, [str(folder), *options], catch_exceptions=False).stdout_bytes


def test_node_link_reads_back(network: nx.MultiDiGraph[str]) -> None:
    """networkx makes the same graph of it."""
    again = nx.node_link_graph(json.loads(as_nodelink(network)), edges="edges")
    assert nx.utils.graphs_equal(again, network)


def test_cytoscape_reads_back(network: nx.MultiDiGraph[str]) -> None:
    """The same nodes and edges; what Cytoscape shows as a name is the label."""
    made = json.loads(as_cytoscape(network))
    again = nx.cytoscape_graph(made)
    assert sorted(again.edges()) == sorted(network.edges())
    names = {one["data"]["id"]: one["data"]["name"] for one in made["elements"]["nodes"]}
    assert names[DISEASE] == "hidradenocarcinoma"


def test_graphml_reads_back(network: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    """Attributes keep their types, negation included."""
    file = tmp_path / "graph.graphml"
    file.write_bytes(as_graphml(network))
    again = nx.read_graphml(file, force_multigraph=True)
    assert set(again.nodes) == set(network.nodes)
    denied = [(start, end) for start, end, data in network.edges(data=True) if data["negated"]]
    assert denied
    assert [(start, end) for start, end, data in again.edges(data=True)
            if data["negated"] in {True, "true"}] == denied


def test_the_export_is_what_networkx_writes(folder: Path, tmp_path: Path) -> None:
    """Without networkx the same bytes are written, for whole graphs, odd characters and none."""
    lines = (folder / "graph.nq").read_bytes()
    odd = lines.replace(b'"hidradenocarcinoma"', b'"a<b> & \\"c\\" \\r\\u0001\\u00e9"')
    assert odd != lines
    for number, content in enumerate((lines, odd, b"")):
        graph = tmp_path / f"{number}.nq"
        graph.write_bytes(content)
        (tmp_path / str(number)).mkdir()
        release, out = Release(graph, tmp_path / str(number), prefixes.load()), BytesIO()
        edges = write_graphml(release, out)
        whole = neighbourhood.network(release.facts, release.prefixes)
        assert out.getvalue() == as_graphml(whole)
        assert edges == whole.number_of_edges()


def test_diseases_that_share_a_therapy(network: nx.MultiDiGraph[str]) -> None:
    """One edge for two diseases, with how many things they share and which."""
    made = shared(network, "therapy")
    assert set(made.nodes) == {DISEASE, OTHER}
    assert made.edges[DISEASE, OTHER] == {"weight": 1, "shared": "surgical procedure"}
    assert not shared(network, "therapy", hub=1).nodes
    assert not shared(network, "gene").nodes


def test_only_what_joins_two_entities_can_be_shared(network: nx.MultiDiGraph[str]) -> None:
    """A figure or an unknown kind is refused, with what would do."""
    with pytest.raises(UnknownName, match="therapy"):
        shared(network, "figure")


def test_denied_and_doubtful_edges_share_nothing(network: nx.MultiDiGraph[str]) -> None:
    """They are not in the asserted part; its nodes are all there."""
    part = asserted(network)
    assert set(part.nodes) == set(network.nodes)
    flags = {(data["negated"], data["doubtful"]) for *_, data in part.edges(data=True)}
    assert flags == {(False, False)}
    assert part.number_of_edges() < network.number_of_edges()


def test_statistics_add_up(network: nx.MultiDiGraph[str]) -> None:
    """Nodes, edges and parts are all counted; the most central node is the disease."""
    found = statistics(network)
    assert sum(found.nodes.values()) == sum(found.components) == len(network)
    assert sum(found.edges.values()) == network.number_of_edges()
    assert found.degree[0][:2] == (DISEASE, "hidradenocarcinoma")
    assert found == statistics(network)
    assert statistics(nx.MultiDiGraph()).components == []


def test_layout_has_a_place_for_every_node(network: nx.MultiDiGraph[str]) -> None:
    """No two nodes in one place; a node two edges away is further out."""
    places = layout(network, DISEASE)
    spots = {(place.x, place.y) for place in places.values()}
    assert len(spots) == len(places) == len(nx.node_connected_component(
        network.to_undirected(as_view=True), DISEASE))
    assert places[OTHER].radius > places[SURGERY].radius > places[DISEASE].radius == 0


def test_the_picture_links_and_marks(network: nx.MultiDiGraph[str]) -> None:
    """Each node is a link to its IRI, a denied or doubtful statement is drawn as such."""
    part = around(network, DISEASE)
    tree = ET.fromstring(svg(part, DISEASE, prefixes.load()))
    links = {one.get("href") for one in tree.iter(f"{SVG}a")}
    assert len(links) == len(part)
    assert "http://purl.obolibrary.org/obo/MONDO_0006245" in links
    drawn = [one.get("class") for one in tree.iter(f"{SVG}line") if len(one)]
    assert sorted({str(one) for one in drawn}) == ["doubtful", "negated", "sure"]
    assert len(drawn) == part.number_of_edges()


def test_labels_are_escaped(network: nx.MultiDiGraph[str]) -> None:
    """A label that looks like markup or holds a control character stays text."""
    part = around(network, DISEASE).copy()
    part.nodes[SURGERY]["label"] = "<script>alert('x')</script>\x00\ud800"
    tree = ET.fromstring(svg(part, DISEASE, prefixes.load()))
    assert not list(tree.iter(f"{SVG}script"))
    assert "<script>" in "".join(one.text or "" for one in tree.iter(f"{SVG}title"))


def test_too_many_nodes_for_a_picture(network: nx.MultiDiGraph[str]) -> None:
    """The message says how many and what to do."""
    part = network.copy()
    part.add_nodes_from(str(number) for number in range(MOST))
    with pytest.raises(UsageError, match="graphml"):
        svg(part, DISEASE, prefixes.load())


def test_commands(folder: Path, tmp_path: Path) -> None:
    """Statistics as text and JSON, a picture, a projection as a file."""
    assert b"hidradenocarcinoma" in run(folder)
    assert json.loads(run(folder, "--json"))["edges"]["therapy"] == 4
    assert run(folder, "-d", DISEASE, "-f", "svg").startswith(b"<svg")
    file = tmp_path / "shared.json"
    run(folder, "--shared", "therapy", "-f", "nodelink", "-o", str(file))
    assert len(json.loads(file.read_bytes())["edges"]) == 1


def test_png(folder: Path) -> None:
    """The picture as pixels."""
    pytest.importorskip("resvg_py")
    assert run(folder, "-d", DISEASE, "-f", "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(("options", "message"), [
    (["-f", "dot"], "cytoscape"), (["-f", "svg"], "--disease"), (["-d", "MONDO:1"], "node"),
    (["--shared", "figure"], "therapy")])
def test_wrong_options(folder: Path, options: list[str], message: str) -> None:
    """Each is told with what would have been accepted."""
    with pytest.raises(KgError, match=message):
        run(folder, *options)
