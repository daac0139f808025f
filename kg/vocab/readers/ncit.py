"""NCI Thesaurus classes as a table: labels by id; MONDO, not NCIT, says what is a disease."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term
from .lines import cells, columns, parts


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has exact and other synonyms in two columns."""
    return {"id", "label", "exact_synonyms", "other_synonyms"} <= set(columns(start))


def version(_path: Path, _start: bytes) -> str:
    """Nothing: the table does not say its release."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every class with its names; none of them is asserted for a disease."""
    for number, row in cells(path, report):
        if not (row["id"].startswith("NCIT:") and row["label"]):
            report(number, f"no NCIT id or label: {row['id']!r}")
            continue
        names = (*((name, "exact") for name in parts(row["exact_synonyms"])),
                 *((name, "related") for name in parts(row["other_synonyms"])))
        yield Term(row["id"], row["label"], "concept", names,
                   parents=parts(row.get("parents", "")))
