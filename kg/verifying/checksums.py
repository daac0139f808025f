"""SHA256SUMS: the sum of every file of a release, as coreutils' sha256sum writes and checks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .exported import sha256
from .finding import Finding

FILE = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def files(folder: Path) -> Iterator[str]:
    """Every file below a folder but the sums and what signs them, by its path."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(FILE):
            yield name


def lines(folder: Path, names: Iterable[str]) -> bytes:
    """The content of SHA256SUMS for these files."""
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in names).encode()


def findings(folder: Path) -> Iterator[Finding]:
    """Files of a release that are not those that were summed; nothing where there are no sums."""
    path = folder / FILE
    if not path.is_file():
        return
    listed: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found and found[2] not in listed:
            listed[found[2]] = number, found[1]
        elif line:
            yield Finding(FILE, number, 1, len(line) + 1, "checksum",
                          "not a line of sums, or twice", found=line)
    there = set(files(folder))
    for name in sorted(there - listed.keys()):
        yield Finding(name, 0, 0, 0, "checksum", f"not in {FILE}")
    for name, (number, digest) in listed.items():
        if name not in there:
            yield Finding(FILE, number, 1, 65, "checksum", f"{name} is not there")
        elif (found_now := sha256(folder / name)) != digest:
            yield Finding(name, 0, 0, 0, "checksum", f"not the file of line {number} of {FILE}",
                          "", digest, found_now)
