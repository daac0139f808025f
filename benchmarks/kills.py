"""Kills `kg run` at random moments and compares what it leaves, once finished, byte for byte.

usage: python benchmarks/kills.py [--kills 200] [--pages 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import tiny


def killed(command: list[str], seconds: float) -> bool:
    """Start it, kill it and all its processes after so long; whether it still ran."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return True
    return False


def one_round(place: Path, dice: random.Random, count: int, kills: int) -> tuple[int, bool]:
    """Kill a first run or an update a few times, finish it; how often, and whether it is equal."""
    pages, out, whole = place / "pages", place / "out", place / "whole"
    shutil.rmtree(whole, ignore_errors=True)
    started = time.monotonic()
    tiny.run(pages, whole).check_returncode()
    longest, done = time.monotonic() - started, 0
    if dice.random() < 0.5:
        shutil.rmtree(out, ignore_errors=True)
    for _ in range(kills):
        command = tiny.command(pages, out, "--jobs", str(dice.randint(1, 3)))
        done += killed(command, dice.uniform(0.1, longest))
    tiny.run(pages, out).check_returncode()
    equal = tiny.contents(out) == tiny.contents(whole)
    changed = dice.randint(1, count)
    text = tiny.page(1000 + dice.randint(1, 10_000), dice.choice(("is", "may be")))
    (pages / f"page-{changed:04}.txt").write_text(text, encoding="utf-8")
    return done, equal


def main() -> None:
    """Print one JSON object; exit code 1 where any round left other bytes."""
    parser = argparse.ArgumentParser()
    for name, default in (("kills", 200), ("pages", 60), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    told = parser.parse_args()
    dice, kills, rounds, wrong = random.Random(told.seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        tiny.pages(Path(name) / "pages", told.pages)
        while kills < told.kills:
            done, equal = one_round(Path(name), dice, told.pages, min(4, told.kills - kills))
            kills, rounds, wrong = kills + done, rounds + 1, wrong + (not equal)
    print(json.dumps({"kills": kills, "rounds": rounds, "rounds_with_other_bytes": wrong}))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
