"""A figure, and the words that bound it: "less than", "as high as", "at least", "about"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from msgspec import Struct, structs

from ..files import rows, shipped
from ..model import Span

REACH = 40
_INNER = re.compile(r"\b(?:about|approximately|around|roughly|nearly|almost)\b", re.IGNORECASE)
_AGED = re.compile(r"\b(?:older|younger)$", re.IGNORECASE)


class Figure(Struct, frozen=True):
    """What a number expression says by itself; an open end is None.

    `shape` is one of percent rate age duration count ratio; `span` includes the words that bound
    the number ("less than"), `noun` is what a count counts.
    """

    span: Span
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    shape: str
    noun: str = ""


class Bound(Struct, frozen=True):
    """One row of data/figure_comparators.tsv."""

    pattern: re.Pattern[str]
    comparator: str
    where: str
    scope: str


@cache
def _bounds() -> tuple[Bound, ...]:
    return tuple(
        Bound(_bound_pattern(cells["pattern"], cells["where"]),
              cells["comparator"], cells["where"], cells["scope"])
        for _, cells in rows(shipped("data/figure_comparators.tsv"))
    )


def _bound_pattern(words_: str, where: str) -> re.Pattern[str]:
    link = r"(?:\s*(?:the|first|an?|ages?(?:\s+of)?|only|between|from)\b)*"
    text = rf"(?<!\w)(?:{words_}){link}\s*$" if where == "before" else rf"\s*(?:{words_})(?!\w)"
    return re.compile(text, re.IGNORECASE)


def bounded(figure: Figure, match: re.Match[str], text: str) -> Figure:
    """The figure with the words before and after it that bound it."""
    signs: list[str] = []
    start = figure.span.start
    for sign, at in _signs_before(text, start, figure.shape in {"age", "duration"}):
        start, signs = at, [*signs, sign]
    end, after = _sign_after(text, figure.span.end)
    signs += [after] if after else []
    if not signs and _INNER.search(text, match.start(), match.end()):
        signs = ["~"]
    aged = figure.shape == "duration" and _AGED.search(text, figure.span.end, end)
    figure = structs.replace(figure, span=Span(start, end), shape="age" if aged else figure.shape)
    return ended(figure, _strongest(signs, figure.shape))


def _strongest(signs: list[str], shape: str) -> str:
    """The sign that counts: "about" only where nothing firmer is said.

    "Starting at about age 2" says when, "starting at age 40" from when on.
    """
    loose = {"~", ">="} if "~" in signs and shape == "age" else {"~"}
    return next((sign for sign in signs if sign not in loose), "~" if signs else "")


def _sign_after(text: str, end: int) -> tuple[int, str]:
    """Where the figure ends with the words after it, and their comparator."""
    for bound in _bounds():
        found = bound.pattern.match(text, end) if bound.where == "after" else None
        if found:
            return found.end(), bound.comparator
    return end, ""


def _signs_before(text: str, start: int, timed: bool) -> Iterator[tuple[str, int]]:
    """The comparators that stand before `start`, outwards, each with its own start.

    Of those that end at one place the longest counts: "just over" is not "over".
    """
    while True:
        found = [
            (match.start(), order)
            for order, bound in enumerate(_bounds())
            if bound.where == "before" and (timed or bound.scope == "any")
            if (match := bound.pattern.search(text, max(0, start - REACH), start))
        ]
        if not found:
            return
        start, order = min(found)
        yield _bounds()[order].comparator, start


def ended(figure: Figure, sign: str) -> Figure:
    """The figure under a comparator: a range keeps both ends, "<" and "<=" open the low one."""
    if not sign or figure.comparator not in {"=", "~"}:
        return figure
    low = None if sign in {"<", "<="} else figure.low
    high = None if sign in {">", ">="} else figure.high
    return structs.replace(figure, low=low, high=high, comparator=sign)
