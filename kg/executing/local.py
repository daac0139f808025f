"""All cores of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from ..pipeline import Input
from ..pool import Work, ordered
from ..shares import Share, lost, shared
from . import Task


def work(task: Task) -> Work[Input, Share]:
    """What is done with a page, and what stands for one that crashed or took too long."""
    late = f"took longer than {task.seconds:g} seconds"
    return Work(partial(shared, task.settings, task.known),
                partial(lost, reason="its worker process died"), task.seconds,
                partial(lost, reason=late))


def shares(task: Task, pages: Iterable[Input]) -> Iterator[Share]:
    """The pages' shares, in order; a few pages are done in this process."""
    return ordered(work(task), pages, task.jobs)
