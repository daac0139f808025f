"""Everything that the descriptions of a run's folder are made from, read once."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from .. import jsonl, opening
from ..errors import UsageError
from ..exports import Written, read_manifest
from ..exports.release import Release
from ..files import scratch
from ..plural import many
from ..prefixes import Prefixes
from ..prefixes import load as load_prefixes
from ..provenance import FILE as VOCABULARIES
from ..provenance import Vocabulary
from ..text import digest
from ..version import VERSION
from .about import About, Agent
from .counting import Statistics, count
from .terms import NAMESPACES

LANDING = "index.html"


class Source(Struct, frozen=True):
    """A site whose pages went in: its address (empty for files without one), licence, pages."""

    url: str
    license: str
    pages: int

    @property
    def key(self) -> str:
        """A short name that stays the same."""
        return digest(self.url, self.license, length=8)

    @property
    def name(self) -> str:
        """What it is, in words."""
        return f"{many(self.pages, 'page')} of {self.url or 'local files'}"


class Dataset(Struct, frozen=True):
    """A published folder as its descriptions see it; `graph` is the SHA-256 of its quads."""

    about: About
    base: str
    prefixes: Prefixes
    graph: str
    files: tuple[Written, ...]
    statistics: Statistics
    sources: tuple[Source, ...]
    vocabularies: tuple[Vocabulary, ...]

    @property
    def url(self) -> str:
        """Where the dataset is served: as told, else at the base of its own IRIs."""
        return self.about.url or self.base

    @property
    def version(self) -> str:
        """As told, else the program's version and the beginning of the graph's hash."""
        return self.about.version or f"{VERSION}+{self.graph[:12]}"

    @property
    def licenses(self) -> tuple[str, ...]:
        """As told, else those that the pages carry."""
        if self.about.license:
            return (self.about.license,)
        return tuple(sorted({source.license for source in self.sources if source.license}))

    @property
    def publisher(self) -> Agent:
        """As told, else whoever stands behind the base IRI."""
        return self.about.publisher or Agent(self.base, self.base)

    @property
    def creators(self) -> tuple[Agent, ...]:
        """As told, else the publisher."""
        return self.about.creators or (self.publisher,)

    def node(self, name: str) -> str:
        """The IRI of a thing that is only described here; it leads to the description."""
        return f"{self.base}void#{name}"

    def download(self, path: str) -> str:
        """Where a file of exports/ can be had."""
        return f"{self.url}download/{path}"


class _Head(Struct, frozen=True):
    """What a description needs of a document."""

    url: str = ""
    license: str = ""


def read(folder: Path, about: About, statistics: Statistics | None = None) -> Dataset:
    """What there is to say of a folder of kg run; `statistics` where they are counted already.

    Raises UsageError where it is no such folder or a file of it cannot be read.
    """
    graph, _ = opening.source(folder)
    base = opening.base(folder)
    prefixes = Prefixes(load_prefixes(base).table | NAMESPACES | {"d": f"{base}void#"})
    manifest = read_manifest(folder / "exports")
    found = statistics or counted(graph, folder, load_prefixes(base))
    return Dataset(about, base, prefixes, manifest.graph if manifest else _sha256(graph),
                   manifest.files if manifest else (), found, sources(folder),
                   vocabularies(folder))


def counted(graph: Path, folder: Path, prefixes: Prefixes) -> Statistics:
    """The numbers of a graph, counted now."""
    with scratch(folder) as place:
        return count(Release(graph, place, prefixes))


def _sha256(graph: Path) -> str:
    with graph.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sources(folder: Path) -> tuple[Source, ...]:
    """The sites and licences of the pages, sorted."""
    path = folder / "documents.jsonl"
    found: Counter[tuple[str, str]] = Counter()
    for document in jsonl.read(path, _Head) if path.is_file() else ():
        found[_site(document.url), document.license] += 1
    return tuple(Source(*key, number) for key, number in sorted(found.items()))


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def vocabularies(folder: Path) -> tuple[Vocabulary, ...]:
    """The entries of vocabularies.json; raises UsageError where it cannot be read."""
    path = folder / VOCABULARIES
    if not path.is_file():
        return ()
    try:
        return tuple(msgspec.json.decode(path.read_bytes(), type=list[Vocabulary]))
    except jsonl.UNREADABLE as error:
        raise UsageError(f"{path}: not a list of vocabularies: {error}") from None
