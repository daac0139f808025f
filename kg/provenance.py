"""Which vocabularies a dataset was made with: version, source, licence and checksum of each."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from .errors import UsageError
from .files import replacing
from .jsonl import UNREADABLE
from .version import VERSION
from .vocab.index import Index, SourceInfo

FILE = "vocabularies.json"


class Vocabulary(Struct, frozen=True):
    """An entry of vocabularies.json; `source` is an address, a package with its version, or where
    else the file came from, and `sha256` is of the file as it was read."""

    name: str
    version: str
    source: str
    license: str
    sha256: str
    format: str
    classes: int
    skipped_lines: int


def vocabularies(index: Index) -> tuple[Vocabulary, ...]:
    """The vocabularies of an index, the one that ranks highest first."""
    return tuple(_entry(source) for source in index.sources)


def _entry(source: SourceInfo) -> Vocabulary:
    own = source.origin == "overlay"
    version = source.version or (VERSION if own else source.origin.rpartition(" ")[2])
    return Vocabulary(
        source.name, "" if version == "added" else version,
        source.url or (f"rarekg {VERSION}" if own else source.origin), source.license,
        source.sha256, source.format, source.terms, source.problems)


def read(folder: Path) -> tuple[Vocabulary, ...]:
    """The vocabularies.json of a folder, none where it has none; raises UsageError."""
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Vocabulary, ...])
    except UNREADABLE as error:
        raise UsageError(f"{path}: not a list of vocabularies: {error}") from None


def publish(folder: Path, exports: Path) -> None:
    """Copy the vocabularies.json of a run's folder, if it has one, beside what it publishes."""
    if (folder / FILE).is_file():
        with replacing(exports / FILE) as handle:
            handle.write((folder / FILE).read_bytes())


def write(folder: Path, index: Index) -> None:
    """Write vocabularies.json into `folder`."""
    content = msgspec.json.encode(vocabularies(index))
    with replacing(folder / FILE) as handle:
        handle.write(msgspec.json.format(content, indent=1) + b"\n")
