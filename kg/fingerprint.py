"""What decides a page's outcome besides its bytes: program, rules, vocabularies and settings."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import structs

from .files import shipped
from .pipeline import Settings
from .version import VERSION

RULES = ("data", "ontology", "shapes")
PACKAGE = Path(__file__).resolve().parent
# What reads, writes or checks a page besides our own code.
LIBRARIES = ("lxml", "msgspec", "pyoxigraph", "pyshacl", "rdflib", "shacl")


def fingerprint(settings: Settings, index: Path) -> str:
    """Changes whenever every page's outcome may: the code, its tables, shapes, libraries, the
    vocabulary index (its file is named after what is in it) and the settings.

    People's decisions are left out: they concern a page or not (`key`).
    """
    known = hashlib.sha256()
    for part in _parts(settings, index):
        known.update(part + b"\0")
    return known.hexdigest()


def _parts(settings: Settings, index: Path) -> Iterator[bytes]:
    undecided = structs.replace(settings, curation=b"", curation_file="")
    yield f"{VERSION} {sys.version_info[:2]} {index.name} {undecided}".encode()
    for library in LIBRARIES:
        yield f"{library} {_installed(library)}".encode()
    for root in (PACKAGE, *map(shipped, RULES)):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in {".pyc", ".pyo"}:
                yield path.relative_to(root).as_posix().encode()
                yield path.read_bytes()


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def key(known: str, name: str, data: bytes, decided: str = "") -> bytes:
    """Tells a page's outcome from every other: 16 bytes over `known`, its name and its bytes, and
    over `decided`, which tells what people decided on it (`Curation.about`)."""
    start = f"{known}\0{name}\0{decided}\0"
    made = hashlib.blake2b(start.encode("utf-8", "replace"), digest_size=16)
    made.update(data)
    return made.digest()
