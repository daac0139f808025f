"""Exports to load: those of the sample release, and rows with everything that breaks loaders."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import sample_release
from msgspec import structs

from kg import exports
from kg.exports import kgx_cells
from kg.files import replacing
from kg.loads.published import FILES

TEXTS = (
    'said "no", then left', "two\nlines", "old\r\nlines\rof Macs", "a|b || c", "semi;colon",
    "comma, [bracket] {brace}", "back\\slash \\n \\", "it's", "''", '"', "  spaces  ", "\ttab",
    "NULL", "null", "\\N", "true", "=1+1", "-5", "汗腺癌 Ḥ é é 😀 עברית",
    "line\u2028para\u2029next\x85",
    "x" * 200_000, "$1 ${a} %s {0} `b`", "// no comment -- none", "<b>&amp;</b>",
)
LISTS: tuple[list[str], ...] = (
    ["one"], ["a|b", "c;d", 'e"f', "g\nh", ""], [""], [],
    ["a, b", "[c]", "'d'", "\\"], ["x"] * 3, ["汗", "😀"], [" "],
)
STUDY = [{"id": "rarekg:page/1", "has_study_results": [
    {"supporting_text": ['said "no"\n|;\\'], "subject_location_in_text": [0, 9]}]}]


def released(folder: Path) -> Path:
    """The sample release with all its exports."""
    where = sample_release.write(folder)
    exports.write(where / "graph.nq", where / "exports")
    return where


def hostile(folder: Path) -> Path:
    """The sample release, but its rows of KGX have every text and list in every column."""
    where = released(folder)
    replaced(where, "nodes", [node(number) for number in range(len(TEXTS))])
    replaced(where, "edges", [edge("plain", number) for number in range(len(TEXTS))])
    replaced(where, "qualified_edges",
             [edge("denied", number) | {"negated": True} for number in range(len(TEXTS))])
    return where


def node(number: int) -> dict[str, Any]:
    """A node whose cells are hostile, of one of three categories."""
    kinds = ("biolink:Disease", "biolink:Drug", "biolink:NamedThing")
    row = _cells(kgx_cells.NODES, number)
    categories = [kinds[number % 3], "biolink:Äther"][:1 + number % 2]
    return row | {"id": f"X:{number}", "category": categories}


def edge(kind: str, number: int) -> dict[str, Any]:
    """An edge whose cells are hostile, of one of two predicates."""
    row = _cells(kgx_cells.EDGES, number)
    return row | {
        "id": f"rarekg:{kind}/{number}", "category": ["biolink:Association"],
        "subject": f"X:{number}",
        "predicate": ("biolink:treats", "biolink:causes")[number % 2],
        "object": f"X:{(number * 7 + 1) % len(TEXTS)}", "negated": False}


def _cells(columns: tuple[str, ...], number: int) -> dict[str, Any]:
    """A cell for each column; every fifth row has none but what it must have."""
    if number % 5 == 4:
        return {"category": ["biolink:Association"]}
    row: dict[str, Any] = {}
    for place, column in enumerate(columns, number):
        if column in kgx_cells.LISTS:
            row[column] = LISTS[place % len(LISTS)]
        elif column in kgx_cells.COUNTS:
            row[column] = (0, -1, 2**53)[place % 3]
        elif column in kgx_cells.SHARES:
            row[column] = (0.1, 100.0, 33.3333)[place % 3]
        elif column in kgx_cells.NESTED:
            row[column] = STUDY
        elif column not in kgx_cells.FLAGS:
            row[column] = TEXTS[place % len(TEXTS)]
    return row


def replaced(where: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write a file of KGX and enter it in the manifest, as if it had been published so."""
    path = where / "exports" / FILES[name]
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    listed(where, FILES[name], len(rows))


def listed(where: Path, name: str, count: int) -> None:
    """The manifest has the SHA-256 and this count of a file."""
    manifest = exports.read_manifest(where / "exports")
    assert manifest
    digest = hashlib.sha256((where / "exports" / name).read_bytes()).hexdigest()
    files = tuple(structs.replace(one, sha256=digest, count=count) if one.path == name else one
                  for one in manifest.files)
    with replacing(where / "exports" / exports.MANIFEST) as out:
        out.write(exports.encoded(structs.replace(manifest, files=files)))
