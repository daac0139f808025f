"""The pages that a command line names."""

from __future__ import annotations

import sys
from pathlib import Path

from ..errors import UsageError
from ..files import shipped
from ..pipeline import Input
from ..sources.walk import pages as walk


def inputs(paths: tuple[Path, ...], out: Path) -> list[Input]:
    """The pages that were named, else the examples that ship with the package, by page name.

    What is in the output folder `out` below a named one is no page.

    Raises UsageError where there is none.
    """
    named = paths or (shipped("data/pages"),)
    pages = [Input(name, content if isinstance(content, bytes) else str(content))
             for name, content in walk(named, sys.stdin.buffer, out)]
    if not pages:
        raise UsageError("no page to read: the folders that were named hold no file")
    return pages
