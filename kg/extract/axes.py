"""Tables of patterns by axis: one compiled alternation for each kind of word a table lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..files import rows, shipped
from .frames import compiled


@cache
def axes(table: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of data/<table>.tsv joined for each axis, ignoring case.

    Raises DataError naming the row whose pattern is malformed.
    """
    path = shipped(f"data/{table}.tsv")
    found: dict[str, list[str]] = {}
    for line, cells in rows(path):
        compiled(cells["pattern"], path, line)
        found.setdefault(cells["axis"], []).append(f"(?:{cells['pattern']})")
    return MappingProxyType({
        axis: compiled("|".join(patterns), path, 0) for axis, patterns in found.items()
    })
