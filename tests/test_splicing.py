"""Files that are put together from stretches of others have every byte, whoever copies it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import splicing
from kg.splicing import Splice, aside, copied, stamp

OLD = bytes(range(256)) * 3
PIECE = st.one_of(st.binary(max_size=9), st.tuples(st.integers(0, 600), st.integers(0, 160)))


def refused(*_: object) -> int:
    """A system call that a file system does not know."""
    raise OSError(95, "Operation not supported")


@pytest.fixture(params=["system", "refused", "nothing", "absent"])
def calls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the system copies: itself, not here, not any more, or on no account."""
    if request.param == "refused":
        monkeypatch.setattr(os, "copy_file_range", refused, raising=False)
    elif request.param == "nothing":
        monkeypatch.setattr(os, "copy_file_range", lambda *_: 0, raising=False)
    elif request.param == "absent":
        monkeypatch.delattr(os, "copy_file_range", raising=False)
    monkeypatch.setattr(splicing, "BLOCK", 100)
    return str(request.param)


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECE, max_size=8))
def test_stretches_and_bytes_come_in_their_order(
    calls: str, tmp_path: Path, pieces: list[bytes | tuple[int, int]]
) -> None:
    """What is written and copied is the file, and its size is known before it is closed."""
    (tmp_path / "old").write_bytes(OLD)
    wanted = b""
    with (tmp_path / "old").open("rb") as old, (tmp_path / "new").open("wb") as out:
        splice = Splice(out, old)
        for piece in pieces:
            if isinstance(piece, bytes):
                splice.write(piece)
                wanted += piece
            else:
                splice.copy(*piece)
                wanted += OLD[piece[0]:sum(piece)]
        splice.close()
    assert (tmp_path / "new").read_bytes() == wanted
    assert splice.size == len(wanted)


def test_a_thread_writes_the_same(tmp_path: Path) -> None:
    """Everything is there at the end of the block, in its order, also where many calls wait."""
    (tmp_path / "old").write_bytes(OLD)
    with (tmp_path / "old").open("rb") as old, (tmp_path / "new").open("wb") as out, \
            aside() as later:
        splice = Splice(out, old, later)
        for number in range(200):
            splice.copy(number, 2)
            splice.write(b"%d" % number)
        splice.close()
        assert splice.size == 400 + 490
    wanted = b"".join(OLD[one:one + 2] + b"%d" % one for one in range(200))
    assert (tmp_path / "new").read_bytes() == wanted


def test_what_a_thread_cannot_do_is_told() -> None:
    """Its error is one of the block, at the end of it at the latest."""
    with pytest.raises(ZeroDivisionError), aside() as later:
        later(divmod, 1, 0)


def test_after_an_error_nothing_more_is_begun() -> None:
    """Calls that wait for the thread are left out."""
    done: list[int] = []

    def block() -> None:
        with aside() as later:
            later(time.sleep, 0.2)
            for number in range(splicing.AHEAD - 1):
                later(done.append, number)
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert not done


def test_a_file_that_became_shorter_is_told(calls: str, tmp_path: Path) -> None:
    """Instead of a stretch that is missing at the end."""
    (tmp_path / "old").write_bytes(OLD)
    with (tmp_path / "old").open("rb") as old, (tmp_path / "new").open("wb") as out, \
            pytest.raises(OSError, match="is shorter than it was") as told:
        copied(old, 700, 69, out)
    assert told.value.filename == str(tmp_path / "old")


def test_a_stamp_tells_a_file_that_somebody_wrote(tmp_path: Path) -> None:
    """The same for a file that nobody touched, another for one of another size, none for none."""
    path = tmp_path / "file"
    assert stamp(path) is None
    path.write_bytes(b"one")
    first = stamp(path)
    assert first is not None
    assert first[0] == 3
    assert stamp(path) == first
    path.write_bytes(b"three")
    assert stamp(path) != first
