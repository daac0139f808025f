"""Dask: a cluster that is told, or processes of its own on this machine (decisions/0035)."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..pipeline import Input
from ..pool import AHEAD, CHUNK
from ..shares import Share, lost
from . import Task
from .elsewhere import batch, carried

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 30  # seconds that a scheduler has to answer


def shares(task: Task, pages: Iterable[Input]) -> Iterator[Share]:
    """The pages' shares as they are done; a worker that dies costs only the page that killed it.

    Raises UsageError where Dask is not installed, the scheduler does not answer, or a worker has
    other code or vocabularies.
    """
    rest = iter(pages)
    first = list(islice(rest, 1))
    if not first:  # nothing to do: no cluster
        return
    with _cluster(task) as client:
        yield from _Flow(task, client).shares(_batches(task, first, rest))


def _batches(task: Task, first: list[Input], rest: Iterator[Input]) -> Iterator[list[Input]]:
    while first:
        first += islice(rest, CHUNK - len(first))
        # workers of another machine may not see our files
        yield [carried(page) for page in first] if task.scheduler else first
        first = list(islice(rest, 1))


class _Flow:
    """Pages on their way: a bounded number of batches, and single pages after a worker died."""

    def __init__(self, task: Task, client: Client) -> None:
        self._task = task
        self._client = client
        self._under_way: dict[Future, list[Input]] = {}
        self._alone: list[Input] = []  # pages of a batch whose worker died

    def shares(self, batches: Iterator[list[Input]]) -> Iterator[Share]:
        """The shares of all pages of all batches, in any order."""
        from distributed import wait  # noqa: PLC0415 - an extra

        while True:
            self._fill(batches)
            if not self._under_way:
                return
            done, _ = wait(list(self._under_way), return_when="FIRST_COMPLETED")
            for future in sorted(done, key=lambda one: str(one.key)):
                yield from self._outcome(future, self._under_way.pop(future))

    def _fill(self, batches: Iterator[list[Input]]) -> None:
        room = AHEAD * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))
        while len(self._under_way) < room:
            pages = [self._alone.pop()] if self._alone else next(batches, None)
            if pages is None:
                return
            future = self._client.submit(batch, self._task, pages, pure=False)
            self._under_way[future] = pages

    def _outcome(self, future: Future, pages: list[Input]) -> Iterator[Share]:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        try:
            yield from future.result()
        except KilledWorker:
            if len(pages) > 1:
                self._alone.extend(pages)
            else:
                yield lost(pages[0], "its worker process died")


@contextmanager
def _cluster(task: Task) -> Iterator[Client]:
    """A client of the scheduler that was told, else of `jobs` processes that end with us."""
    try:
        import dask  # noqa: PLC0415 - an extra
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        raise UsageError('--engine dask needs Dask: pip install "rarekg[dask]"') from None
    settings: dict[str, Any] = {"distributed.scheduler.allowed-failures": 0}
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of ports and versions: not for our users
        stack.enter_context(dask.config.set(settings))
        address: Any = task.scheduler or stack.enter_context(LocalCluster(
            n_workers=task.jobs, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=50))
        try:
            client = stack.enter_context(Client(address, timeout=PATIENCE))
        except (OSError, ValueError) as error:
            raise UsageError(f"--scheduler {task.scheduler}: no Dask scheduler answers there "
                             f"({error})") from None
        yield client
