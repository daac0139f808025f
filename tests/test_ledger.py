"""The ledger of a run, on its own."""

from __future__ import annotations

import random
from pathlib import Path

from kg.ledger import FILE, FOLDER, ledger
from kg.shares import Share

PAGES, BYTES = 400, 50_000


def test_its_log_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """What is finished moves from the log into the database while more pages are listed."""
    dice, log = random.Random(3), tmp_path / FOLDER / f"{FILE}-wal"
    with ledger(tmp_path) as book:
        book.listing(((f"{number:04}", b"x") for number in range(PAGES)), lambda *_: None)
        for name, _, _, _ in book.listed():
            book.keep(Share(name, b"key", files=dice.randbytes(BYTES)))
        assert log.stat().st_size < PAGES * BYTES / 2


def test_listed_pages_come_by_name_whatever_is_kept_meanwhile(tmp_path: Path) -> None:
    """Each once, with the key that was kept of it."""
    with ledger(tmp_path) as book:
        book.keep(Share("0100", b"old"))
        book.listing(((f"{number:04}", b"x") for number in range(200)), lambda *_: None)
        found = []
        for name, _, key, _ in book.listed():
            found.append((name, key))
            book.keep(Share(name, b"new"))
    assert found == [(f"{number:04}", b"old" if number == 100 else b"") for number in range(200)]
