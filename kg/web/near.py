"""What surrounds a disease, as places on a circle that a template draws."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

from ..picture import APART, COLOURS, GREY, LABEL, RING, Place
from .views import Group, Said

MOST = 60  # neighbours; more labels run into one another
SIDE = 245.0  # for the labels outside the circle


class Spot(Struct, frozen=True):
    """A neighbour: its statement, its colour, its place, and how its label is turned."""

    said: Said
    label: str
    colour: str
    x: float
    y: float
    turn: float
    left: bool
    look: str


class Picture(Struct, frozen=True):
    """The neighbours on a circle; `hidden` more did not fit; `reach` is half the side."""

    spots: tuple[Spot, ...]
    kinds: tuple[tuple[str, str], ...]
    reach: float
    hidden: int


def picture(groups: Mapping[str, tuple[Group, ...]]) -> Picture | None:
    """The first MOST nodes that a disease is joined with, kinds side by side; None for none.

    Kinds with few nodes come first, so that a long list of phenotypes does not hide the therapies.
    """
    found = {kind: [one for group in several for one in group.items if one.target]
             for kind, several in groups.items()}
    shown: list[Said] = []
    for kind in sorted(found, key=lambda kind: (len(found[kind]), kind)):
        shown += found[kind][:MOST - len(shown)]
    if not shown:
        return None
    order = [one for kind in found for one in shown if one.kind == kind]
    radius = max(RING, len(order) * APART / (2 * math.pi))
    spots = tuple(_spot(one, number, len(order), radius) for number, one in enumerate(order))
    kinds = tuple((kind, COLOURS.get(kind, GREY)) for kind in found
                  if any(one.kind == kind for one in order))
    return Picture(spots, kinds, round(radius + SIDE), sum(map(len, found.values())) - len(shown))


def _spot(one: Said, number: int, count: int, radius: float) -> Spot:
    angle = 2 * math.pi * number / count - math.pi / 2
    place, left = Place(radius, angle, one.kind), math.cos(angle) < -1e-9
    label = one.words if len(one.words) <= LABEL else one.words[:LABEL - 1].rstrip() + "…"
    look = "no" if "denied" in one.flags else "perhaps" if one.flags else "sure"
    return Spot(one, label, COLOURS.get(one.kind, GREY), place.x, place.y,
                round(math.degrees(angle) + 180 * left, 1), left, look)
