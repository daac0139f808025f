"""Writes data/required.json anew from the tables of patterns: python -m kg.extract.reread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..files import replacing, rows, shipped
from . import naming, outcomes
from .frames import expanded, macros
from .required import Words, required
from .requisites import FILE, key, written

# Tables, besides data/frames, whose patterns are written with macros.
MACROS = ("risks", "modifiers", "synonyms")
PLAIN = ("lessons",)


def patterns() -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Every pattern behind gates, its macros, and the pattern with its macros expanded."""
    named = [shipped(f"data/{name}.tsv") for name in MACROS]
    for path in (*sorted(shipped("data/frames").glob("*.tsv")), *named):
        for line, cells in rows(path):
            yield cells["pattern"], macros(), expanded(cells["pattern"], path, line)
    path = shipped("data/naming.tsv")
    for line, cells in rows(path):
        pattern = naming.written(cells["pattern"])
        yield pattern, macros(), expanded(pattern, path, line)
    for name in PLAIN:
        for _, cells in rows(shipped(f"data/{name}.tsv")):
            yield cells["pattern"], {}, cells["pattern"]
    for row in outcomes.table():
        yield row.cells["pattern"], row.names, row.expanded


def everything() -> dict[str, tuple[Words, ...]]:
    """What every pattern cannot match without, by the keys of the file."""
    return {key(whole): required(pattern, names) for pattern, names, whole in patterns()}


def main() -> None:
    """Put the file in place of the one that ships."""
    with replacing(Path(shipped(FILE))) as out:
        out.write(written(everything()))


if __name__ == "__main__":
    main()
