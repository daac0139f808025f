"""Pages that come many in a file: JSON Lines or Parquet, on disk or in an object store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from .errors import DataError, UsageError

COLUMNS = ("page", "content")  # a page's name, and its text or bytes


def pages(location: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every page of a file, in its order.

    Raises UsageError where the file cannot be opened or needs a package that is missing, DataError
    at a row without a name and a content.
    """
    reader = READERS.get(Path(location).suffix.lower())
    if reader is None:
        raise UsageError(f"--table {location}: its name must end in one of: {', '.join(READERS)}")
    with _opened(location) as handle:
        for number, row in enumerate(reader(handle, location), 1):
            name, content = (row.get(column) for column in COLUMNS)
            if not isinstance(name, str) or not name or not isinstance(content, str | bytes):
                raise DataError(location, number, f"no page: the columns {' and '.join(COLUMNS)} "
                                "must hold a name and a text")
            yield name, content.encode() if isinstance(content, str) else content


def _opened(location: str) -> IO[bytes]:
    try:
        if "://" not in location:
            return Path(location).open("rb")
        import fsspec  # noqa: PLC0415 - an extra

        handle: IO[bytes] = fsspec.open(location, "rb").open()
    except ImportError as error:
        raise UsageError(f"--table {location}: needs a package: pip install fsspec, and the one "
                         f"for this store ({error})") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"--table {location}: cannot be read ({reason})") from None
    return handle


def _lines(handle: Iterable[bytes], location: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(handle, 1):
        try:
            yield msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise DataError(location, number, f"not a JSON object: {error}") from None


def _parquet(handle: IO[bytes], location: str) -> Iterator[dict[str, Any]]:
    """Row group by row group, only the columns that are read."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError(f"--table {location}: Parquet needs a package: "
                         "pip install pyarrow") from None
    try:
        for rows in pq.ParquetFile(handle).iter_batches(batch_size=256, columns=list(COLUMNS)):
            yield from rows.to_pylist()
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"--table {location}: no Parquet file with the columns "
                         f"{' and '.join(COLUMNS)} ({error})") from None


READERS: dict[str, Callable[[IO[bytes], str], Iterator[dict[str, Any]]]] = {
    ".jsonl": _lines, ".ndjson": _lines, ".parquet": _parquet}
