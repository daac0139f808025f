"""What was downloaded into a folder: address, version, licence and checksum of each file."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from ..errors import DataError
from ..files import replacing
from ..jsonl import UNREADABLE

RECORDS = ".downloads.json"


class Download(Struct, frozen=True):
    """What is known of a file that was downloaded, or (`whole` false) of its first part."""

    url: str
    validator: str
    sha256: str
    bytes: int
    version: str
    licence: str
    whole: bool = True


def records(folder: Path) -> dict[str, Download]:
    """What was downloaded into a folder, by file name; empty where nothing was.

    Raises DataError where the list of downloads is damaged.
    """
    path = folder / RECORDS
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Download])
    except UNREADABLE as error:
        raise DataError(path, 1, f"damaged ({error}); delete it") from None


def note(folder: Path, file: str, download: Download | None) -> None:
    """Enter or strike a file in the list of downloads."""
    found = records(folder)
    if download is None:
        if file not in found:
            return
        del found[file]
    else:
        found[file] = download
    with replacing(folder / RECORDS) as handle:
        handle.write(msgspec.json.format(msgspec.json.encode(dict(sorted(found.items())))))
