"""The memory of a process that writes exports does not grow with the graph."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest
import sample_release

from kg import exports, ntriples, sorting
from kg.exports import kgx_build, piecewise
from kg.exports.piecewise import Kept
from kg.memory import steadied

STATUS = Path("/proc/self/status")
FORMATS = ("nquads", "turtle", "jsonld", "kgx")
SMALL = 250_000  # bytes of a run and of a range: some forty of the smaller graph
OWN = re.compile(r"\b(MONDO_|)[0-9a-f]{7}([0-9a-f]{9}|)\b")  # what no two pages have in common


def write(source: Path, graph: Path, copies: int) -> None:
    """A graph of so many copies of the pages of another, each with names of its own."""
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    found = ["".join(page) for _, page in groupby(lines, lambda line: line.rpartition(" <")[2])]
    with graph.open("w", encoding="utf-8") as out:
        for number in range(copies):
            for page in found:
                text = OWN.sub(rf"\g<1>{number:07}\g<2>", page)
                out.writelines(sorted(text.splitlines(keepends=True)))


def child(graph: str, folder: str) -> None:
    """Export a graph in small runs and print how much memory that took at most, in bytes."""
    steadied()
    ntriples.MAX_TERMS = 2000  # of the smaller graph, too, not all are kept
    vars(piecewise)["RUN"] = SMALL
    for function in (sorting.in_range, sorting.in_order):
        function.__defaults__ = (SMALL,)
    kgx_build.EACH = SMALL
    forms = [form for form in exports.FORMATS if form.name in FORMATS]
    exports.write(Path(graph), Path(folder), forms, kept=Kept(Path(folder) / "graph.nq"))
    peak = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) << 10)


def peak(graph: Path, folder: Path) -> int:
    """What `child` tells, in a process of its own."""
    code = "import sys, test_flat; test_flat.child(*sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, str(graph), str(folder)], check=True,
                          capture_output=True, cwd=Path(__file__).parent,
                          env={"PYTHONPATH": f"{Path(__file__).parents[1]}:."})
    return int(done.stdout)


@pytest.mark.skipif(not STATUS.is_file(), reason="memory is told by Linux")
def test_four_times_the_quads_need_the_same_memory(tmp_path: Path) -> None:
    """Neither lines nor writers, nor what they know of terms, pile up range after range."""
    source = sample_release.write(tmp_path) / "graph.nq"
    found = []
    for copies in (60, 240):
        graph = tmp_path / f"graph-{copies}.nq"
        write(source, graph, copies)
        found.append(peak(graph, tmp_path / f"exports-{copies}"))
    assert found[1] <= 1.2 * found[0] + 4_000_000, found
