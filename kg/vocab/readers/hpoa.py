"""HPO's annotations (phenotype.hpoa): the names of OMIM, Orphanet and DECIPHER diseases by id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..names import canonical
from ..term import Report, Term
from .lines import cells, columns

_VERSION = re.compile(rb"^#(?:version|date):\s*(\S+)", re.MULTILINE)


def accepts(_name: str, start: bytes) -> bool:
    """Whether the table has a disease's id and name and an HPO id."""
    return {"database_id", "disease_name", "hpo_id"} <= set(columns(start))


def version(_path: Path, start: bytes) -> str:
    """The date in its header."""
    found = _VERSION.search(start)
    return found.group(1).decode("ascii", "replace") if found else ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every disease once; its names help to check ids, MONDO decides what is which."""
    seen: set[str] = set()
    for number, row in cells(path, report):
        curie = row["database_id"]
        if curie in seen:
            continue
        seen.add(curie)
        if ":" in curie and row["disease_name"]:
            yield Term(canonical(curie), row["disease_name"], "concept")
        else:
            report(number, f"no id or name of a disease: {curie!r}")
