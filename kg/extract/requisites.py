"""What the patterns of our tables cannot match without, read once and shipped as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

import msgspec

from ..files import shipped
from .required import Words, required

FILE = "data/required.json"
_SIZE = 8  # bytes of a digest: enough to tell some thousand patterns apart


def key(pattern: str) -> str:
    """What a pattern, its macros expanded, is found by."""
    return hashlib.blake2b(pattern.encode(), digest_size=_SIZE).hexdigest()


def known(pattern: str) -> tuple[Words, ...] | None:
    """What the file says of a pattern whose macros are expanded; None where it is not in it.

    It was made by `required` from the same pattern (the tests compare), so that a row that was
    edited since is not in it.
    """
    return _file().get(key(pattern))


def requisites(pattern: str, macros: Mapping[str, str], expanded: str) -> tuple[Words, ...]:
    """As `required`, found in the file if it is there; `expanded` is the pattern without macros."""
    found = known(expanded)
    return required(pattern, macros) if found is None else found


@cache
def _file() -> dict[str, tuple[Words, ...]]:
    content = shipped(FILE).read_bytes()
    return msgspec.json.decode(content, type=dict[str, tuple[frozenset[str], ...]])


def written(found: Mapping[str, tuple[Words, ...]]) -> bytes:
    """The file for what patterns require, by their keys: a line each."""
    lines = (f"{msgspec.json.encode(one).decode()}: "
             f"{msgspec.json.encode([sorted(words) for words in found[one]]).decode()}"
             for one in sorted(found))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
