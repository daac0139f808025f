"""Deciding what a figure measures: the nearest governor in its clause, and the places refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .caseless import Caseless
from .figure_bounds import Figure
from .frames import caseless_row

# Each figure that stands between a governor and this one makes it as good as that much farther.
CROSSING = 40
NEAR = 70
# What a share is of: the noun phrase after "of", up to the next verb or preposition.
_WHOLE = re.compile(
    r"\s*(?:of|among)\s+(?P<whole>(?:(?!\b(?:on|with|that|who|is|are|have|has|was|were|will|may|can"
    r"|from|by|at|as)\b)[^,.;:()]){1,90})", re.IGNORECASE)
_BOUNDARY = re.compile(
    r";|,?\s+(?:but|while|whereas|although|though|because|however|(?P<when>when|if)|unless"
    r"|compared (?:with|to)|as (?:against|opposed to)|in contrast)\b|,\s+(?:and|with|which)\b"
    r"|\s+(?:against|versus)\b", re.IGNORECASE)


class Governor(Struct, frozen=True):
    """One row of data/governors.tsv."""

    rule: str
    kind: str
    shapes: frozenset[str]
    reach: int
    cost: int
    least: int
    pattern: Caseless


class Refusal(Struct, frozen=True):
    """One row of data/figure_refusals.tsv.

    `where` is before, after, near, clause, sentence or lead.
    """

    rule: str
    shapes: frozenset[str]
    where: str
    pattern: Caseless
    unless: Caseless | None


@cache
def governors() -> tuple[Governor, ...]:
    """data/governors.tsv in its order; raises DataError naming a bad row."""
    path = shipped("data/governors.tsv")
    return tuple(
        Governor(cells["rule"], cells["kind"], frozenset(cells["shapes"].split()),
                 int(cells["reach"]), int(cells["cost"]), int(cells["least"]),
                 caseless_row(cells["pattern"], path, line))
        for line, cells in rows(path)
    )


@cache
def refusals() -> tuple[Refusal, ...]:
    """data/figure_refusals.tsv in its order; raises DataError naming a bad row."""
    path = shipped("data/figure_refusals.tsv")
    return tuple(
        Refusal(cells["rule"], frozenset(cells["shapes"].split()), cells["where"],
                caseless_row(_anchored(cells["pattern"], cells["where"]), path, line),
                caseless_row(cells["unless"], path, line) if cells["unless"] else None)
        for line, cells in rows(path)
    )


@cache
def _populations() -> Caseless:
    path = shipped("data/figure_populations.tsv")
    names = "|".join(cells["pattern"] for _, cells in rows(path))
    return caseless_row(rf"(?<!\w)(?:{names})(?!\w)", path, 1)


def _anchored(pattern: str, where: str) -> str:
    return rf"(?:{pattern})\s*$" if where == "before" else pattern


def clause(text: str, figure: Figure) -> Span:
    """The stretch of `text` around the figure, up to the next words that begin another clause.

    An age belongs to what happens "when people are in their twenties".
    """
    start, end = 0, len(text)
    for found in _BOUNDARY.finditer(text):
        if found.end() <= figure.span.start:
            start = start if found["when"] and figure.shape == "age" else found.end()
        elif found.start() >= figure.span.end:
            return Span(start, found.start())
    return Span(start, end)


def refused(text: str, figure: Figure, within: Span, lead: str = "") -> str:
    """The first rule by which the figure states nothing of the disease; "" where none fires.

    `lead` is the sentence that introduces the list in which `text` stands.
    """
    for rule in refusals():
        if figure.shape in rule.shapes and fires(rule, text, figure.span, within, lead):
            return rule.rule
    return "whole" if figure.shape == "percent" and _of_a_thing(text, figure.span.end) else ""


def _of_a_thing(text: str, end: int) -> bool:
    """Whether the share that ends here is one of something else than people or cases."""
    whole = _WHOLE.match(text, end)
    return whole is not None and not _populations().search(whole["whole"])


def fires(rule: Refusal, text: str, at: Span, within: Span, lead: str = "") -> bool:
    """Whether the rule's pattern stands where the rule looks for it, seen from `at`."""
    if rule.unless is not None and rule.unless.search(text, within.start, within.end):
        return False
    if rule.where == "lead":
        return bool(rule.pattern.search(lead))
    if rule.where == "after":
        return bool(rule.pattern.match(text, at.end))
    if rule.where == "before":
        return bool(rule.pattern.search(text, max(0, at.start - 120), at.start))
    area = {
        "near": Span(max(within.start, at.start - NEAR), min(within.end, at.end + NEAR)),
        "clause": within, "sentence": Span(0, len(text)),
    }[rule.where]
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
