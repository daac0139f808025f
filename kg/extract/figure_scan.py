"""Reading the figures of one sentence: where each stands and which numbers it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_FLOOR, Decimal
from functools import cache, lru_cache

from msgspec import structs

from ..model import Span
from .caseless import lower
from .figure_bounds import REACH, Figure, bounded, ended
from .figure_shapes import SEXES, shapes, unit_of
from .numbers import any_of, lost_dash, quotient, value, words

HUNDRED = Decimal(100)
MOST_WORDS = 50_000  # words of which it is remembered whether they write a number
MAX_AGE = 120
# A longer sentence is a flattened table or list.
MAX_SENTENCE = 6000
MIN_NOTED_AGE = 20
_STAGES = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
_TEENS = {"early": (3, 5), "mid": (4, 6), "middle": (4, 6), "late": (6, 9)}
_IN_YEARS = {"years": Decimal(1), "months": Decimal(12), "weeks": Decimal(52), "days": Decimal(365)}
_NOT_HALF = re.compile(r"[\s-]*(?:a|an|an hour|as|way|life|inch|brothers?|sisters?|siblings?|hour"
                       r"|day|year|dose|time)\b")
_COMPARED = re.compile(r"\boutnumber\w*|\bratio\b", re.IGNORECASE)
_AFTER_PART = re.compile(r"\s*(?:$|[,.;:)]|(?:of|to|in|and|have|has|had|are|will|do|may|the|all"
                         r"|were|die|develop|survive|recover)\b)")
_AGE_BEFORE = re.compile(r"\bages?\b(?!\s+of\s+\d)[^.;,\d]{0,45}$", re.IGNORECASE)


@cache
def _gate() -> re.Pattern[str]:
    known = words()
    small = {word: number for word, number in {**known.unit, **known.ten}.items() if number > 0}
    named = any_of({**small, **known.part, **known.decade, **known.ordinal})
    other = "million|hundred|thousand|dozen|equal(?:ly)?|twice|double|same"
    return re.compile(rf"\d|\b(?:{named}|{other})\b")


class _Numbered(dict[str, bool]):
    """Whether a word in lower case may write a number, looked up like a dictionary."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= MOST_WORDS:
            self.clear()
        found = self[word] = _gate().search(word) is not None
        return found


@cache
def _numbered() -> _Numbered:
    return _Numbered()


@lru_cache(maxsize=4096)
def figures_in(text: str) -> tuple[Figure, ...]:
    """The number expressions of `text` in order, none overlapping another.

    `text` is one sentence, best without citation markers and typographic dashes (text.blanked);
    one longer than MAX_SENTENCE holds none.

    >>> [(f.low, f.high, f.unit, f.comparator) for f in figures_in("in less than 30% of people")]
    [(None, Decimal('30'), '%', '<')]
    """
    low = lower(text)
    if len(text) > MAX_SENTENCE or not any(map(_numbered().__getitem__, low.split())):
        return ()
    found: list[Figure] = []
    sexes = all(sex.search(text) for sex in SEXES)
    for shape, needs, pattern in shapes():
        if (shape == "ratio" and not sexes) or not needs(low):
            continue
        found.extend(_read(shape, pattern.found(text, low), text, found))
    return tuple(sorted(found, key=lambda figure: figure.span))


def _read(
    shape: str, matches: Iterator[re.Match[str]], text: str, found: list[Figure]
) -> list[Figure]:
    """The figures of one shape that overlap none of those found before."""
    new: list[Figure] = []
    for match in matches:
        if any(match.start() < f.span.end and f.span.start < match.end() for f in found):
            continue
        figure = _fraction(match, text) if shape == "fraction" else _READERS[shape](match)
        if figure is not None:
            new.append(bounded(figure, match, text))
    return new


def _figure(match: re.Match[str], low: Decimal, high: Decimal, unit: str, shape: str) -> Figure:
    low, high = sorted((low, high))
    comparator = "=" if low == high else "range"
    return Figure(Span(*match.span()), low, high, unit, comparator, shape)


def _numbers(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The two ends that the range groups hold; a scale after the second serves both ends.

    A second end below the first belongs to the next item of a flattened list ("60 - 22 percent").
    """
    groups = match.groupdict()
    first = groups.get("a1") or groups.get("a2") or groups.get("a3") or ""
    second = groups.get("b1") or groups.get("b2") or first
    low, high = value(first), value(second)
    scale = re.search(r"(?:hundred|thousand|million|billion)\b", second, re.IGNORECASE)
    if scale and not re.search(r"[a-z]", first, re.IGNORECASE):
        shared = low * words().scale[scale.group().lower()]
        low = shared if shared <= high else low
    return (high, high) if low > high and " - " in match.group() else (low, high)


def _percent(match: re.Match[str]) -> Figure | None:
    low, high = _numbers(match)
    low, high = _undashed(low, high, int(HUNDRED))
    return None if high > HUNDRED else _figure(match, low, high, "%", "percent")


def _undashed(low: Decimal, high: Decimal, ceiling: int) -> tuple[Decimal, Decimal]:
    return (lost_dash(str(high), ceiling) or (low, high)) if low == high else (low, high)


def _fraction(match: re.Match[str], text: str) -> Figure | None:
    """A share in words; None for an ordinal ("the third type") or a measure ("five and a half")."""
    known, rest = words().part, text[match.end():]
    part, number = match["p1"].lower(), match["n1"]
    wanted = _NOT_HALF.match(rest) if part == "half" else not (number and _part_of(number, rest))
    added = number and match.string[:match.start()].rstrip().lower().endswith(" and")
    if wanted or added or (part != "half" and not number):
        return None
    first = value(number) if number else Decimal(1)
    low = quotient(first * HUNDRED, known[part])
    if match["p2"]:
        top = value(match["n3"]) if match["n3"] else Decimal(1)
        high = quotient(top * HUNDRED, known[match["p2"].lower()])
    else:
        high = quotient(value(match["n2"]) * HUNDRED, known[part]) if match["n2"] else low
    return None if max(low, high) > HUNDRED else _figure(match, low, high, "%", "percent")


def _part_of(number: str, rest: str) -> bool:
    """Whether "a third" is a share and not the third of a series."""
    return number.lower() not in {"a", "an"} or bool(_AFTER_PART.match(rest))


def _rate(match: re.Match[str]) -> Figure | None:
    """A rate per person, or a percentage where the whole is below a hundred ("nine in ten")."""
    low, high = _numbers(match)
    groups = match.groupdict()
    wholes = [value(groups[name]) for name in ("w1", "w2") if groups.get(name)]
    small, large = min(wholes), max(wholes)
    if small < 2 or high > small or _is_year(match["w1"], high):
        return None
    if large < HUNDRED:
        return _figure(match, quotient(low * HUNDRED, large), quotient(high * HUNDRED, small),
                       "%", "percent")
    return _figure(match, quotient(low, large), quotient(high, small), "per_person", "rate")


def _is_year(whole: str, part: Decimal) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", whole)) and (part != 1 or not whole.endswith("00"))


def _age(match: re.Match[str]) -> Figure | None:
    groups = match.groupdict()
    if groups.get("d1"):
        return _decades(match)
    if groups.get("o1"):
        first = words().ordinal[groups["o1"].lower()]
        last = words().ordinal[(groups["o2"] or groups["o1"]).lower()]
        return _figure(match, (first - 1) * 10, last * 10, "years", "age")
    if "first" in groups:
        return _first(match)
    return _explicit_age(match)


def _decades(match: re.Match[str]) -> Figure:
    first, last = match["d1"], match["d2"] or match["d1"]
    low, _ = _decade(first, match["s1"])
    _, high = _decade(last, match["s2"] if match["d2"] else match["s1"])
    figure = _figure(match, low, high, "years", "age")
    late = match.group().lower().startswith(("by", "until"))
    return structs.replace(figure, low=None, comparator="<=") if late else figure


def _decade(word: str, stage: str | None) -> tuple[Decimal, Decimal]:
    start = words().decade.get(word.lower())
    start = Decimal(word[:2]) if start is None else start
    tens = start - start % 10
    if stage is None:
        return start, tens + 9
    first, last = (_TEENS if tens == 10 else _STAGES)[stage.lower()]
    return max(start, tens + first), max(start, tens + last)


def _first(match: re.Match[str]) -> Figure | None:
    """The first year of life: any age up to its end; "the first months" have no end."""
    if not match["first"] and match["time"].lower().endswith("s"):
        return None
    end = value(match["first"]) if match["first"] else Decimal(1)
    return Figure(Span(*match.span()), None, end, unit_of(match["time"]), "<=", "age")


def _explicit_age(match: re.Match[str]) -> Figure | None:
    unit = unit_of(match["time"]) if match["time"] else "years"
    low, high = _undashed(*_timed(match, unit), ceiling=MAX_AGE)
    if unit == "years" and high > MAX_AGE:
        return None
    figure = _figure(match, low, high, unit, "age")
    bound = match.groupdict().get("bound")
    if not bound:
        return figure
    return ended(figure, "<" if bound.lower().startswith(("under", "younger", "below")) else ">")


def _timed(match: re.Match[str], unit: str) -> tuple[Decimal, Decimal]:
    """Both ends in `unit`: "three months to two years" begins at a quarter of a year.

    A decimal after a whole number of years is a lost note mark ("older than 80.2").
    """
    low, high = _numbers(match)
    groups = match.groupdict()
    first = unit_of(groups.get("u1") or groups.get("u2") or "") or unit
    if first != unit:
        low = quotient(low * _IN_YEARS[unit], _IN_YEARS[first])
    if unit == "years" and low > MIN_NOTED_AGE:
        low, high = low.to_integral_value(ROUND_FLOOR), high.to_integral_value(ROUND_FLOOR)
    return low, high


def _duration(match: re.Match[str]) -> Figure | None:
    unit = unit_of(match["time"])
    low, high = _timed(match, unit)
    start = match.start()
    aged = _AGE_BEFORE.search(match.string, max(0, start - 2 * REACH), start)
    return _figure(match, low, high, unit, "age" if aged else "duration")


def _count(match: re.Match[str]) -> Figure | None:
    low, high = _numbers(match)
    figure = _figure(match, low, high, unit_of(match["noun"]), "count")
    return structs.replace(figure, noun=match["noun"].lower())


def _ratio(match: re.Match[str]) -> Figure | None:
    """A ratio of the sexes (both stand in the text: other ratios compare other things)."""
    groups = match.groupdict()
    if groups.get("equal"):
        return _figure(match, Decimal(1), Decimal(1), "ratio", "ratio")
    if groups.get("twice"):
        return _figure(match, Decimal(2), Decimal(2), "ratio", "ratio")
    if groups.get("r1"):
        first, second = value(groups["r1"]), value(groups["r2"])
        compared = 1 in {first, second} or _COMPARED.search(match.string)
        if not compared or not first or not second or max(first, second) > HUNDRED:
            return None
        number = quotient(max(first, second), min(first, second))
        return _figure(match, number, number, "ratio", "ratio")
    return _figure(match, *_numbers(match), "ratio", "ratio")


_READERS: dict[str, Callable[[re.Match[str]], Figure | None]] = {
    "rate": _rate, "percent": _percent, "age": _age,
    "ratio": _ratio, "duration": _duration, "count": _count,
}
