"""Finding the files that ship with the package, reading tables, and writing without half-files."""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import DataError, UsageError

if sys.platform != "win32":
    import fcntl

PART = ".part"  # ends the name of a file that is being written
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # and bidi overrides
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)
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
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            continue
        if len(cells) != len(header):
            raise DataError(path, number, f"{len(cells)} cells where the header has {len(header)}")
        yield number, dict(zip(header, cells, strict=True))


def _text(path: Path) -> str:
    """A file's text, its lines ended by "\n" alone; raises DataError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(path, line, f"not UTF-8 ({error.reason})") from None


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary handle whose content appears at `path` only when the block ends without error.

    Raises UsageError where the folder cannot be written, the disk is full or `path` is a folder.
    """
    with _told(path), beside(path) as part:
        with part.open("wb") as handle:
            yield handle
        part.chmod(0o644)
        part.replace(path)


def linked(source: Path, path: Path) -> None:
    """`path` is a second name of a whole file, or a copy of it where the system has none.

    Raises UsageError as `replacing` does.
    """
    with _told(path), beside(path) as part:
        part.unlink()
        try:
            os.link(source, part)
        except OSError:  # a file system that cannot
            shutil.copyfile(source, part)
        part.chmod(0o644)
        part.replace(path)


def write_tsv(path: Path, header: Iterable[str], lines: Iterable[Iterable[object]]) -> None:
    """A TSV file whose cells hold no tab, no line break and no other character of control."""
    with replacing(path) as handle:
        for line in (header, *lines):
            cells = (_CONTROL.sub("\ufffd", " ".join(str(cell).split())) for cell in line)
            handle.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))


def write_if(path: Path, header: Iterable[str], lines: Iterable[Iterable[object]] | None) -> None:
    """A TSV file where there are lines to write (though it be none), else no file."""
    if lines is None:
        path.unlink(missing_ok=True)
    else:
        write_tsv(path, header, lines)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """An error of the file system becomes one of the user's, with the file that it is about."""
    try:
        yield
    except OSError as error:
        about = path if str(error.filename).endswith(PART) else error.filename or path
        raise UsageError(f"cannot write {about}: {error.strerror or error}") from None


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A file of its own beside `path`, locked so that `swept` leaves it alone, gone at the end."""
    swept(path.parent, path.name)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        _locked(descriptor)
        yield Path(name)
    finally:
        os.close(descriptor)
        Path(name).unlink(missing_ok=True)


def _locked(descriptor: int) -> bool:
    """Whether a file is ours now: nobody else alive holds it."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder of its own in `folder`, locked so that `swept` leaves it alone, gone at the end."""
    # what cannot be taken away on a broken disk is swept later: the first error is the one to tell
    with tempfile.TemporaryDirectory(prefix=".scratch.", suffix=PART, dir=folder,
                                     ignore_cleanup_errors=True) as name, _held(Path(name)):
        yield Path(name)


def swapped(new: Path, folder: Path) -> None:
    """`new` stands at `folder`, and what stood there, if anything did, at `new`.

    In one step where the system can (Linux); elsewhere the old one is put back after an error.
    """
    if not folder.exists():
        new.rename(folder)
    elif not _exchanged(new, folder):
        old = new.with_name(f"{new.name}.old")
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        old.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two paths changed places; False where the system cannot do that."""
    if sys.platform != "linux":
        return False
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # an old C library
        return False
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS}:  # a file system that cannot
        return False
    raise OSError(number, os.strerror(number), str(other))


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Whether a file or folder is ours until the end: nobody else alive holds it."""
    if sys.platform == "win32":
        yield False
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def sole(path: Path, otherwise: str) -> Iterator[None]:
    """Holds `path` until the end of the block; raises UsageError (`otherwise`) where another
    process does."""
    with path.open("ab") as handle:
        if sys.platform != "win32" and not _locked(handle.fileno()):
            raise UsageError(otherwise)
        yield


def swept(folder: Path, name: str = "") -> None:
    """The parts that a killed process left in `folder`, or only those of the file `name`, are
    gone; those of a live one are not."""
    made = f"{glob.escape(name)}.????????" if name else "*"  # tempfile's eight letters
    for part in sorted(folder.glob(f".{made}{PART}")):
        with _held(part) as dead:
            if dead and part.is_dir():
                _removed(part)
            elif dead:
                part.unlink(missing_ok=True)


def _removed(folder: Path) -> None:
    """A folder is gone, even one that was read-only already, as a release is."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other process holds `path`, and holds it until the end of the block."""
    with path.open("ab") as handle:
        if sys.platform != "win32":
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
