"""What every execution of a reader must keep: our errors only, in time, in memory, in its folder.

The contract of issue 8: no exception but KgError, at most 5 s of processor time, at most 500 MB,
no network, no process, no file outside the folder that is given.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from msgspec import Struct

from kg.errors import KgError

SECONDS = 5.0
BYTES = 500_000_000
ROOT = Path(__file__).resolve().parents[1]
_OWN = (str(ROOT), str(Path(tempfile.gettempdir()) / "rarekg-fuzz-"), sys.prefix, sys.base_prefix,
        sysconfig.get_paths()["stdlib"], "/proc/self", "/dev/null", "/dev/urandom",
        "/usr/share/zoneinfo")
_CALLS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
          "urllib.", "ftplib.", "smtplib.", "http.client.", "ctypes.dlopen", "pickle.find_class")
_WRITES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
           "os.chmod", "shutil.")
_TWO = ("os.rename", "os.link", "os.symlink", "shutil.copyfile", "shutil.move")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Finding(Struct, frozen=True, order=True):
    """What broke the contract: its kind and where, so that the same fault is counted once."""

    kind: str
    place: str
    message: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings the same one."""
        return self.kind, self.place


class TooSlowError(BaseException):
    """Raised in the midst of an execution that takes longer than SECONDS."""


class _Watch:
    """What the audit hook sees while it is on; hooks cannot be taken away again."""

    def __init__(self) -> None:
        self.folder = ""
        self.seen: list[Finding] = []
        self.hooked = False

    def event(self, name: str, arguments: tuple[object, ...]) -> None:
        """Note an event that the contract forbids."""
        if not self.folder:
            return
        if name == "open":
            self._opened(*arguments[:3])
        elif name.startswith(_WRITES):
            for path in arguments[:2 if name in _TWO else 1]:
                if not (isinstance(path, str) and -1 not in arguments[1:] and "/" not in path):
                    self._inside(path, name)
        elif name.startswith(_CALLS):
            self._note("call", name, repr(arguments)[:200])

    def _opened(self, path: object, _mode: object, flags: object) -> None:
        if isinstance(path, int) or not isinstance(path, str | bytes | os.PathLike):
            return
        if isinstance(flags, int) and flags & _WRITING:
            self._inside(path, "open for writing")
        elif not self._is_below(path) and not _real(path).startswith((*_OWN, *_compiled())):
            self._note("file", "open for reading", str(path))

    def _inside(self, path: object, what: str) -> None:
        if isinstance(path, str | bytes | os.PathLike) and not self._is_below(path) \
                and _real(path) != "/dev/null":
            self._note("file", what, str(path))

    def _is_below(self, path: str | bytes | os.PathLike[str]) -> bool:
        return f"{_real(path)}/".startswith(self.folder)

    def _note(self, kind: str, place: str, message: str) -> None:
        self.seen.append(Finding(kind, place, message))


def _compiled() -> tuple[str, ...]:
    """Where Python keeps its compiled modules, if not beside them: an import may read there."""
    return (f"{_real(sys.pycache_prefix)}/",) if sys.pycache_prefix else ()


def _real(path: str | bytes | os.PathLike[str]) -> str:
    return os.path.realpath(os.fsdecode(path))


_WATCH = _Watch()


@contextmanager
def watched(folder: Path) -> Iterator[list[Finding]]:
    """Every forbidden call and every file outside `folder` of the block, in the list.

    A module that is imported in the block is not written in its compiled form: that would be a
    file outside, in whatever execution comes first.
    """
    if not _WATCH.hooked:
        sys.addaudithook(_WATCH.event)
        _WATCH.hooked = True
    _WATCH.seen = []
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    _WATCH.folder = f"{_real(folder)}/"
    try:
        yield _WATCH.seen
    finally:
        _WATCH.folder = ""
        sys.dont_write_bytecode = before


def limited(space: int = BYTES) -> None:
    """From now on this process may take `space` bytes more than it has."""
    with Path("/proc/self/statm").open(encoding="ascii") as told:
        now = int(told.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + space, now + space))


def _late(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def broken(target: Callable[[Path, bytes], None], folder: Path, data: bytes) -> list[Finding]:
    """What one execution of `target` on `data` broke of the contract: nothing, it is hoped."""
    signal.signal(signal.SIGVTALRM, _late)
    with watched(folder) as seen:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            target(folder, data)
        except KgError as error:
            seen.extend(_unfit(error))
        except TooSlowError as error:
            seen.append(Finding("too slow", _place(error), f"more than {SECONDS:g} s"))
        except MemoryError as error:
            seen.append(Finding("memory", _place(error), f"more than {BYTES:,} bytes"))
        except BaseException as error:  # a panic of Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            seen.append(Finding(type(error).__name__, _place(error), str(error)[:300]))
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return list(seen)


def _unfit(error: KgError) -> Iterator[Finding]:
    """An error of ours whose message cannot be shown: a surrogate, or characters of control."""
    try:
        str(error).encode()
    except UnicodeEncodeError:
        yield Finding("message", _place(error), "cannot be encoded")


def _place(error: BaseException) -> str:
    """The innermost place in kg/ that the error went through, else in the test's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if one.filename.startswith(str(ROOT / "kg"))] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else ""
