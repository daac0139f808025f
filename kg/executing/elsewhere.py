"""The function over a batch of pages that workers of a cluster run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from threading import Lock

from ..errors import SourceError, UsageError
from ..fingerprint import fingerprint
from ..pipeline import Input
from ..pool import GRACE
from ..shares import Share
from ..vocab.index import open_index
from . import Task
from .local import work

# A worker of a cluster may have several threads, and a process only one timer for a page that hangs
# (kg.pool.limited): they take turns. They would not run at once in one Python anyway.
_TURN = Lock()


def batch(task: Task, pages: Sequence[Input]) -> list[Share]:
    """The shares of a few pages; a process opens the index once.

    A page that takes too long ends its process where the cluster is our own.  Raises UsageError
    where this machine's code or vocabularies would give other outcomes.
    """
    with _TURN:
        _agree(task)
        last = 0.0 if task.scheduler else GRACE
        return list(map(partial(work(task).item, last=last), pages))


@cache
def _agree(task: Task) -> None:
    here = fingerprint(task.settings, open_index().path)
    if here != task.known:
        raise UsageError("a worker of the cluster has other code, libraries or vocabularies than "
                         "this machine: install the same rarekg and vocabulary packages there")


def carried(page: Input) -> Input:
    """The page with its bytes, where they can be read here."""
    try:
        return Input(page.name, page.data())
    except SourceError:
        return page
