"""Small pages by the dozen, and what a run into a folder left there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from kg.ledger import FOLDER

PAGE = """Disease {number} of the test

Summary
Disease {number} of the test is a rare condition. It affects about {number} in 100,000 people.
Smoking increases the risk of disease {number} of the test.

Symptoms
People with this condition may have fever, seizures and muscle weakness.

Treatment
Treatment may include surgery and physical therapy number {number}. Aspirin {verb} used.

Prognosis
The five-year survival rate is {number}%.
"""


def page(number: int, verb: str = "is") -> str:
    """The text of a page; two verbs make two pages."""
    return PAGE.format(number=number, verb=verb)


def pages(folder: Path, count: int) -> Path:
    """A folder with that many pages; every tenth is a copy of another or cannot be read."""
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        text = "" if number % 20 == 0 else page(number - 1 if number % 20 == 10 else number)
        (folder / f"page-{number:04}.txt").write_text(text, encoding="utf-8")
    return folder


def command(pages: Path, out: Path, *more: str) -> list[str]:
    """`kg run` as a process of its own."""
    return [sys.executable, "-m", "kg", "run", str(pages), "-o", str(out), "--json", *more]


def run(pages: Path, out: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    """A run to its end, in a process of its own."""
    return subprocess.run(command(pages, out, *more), capture_output=True, check=False,
                          env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})


def killed(command: list[str], seconds: float, **where: Any) -> bool:
    """Start it, kill it and all its processes after so long; whether it still ran.

    `where` are the working folder and the environment, as subprocess takes them.
    """
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True, **where)
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return True
    return False


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its relative name, but for what a run keeps for the next."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and FOLDER not in path.parts}
