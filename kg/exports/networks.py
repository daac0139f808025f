"""The network of entities as GraphML, node-link JSON and Cytoscape JSON."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from lxml import etree

from ..neighbourhood import Network, entities
from ..terms import writable
from .release import Release

if TYPE_CHECKING:
    import networkx as nx

    AnyGraph = nx.Graph[str]  # a multigraph too: networkx makes it a subclass

_GRAPHML = {
    "xmlns": "http://graphml.graphdrawing.org/xmlns",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://graphml.graphdrawing.org/xmlns "
                          "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"}


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
            data[name] = _written(value)
    return made


def _written(value: Any) -> Any:
    """A value as XML can hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    return writable(value) if isinstance(value, str) else value


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
    """Write entities and the statements between them; returns the number of edges.

    It is what `as_graphml` gives for the same network, without networkx: that takes longer to
    import than all exports of a page to write.
    """
    found, count = entities(release.facts, release.prefixes), 0
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("graphml", _GRAPHML):
            for told in _keys(found):
                xml.write(etree.Element("key", told), pretty_print=True)
            with xml.element("graph", edgedefault="directed"):
                for node, data in found.nodes.items():
                    xml.write(_element("node", {"id": node}, data), pretty_print=True)
                for start, end, key, data in found.each():
                    count += 1
                    xml.write(_element("edge", {"source": start, "target": end, "id": key}, data),
                              pretty_print=True)
    return count


def _keys(found: Network) -> list[dict[str, str]]:
    """What GraphML tells of the attributes, the last first as networkx has them."""
    parts = (("node", next(iter(found.nodes.values()), {})),
             ("edge", next((data for *_, data in found.each()), {})))
    return [{"id": name, "for": part, "attr.name": name,
             "attr.type": "long" if type(value) is int else "string"}
            for part, data in parts for name, value in data.items()][::-1]


def _element(tag: str, names: dict[str, str], data: dict[str, Any]) -> etree._Element:
    made = etree.Element(tag, names)
    for name, value in data.items():
        etree.SubElement(made, "data", key=name).text = str(_written(value))
    return made
