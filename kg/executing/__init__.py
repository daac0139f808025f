"""What runs the pages of a run: this machine's processes, or a cluster that exists already."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from ..errors import UnknownName, UsageError
from ..pipeline import Input, Settings
from ..shares import Share

SECONDS = 300.0  # a page may take: the longest of 4,350 takes two


class Task(Struct, frozen=True):
    """What decides every page's share, and with what it is done.

    `known` is the fingerprint, `jobs` how many processes, `seconds` what a page may take (0: any
    time), `scheduler` the address of a cluster or empty.
    """

    settings: Settings
    known: str
    jobs: int = 1
    seconds: float = SECONDS
    scheduler: str = ""


Executor = Callable[[Task, Iterable[Input]], Iterator[Share]]

# One line for each; a module has the function `shares`, which gives every page's share in any
# order and takes the pages as it needs them.
EXECUTORS: dict[str, str] = {
    "local": "kg.executing.local", "dask": "kg.executing.dask", "spark": "kg.executing.spark"}
_SHACL = ("auto", "pyshacl", "shacl")


def executor(name: str) -> Executor:
    """The function that does the pages.

    Raises UnknownName, and UsageError where `name` is a SHACL engine or a package is missing.
    """
    if name in _SHACL:
        raise UsageError(f"--engine {name}: that is a SHACL engine, write --shacl-engine {name}; "
                         f"--engine says what runs the pages: {', '.join(EXECUTORS)}")
    if name not in EXECUTORS:
        raise UnknownName("engine", name, EXECUTORS)
    made: Executor = importlib.import_module(EXECUTORS[name]).shares
    return made
