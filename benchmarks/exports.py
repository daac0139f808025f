"""Rebuilds the committed exports/ from the example pages; review what changed, then commit."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMMITTED = Path(__file__).parents[1] / "exports"


def main() -> None:
    """Replace everything below exports/ but its README."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([sys.executable, "-m", "kg", "run", "-o", out], check=True)
        for path in COMMITTED.iterdir():
            if path.name != "README.md":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(Path(out) / "exports", COMMITTED, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
