"""Deciding what a figure measures: the nearest governor in its clause, and the places refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .figure_bounds import Figure
from .frames import compiled

# Each figure that stands between a governor and this one makes it as good as that much farther.
CROSSING = 40
# What a share is of: the noun phrase after "of", up to the next verb or preposition.
_WHOLE = re.compile(r"\s*(?:of|among)\s+(?P<whole>(?:(?!\b(?:on|with|that|who|is|are|have|has|was|were"
                    r"|will|may|can|from|by|at|as)\b)[^,.;:()]){1,90})", re.IGNORECASE)
_BOUNDARY = re.compile(
    r";|,?\s+(?:but|while|whereas|although|though|because|however|when|which|if|unless|compared (?:with|to)"
    r"|as (?:against|opposed to)|in contrast)\b|,\s+and\b|,\s+with\b|\s+(?:against|versus)\b",
    re.IGNORECASE,
)


class Governor(Struct, frozen=True):
    """One row of data/governors.tsv."""

    rule: str
    kind: str
    shapes: frozenset[str]
    reach: int
    cost: int
    least: int
    pattern: re.Pattern[str]


class Refusal(Struct, frozen=True):
    """One row of data/figure_refusals.tsv; `where` is before, after, clause, sentence or lead."""

    rule: str
    shapes: frozenset[str]
    where: str
    pattern: re.Pattern[str]


@cache
def governors() -> tuple[Governor, ...]:
    """data/governors.tsv in its order; raises DataError naming a bad row."""
    path = shipped("data/governors.tsv")
    return tuple(
        Governor(cells["rule"], cells["kind"], frozenset(cells["shapes"].split()),
                 int(cells["reach"]), int(cells["cost"]), int(cells["least"]),
                 compiled(cells["pattern"], path, line))
        for line, cells in rows(path)
    )


@cache
def refusals() -> tuple[Refusal, ...]:
    """data/figure_refusals.tsv in its order; raises DataError naming a bad row."""
    path = shipped("data/figure_refusals.tsv")
    return tuple(
        Refusal(cells["rule"], frozenset(cells["shapes"].split()), cells["where"],
                compiled(_anchored(cells["pattern"], cells["where"]), path, line))
        for line, cells in rows(path)
    )


@cache
def _populations() -> re.Pattern[str]:
    path = shipped("data/figure_populations.tsv")
    return compiled(r"(?<!\w)(?:" + "|".join(cells["pattern"] for _, cells in rows(path)) + r")(?!\w)", path, 1)


def _anchored(pattern: str, where: str) -> str:
    return rf"(?:{pattern})\s*$" if where == "before" else pattern


def clause(text: str, figure: Span) -> Span:
    """The stretch of `text` around the figure, up to the next words that begin another clause."""
    start, end = 0, len(text)
    for found in _BOUNDARY.finditer(text):
        if found.end() <= figure.start:
            start = found.end()
        elif found.start() >= figure.end:
            return Span(start, found.start())
    return Span(start, end)


def refused(text: str, figure: Figure, within: Span, lead: str = "") -> str:
    """The first rule by which the figure states nothing of the disease; "" where none fires.

    `lead` is the sentence that introduces the list in which `text` stands.
    """
    for rule in refusals():
        if figure.shape not in rule.shapes:
            continue
        if rule.pattern.search(lead) if rule.where == "lead" else _fires(rule, text, figure.span, within):
            return rule.rule
    return "whole" if figure.shape == "percent" and _of_a_thing(text, figure.span.end) else ""


def _of_a_thing(text: str, end: int) -> bool:
    """Whether the share that ends here is one of something else than people or cases."""
    whole = _WHOLE.match(text, end)
    return whole is not None and not _populations().search(whole["whole"])


def _fires(rule: Refusal, text: str, at: Span, within: Span) -> bool:
    if rule.where == "after":
        return bool(rule.pattern.match(text, at.end))
    if rule.where == "before":
        return bool(rule.pattern.search(text, max(0, at.start - 120), at.start))
    area = within if rule.where == "clause" else Span(0, len(text))
    return bool(rule.pattern.search(text, area.start, area.end))


def governed(
    text: str, figure: Figure, within: Span, others: tuple[Figure, ...]
) -> Governor | None:
    """The nearest governor of the figure in its clause; `others` are the sentence's figures."""
    ranked = sorted(
        (distance, order)
        for order, governor in enumerate(governors())
        if figure.shape in governor.shapes and _size(figure) >= governor.least
        for distance in _distances(governor, text, figure, within, others)
    )
    return governors()[ranked[0][1]] if ranked else None


def _size(figure: Figure) -> Decimal:
    number = figure.low if figure.low is not None else figure.high
    return number or Decimal(0)


def _distances(
    governor: Governor, text: str, figure: Figure, within: Span, others: tuple[Figure, ...]
) -> Iterator[int]:
    for found in governor.pattern.finditer(text, within.start, within.end):
        gap = max(figure.span.start - found.end(), found.start() - figure.span.end, 0)
        if gap <= governor.reach:
            low, high = sorted((found.start(), figure.span.start))
            crossed = sum(low < other.span.start < high for other in others)
            yield gap + governor.cost + CROSSING * crossed
