"""Spark: the same function over partitions of pages, for those who have a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from ..errors import UsageError
from ..pipeline import Input
from ..pool import CHUNK
from ..shares import Share
from . import Task
from .elsewhere import batch, carried

ROUND = 512  # batches of pages that are under way at a time


def shares(task: Task, pages: Iterable[Input]) -> Iterator[Share]:
    """The pages' shares, round by round; Spark does the batches of a lost executor again.

    Raises UsageError where PySpark is not installed or no cluster answers.
    """
    rest = iter(pages)
    waiting = _round(task, rest)
    if not waiting:
        return
    with _context(task) as context:
        while waiting:
            spread = context.parallelize(waiting, max(1, min(len(waiting), 4 * task.jobs)))
            yield from spread.mapPartitions(partial(done, task)).toLocalIterator()
            waiting = _round(task, rest)


def done(task: Task, batches: Iterable[list[Input]]) -> Iterator[Share]:
    """The shares of a partition's pages."""
    for pages in batches:
        yield from batch(task, pages)


def _round(task: Task, rest: Iterator[Input]) -> list[list[Input]]:
    found: list[list[Input]] = []
    while len(found) < ROUND and (pages := list(islice(rest, CHUNK))):
        found.append([carried(page) for page in pages] if task.scheduler else pages)
    return found


@contextmanager
def _context(task: Task) -> Iterator[Any]:
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
        from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    except ImportError:
        raise UsageError('--engine spark needs PySpark: pip install "rarekg[spark]"') from None
    settings = {
        "spark.app.name": "rarekg", "spark.master": task.scheduler or f"local[{task.jobs}]",
        "spark.pyspark.python": sys.executable, "spark.ui.enabled": "false",
        "spark.log.level": "ERROR"}
    if not task.scheduler:  # nobody outside is to come in
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    conf = SparkConf().setAll(sorted(settings.items()))
    try:
        with SparkContext(conf=conf) as context:
            yield context
    except Py4JError as error:  # Java's errors as they are; ours stand on the last line
        told = [line for line in str(error).splitlines() if "Error" in line or "Exception" in line]
        raise UsageError(f"--engine spark: {told[0].strip() if told else error}") from None
