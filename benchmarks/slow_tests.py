"""Which tests `pytest -m "not slow"` leaves out, of what each took in a run of them all.

usage: python benchmarks/slow_tests.py whole.xml quick.xml > tests/slow.txt

Slow are the functions of which one test takes, on average, more than a 5,000th of the time of all
tests, or all of whose tests take more than a 300th; and, of the tests that are left then, the files
of which one takes more than a 100th of the rest: what such a file sets up moves from test to test.
They are shares, so that it matters less how busy the machine is.  The reports are made by `pytest
--junitxml=whole.xml` and, with the functions in tests/slow.txt, by the same with -m "not slow".
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

ONE, ALL, FILE = 1 / 5000, 1 / 300, 1 / 100


def times(report: Path) -> dict[str, list[float]]:
    """What each test of a function took, by `tests/test_x.py::test_y`."""
    took: dict[str, list[float]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("name", "").partition("[")[0]
        file = case.get("classname", "").replace(".", "/")
        took[f"{file}.py::{name}"].append(float(case.get("time", 0)))
    return took


def functions(report: Path) -> set[str]:
    """The slow functions of a run of all tests."""
    took = times(report)
    whole = sum(map(sum, took.values()))
    return {name for name, each in took.items()
            if sum(each) / len(each) > ONE * whole or sum(each) > ALL * whole}


def files(report: Path) -> set[str]:
    """The files that are slow although their slow functions are left out."""
    took = times(report)
    whole = sum(map(sum, took.values()))
    return {name.partition("::")[0] for name, each in took.items() if max(each) > FILE * whole}


if __name__ == "__main__":
    whole_files = files(Path(sys.argv[2]))
    print(*sorted(whole_files | {name for name in functions(Path(sys.argv[1]))
                                 if name.partition("::")[0] not in whole_files}), sep="\n")
