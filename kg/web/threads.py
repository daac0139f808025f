"""Long work beside the event loop: who asks for something quick never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """Two threads: more would only take turns; one could be kept by a search or a long page."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    async def __call__(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What a function returns, or raises, there."""
        self._pool = self._pool or ThreadPoolExecutor(2, "long")
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, lambda: work(*args, **named))

    def stop(self) -> None:
        """What has not begun is not done."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None
