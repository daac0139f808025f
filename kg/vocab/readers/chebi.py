"""ChEBI as a table of id, label and parents: uses of substances, and plainly named substances."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term
from .cellxgene import APPLICATION, plain
from .lines import cells, columns, parts


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has these three columns and ChEBI's ids."""
    return columns(start) == ("id", "label", "parents") and b"\nCHEBI:" in start


def version(_path: Path, _start: bytes) -> str:
    """Nothing: the table does not say its release."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every application as a drug, every label of plain words as a chemical."""
    found = {row["id"]: (row["label"], parts(row["parents"])) for _, row in cells(path, report)}
    uses = _below(APPLICATION, {curie: above for curie, (_, above) in found.items()})
    for curie, (label, above) in found.items():
        if curie in uses:
            yield Term(curie, label, "drug", parents=above)
        elif plain(label):
            yield Term(curie, label, "chemical", parents=above)


def _below(root: str, parents: dict[str, tuple[str, ...]]) -> set[str]:
    """The root and every class below it."""
    children: dict[str, list[str]] = {}
    for curie, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(curie)
    found, waiting = set[str](), [root]
    while waiting:
        curie = waiting.pop()
        if curie not in found:
            found.add(curie)
            waiting.extend(children.get(curie, ()))
    return found
