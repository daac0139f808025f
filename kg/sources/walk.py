"""The pages that the user named: files, folders and standard input, each with its page name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ..errors import UsageError

STANDARD_INPUT = "-"


def pages(
    paths: Iterable[str | Path], stdin: BinaryIO | None = None
) -> Iterator[tuple[str, Path | bytes]]:
    """Page name and path (or bytes, for "-") of every file below `paths`, sorted by name.

    A page's name is its path below what was named, led by that folder's own name.  Raises
    UsageError for a path that is missing and for two files that would share a name.
    """
    found: dict[str, Path | bytes] = {}
    for path in paths:
        if str(path) == STANDARD_INPUT:
            found["stdin"] = stdin.read() if stdin else b""
            continue
        for name, file in _named(Path(path)):
            other = found.setdefault(name, file)
            if isinstance(other, bytes) or other.resolve() != file.resolve():
                raise UsageError(f"{other!s} and {file} would both be the page {name}: rename one")
    yield from sorted(found.items(), key=lambda item: item[0])


def _named(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    whole = path.resolve()
    if not path.is_dir():
        yield f"{whole.parent.name}/{path.name}".lstrip("/"), path
        return
    for file in _files(path):
        yield f"{whole.name}/{file.relative_to(path).as_posix()}".lstrip("/"), file


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder`, in order; folders that begin with a dot are left out."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root) / name for name in sorted(files))
