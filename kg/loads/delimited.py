"""CSV as bulk loaders read it: every value in quotes, nothing at all where there is none."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..errors import DataError, LoadError
from .tally import Row

UNIT = "\x1f"  # the separator of a list: no text has it, while ; and | are in many


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str | None]]) -> None:
    """Write a file of CSV (RFC 4180, line feeds)."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(header) + "\n")
        out.writelines(",".join(map(_quoted, row)) + "\n" for row in rows)


def _quoted(cell: str | None) -> str:
    return "" if cell is None else '"' + cell.replace('"', '""') + '"'


def cell(value: Any, source: Path) -> str | None:
    """A value as a cell, a list as its items with UNIT between them, nothing for an empty one.

    Raises DataError where the separator is in the text.
    """
    if value is None or value == []:
        return None
    items = value if isinstance(value, list) else [value]
    if any(UNIT in item for item in items if isinstance(item, str)):
        raise DataError(source, 1, "the control character U+001F, which separates lists, is in "
                                   "a text")
    if isinstance(value, bool):
        return str(value).lower()
    return UNIT.join(value) if isinstance(value, list) else str(value)


def rows(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    """These columns of a file that `write` wrote.

    Raises LoadError where it is not there or lacks one of them.
    """
    before = csv.field_size_limit(sys.maxsize)  # much-cited statements have long nested cells
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, strict=True):
                yield tuple(row[column] for column in columns)
    except (OSError, KeyError, csv.Error) as error:
        raise LoadError(f"{path}: {error}") from None
    finally:
        csv.field_size_limit(before)  # it is the whole process's
