"""The tables of the classes above the diseases, in the index of a prepared folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ..vocab.index import Index

TABLES = """
CREATE TABLE branches(id TEXT PRIMARY KEY, label TEXT NOT NULL, diseases INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE above(parent TEXT NOT NULL, child TEXT NOT NULL, PRIMARY KEY(parent, child))
    WITHOUT ROWID;
CREATE INDEX below ON above(child);
"""


def fill(index: sqlite3.Connection, diseases: Iterable[str], known: Index) -> None:
    """Both tables, for the diseases with these CURIEs; empty where no vocabulary has them."""
    above: dict[str, frozenset[str]] = {}
    sizes: dict[str, int] = {}
    for one in sorted(set(diseases)):
        for branch in known.ancestors(one):
            sizes[branch] = sizes.get(branch, 0) + 1
            above.setdefault(branch, known.parents(branch))
        above.setdefault(one, known.parents(one))
    labels = {one: term.label for one in sizes if (term := known.term(one))}
    index.executemany("INSERT INTO branches VALUES(?,?,?)", sorted(
        (one, labels.get(one, one), size) for one, size in sizes.items()))
    index.executemany("INSERT INTO above VALUES(?,?)", sorted(
        (parent, child) for child, parents in above.items() for parent in parents))
