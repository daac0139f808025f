"""What an index is made of, and the key that changes with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..files import shipped
from ..text import digest
from . import build, packages


def all_sources(extra: Sequence[Path] = ()) -> tuple[packages.Source, ...]:
    """What an index is made of, the highest rank first: overlay, the user's files, packages."""
    named = tuple(packages.given(path) for path in extra)
    return (packages.overlay() + named + packages.added() + packages.packaged()
            + packages.overlay(gaps=True))


def key(sources: Sequence[packages.Source]) -> str:
    """Changes whenever a source, our overlay, our stop list or the code that reads them does."""
    parts: list[object] = [build.SCHEMA_VERSION]
    code = sorted(Path(__file__).parent.rglob("*.py"))
    parts += [path.read_text(encoding="utf-8") for path in code]
    for source in sources:
        parts += [source.name, source.origin, *_state(Path(source.path), source.origin)]
    for table in ("data/stop.tsv", "data/guard.tsv"):
        parts.append(shipped(table).read_text(encoding="utf-8"))
    return digest(*parts)


def _state(path: Path, origin: str) -> tuple[object, ...]:
    """What tells two states of a file apart: our own tables are small and read, packages have a
    version, and of a user's files (hundreds of megabytes) the time of the last change is enough."""
    if origin == "overlay":
        return path.name, digest(path.read_text(encoding="utf-8"))
    status = path.stat()
    return path.name, status.st_size, status.st_mtime_ns if origin == "added" else 0
