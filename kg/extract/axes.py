"""Tables of patterns by axis: one compiled alternation for each kind of word a table lists."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..files import rows, shipped
from .caseless import Caseless
from .frames import caseless_row


@cache
def axes(table: str) -> Mapping[str, Caseless]:
    """The patterns of data/<table>.tsv joined for each axis, ignoring case.

    They raise DataError naming the first row of an axis whose patterns are malformed.
    """
    path = shipped(f"data/{table}.tsv")
    found: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    for line, cells in rows(path):
        first.setdefault(cells["axis"], line)
        found.setdefault(cells["axis"], []).append(f"(?:{cells['pattern']})")
    return MappingProxyType({axis: caseless_row("|".join(patterns), path, first[axis])
                             for axis, patterns in found.items()})
