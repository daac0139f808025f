"""How often a sign is seen: words of a table as a quantity, a quantity as HPO's band."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from msgspec import Struct

from .files import rows, shipped
from .model import Quantity

_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%")
_FRACTION = re.compile(r"(\d+)(?:/| of )(\d+)")
_RANGE = re.compile(r"(\d+)%\s*[-–]\s*(\d+)%")
_TENTH = Decimal("0.1")
HUNDRED = Decimal(100)


class Band(Struct, frozen=True):
    """A class below HP:0040279; `written` is the number that stands for all of it in old tables."""

    id: str
    label: str
    low: Decimal
    high: Decimal
    written: str


@cache
def bands() -> tuple[Band, ...]:
    """The rows of data/frequency.tsv, the most frequent first."""
    return tuple(Band(cells["id"], cells["label"], Decimal(cells["low"]), Decimal(cells["high"]),
                      cells["written"])
                 for _, cells in rows(shipped("data/frequency.tsv")))


def band(quantity: Quantity) -> Band | None:
    """The band that a share of patients falls into, by its lower end; None where it has none."""
    low = quantity.low
    if low is None or quantity.unit != "%":
        return None
    if low <= 0:
        return bands()[-1]
    return next((one for one in bands() if low >= one.low), bands()[-2])


def counts(quantity: Quantity) -> tuple[int, int] | None:
    """With and all, where the page counts patients ("5/12")."""
    found = _FRACTION.fullmatch(quantity.about)
    return (int(found.group(1)), int(found.group(2))) if found else None


def frequency(written: str) -> Quantity | None:
    """The quantity that a table's words stand for ("90%", "5/12", "80%-99%"), None for no number.

    The number that stands for a band is the band; any other number is itself.  `about` keeps
    the words.
    """
    plain = written.replace(" ", "")
    whole = next((one for one in bands() if plain and one.written == plain), None)
    if whole is not None:
        return _share(whole.low, whole.high, written)
    if found := _RANGE.fullmatch(written):
        return _share(Decimal(found.group(1)), Decimal(found.group(2)), written)
    if found := _SHARE.fullmatch(written):
        return _share(Decimal(found.group(1)), Decimal(found.group(1)), written)
    found = _FRACTION.fullmatch(written)
    if found is None or not int(found.group(2)):
        return None
    share = (HUNDRED * int(found.group(1)) / int(found.group(2))).quantize(_TENTH)
    return _share(share, share, written)


def _share(low: Decimal, high: Decimal, written: str) -> Quantity | None:
    """A share of patients; nothing where it is no share."""
    if not 0 <= low <= high <= HUNDRED:
        return None
    return Quantity(low, high, "%", "=" if low == high else "range", written)
