"""The pages that the user named: files, folders and standard input, each with its page name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ..errors import UsageError
from .containers import members

STANDARD_INPUT = "-"


def pages(
    paths: Iterable[str | Path], stdin: BinaryIO | None = None, without: Path | None = None
) -> Iterator[tuple[str, Path | bytes]]:
    """Page name and path (or bytes, for "-") of every file below `paths`, sorted by name.

    A page's name is its path below what was named, led by that folder's own name.  A path that is
    missing stands for itself, so that one wrong name does not cost the others; raises UsageError
    where every path is missing, and for two files that would share a name.  The folder `without`
    is left out where it is met on the way down: a second run does not read what the first wrote.
    Each document of a container is a page of its own, given as bytes when its turn comes, in the
    order of its file (containers.split).
    """
    found: dict[str, Path | bytes] = {}
    for name, file in _given(paths, stdin, without):
        one_file(name, found.setdefault(name, file), file)
    for name, content in sorted(found.items(), key=lambda item: item[0]):
        yield from members(name, content) or [(name, content)]


def named(
    paths: Iterable[str | Path], stdin: BinaryIO | None = None, without: Path | None = None
) -> Iterator[tuple[str, Path | bytes]]:
    """What `pages` gives, as it is met: in no order, and a file that was named twice comes twice.

    Raises UsageError where every path is missing.
    """
    for name, content in _given(paths, stdin, without):
        yield from members(name, content) or [(name, content)]


def _given(
    paths: Iterable[str | Path], stdin: BinaryIO | None, without: Path | None
) -> Iterator[tuple[str, Path | bytes]]:
    given = tuple(dict.fromkeys(map(str, paths)))
    if given and all(map(missing, given)):
        raise UsageError(f"{given[0]}: no such file or folder")
    for path in given:
        if path == STANDARD_INPUT:
            yield "stdin", stdin.read() if stdin else b""
        else:
            yield from _named(Path(path), without)


def one_file(name: str, one: Path | str | bytes, other: Path | str | bytes) -> None:
    """Raise UsageError where two different files would be the page `name`."""
    if one is not other and not _same(one, other):
        raise UsageError(f"{_place(one)} and {_place(other)} would both be the page {name}: "
                         "rename one")


def _place(content: Path | str | bytes) -> str:
    return "a pipe" if isinstance(content, bytes) else str(content)


def _same(one: Path | str | bytes, other: Path | str | bytes) -> bool:
    """Whether two paths lead to one file; a link that leads nowhere is only itself."""
    if isinstance(one, bytes) or isinstance(other, bytes):
        return one == other
    return os.path.realpath(one) == os.path.realpath(other)


def missing(path: str | Path) -> bool:
    """Whether there is nothing at a path that was named."""
    return str(path) != STANDARD_INPUT and not Path(path).exists()


def _named(path: Path, without: Path | None) -> Iterator[tuple[str, Path | bytes]]:
    whole = Path(os.path.realpath(path))
    if not path.is_dir():
        piped = path.exists() and not path.is_file()
        yield _page(f"{whole.parent.name}/{path.name}"), _piped(path) if piped else path
        return
    for file in _files(path, os.path.realpath(without) if without else ""):
        yield _page(f"{whole.name}/{file.relative_to(path).as_posix()}"), file


def _page(name: str) -> str:
    """A page's name: bytes of a file name that are no UTF-8 are escaped, for it goes into JSON."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").lstrip("/")


def _piped(path: Path) -> bytes:
    """What a pipe that was named holds, as in `kg run <(pandoc page.docx -t html)`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None


def _files(folder: Path, without: str) -> Iterator[Path]:
    """Every file below `folder`, in order; folders that begin with a dot are left out.

    Raises UsageError for a folder that cannot be listed.
    """
    for root, folders, files in os.walk(folder, onerror=_unlisted):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".")
            and os.path.realpath(Path(root) / name) != without)
        yield from (Path(root) / name for name in sorted(files))


def _unlisted(error: OSError) -> None:
    raise UsageError(f"{error.filename}: cannot be listed ({error.strerror})")
