"""The ontologies that cellxgene-ontology-guide ships: zstandard-compressed JSON by CURIE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from ...errors import DataError
from ...jsonl import UNREADABLE
from .. import unpacking
from ..term import Report, Term, category, former

_NAME = re.compile(r"^[A-Za-z]+-ontology-v?([\w.-]+?)\.json\.zst$")

# Classes below these are not what their prefix says: qualities of diseases ("rare", "acquired"),
# and CHEBI's uses of a substance ("anti-arrhythmia drug").
APPLICATION = "CHEBI:33232"
BRANCHES = {"MONDO:0021125": "modifier", APPLICATION: "drug"}
# Only below this root does UBERON name parts of a body, not stages of a life.
_ANATOMY = "UBERON:0001062"
# Only labels of plain words are kept of CHEBI: systematic names never stand on a disease page.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z-]{2,}(?: [A-Za-z-]+){0,2}")
_PLAIN_LENGTH = 32


class _Entry(Struct):
    ancestors: dict[str, int]
    label: str
    deprecated: bool
    synonyms: list[str] = []
    replaced_by: str = ""


def accepts(name: str, start: bytes) -> bool:
    """Whether this is a zstandard file named as the package names them."""
    return start.startswith(unpacking.ZSTANDARD) and bool(_NAME.match(name))


def version(path: Path, _start: bytes) -> str:
    """The release in the file's name: "2026-05-05"."""
    found = _NAME.match(path.name)
    return found.group(1) if found else ""


def read(path: Path, _report: Report) -> Iterator[Term]:
    """Every class; raises DataError where the file is damaged."""
    try:
        entries = msgspec.json.decode(unpacking.content(path), type=dict[str, _Entry])
    except UNREADABLE as error:
        raise DataError(path, 0, f"damaged: {error}") from None
    for curie, entry in entries.items():
        kind = _category(curie, entry)
        if kind:
            yield _term(curie, entry, kind)


def _category(curie: str, entry: _Entry) -> str:
    for root, kind in BRANCHES.items():
        if root in entry.ancestors or curie == root:
            return kind
    if curie.startswith("UBERON:") and _ANATOMY not in entry.ancestors:
        return ""
    if not curie.startswith("CHEBI:"):
        return category(curie)
    return "chemical" if plain(entry.label) and not entry.deprecated else ""


def plain(label: str) -> bool:
    """Whether a substance's label could stand on a page: up to three short words of letters."""
    return len(label) <= _PLAIN_LENGTH and bool(_PLAIN.fullmatch(label))


def _term(curie: str, entry: _Entry, kind: str) -> Term:
    return Term(
        curie, former(entry.label) if entry.deprecated else entry.label, kind,
        tuple((name, "exact") for name in entry.synonyms if name != entry.label), (),
        entry.replaced_by, entry.deprecated,
        tuple(sorted(parent for parent, distance in entry.ancestors.items() if distance == 1)),
    )
