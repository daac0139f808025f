"""How often a long-running process looks for cyclic garbage."""

from __future__ import annotations

import gc


def steadied() -> None:
    """Look seldom: values here are trees without cycles, and each look costs a page's time."""
    gc.set_threshold(100_000, 50, 50)
