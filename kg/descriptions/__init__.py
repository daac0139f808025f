"""Descriptions of a published folder for catalogues and crawlers, in one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from ..exports import read_manifest
from ..exports.syntaxes import TURTLE
from ..files import replacing
from ..jsonl import UNREADABLE
from . import croissant, dcat, examples, hcls, rocrate, void, webpage
from .about import About
from .dataset import Dataset, read
from .terms import Triples

ABOUT = "descriptions/about.json"


class Description(Struct, frozen=True):
    """One file: its path below exports/ and how it is written."""

    name: str
    media_type: str
    file: str
    write: Callable[[Dataset, Path, IO[bytes]], None]


def _rdf(make: Callable[[Dataset], Triples]) -> Callable[[Dataset, Path, IO[bytes]], None]:
    def write(dataset: Dataset, _folder: Path, out: IO[bytes]) -> None:
        TURTLE.write(make(dataset).lines(), out)

    return write


def _json(make: Callable[[Dataset], Any]) -> Callable[[Dataset, Path, IO[bytes]], None]:
    def write(dataset: Dataset, _folder: Path, out: IO[bytes]) -> None:
        out.write(encoded(make(dataset)))

    return write


def _croissant(dataset: Dataset, folder: Path, out: IO[bytes]) -> None:
    out.write(encoded(croissant.document(dataset, folder)))


# One line for each description; the two that name files by their path lie beside them.
DESCRIPTIONS: tuple[Description, ...] = (
    Description("void", "text/turtle", "descriptions/void.ttl", _rdf(void.triples)),
    Description("dcat", "text/turtle", "descriptions/dcat.ttl", _rdf(dcat.triples)),
    Description("hcls", "text/turtle", "descriptions/hcls.ttl", _rdf(hcls.triples)),
    Description("sparql-examples", "text/turtle", "descriptions/sparql-examples.ttl",
                _rdf(examples.triples)),
    Description("schemaorg", "application/ld+json", "descriptions/dataset.jsonld",
                _json(webpage.document)),
    Description("ro-crate", "application/ld+json", rocrate.FILE, _json(rocrate.document)),
    Description("croissant", "application/ld+json", "croissant.json", _croissant),
)


class Kept(Struct, frozen=True):
    """The options of the last description, and the graph that they were given for."""

    graph: str
    about: About


def encoded(document: Any) -> bytes:
    """A JSON document as its file has it."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def write(dataset: Dataset, exports: Path, out: Path) -> Iterator[Path]:
    """Write every description of the files in `exports` below `out`; yields each file.

    The options are kept beside them, so that a server says the same.
    """
    (out / "descriptions").mkdir(parents=True, exist_ok=True)
    for one in DESCRIPTIONS:
        with replacing(out / one.file) as handle:
            one.write(dataset, exports, handle)
        yield out / one.file
    with replacing(out / ABOUT) as handle:
        kept = msgspec.json.encode(Kept(dataset.graph, dataset.about))
        handle.write(msgspec.json.format(kept, indent=1) + b"\n")


def told(folder: Path) -> About:
    """The options of the last `kg describe` of a folder; its date only for the graph it was of."""
    try:
        found = msgspec.json.decode((folder / "exports" / ABOUT).read_bytes(), type=Kept)
    except (FileNotFoundError, *UNREADABLE):
        return About()
    manifest = read_manifest(folder / "exports")
    if manifest and manifest.graph != found.graph:
        return msgspec.structs.replace(found.about, date="", version="", identifier="")
    return found.about


def everything(dataset: Dataset) -> Triples:
    """VoID, DCAT and HCLS in one graph: what /.well-known/void answers."""
    found = void.triples(dataset)
    for other in (dcat.triples(dataset), hcls.triples(dataset)):
        found.extend(other)
    return found


__all__ = ["DESCRIPTIONS", "About", "Dataset", "Description", "encoded", "everything", "read",
           "told", "write"]
