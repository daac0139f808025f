"""Tables of patterns by axis: one compiled alternation for each kind of word a table lists."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..errors import DataError
from ..files import rows, shipped
from .caseless import Caseless
from .frames import caseless_row


@cache
def axes(table: str) -> Mapping[str, Caseless]:
    """The patterns of data/<table>.tsv joined for each axis, ignoring case.

    Raises DataError naming the row whose pattern is malformed.
    """
    path = shipped(f"data/{table}.tsv")
    found: dict[str, list[str]] = {}
    for _, cells in rows(path):
        found.setdefault(cells["axis"], []).append(f"(?:{cells['pattern']})")
    try:
        return MappingProxyType({
            axis: caseless_row("|".join(patterns), path, 0) for axis, patterns in found.items()
        })
    except DataError:
        for line, cells in rows(path):
            caseless_row(cells["pattern"], path, line)
        raise
