"""The classes above the diseases (MONDO's branches), as far down as there are diseases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from msgspec import Struct

from .paths import path_of
from .prepared import Prepared
from .views import Link


class Branch(Struct, frozen=True):
    """A class with those above it, those below it that have diseases, and its own diseases.

    `size` is the number of diseases in it and below it.
    """

    link: Link
    size: int
    above: tuple[Branch, ...] = ()
    below: tuple[Branch, ...] = ()
    diseases: tuple[tuple[Link, int], ...] = ()


def every(prepared: Prepared) -> list[str]:
    """The CURIEs of all branches."""
    with closing(prepared.names()) as index:
        return [row["id"] for row in index.execute("SELECT id FROM branches ORDER BY id")]


def root(prepared: Prepared) -> str:
    """The branch to begin with: the highest that parts into several; empty where there is none."""
    with closing(prepared.names()) as index:
        found = [row["id"] for row in index.execute(
            "SELECT id FROM branches WHERE id NOT IN (SELECT child FROM above) "
            "ORDER BY diseases DESC, id LIMIT 1")]
        while found:
            below = [row["id"] for row in index.execute(
                "SELECT child AS id FROM above JOIN branches ON id = child WHERE parent = ?",
                (found[-1],))]
            if len(below) != 1:
                break
            found += below
    return found[-1] if found else ""


def branch(prepared: Prepared, curie: str) -> Branch | None:
    """The branch with this CURIE; None where it has no disease."""
    with closing(prepared.names()) as index:
        mine = _several(index, "WHERE id = ?", curie)
        if not mine:
            return None
        above = _several(index, "JOIN above ON id = parent WHERE child = ?", curie)
        below = _several(index, "JOIN above ON id = child WHERE parent = ?", curie)
        rows = index.execute(
            "SELECT iri, curie, category, name, statements FROM names JOIN above ON curie = child "
            "WHERE parent = ? AND kind = 'label' AND statements > 0 "
            "ORDER BY name COLLATE NOCASE, iri", (curie,)).fetchall()
    diseases = tuple((Link(row["name"], row["curie"], path_of(
        row["iri"], row["category"], prepared.prefixes), row["iri"]), row["statements"])
        for row in rows)
    return Branch(mine[0].link, mine[0].size, above, below, diseases)


def _several(index: sqlite3.Connection, where: str, curie: str) -> tuple[Branch, ...]:
    rows = index.execute(f"SELECT id, label, diseases FROM branches {where} "
                         "ORDER BY label COLLATE NOCASE, id", (curie,))
    return tuple(Branch(Link(row["label"], row["id"], f"branch/{row['id']}", ""), row["diseases"])
                 for row in rows)
