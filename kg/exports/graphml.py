"""GraphML of the network of entities, for Gephi, Cytoscape, yEd and igraph."""

from __future__ import annotations

from typing import IO

from ..neighbourhood import network
from .rdfxml import FORBIDDEN, REPLACEMENT
from .release import Release


def write(release: Release, out: IO[bytes]) -> int:
    """Write entities and the statements between them; returns the number of edges."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and few commands need it

    graph = network(release.facts, release.prefixes)
    for *_, data in (*graph.nodes(data=True), *graph.edges(data=True)):
        for name, value in data.items():
            if isinstance(value, bool):
                data[name] = str(value).lower()  # as XML writes booleans, networkx does not
            elif isinstance(value, str):
                data[name] = FORBIDDEN.sub(REPLACEMENT, value)
    nx.write_graphml(graph, out, named_key_ids=True, edge_id_from_attribute=None)
    return int(graph.number_of_edges())
