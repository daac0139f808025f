"""Views of the network of entities: diseases joined by what they share, and its statistics."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct

from .errors import UnknownName
from .ontology import kinds

if TYPE_CHECKING:
    import networkx as nx

    from .neighbourhood import Graph

    Projected = nx.Graph[str]

HUB = 200  # what more diseases than this share ("surgery") would join them all with one another


class Statistics(Struct, frozen=True):
    """Counts of a network; `components` are the sizes of its connected parts, largest first.

    `degree` and `betweenness` list the highest nodes with their label and centrality.
    """

    nodes: dict[str, int]
    edges: dict[str, int]
    density: float
    components: list[int]
    degree: list[tuple[str, str, float]]
    betweenness: list[tuple[str, str, float]]


def asserted(graph: Graph) -> Graph:
    """The part of the network that no page denies, doubts or contradicts, all nodes kept."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and few commands need it

    part: Graph = nx.MultiDiGraph()
    part.add_nodes_from(graph.nodes(data=True))
    for start, end, key, data in graph.edges(keys=True, data=True):
        if not (data["negated"] or data["doubtful"] or data["contradicted"]):
            part.add_edge(start, end, key, **data)
    return part


def shared(graph: Graph, kind: str, hub: int = HUB) -> Projected:
    """Diseases joined where they have an entity of this kind of statement in common.

    Edges have `weight` (how many) and `shared` (their labels); denied and doubtful statements do
    not count, nor what more than `hub` diseases share.  Raises UnknownName.
    """
    import networkx as nx  # noqa: PLC0415

    joining = [name for name, one in kinds().items() if one.category]
    if kind not in joining:
        raise UnknownName("kind of statement that joins two entities", kind, joining)
    made: Projected = nx.Graph()
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entity, diseases in _holders(asserted(graph), kind).items():
        if len(diseases) <= hub:
            for pair in combinations(sorted(diseases), 2):
                common[pair].append(graph.nodes[entity]["label"])
    for (one, other), labels in sorted(common.items()):
        for node in (one, other):
            made.add_node(node, label=graph.nodes[node]["label"])
        made.add_edge(one, other, weight=len(labels), shared=" | ".join(sorted(labels)))
    return made


def _holders(graph: Graph, kind: str) -> dict[str, set[str]]:
    """The diseases of each entity that statements of a kind join with one."""
    found: dict[str, set[str]] = defaultdict(set)
    forward = kinds()[kind].subject == "disease"
    for start, end, data in graph.edges(data=True):
        if data["kind"] == kind:
            found[end if forward else start].add(start if forward else end)
    return dict(sorted(found.items()))


def statistics(graph: Projected | Graph, top: int = 10, pivots: int = 64) -> Statistics:
    """The counts and the most central nodes; betweenness is estimated from `pivots` nodes.

    Centrality and parts are those of the undirected graph without parallel edges; the pivots are
    drawn with a fixed seed (Brandes and Pich 2007).
    """
    import networkx as nx  # noqa: PLC0415

    plain: Projected = nx.Graph(graph)
    parts = sorted((len(part) for part in nx.connected_components(plain)), reverse=True)
    sample = min(pivots, len(plain))
    between = nx.betweenness_centrality(plain, k=sample, seed=1) if sample else {}
    return Statistics(
        _sorted(Counter(data.get("category", "") for _, data in graph.nodes(data=True))),
        _sorted(Counter(data.get("kind", "") for *_, data in graph.edges(data=True))),
        nx.density(plain), parts, _top(graph, nx.degree_centrality(plain), top),
        _top(graph, between, top))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _top(
    graph: Projected | Graph, scores: dict[str, float], top: int
) -> list[tuple[str, str, float]]:
    best = sorted(scores, key=lambda node: (-scores[node], node))[:top]
    return [(node, graph.nodes[node].get("label", ""), round(scores[node], 6)) for node in best]
