"""The words by which a clause is read: the roles of a table, one pattern each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ..errors import DataError
from ..files import rows, shipped
from .frames import compiled


@cache
def words(file: str = "outcome_words.tsv") -> Mapping[str, re.Pattern[str]]:
    """For each role of data/<file>, one pattern for all its rows, compiled when it is asked for.

    That raises DataError naming the row whose pattern is none.
    """
    path = shipped(f"data/{file}")
    table: dict[str, list[tuple[int, str]]] = {}
    for line, cells in rows(path):
        table.setdefault(cells["role"], []).append((line, cells["pattern"]))
    return _Roles(path, table)


class _Roles(dict[str, re.Pattern[str]]):
    """A page needs few of the roles: each is compiled when it is first looked up."""

    def __init__(self, path: Path, table: Mapping[str, Sequence[tuple[int, str]]]) -> None:
        super().__init__()
        self._path, self._rows = path, table

    def __missing__(self, role: str) -> re.Pattern[str]:
        made = self[role] = _joined(self._path, self._rows[role])
        return made


def _joined(path: Path, found: Sequence[tuple[int, str]]) -> re.Pattern[str]:
    try:
        return compiled(f"(?:{'|'.join(pattern for _, pattern in found)})", path, found[0][0])
    except DataError:
        for line, pattern in found:
            compiled(pattern, path, line)
        raise
