"""Stage files: one JSON object a line, decoded into the type that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .errors import DataError, UsageError
from .files import replacing

T = TypeVar("T")
# What msgspec raises for bytes that are no JSON, no UTF-8, or nested beyond reason.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def _plain(value: Any) -> Any:
    """A number as JSON has it: 30 rather than 30.0, and never an exponent."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise NotImplementedError(type(value))


_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain)


def line(value: object) -> bytes:
    """`value` as one line of JSON, fields in their declared order."""
    return _ENCODER.encode(value) + b"\n"


def write(path: Path, values: Iterable[object]) -> int:
    """Write one value a line; returns how many."""
    count = 0
    with replacing(path) as handle:
        for value in values:
            handle.write(line(value))
            count += 1
    return count


def read(path: Path, kind: type[T]) -> Iterator[T]:
    """The values of a stage file; raises DataError naming the line that is not a `kind`."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    decoder = msgspec.json.Decoder(kind, strict=False)
    with path.open("rb") as handle:
        for number, text in enumerate(handle, 1):
            try:
                yield decoder.decode(text)
            except UNREADABLE as error:
                raise DataError(path, number, f"not a {kind.__name__}: {error}") from None
