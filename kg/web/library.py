"""The pages as they were read, and other look-ups that many views share, kept for the next one."""

from __future__ import annotations

import csv
import zlib
from functools import cached_property, lru_cache

import msgspec

from ..facts import Facts
from ..mappings import FILE as MAPPINGS
from ..model import Document
from .prepared import Prepared

KEPT = 256  # documents: some 10 MB


class Library:
    """Look-ups in a prepared folder; threads may share one."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.shortener = prepared.shortener
        self.name = self.shortener.name
        self.document = lru_cache(maxsize=KEPT)(self._document)
        self.last: tuple[str, Facts] | None = None  # of a disease: its pages are asked for next

    def _document(self, name: str) -> Document | None:
        row = self.prepared.nodes.index.execute(
            "SELECT content FROM documents WHERE id = ?", (name,)).fetchone()
        return msgspec.json.decode(zlib.decompress(row[0]), type=Document, strict=False) \
            if row else None

    @cached_property
    def mapped(self) -> dict[str, list[tuple[str, str]]]:
        """Identifiers of other sources and how they are related, by the CURIE that they mean."""
        file = self.prepared.folder / MAPPINGS
        found: dict[str, list[tuple[str, str]]] = {}
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as lines:
                rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t",
                                      quoting=csv.QUOTE_NONE)
                for row in rows:
                    if row["predicate_id"].startswith("skos:"):
                        found.setdefault(row["object_id"], []).append(
                            (row["subject_id"], row["predicate_id"].removeprefix("skos:")))
        return found


@lru_cache(maxsize=4)
def library(prepared: Prepared) -> Library:
    """The library of a prepared folder, the same one each time."""
    return Library(prepared)
