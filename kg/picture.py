"""The neighbourhood of a disease as an SVG picture that needs no script, font file or network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from .errors import UsageError
from .prefixes import Prefixes
from .terms import writable

if TYPE_CHECKING:
    from .neighbourhood import Graph

MOST = 400  # nodes that a reader can still tell apart
RING = 230.0  # from one ring to the next
LABEL = 34  # characters of a label that are shown; the tooltip has all
ROOM = 250.0  # for the labels outside the last ring
GREY = "#76808c"
APART = 19.0  # between two labels on a ring
# Colours with a contrast of 3:1 or more on white and on #14181d (WCAG 2.2, 1.4.11).
COLOURS = {
    "therapy": "#2a8f5b", "risk_factor": "#c2662d", "cause": "#d04a4a", "gene": "#3b7dd8",
    "inheritance": "#7d78d8", "phenotype": "#9a6ac4", "prognostic_factor": "#a88418",
    "site": "#3f8f97",
}
_STYLE = """
svg { background: #ffffff; font: 12px "DejaVu Sans", Verdana, Arial, sans-serif; }
text { fill: #1d2733; } a { text-decoration: none; } a:hover text { text-decoration: underline; }
.middle { fill: #1d2733; } .title { font-weight: 600; font-size: 16px; }
.title { paint-order: stroke; stroke: #ffffff; stroke-width: 5px; }
line { stroke: #76808c; stroke-width: 1.4; } .doubtful { stroke-dasharray: 5 4; }
.negated { stroke: #d04a4a; stroke-dasharray: 2 4; }
@media (prefers-color-scheme: dark) {
svg { background: #14181d; } text, .middle { fill: #e6ebf0; } .title { stroke: #14181d; } }
"""


class Place(Struct, frozen=True):
    """Where a node is drawn: polar coordinates around the centre, and the kind that leads there."""

    radius: float
    angle: float
    kind: str

    @property
    def x(self) -> float:
        """To the right of the centre."""
        return round(self.radius * math.cos(self.angle), 1)

    @property
    def y(self) -> float:
        """Below the centre."""
        return round(self.radius * math.sin(self.angle), 1)


def svg(graph: Graph, centre: str, prefixes: Prefixes) -> str:
    """The picture: `centre` in the middle, each ring one edge further out, kinds side by side.

    Every node links to its IRI.  Doubtful statements are dashed, denied ones dotted and red.
    Raises UsageError for more than MOST nodes.
    """
    if len(graph) > MOST:
        raise UsageError(f"{len(graph)} nodes are too many for a picture (at most {MOST}): "
                         "take fewer steps, or --format graphml")
    places = layout(graph, centre)
    reach = max((place.radius for place in places.values()), default=0.0) + ROOM
    title = escape(writable(f"What is stated about {graph.nodes[centre]['label']}"))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-reach:.0f} {-reach:.0f} '
        f'{2 * reach:.0f} {2 * reach:.0f}" width="{2 * reach:.0f}" height="{2 * reach:.0f}" '
        f'role="img" aria-labelledby="title"><title id="title">{title}</title>',
        f"<style>{_STYLE}</style>",
        *_lines(graph, places),
        *_nodes(graph, centre, places, prefixes),
        *_legend(places, reach), "</svg>", ""])


def layout(graph: Graph, centre: str) -> dict[str, Place]:
    """A place for every node that can be reached from `centre`, the same for the same graph."""
    places, ring, depth = {centre: Place(0.0, 0.0, "")}, [centre], 0
    while ring:
        depth += 1
        found = sorted(_next(graph, ring, places).items(), key=lambda one: one[1])
        radius = max(RING * depth, len(found) * APART / (2 * math.pi),
                     *(place.radius + RING for place in places.values() if depth > 1))
        for number, (node, (_, kind, _, _)) in enumerate(found):
            angle = 2 * math.pi * number / len(found) - math.pi / 2
            places[node] = Place(radius, round(angle, 6), kind)
        ring = [node for node, _ in found]
    return places


def _next(
    graph: Graph, ring: list[str], places: Mapping[str, Place]
) -> dict[str, tuple[float, str, str, str]]:
    """Unplaced neighbours of a ring, with what they are sorted by: parent's angle, kind, label."""
    found: dict[str, tuple[float, str, str, str]] = {}
    for node in ring:
        for start, end, data in (*graph.in_edges(node, data=True),
                                 *graph.out_edges(node, data=True)):
            other = start if end == node else end
            if other not in places:
                label = graph.nodes[other]["label"].casefold()
                key = (places[node].angle, str(data["kind"]), label, other)
                found[other] = min(found.get(other, key), key)
    return found


def _lines(graph: Graph, places: Mapping[str, Place]) -> Iterator[str]:
    edges = sorted(graph.edges(data=True), key=lambda one: (one[0], one[1], str(one[2])))
    for start, end, data in edges:
        one, other = places[start], places[end]
        how = "negated" if data["negated"] else "doubtful" if data["doubtful"] else "sure"
        colour = "" if data["negated"] else _stroke(data["kind"])
        said = escape(writable(f"{graph.nodes[start]['label']} {data['label']} "
                               f"{graph.nodes[end]['label']}"))
        yield (f'<line class="{how}" x1="{one.x}" y1="{one.y}" x2="{other.x}" y2="{other.y}"'
               f"{colour}><title>{said}</title></line>")


def _nodes(
    graph: Graph, centre: str, places: Mapping[str, Place], prefixes: Prefixes
) -> Iterator[str]:
    for node in sorted(places, key=lambda one: (places[one].radius, places[one].angle, one)):
        label = writable(graph.nodes[node]["label"] or node)
        shown = label if len(label) <= LABEL else label[:LABEL - 1].rstrip() + "…"
        yield (f"<a href={quoteattr(prefixes.expand(node))}><title>{escape(label)}</title>"
               f"{_mark(places[node], node == centre)}{_text(places[node], shown, node == centre)}"
               "</a>")


def _stroke(kind: str) -> str:
    return f' style="stroke:{COLOURS[kind]}"' if kind in COLOURS else ""


def _mark(place: Place, central: bool) -> str:
    look = 'class="middle" r="9"' if central else f'r="5" fill="{COLOURS.get(place.kind, GREY)}"'
    return f'<circle cx="{place.x}" cy="{place.y}" {look}/>'


def _text(place: Place, label: str, central: bool) -> str:
    if central:
        return f'<text class="title" text-anchor="middle" y="-16">{escape(label)}</text>'
    turn, left = math.degrees(place.angle), math.cos(place.angle) < -1e-9
    anchor, step = ("end", -10) if left else ("start", 10)
    return (f'<text text-anchor="{anchor}" dominant-baseline="middle" x="{step}" transform='
            f'"translate({place.x} {place.y}) rotate({turn + 180 * left:.1f})">{escape(label)}'
            "</text>")


def _legend(places: Mapping[str, Place], reach: float) -> Iterator[str]:
    seen = {place.kind for place in places.values()}
    rows = [(kind.replace("_", " "), _stroke(kind)) for kind in COLOURS if kind in seen]
    rows += [("doubtful", ' class="doubtful"'), ("denied", ' class="negated"')]
    left = round(16 - reach)
    for number, (name, look) in enumerate(rows):
        y = round(-reach + 24 + 18 * number)
        yield (f'<line x1="{left}" x2="{left + 30}" y1="{y}" y2="{y}"{look}/>'
               f'<text x="{left + 38}" y="{y}" dominant-baseline="middle">{name}</text>')
