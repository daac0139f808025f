"""DrugBank's vocabulary, as its own CSV file or as a table with the same columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term
from .drugnames import usable
from .lines import columns, numbered

_ID = re.compile(r"DB\d{5}")
# The columns of DrugBank's own file, and of the table.
_NAMES = {"DrugBank ID": "id", "Common name": "name", "Synonyms": "synonyms",
          "drugbank_id": "id", "name": "name", "synonyms": "synonyms"}


def accepts(_name: str, start: bytes) -> bool:
    """Whether the first line names the columns of one of the two."""
    return {"drugbank_id", "name"} <= set(columns(start)) or start.startswith(b"DrugBank ID,")


def version(_path: Path, _start: bytes) -> str:
    """Nothing: neither says its release."""
    return ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every drug by its names; no cross-reference is taken over (some are another drug's)."""
    for number, row in _rows(path, report):
        if not (_ID.fullmatch(row.get("id", "")) and row.get("name")):
            report(number, f"no DrugBank id or name: {row.get('id', '')!r}")
            continue
        names = (name.strip() for name in row.get("synonyms", "").split("|"))
        yield Term(f"DRUGBANK:{row['id']}", row["name"], "drug",
                   tuple((name, "exact") for name in names
                         if usable(name) and name.lower() != row["name"].lower()))


def _rows(path: Path, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows by our names of the columns; one of another width is reported and skipped."""
    header: list[str] = []
    for number, line in numbered(path):
        if not header:
            header = _cells(line) if "\t" not in line else line.split("\t")
            separator = "\t" if "\t" in line else ","
            continue
        row = line.split("\t") if separator == "\t" else _cells(line)
        if len(row) == len(header):
            yield number, {_NAMES[column]: cell for column, cell in zip(header, row, strict=True)
                           if column in _NAMES}
        elif row:
            report(number, f"{len(row)} cells where the header has {len(header)}")


def _cells(line: str) -> list[str]:
    """The cells of one line of CSV; none where it is none, so that it has the wrong width."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return [line]
