"""The committed exports/ are what the example pages give now."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.provenance import vocabularies
from kg.vocab.index import open_index

COMMITTED = Path(__file__).parents[1] / "exports"
VERSIONS = COMMITTED / "vocabularies.json"


def rebuilt(out: Path) -> Path:
    """The example pages, published into a new folder."""
    subprocess.run([sys.executable, "-m", "kg", "run", "-o", str(out)], check=True,
                   capture_output=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    return out / "exports"


def test_the_committed_exports_are_rebuilt_byte_by_byte(tmp_path: Path) -> None:
    """With the vocabularies they were made with; other versions give other labels."""
    if not VERSIONS.is_file():
        pytest.skip("the committed exports are only in a checkout")
    here = {one.name: one.version for one in vocabularies(open_index())}
    kept = json.loads(VERSIONS.read_text(encoding="utf-8"))
    if {one["name"]: one["version"] for one in kept} != here:
        pytest.skip("made with other vocabulary versions; see the dev extra for the exact ones")
    made = rebuilt(tmp_path)
    names = {path.relative_to(made).as_posix()
             for path in made.rglob("*") if path.is_file()} - {VERSIONS.name}
    kept = {path.relative_to(COMMITTED).as_posix()
            for path in COMMITTED.rglob("*") if path.is_file()} - {VERSIONS.name, "README.md"}
    assert names == kept
    differing = [name for name in sorted(names)
                 if (made / name).read_bytes() != (COMMITTED / name).read_bytes()]
    assert differing == [], "rebuild with `python benchmarks/exports.py` and review the difference"
