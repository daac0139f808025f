"""The columns of the KGX files, and rows as lines of TSV and JSON, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ..errors import DataError
from ..jsonl import UNREADABLE

# A row by column: a string, a number, true, a list of strings, or Biolink's nested studies.
Row = dict[str, Any]

NODES = (
    "id", "category", "name", "synonym", "exact_synonym", "broad_synonym", "narrow_synonym",
    "related_synonym", "xref", "publication_type", "in_taxon", "iri",
)
EDGES = (
    "id", "category", "subject", "predicate", "object", "negated", "knowledge_level",
    "agent_type", "primary_knowledge_source", "publications", "supporting_text", "has_evidence",
    "original_subject", "original_predicate", "original_object", "frequency_qualifier",
    "has_count", "has_total", "has_percentage", "has_quotient", "disease_context_qualifier",
    "has_attribute", "description", "has_supporting_studies",
)
MEASUREMENTS = (
    "id", "kind", "disease", "disease_name", "measure", "predicate", "factor", "factor_name",
    "comparator", "low", "high", "unit", "horizon", "about", "subject_text", "negated",
    "doubtful", "contradicts", "original_words", "knowledge_level", "agent_type",
    "primary_knowledge_source", "publications", "supporting_text", "has_evidence", "projected",
)
LISTS = frozenset({
    "category", "synonym", "exact_synonym", "broad_synonym", "narrow_synonym", "related_synonym",
    "xref", "publication_type", "in_taxon", "publications", "supporting_text", "has_evidence",
    "has_attribute", "contradicts", "original_words",
})
NESTED = frozenset({"has_supporting_studies"})
FLAGS = frozenset({"negated", "doubtful"})
COUNTS = frozenset({"has_count", "has_total"})
SHARES = frozenset({"has_percentage", "has_quotient"})
PIPE = "|"

# KGX splits a cell at every | and ends a row at every line feed: both leave the text, as JSON
# would write them.
_RISKY = re.compile(r"[\\\t\n\r|]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", PIPE: "\\u007c"}
_ESCAPED = re.compile(r"\\(?:u007c|[\\tnr])")
_PLAIN = {written: plain for plain, written in _ESCAPES.items()}


def escaped(text: str) -> str:
    r"""`text` without tab, line end or pipe: each is written as JSON would, a backslash twice.

    >>> print(escaped("a|b\tc"))
    a\u007cb\tc
    """
    return _RISKY.sub(lambda found: _ESCAPES[found.group()], text)


def unescaped(cell: str) -> str:
    """The text that `escaped` made a cell of."""
    return _ESCAPED.sub(lambda found: _PLAIN[found.group()], cell) if "\\" in cell else cell


def tsv(row: Row, columns: tuple[str, ...]) -> str:
    """A row as a line of TSV."""
    places = _places(columns)
    cells = [""] * len(columns)
    for column, value in row.items():
        cells[places[column]] = (_RISKY.sub(_escape, value) if type(value) is str
                                 else _cell(value, column))
    return "\t".join(cells) + "\n"


@cache
def _places(columns: tuple[str, ...]) -> dict[str, int]:
    return {column: place for place, column in enumerate(columns)}


def _cell(value: Any, column: str) -> str:
    if column in NESTED:  # JSON has its own escapes; only the pipe would be taken for KGX's
        return msgspec.json.encode(value).decode().replace(PIPE, "\\u007c")
    if type(value) is list:
        return PIPE.join([_RISKY.sub(_escape, one) for one in value])
    return "true" if value is True else str(value)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found.group()]


def json_line(row: Row) -> bytes:
    """A row as a line of JSON; what it lacks is left out."""
    return msgspec.json.encode(row) + b"\n"


def rows(path: Path) -> Iterator[Row]:
    """The rows of a .tsv or .jsonl file of ours; raises DataError where a line is neither."""
    number, header = 0, list[str]()
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if path.suffix == ".jsonl":
                    yield _parsed(path, number, line)
                elif header:
                    yield _read(path, number, header, line)
                else:
                    header = line.rstrip("\n").split("\t")
    except UnicodeDecodeError:
        raise DataError(path, number + 1, "not UTF-8") from None


def _parsed(path: Path, number: int, line: str) -> Row:
    try:
        row = msgspec.json.decode(line)
    except UNREADABLE as error:
        raise DataError(path, number, f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise DataError(path, number, "not a JSON object")
    return row


def _read(path: Path, number: int, header: list[str], line: str) -> Row:
    cells = line.rstrip("\n").split("\t")
    if len(cells) != len(header):
        raise DataError(path, number, f"{len(cells)} cells where the header has {len(header)}")
    try:
        return {column: _value(column, cell)
                for column, cell in zip(header, cells, strict=True) if cell}
    except (ValueError, *UNREADABLE) as error:
        raise DataError(path, number, str(error)) from None


def _value(column: str, cell: str) -> Any:
    if column in NESTED:
        return msgspec.json.decode(cell)
    if column in LISTS:
        return [unescaped(one) for one in cell.split(PIPE)]
    if column in FLAGS:
        return cell == "true"
    if column in COUNTS:
        return int(cell)
    return float(cell) if column in SHARES else unescaped(cell)


def without_gaps(row: Row) -> Row:
    """The row without what is empty or false."""
    return {name: cell for name, cell in row.items()
            if cell not in ("", None) and cell != [] and cell is not False}
