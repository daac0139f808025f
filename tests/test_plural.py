"""How numbers of things are written."""

from __future__ import annotations

import pytest

from kg.plural import many


@pytest.mark.parametrize(("count", "words", "told"), [
    (0, ("page",), "0 pages"),
    (1, ("page",), "1 page"),
    (4342, ("page",), "4,342 pages"),
    (1, ("class", "classes"), "1 class"),
    (2, ("class", "classes"), "2 classes"),
])
def test_one_is_no_plural(count: int, words: tuple[str, ...], told: str) -> None:
    """One thing is told in the singular, thousands with a comma."""
    assert many(count, *words) == told
