"""SSSOM mapping sets: cross-references of a class, and the other side's label as a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term, category, former
from .lines import cells, columns

# Only these say that both sides are the same; a narrow or broad match is no identifier.
_SAME = frozenset({"skos:exactMatch", "oboInOwl:hasDbXref", "oboInOwl:hasDbXRef"})
_VERSION = re.compile(rb"^#\s*mapping_set_version:\s*\"?([^\"\s]+)", re.MULTILINE)


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has SSSOM's three columns."""
    return {"subject_id", "predicate_id", "object_id"} <= set(columns(start))


def version(_path: Path, start: bytes) -> str:
    """The mapping set's version."""
    found = _VERSION.search(start)
    return found.group(1).decode("ascii", "replace") if found else ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """One term for each mapping that says "the same", its object as cross-reference."""
    for number, row in cells(path, report):
        subject, label = row["subject_id"], row.get("subject_label", "")
        if ":" not in subject or ":" not in row["object_id"]:
            report(number, f"not two CURIEs: {subject!r}, {row['object_id']!r}")
        elif row["predicate_id"] in _SAME and category(subject):
            obsolete = label.startswith("obsolete ")
            other = row.get("object_label", "")
            yield Term(subject, former(label) if obsolete else label, category(subject),
                       ((other, "mapped"),) if other else (), (row["object_id"],), "", obsolete)
