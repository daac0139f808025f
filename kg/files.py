"""Finding the files that ship with the package, reading tables, and writing without half-files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import DataError, UsageError

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The file or folder `name` ("ontology/kinds.ttl", "data/frames") in a wheel or a checkout.

    Raises UsageError when the installation is incomplete.
    """
    for root in (_PACKAGE, _PACKAGE / "_files", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise UsageError(f"the installation lacks {name}: reinstall rarekg")


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column name of a TSV file; blank lines and # lines are left out.

    Raises DataError where a line has more or fewer cells than the header.
    """
    header: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            continue
        if len(cells) != len(header):
            raise DataError(path, number, f"{len(cells)} cells where the header has {len(header)}")
        yield number, dict(zip(header, cells, strict=True))


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary handle whose content appears at `path` only when the block ends without error."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
