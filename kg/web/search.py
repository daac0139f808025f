"""Finding a node by name, synonym or id: exact first, then beginnings, then likeness."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from msgspec import Struct

from ..text import normalise
from .paths import path_of
from .prepared import Prepared
from .views import Link

LONGEST = 200  # characters of what is typed that are looked at
_CANDIDATES = 300
_LEAST = 0.34  # share of letter triples in common below which a name is not similar
_ROWS = "SELECT iri, curie, category, name, kind, statements FROM names "


class Hit(Struct, frozen=True):
    """A node that was found: its link, the name that matched where it is not the label."""

    link: Link
    category: str
    matched: str
    statements: int


def search(prepared: Prepared, typed: str, limit: int = 20) -> list[Hit]:
    """The nodes whose names are like what was typed, the likest first, each once."""
    text = " ".join(typed[:LONGEST].split())
    if not text:
        return []
    with closing(prepared.names()) as index:
        rows = {(row["iri"], row["name"]): row for row in (*_begin(index, text),
                                                           *_similar(index, text))}
        ranked = sorted(rows.values(), key=lambda row: _rank(row, normalise(text)))
        best: dict[str, sqlite3.Row] = {}
        for row in ranked:
            if _likeness(normalise(row["name"]), normalise(text)) >= _LEAST:
                best.setdefault(row["iri"], row)
        return [_hit(prepared, index, row) for row in list(best.values())[:limit]]


def _begin(index: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """Names that begin with what was typed."""
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return index.execute(_ROWS + "WHERE name LIKE ? ESCAPE '\\' ORDER BY length(name), "
                         "statements DESC, iri LIMIT ?", (pattern, _CANDIDATES)).fetchall()


def _similar(index: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """Names that have letter triples in common with it, the most first."""
    asked = " OR ".join(f'"{part.replace(chr(34), chr(34) * 2)}"' for part in _triples(text))
    if not asked:
        return []
    return index.execute(_ROWS + "WHERE rowid IN (SELECT rowid FROM spelt WHERE spelt MATCH ? "
                         "ORDER BY rank LIMIT ?) AND kind != 'id'", (asked, _CANDIDATES)).fetchall()


def _triples(text: str) -> list[str]:
    low = text.lower()
    return sorted({low[place:place + 3] for place in range(len(low) - 2)})


def _rank(row: sqlite3.Row, text: str) -> tuple[object, ...]:
    """Equal first, then beginning, then likeness; diseases and much-stated nodes before others."""
    name = normalise(row["name"])
    return (name != text, not name.startswith(text), -round(_likeness(name, text), 3),
            row["category"] != "Disease", row["kind"] != "label", -row["statements"],
            row["iri"], row["name"])


def _likeness(name: str, text: str) -> float:
    """The share of letter triples that two names have in common (Dice); 1 for a beginning."""
    if name.startswith(text):
        return 1.0
    one, other = set(_triples(f"  {name} ")), set(_triples(f"  {text} "))
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _hit(prepared: Prepared, index: sqlite3.Connection, row: sqlite3.Row) -> Hit:
    label = index.execute("SELECT name FROM names WHERE iri = ? AND kind = 'label'",
                          (row["iri"],)).fetchone()[0]
    return Hit(_link(prepared, row, label), row["category"],
               row["name"] if row["kind"] == "synonym" else "", row["statements"])


def _link(prepared: Prepared, row: sqlite3.Row, label: str) -> Link:
    return Link(label, row["curie"], path_of(row["iri"], row["category"], prepared.prefixes),
                row["iri"])


def listed(prepared: Prepared, category: str) -> Iterator[Hit]:
    """Every node of a class by label; those that nothing is stated of are left out."""
    with closing(prepared.names()) as index:
        yield from [Hit(_link(prepared, row, row["name"]), category, "", row["statements"])
                    for row in index.execute(
                        _ROWS + "WHERE category = ? AND kind = 'label' AND statements > 0 "
                        "ORDER BY name COLLATE NOCASE, iri", (category,))]


def counts(prepared: Prepared) -> dict[str, int]:
    """How many pages, diseases, statements (in all and of each kind) and publications there are."""
    with closing(prepared.names()) as index:
        return {row["what"]: row["number"] for row in index.execute("SELECT * FROM counts")}
