"""Figures in words, and where they are drawn: several of one kind share a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from ..facts import Measure

WIDTH = 200.0  # of the scale, in the units of the drawing
_SIGNS = {"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least ", "~": "about "}
_YEARS = {"years": 1.0, "months": 1 / 12, "weeks": 7 / 365.25, "days": 1 / 365.25}
_NAMES = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_LEAST = 1e-7  # the left end of the scale for "one in so many"


class Figure(Struct, frozen=True):
    """A number: in words, and its ends in the unit of its scale (None where an end is open)."""

    words: str
    about: str
    comparator: str
    scale: str
    low: float | None
    high: float | None


class Plot(Struct, frozen=True):
    """Where a figure is drawn; an arrow stands at an open end."""

    start: float
    end: float
    opens_left: bool
    opens_right: bool
    about: bool

    @property
    def point(self) -> bool:
        """Whether there is one value and no range."""
        return self.end - self.start < 1 and not (self.opens_left or self.opens_right)


class Axis(Struct, frozen=True):
    """A scale from 0 to `top`, or of powers of ten; `ticks` are places and their words."""

    top: float
    powers: bool
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Where a value stands."""
        if self.powers:
            low = math.log10(_LEAST)
            part = (math.log10(max(value, _LEAST)) - low) / -low
        else:
            part = value / self.top
        return round(WIDTH * min(1.0, max(0.0, part)), 1)


def figure(found: Measure) -> Figure:
    """A measurement of the graph as it is shown."""
    ends = [end for end in (found.low, found.high) if end]
    scale = "years" if found.unit in _YEARS else found.unit
    factor = _YEARS.get(found.unit, 1.0)
    low, high = (float(Decimal(end)) * factor if end else None
                 for end in (found.low, found.high))
    span = f" after {duration(found.horizon)}" if found.horizon else ""
    about = ", ".join(part for part in (found.about, found.subject) if part)
    return Figure(f"{_SIGNS.get(found.comparator, '')}{_number(ends, found.unit)}{span}", about,
                  found.comparator, scale, low, high)


def _number(ends: Sequence[str], unit: str) -> str:
    """One number or two with their unit; a share of people as one in so many."""
    several = list(dict.fromkeys(ends))
    if unit == "per_person":
        return "–".join(_one_in(Decimal(end)) for end in several)
    number = "–".join(f"{Decimal(end):,}" for end in several)
    one = unit[:-1] if number == "1" and unit in _YEARS else unit
    return f"{number} {'to 1' if unit == 'ratio' else one}"


def _one_in(share: Decimal) -> str:
    return f"1 in {round(1 / share):,}" if 0 < share < 1 else f"{share:f} in each person"


def duration(horizon: str) -> str:
    """An ISO 8601 duration in words: P5Y is 5 years.

    >>> duration("P5Y"), duration("P1M"), duration("odd")
    ('5 years', '1 month', 'odd')
    """
    unit = _NAMES.get(horizon[-1:])
    number = horizon[1:-1]
    return f"{number} {unit}{'' if number == '1' else 's'}" if unit else horizon


def axis(figures: Sequence[Figure]) -> Axis:
    """The scale on which all these figures can be drawn; they are of one unit."""
    unit = figures[0].scale
    if unit == "per_person":
        ticks = ((1e-6, "1 in a million"), (1e-3, "1 in 1,000"), (1.0, "all"))
        made = Axis(1.0, True, ())
        return Axis(1.0, True, tuple((made.place(value), words) for value, words in ticks))
    most = max((end for one in figures for end in (one.low, one.high) if end is not None),
               default=1.0)
    top = 100.0 if unit == "%" and most > 10 else _above(most)
    words = {"%": " %", "ratio": " to 1"}.get(unit, f" {unit}")
    return Axis(top, False, ((0.0, "0"), (WIDTH / 2, f"{top / 2:,g}"),
                             (WIDTH, f"{top:,g}{words}")))


def _above(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 … that is not below a value.

    >>> _above(0.03), _above(7), _above(100)
    (0.05, 10.0, 100.0)
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    least = value * (1 - 1e-9)  # 0.3 / 0.1 is more than 3
    return float(f"{next(step * power for step in (1, 2, 5, 10) if least <= step * power):g}")


def plot(one: Figure, scale: Axis) -> Plot:
    """The place of a figure on a scale."""
    start = 0.0 if one.low is None else scale.place(one.low)
    end = WIDTH if one.high is None else scale.place(one.high)
    return Plot(start, end, one.low is None, one.high is None, one.comparator == "~")
