"""The number grammar: digits, number words, scales and fractions as exact decimals."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import cache

from msgspec import Struct

from ..files import rows, shipped

_EXACT = Context(prec=9)
_ROUNDED = Context(prec=3)
_PLAIN_DIGITS = r"\d{1,3}(?:[, ]\d{3})+(?!,?\d)|\d+(?:\.\d+)?"


class Words(Struct, frozen=True):
    """The number words by role: value by word."""

    unit: dict[str, Decimal]
    ten: dict[str, Decimal]
    scale: dict[str, Decimal]
    part: dict[str, Decimal]
    ordinal: dict[str, Decimal]
    decade: dict[str, Decimal]

    def small(self, word: str) -> Decimal | None:
        """The value of a word below one hundred."""
        return self.unit.get(word, self.ten.get(word))


@cache
def words() -> Words:
    """data/numbers.tsv by role; raises DataError where the file is malformed."""
    table: dict[str, dict[str, Decimal]] = {role: {} for role in Words.__struct_fields__}
    for _, cells in rows(shipped("data/numbers.tsv")):
        table[cells["role"]][cells["word"]] = Decimal(cells["value"])
    return Words(**table)


def any_of(names: dict[str, Decimal]) -> str:
    """An alternation of the words, longest first."""
    return "(?:" + "|".join(sorted(names, key=lambda name: (-len(name), name))) + ")"


@cache
def number_pattern() -> str:
    """Source of a regular expression, without groups, for one number in digits or in words."""
    known = words()
    scale = any_of(known.scale)
    small = rf"(?:{any_of(known.ten)}(?:[- ]{any_of(known.unit)})?|{any_of(known.unit)})"
    return (
        rf"(?:(?:{_PLAIN_DIGITS})(?:[- ]{scale}\b)*"
        # atomic: "twenty-five" is never a range from twenty to five
        rf"|(?>\b{small}(?:[- ]{scale})*\b(?:[- ](?:and[- ])?{small}\b)?)"
        rf"|\ban? {scale}(?:[- ]{scale})*\b)"
    )


def value(text: str) -> Decimal:
    """The number that `text` writes in digits or words.

    >>> value("1,200"), value("2.5 million"), value("twenty-five"), value("a hundred thousand")
    (Decimal('1200'), Decimal('2500000'), Decimal('25'), Decimal('100000'))

    Raises ValueError where `text` is no number.
    """
    known, total, current, seen = words(), Decimal(0), Decimal(0), False
    for token in re.findall(_PLAIN_DIGITS + "|[a-z]+", text.lower()):
        scale = known.scale.get(token)
        if scale is None:
            current += _token(token)
        elif scale < 1000:
            current = (current or 1) * scale
        else:
            total, current = total + (current or 1) * scale, Decimal(0)
        seen = True
    if not seen:
        raise ValueError(f"no number: {text!r}")
    return plain(total + current)


def _token(token: str) -> Decimal:
    if token in {"a", "an", "and"}:
        return Decimal(token != "and")
    small = words().small(token)
    if small is not None:
        return small
    if not token[:1].isdigit():
        raise ValueError(f"no number word: {token!r}")
    return Decimal(token.replace(",", "").replace(" ", ""))


def plain(number: Decimal) -> Decimal:
    """The same number with neither exponent nor trailing zeros.

    >>> plain(Decimal("1E+4")), plain(Decimal("30.0"))
    (Decimal('10000'), Decimal('30'))
    """
    return Decimal(format(number.normalize(), "f")) if number else Decimal(0)


def quotient(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole`, exact where nine digits suffice, else to three significant digits.

    >>> quotient(Decimal(1), Decimal(10000)), quotient(Decimal(100), Decimal(3))
    (Decimal('0.0001'), Decimal('33.3'))
    """
    exact = _EXACT.divide(part, whole)
    return plain(exact if exact * whole == part else _ROUNDED.divide(part, whole))


def lost_dash(text: str, ceiling: int) -> tuple[Decimal, Decimal] | None:
    """The only range below `ceiling` that gives these digits when its dash is dropped.

    Pages lose typographic dashes ("719 percent" was "7–19 percent").  None where there is no
    such range, more than one, or one too wide to be likely ("150" is not "1-50").

    >>> lost_dash("719", 100)
    (Decimal('7'), Decimal('19'))
    """
    if not text.isdigit() or int(text) <= ceiling:
        return None
    cuts = [(text[:at], text[at:]) for at in range(1, len(text)) if text[at] != "0"]
    ranges = [(int(low), int(high)) for low, high in cuts
              if 0 < int(low) < int(high) <= min(ceiling, 5 * int(low) - 1)]
    return (Decimal(ranges[0][0]), Decimal(ranges[0][1])) if len(ranges) == 1 else None
