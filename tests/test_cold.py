"""What a process that publishes one page does not even import."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

# What takes long to import, or opens connections, and no page needs.
SPARED = ("rdflib", "pyshacl", "networkx", "http.client", "ssl", "urllib.request",
          "concurrent.futures.process")
RUN = f"""
import sys
from kg.cli import main
try:
    main(["run", "-o", sys.argv[1], "--shacl-engine", "shacl"])
except SystemExit as done:
    assert not done.code, done.code
print(*(name for name in {SPARED} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.skipif(not find_spec("shacl"), reason="the fast SHACL engine is not installed")
def test_a_page_is_published_without_what_it_does_not_need(tmp_path: Path) -> None:
    """All default exports are written, and none of the slow libraries was imported."""
    done = subprocess.run([sys.executable, "-c", RUN, str(tmp_path / "out")], check=True,
                          capture_output=True, text=True)
    assert done.stderr.split() == []
    assert (tmp_path / "out" / "exports" / "graph.graphml").stat().st_size > 1000
