"""Plain tables of names: our own overlay, and any TSV a user writes with the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...ontology import categories
from ..term import Report, Term, category, minted
from .lines import cells, columns, foreign, parts


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has at least an id and a label column."""
    return {"id", "label"} <= set(columns(start))


def version(_path: Path, _start: bytes) -> str:
    """Nothing: a table has no version; its bytes are in the index's key."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every row; synonyms are separated by "|" and are exact.

    A row without an identifier gets the one that grounding would mint for its label, so that all
    its names lead to one node.
    """
    for number, row in cells(path, report):
        kind = row.get("category") or category(row["id"])
        if not kind or not row["label"]:
            report(number, f"no category or label: {row['id']!r}")
            continue
        if problem := _problem(kind, row["id"]):
            report(number, problem)
            continue
        names = tuple((name, "exact") for name in parts(row.get("synonyms", "")))
        yield Term(row["id"] or minted(kind, row["label"]), row["label"], kind, names,
                   parents=parts(row.get("parents", "")))


def _problem(kind: str, curie: str) -> str:
    """Why a row cannot be used; empty where it can."""
    if kind not in categories():
        return f"unknown category {kind!r}; accepted: {', '.join(sorted(categories()))}"
    return foreign(curie) if curie else ""
