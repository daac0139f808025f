"""N-Triples, N-Quads and the context as files of their own: what the release has, copied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

from ..splicing import copied
from .jsonld import context, context_for
from .release import Release

BLOCK = 1 << 20


def _copied(path: Path, out: IO[bytes]) -> int:
    """Copy a file of lines; returns how many lines it has."""
    with path.open("rb") as lines:
        copied(lines, 0, path.stat().st_size, out)
    return count(path)


def count(path: Path) -> int:
    """How many lines a file has."""
    with path.open("rb") as lines:
        return sum(block.count(b"\n") for block in iter(lambda: lines.read(BLOCK), b""))


def write_ntriples(release: Release, out: IO[bytes]) -> int:
    """Write the merged graph as sorted N-Triples; returns the number of triples."""
    return _copied(release.triples, out)


def write_nquads(release: Release, out: IO[bytes]) -> int:
    """Write every graph as sorted N-Quads; returns the number of quads."""
    return _copied(release.quads, out)


def write_context(release: Release, out: IO[bytes]) -> int:
    """Write the JSON-LD context on its own; returns the number of its entries."""
    names = context_for(release.prefixes, context())
    out.write(json.dumps({"@context": names}, ensure_ascii=False, indent=1).encode() + b"\n")
    return len(names)
