"""The words by which a clause is read: the roles of data/{outcome,influence}_words.tsv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..files import rows, shipped
from .frames import compiled


@cache
def words(file: str = "outcome_words.tsv") -> Mapping[str, re.Pattern[str]]:
    """For each role of data/<file>, one pattern for all its rows.

    Raises DataError naming the row whose pattern is none.
    """
    path = shipped(f"data/{file}")
    table: dict[str, list[str]] = {}
    for line, cells in rows(path):
        compiled(cells["pattern"], path, line)
        table.setdefault(cells["role"], []).append(cells["pattern"])
    return MappingProxyType({role: compiled(f"(?:{'|'.join(found)})", path, 0)
                             for role, found in table.items()})
