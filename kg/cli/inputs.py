"""The pages that a command line names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from .. import collected
from ..errors import UsageError
from ..files import shipped
from ..pipeline import Input
from ..sources.walk import named as met
from ..sources.walk import pages as walk


def one_of(target: str | None, names: Path | None, column: str | None, out: Path | None) -> None:
    """Raise UsageError unless `kg ground` is given one thing to ground, and what fits to it."""
    if (target is None) == (names is None) or (target is not None and not target.strip()):
        raise UsageError("give one of: a folder of kg extract, a name, --batch FILE")
    if column is not None and names is None:
        raise UsageError("--column belongs to --batch")
    if target is None or Path(target).is_dir():
        if out is not None and target is None:
            raise UsageError("-o belongs to a folder; a batch is printed: kg ground --batch … > F")
        return
    if out is not None:
        raise UsageError(f"{target}: no such folder (-o belongs to a folder)")
    if target.startswith((".", "/", "~")) or target.endswith("/"):
        raise UsageError(f"{target}: no such folder")


def named(
    paths: tuple[Path, ...], tables: tuple[str, ...], out: Path
) -> Iterator[tuple[str, str | bytes]]:
    """Name and path (or bytes) of the same pages as they are met, in no order, some twice; then
    those of `tables` (kg.collected)."""
    given = paths if paths or tables else (shipped("data/pages"),)
    for name, content in met(given, sys.stdin.buffer, out):
        yield name, content if isinstance(content, bytes) else str(content)
    for table in tables:
        yield from collected.pages(table)


def inputs(paths: tuple[Path, ...], out: Path) -> Iterator[Input]:
    """The pages that were named, else the examples that ship with the package, by page name.

    What is in the output folder `out` below a named one is no page.

    Raises UsageError where there is none.
    """
    given = paths or (shipped("data/pages"),)
    pages = (Input(name, content if isinstance(content, bytes) else str(content))
             for name, content in walk(given, sys.stdin.buffer, out))
    first = next(pages, None)
    if first is None:
        raise UsageError("no page to read: the folders that were named hold no file")
    return chain([first], pages)
