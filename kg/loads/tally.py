"""Counts and an order-independent checksum of rows, and the difference where two do not agree."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from ..errors import LoadError

Row = tuple[str, ...]
Rows = Callable[[], Iterable[Row]]
SHOWN = 3  # rows that a message names on each side


class Tally(Struct, frozen=True):
    """How many rows there are, and the sum of their marks."""

    count: int
    checksum: int


class Held(Struct, frozen=True):
    """What files or a database hold: rows by name, and numbers where only the count matters."""

    rows: Mapping[str, Rows]
    counts: Mapping[str, int] = field(default_factory=dict)


def mark(row: Row) -> int:
    """The number that stands for a row: eight hexadecimal digits of the MD5 of its cells.

    MD5 because SPARQL 1.1, SQL and Cypher engines have it, 32 bits because a sum of them fits a
    64-bit integer for two thousand million rows: a database can work the checksum out by itself.

    >>> mark(("a",)) == 0x0cc175b9
    True
    """
    text = " ".join(row).encode()
    return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16)


def tally(rows: Iterable[Row]) -> Tally:
    """Count rows and add up their marks; the order does not matter, a repeated row does."""
    count = checksum = 0
    for row in rows:
        count += 1
        checksum += mark(row)
    return Tally(count, checksum)


def compared(expected: Held, found: Held, where: str) -> dict[str, Tally]:
    """The tallies by name, which are the same on both sides.

    Raises LoadError with the counts and the first rows that only one side has.
    """
    for name, count in expected.counts.items():
        if found.counts.get(name) != count:
            raise LoadError(f"{where}: {found.counts.get(name, 0):,} {name} where the manifest "
                            f"has {count:,}")
    made = {}
    for name, rows in expected.rows.items():
        wanted, got = tally(rows()), tally(found.rows[name]())
        if wanted != got:
            raise LoadError(_difference(where, name, rows, found.rows[name]))
        made[name] = wanted
    return made | {name: Tally(count, 0) for name, count in expected.counts.items()}


def _difference(where: str, name: str, expected: Rows, found: Rows) -> str:
    """What one side has and the other has not, in words."""
    wanted, got = Counter(expected()), Counter(found())
    missing, extra = wanted - got, got - wanted
    told = [f"{where}: {got.total():,} {name} where the release has {wanted.total():,}"]
    told += [f"{rows.total():,} {word}: {'; '.join(_shown(rows))}"
             for word, rows in (("missing", missing), ("not in the release", extra)) if rows]
    return "; ".join(told)


def _shown(rows: Counter[Row]) -> Iterator[str]:
    for row in sorted(rows)[:SHOWN]:
        yield " ".join(row)[:200]
    if len(rows) > SHOWN:
        yield "…"
