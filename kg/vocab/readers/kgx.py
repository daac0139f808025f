"""KGX node files, as TSV or as JSON lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ...jsonl import UNREADABLE
from ..term import Report, Term, category
from .lines import cells, columns, foreign, numbered, parts

# What Biolink's classes are here, where the prefix of the id does not say it.
CLASSES = {
    "biolink:Disease": "disease", "biolink:PhenotypicFeature": "phenotype",
    "biolink:Drug": "drug", "biolink:SmallMolecule": "drug", "biolink:Gene": "gene",
    "biolink:Procedure": "therapy", "biolink:Treatment": "therapy",
    "biolink:AnatomicalEntity": "site", "biolink:ChemicalEntity": "chemical",
}


class _Node(msgspec.Struct):
    id: str
    name: str = ""
    category: list[str] | str = []
    synonym: list[str] | str = []
    xref: list[str] | str = []
    deprecated: bool = False


def accepts(_name: str, start: bytes) -> bool:
    """Whether the columns, or the first object's keys, are those of a node file."""
    if start.startswith(b"{"):
        first = start.split(b"\n", 1)[0]
        return bool(re.search(rb'"category"\s*:', first)) and b'"id"' in first \
            and b'"predicate"' not in first
    return {"id", "category", "name"} <= set(columns(start))


def version(_path: Path, _start: bytes) -> str:
    """Nothing: a node file has no header."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every node that has a name and is of a kind we look up."""
    for number, node in _nodes(path, report):
        kind = category(node.id) or next((CLASSES[name] for name in _several(node.category)
                                          if name in CLASSES), "")
        if not node.name:
            report(number, f"no name: {node.id!r}")
        elif kind and (problem := foreign(node.id)):
            report(number, problem)
        elif kind:
            yield Term(node.id, node.name, kind,
                       tuple((name, "exact") for name in _several(node.synonym)),
                       _several(node.xref), "", node.deprecated)


def _several(value: list[str] | str) -> tuple[str, ...]:
    return parts(value) if isinstance(value, str) else tuple(value)


def _nodes(path: Path, report: Report) -> Iterator[tuple[int, _Node]]:
    first = next(numbered(path), (0, ""))[1]
    if not first.startswith("{"):
        for number, row in cells(path, report, comment=""):
            yield number, _Node(row["id"], row["name"], row["category"], row.get("synonym", ""),
                                row.get("xref", ""), row.get("deprecated", "") == "true")
        return
    for number, line in numbered(path):
        try:
            yield number, msgspec.json.decode(line, type=_Node)
        except UNREADABLE as error:
            report(number, f"not a node: {error}")
