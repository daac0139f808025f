"""The network of entities as GraphML, node-link JSON and Cytoscape JSON."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from ..neighbourhood import network
from ..terms import writable
from .release import Release

if TYPE_CHECKING:
    import networkx as nx

    AnyGraph = nx.Graph[str]  # a multigraph too: networkx makes it a subclass


def as_graphml(graph: AnyGraph) -> bytes:
    """GraphML for Gephi, yEd and igraph; booleans as XML writes them, only characters it holds."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and few commands need it

    out = BytesIO()
    nx.write_graphml(_plain(graph), out, named_key_ids=True, edge_id_from_attribute=None)
    return out.getvalue()


def _plain(graph: AnyGraph) -> AnyGraph:
    made = graph.copy()
    for *_, data in (*made.nodes(data=True), *made.edges(data=True)):
        for name, value in data.items():
            if isinstance(value, bool):
                data[name] = str(value).lower()
            elif isinstance(value, str):
                data[name] = writable(value)
    return made


def as_nodelink(graph: AnyGraph) -> bytes:
    """What networkx.node_link_graph(json, edges="edges") and d3 read."""
    import networkx as nx  # noqa: PLC0415

    return _json(nx.node_link_data(graph, edges="edges"))


def as_cytoscape(graph: AnyGraph) -> bytes:
    """What Cytoscape, cytoscape.js and networkx.cytoscape_graph read (.cyjs).

    `id` and `name` are the node's CURIE and label; a denied or doubtful edge says so.
    """
    import networkx as nx  # noqa: PLC0415

    made = nx.cytoscape_data(graph)
    for node in made["elements"]["nodes"]:
        node["data"]["name"] = node["data"].get("label") or node["data"]["id"]
    return _json(made)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def write_graphml(release: Release, out: IO[bytes]) -> int:
    """Write entities and the statements between them; returns the number of edges."""
    graph = network(release.facts, release.prefixes)
    out.write(as_graphml(graph))
    return int(graph.number_of_edges())
