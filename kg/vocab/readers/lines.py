"""Numbered lines of a text file, plain or gzipped, that survive bad bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ... import prefixes
from .. import unpacking
from ..term import Report


def numbered(path: Path) -> Iterator[tuple[int, str]]:
    """Every line with its number, without its end; bytes that are not UTF-8 become U+FFFD.

    Raises DataError where a compressed file is damaged or unpacks to more than it may.
    """
    for number, line in unpacking.lines(path):
        yield number, line.decode("utf-8", "replace").rstrip("\r\n")


def cells(path: Path, report: Report, comment: str = "#") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a TSV file by column name; a row of another width is reported and skipped."""
    header: list[str] = []
    for number, line in numbered(path):
        if not line.strip() or (comment and line.startswith(comment)):
            continue
        row = line.split("\t")
        if not header:
            header = row
        elif len(row) == len(header):
            yield number, dict(zip(header, row, strict=True))
        else:
            report(number, f"{len(row)} cells where the header has {len(header)}")


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(prefixes.load().table)


def foreign(curie: str) -> str:
    """Why a class cannot be used: its identifier has no IRI here; empty where it can."""
    prefix, colon, _ = curie.partition(":")
    if not colon or prefix not in _prefixes():
        return (f"unknown prefix of {curie!r}: use one of kg vocab prefixes, or leave the id empty "
                "for a node of your own")
    return ""


def columns(start: bytes) -> tuple[str, ...]:
    """The column names of a TSV file, from its first bytes."""
    for line in start.decode("utf-8", "replace").split("\n"):  # as `numbered` ends them
        if line.strip() and not line.startswith("#"):
            return tuple(line.rstrip("\r").split("\t"))
    return ()


def parts(cell: str) -> tuple[str, ...]:
    """The names in a cell that separates them by "|"."""
    return tuple(name.strip() for name in cell.split("|") if name.strip())
