"""OBO Graphs JSON: entities as nodes with their names, asserted statements as edges."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import IO, Any

from ..facts import Fact, Facts
from ..terms import writable
from .release import Release

_SYNONYMS = {"exact": "hasExactSynonym", "abbreviation": "hasExactSynonym",
             "related": "hasRelatedSynonym", "broad": "hasBroadSynonym",
             "narrow": "hasNarrowSynonym"}


def write(release: Release, out: IO[bytes]) -> int:
    """Write one graph (github.com/geneontology/obographs, JSON); returns its edges.

    What pages deny, doubt or contradict is not in it; figures have no place there.
    """
    facts = release.facts
    joining = [fact for fact in facts.facts if fact.asserted and fact.other in facts.classes]
    edges = sorted({_ends(fact) for fact in joining})
    names = _names(facts)
    iris = {end for edge in edges for end in (edge[0], edge[2])} | set(names)
    iris |= {page.disease for page in facts.pages.values()}
    nodes = [_node(iri, facts, names.get(iri, [])) for iri in sorted(iris)]
    nodes += [{"id": iri, "lbl": _label(iri), "type": "PROPERTY", "propertyType": "OBJECT"}
              for iri in sorted({edge[1] for edge in edges})]
    made = {"graphs": [{
        "id": release.prefixes.table["rarekg"] + "graph", "lbl": "rarekg", "nodes": nodes,
        "edges": [dict(zip(("sub", "pred", "obj"), edge, strict=True)) for edge in edges]}]}
    out.write(json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")
    return len(edges)


def _ends(fact: Fact) -> tuple[str, str, str]:
    start, end = (fact.disease, fact.other) if fact.forward else (fact.other, fact.disease)
    return start, fact.predicate, end


def _names(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """The synonyms that pages give each disease, with the publications they cite for them."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in facts.facts:
        if fact.kind == "synonym" and fact.asserted:
            found[fact.disease].append({"pred": _SYNONYMS[fact.value], "val": writable(fact.other),
                                        "xrefs": sorted(fact.publications)})
    return found


def _node(iri: str, facts: Facts, names: list[dict[str, Any]]) -> dict[str, Any]:
    node: dict[str, Any] = {"id": iri, "lbl": facts.label(iri), "type": "CLASS"}
    if names:
        node["meta"] = {"synonyms": sorted(names, key=lambda one: (one["pred"], one["val"]))}
    return node


def _label(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2].replace("_", " ")
