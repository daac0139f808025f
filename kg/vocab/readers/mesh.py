"""MeSH descriptors as a table: treatments and uses of drugs by their place in MeSH's trees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term
from .lines import cells, columns, parts

# Where a descriptor stands in the trees decides what it is; the first row that fits decides.
# Everything else keeps its label for look-ups by id, and no name of it is ever asserted.
TREES = (
    ("E02", "therapy"),           # therapeutics
    ("E04", "therapy"),           # surgical procedures
    ("E06.", "therapy"),          # dentistry
    ("E07.695", "therapy"),       # prostheses and implants
    ("E07.796", "therapy"),       # self-help devices
    ("E07.814", "therapy"),       # sensory aids
    ("F04.754", "therapy"),       # psychotherapy
    ("D27.505.519", "drug"),      # mechanisms of drugs
    ("D27.505.954", "drug"),      # uses of drugs
)


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has labels and tree numbers."""
    return {"id", "label", "synonyms", "tree_numbers"} <= set(columns(start))


def version(_path: Path, _start: bytes) -> str:
    """Nothing: the table does not say its release."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every descriptor; entry terms are exact synonyms."""
    for number, row in cells(path, report):
        if not (row["id"].startswith("MESH:") and row["label"]):
            report(number, f"no MeSH id or label: {row['id']!r}")
            continue
        yield Term(row["id"], row["label"], _category(parts(row["tree_numbers"])),
                   tuple((name, "exact") for name in parts(row["synonyms"])))


def _category(trees: tuple[str, ...]) -> str:
    for start, kind in TREES:
        if any(tree.startswith(start) for tree in trees):
            return kind
    return "concept"
