"""OBO Graphs JSON, plain or gzipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from ...errors import DataError
from ...jsonl import UNREADABLE
from .. import unpacking
from ..term import Report, Term, category, former

_IRI = re.compile(r"^http://purl\.obolibrary\.org/obo/([A-Za-z]+)_(\w+)$")
_REPLACED = "http://purl.obolibrary.org/obo/IAO_0100001"
_DATE = re.compile(rb'"version"\s*:\s*"[^"]*?(\d{4}-\d\d-\d\d)')
_SCOPES = {"hasExactSynonym": "exact", "hasRelatedSynonym": "related",
           "hasNarrowSynonym": "narrow", "hasBroadSynonym": "broad"}


class _Value(Struct):
    pred: str = ""
    val: str = ""


class _Meta(Struct):
    synonyms: list[_Value] = []
    xrefs: list[_Value] = []
    basicPropertyValues: list[_Value] = []  # noqa: N815 - the format's name
    deprecated: bool = False


class _Node(Struct):
    id: str
    lbl: str = ""
    meta: _Meta | None = None


class _Edge(Struct):
    sub: str
    pred: str
    obj: str


class _Graph(Struct):
    nodes: list[_Node] = []
    edges: list[_Edge] = []


class _File(Struct):
    graphs: list[_Graph]


def accepts(_name: str, start: bytes) -> bool:
    """Whether this is JSON whose first key is "graphs"."""
    return bool(re.match(rb'\s*\{\s*"graphs"', start))


def version(_path: Path, start: bytes) -> str:
    """The date in the first graph's version IRI."""
    found = _DATE.search(start)
    return found.group(1).decode() if found else ""


def read(path: Path, _report: Report) -> Iterator[Term]:
    """Every labelled class with a prefix of ours; raises DataError where it is not OBO Graphs."""
    try:
        graphs = msgspec.json.decode(unpacking.content(path), type=_File).graphs
    except UNREADABLE as error:
        raise DataError(path, 0, f"damaged: {error}") from None
    for graph in graphs:
        parents: dict[str, list[str]] = {}
        for edge in graph.edges:
            if edge.pred == "is_a":
                parents.setdefault(edge.sub, []).append(_curie(edge.obj))
        for node in graph.nodes:
            term = _term(node, parents.get(node.id, []))
            if term is not None:
                yield term


def _curie(iri: str) -> str:
    found = _IRI.match(iri)
    return f"{found.group(1)}:{found.group(2)}" if found else iri


def _term(node: _Node, parents: list[str]) -> Term | None:
    curie = _curie(node.id)
    kind = category(curie)
    if not (kind and node.lbl):
        return None
    meta = node.meta or _Meta()
    replaced = [_curie(value.val) for value in meta.basicPropertyValues if value.pred == _REPLACED]
    return Term(
        curie, former(node.lbl) if meta.deprecated else node.lbl, kind,
        tuple((value.val, _SCOPES.get(value.pred, "related")) for value in meta.synonyms),
        tuple(dict.fromkeys(value.val for value in meta.xrefs)),
        replaced[0] if replaced else "", meta.deprecated, tuple(parents),
    )
