"""The statements as a network: entities are its nodes, what pages say of them its edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .errors import UnknownName
from .facts import Fact, Facts
from .ntriples import Shortener
from .prefixes import Prefixes
from .text import normalise

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[str]


class Network(Struct, frozen=True):
    """Nodes with their attributes; edges by start, end and key with theirs, as networkx has them.

    All are in the order in which networkx gives them.
    """

    nodes: dict[str, dict[str, Any]]
    edges: dict[str, dict[str, dict[str, dict[str, Any]]]]

    def each(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Start, end, key and attributes of every edge."""
        for start in self.nodes:
            for end, keyed in self.edges.get(start, {}).items():
                for key, attributes in keyed.items():
                    yield start, end, key, attributes


def network(facts: Facts, prefixes: Prefixes) -> Graph:
    """The same as a multigraph of networkx."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and few commands need it

    found = entities(facts, prefixes)
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from(found.nodes.items())
    for start, end, key, attributes in found.each():
        graph.add_edge(start, end, key=key, **attributes)
    return graph


def entities(facts: Facts, prefixes: Prefixes) -> Network:
    """A network whose nodes are CURIEs; the key of an edge is the CURIE of its statement.

    Nodes have `label` and `category`, diseases their `synonyms` joined by " | ".  Edges have
    `kind`, `value`, `predicate`, `label`, `negated`, `doubtful`, `contradicted` and `sentences`;
    they run in the direction of the predicate.  Synonyms, figures and unknowns join no two
    entities and make no edge.
    """
    name, made = Shortener(prefixes).name, Network({}, {})
    edges = [fact for fact in facts.facts if fact.other in facts.classes]
    ends = {iri for fact in edges for iri in (fact.disease, fact.other)}
    ends |= {page.disease for page in facts.pages.values()}
    synonyms = _synonyms(facts)
    for iri in sorted(ends):
        kinds = [name(one).rpartition(":")[2] for one in facts.classes.get(iri, ())]
        made.nodes[name(iri)] = {"label": facts.label(iri), "category": " | ".join(kinds),
                                 "synonyms": " | ".join(synonyms.get(iri, ()))}
    for fact in edges:
        start, end = name(fact.disease), name(fact.other)
        start, end = (start, end) if fact.forward else (end, start)
        keyed = made.edges.setdefault(start, {}).setdefault(end, {})
        keyed[name(fact.id)] = _attributes(fact, name(fact.predicate))
    return made


def _attributes(fact: Fact, predicate: str) -> dict[str, Any]:
    doubt = "not " * fact.negated + "perhaps " * (fact.doubtful and not fact.negated)
    words = predicate.rpartition(":")[2].replace("_", " ")
    return {"kind": fact.kind, "value": fact.value, "predicate": predicate,
            "label": doubt + words, "negated": fact.negated, "doubtful": fact.doubtful,
            "contradicted": fact.contradicted, "sentences": len(fact.evidence)}


def _synonyms(facts: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in facts.facts:
        if fact.kind == "synonym" and not fact.negated:
            found.setdefault(fact.disease, []).append(fact.other)
    return {disease: sorted(set(names)) for disease, names in found.items()}


def called(graph: Graph, name: str) -> str:
    """The one node that has this CURIE or label; `name` itself where there is none, or several."""
    found = [] if name in graph else _labels(graph).get(normalise(name), [])
    return found[0] if len(found) == 1 else name


def _labels(graph: Graph) -> dict[str, list[str]]:
    """The nodes by label, in normal form."""
    found: dict[str, list[str]] = {}
    for node, attributes in graph.nodes.items():
        if label := normalise(str(attributes.get("label") or "")):
            found.setdefault(label, []).append(node)
    return found


def around(graph: Graph, node: str, steps: int = 1) -> Graph:
    """The part of `graph` within `steps` edges of `node`, whichever way the edges run.

    Raises UnknownName where the graph has no such node.
    """
    import networkx as nx  # noqa: PLC0415

    if node not in graph:
        raise UnknownName("node", node, (*graph, *_labels(graph)))
    near = nx.single_source_shortest_path_length(graph.to_undirected(as_view=True), node, steps)
    part: Graph = graph.subgraph(near).copy()
    return part
