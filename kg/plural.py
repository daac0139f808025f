"""Numbers of things as people write them."""

from __future__ import annotations


def many(count: int, noun: str, nouns: str = "") -> str:
    """"1 page", "4,342 pages"; `nouns` is the plural where it is not `noun` and an s."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"
