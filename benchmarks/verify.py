"""How many of N single-point corruptions of a release `kg verify` finds, by kind.

    python benchmarks/verify.py RELEASE --pages PAGES -n 1000

Each corruption changes one thing of an otherwise intact copy: a character, an id, a label, a
quote, a line dropped, doubled or moved.  "without sums" counts those that are found by what the
files say, not by SHA256SUMS alone.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kg import jsonl
from kg.model import Document
from kg.sources.walk import pages as walk
from kg.verifying import Asked, verify

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
STAGES = ("documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl", "graph.nq")
EVERY = 100  # corruptions after which is told how it stands
Edit = Callable[[bytes, random.Random], bytes]


def character(content: bytes, chance: random.Random) -> bytes:
    """One letter or digit is another."""
    places = [found.start() for found in re.finditer(rb"[a-z0-9]", content)]
    return _replaced(content, chance.choice(places), chance)


def _replaced(content: bytes, at: int, chance: random.Random) -> bytes:
    other = chance.choice([one for one in LETTERS if one.encode() != content[at:at + 1]])
    return content[:at] + other.encode() + content[at + 1:]


def within(pattern: bytes) -> Edit:
    """One letter or digit of what the pattern's group finds is another."""
    def edit(content: bytes, chance: random.Random) -> bytes:
        found = chance.choice([one for one in re.finditer(pattern, content)
                               if re.search(rb"[a-z0-9]", one.group(1))])
        places = [one.start() for one in re.finditer(rb"[a-z0-9]", found.group(1))]
        return _replaced(content, found.start(1) + chance.choice(places), chance)
    return edit


def dropped(content: bytes, chance: random.Random) -> bytes:
    """One line is missing."""
    lines = content.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def doubled(content: bytes, chance: random.Random) -> bytes:
    """One line is there twice."""
    lines = content.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join((*lines[:at + 1], *lines[at:]))


def moved(content: bytes, chance: random.Random) -> bytes:
    """Two unequal lines have changed places."""
    lines = content.splitlines(keepends=True)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def kinds(folder: Path) -> dict[str, tuple[list[str], Edit]]:
    """The kinds of corruption: the files that each may hit, and what it does."""
    below = (folder / "exports").rglob("*")
    exports = sorted(path.relative_to(folder).as_posix() for path in below
                     if path.is_file() and path.name != "manifest.json")
    rest = sorted(path.name for path in folder.iterdir()
                  if path.is_file() and path.name not in STAGES and path.name != "SHA256SUMS")
    return {
        "character of a stage file": (list(STAGES), character),
        "character of a quote": (["claims.jsonl", "statements.jsonl"],
                                 within(rb'"quote":"([^"\\]+)"')),
        "digit of an offset": (["claims.jsonl", "statements.jsonl"],
                               within(rb'"(?:start|end)":(\d+)')),
        "character of an id": (["statements.jsonl"], within(rb'"id":"([^"]+)"')),
        "character of a label": (["statements.jsonl"], within(rb'"label":"([^"\\]+)"')),
        "character of an export": (exports, character),
        "character of the manifest": (["exports/manifest.json"], character),
        "character of another file": (rest, character),
        "character of the sums": (["SHA256SUMS"], character),
        "line dropped": ([*STAGES, *exports], dropped),
        "line doubled": ([*STAGES, *exports], doubled),
        "lines moved": ([*STAGES, "exports/graph.nt", "exports/graph.nq"], moved),
        "character of a page": ([], character),
    }


class Counts:
    """What became of the corruptions of one kind."""

    def __init__(self) -> None:
        self.made = self.found = self.deep = self.named = 0
        self.missed: list[str] = []


def main() -> int:
    """Corrupt, verify, count; 0 if everything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--only", action="append", metavar="KIND", help="Kinds of corruption.")
    asked = parser.parse_args()
    counts = run(asked.release, asked.pages, asked.n, (asked.seed, asked.only))
    shown(counts)
    return int(any(one.made != one.found for one in counts.values()))


def shown(counts: dict[str, Counts]) -> None:
    """The table of what was made and found so far, and the files that only sums told of."""
    print(f"{'kind':28} {'made':>5} {'found':>6} {'file named':>11} {'without sums':>13}")
    for kind, one in counts.items():
        print(f"{kind:28} {one.made:5} {one.found:6} {one.named:11} {one.deep:13}")
    every = [sum(getattr(one, name) for one in counts.values())
             for name in ("made", "found", "named", "deep")]
    print(f"{'all':28} {every[0]:5} {every[1]:6} {every[2]:11} {every[3]:13}")
    shallow = Counter(name for one in counts.values() for name in one.missed)
    told = ", ".join(f"{name} {count}" for name, count in sorted(shallow.items()))
    print(f"only by sums: {told}", flush=True)


def run(
    release: Path, pages: Path, number: int, how: tuple[int, list[str] | None]
) -> dict[str, Counts]:
    """`number` corruptions of a release by a seed, these kinds (or all) in turn.

    Pages that are not in the release, as one that cannot be read, are left alone.
    """
    seed, only = how
    table = {kind: what for kind, what in kinds(release).items() if not only or kind in only}
    chance = random.Random(seed)
    counts = {kind: Counts() for kind in table}
    published = {one.page for one in jsonl.read(release / "documents.jsonl", Document)}
    content = {name: Path(path).read_bytes() for name, path in walk((pages,))
               if not isinstance(path, bytes) and name in published}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "release"
        shutil.copytree(release, folder)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for turn in range(number):
            kind = list(table)[turn % len(table)]
            one(folder, kind, table[kind], content, (chance, counts[kind]))
            if turn % EVERY == EVERY - 1:
                shown(counts)
    return counts


def one(
    folder: Path, kind: str, what: tuple[list[str], Edit], pages: dict[str, bytes],
    told: tuple[random.Random, Counts],
) -> None:
    """One corruption, verified and taken back."""
    (files, edit), (chance, count) = what, told
    name = chance.choice(files or sorted(pages))
    content = pages[name] if not files else (folder / name).read_bytes()
    changed = edit(content, chance)
    if changed == content:
        return
    given: dict[str, str | bytes] = dict(pages)
    if files:
        (folder / name).write_bytes(changed)
    else:
        given[name] = changed
    findings = verify(Asked(folder, given)).findings
    if files:
        (folder / name).write_bytes(content)
    count.made += 1
    count.found += bool(findings)
    deep = [finding for finding in findings if finding.check != "checksum"]
    count.deep += bool(deep)
    count.named += any(name in (finding.file, finding.found) or name in finding.message
                       or finding.file in name for finding in findings)
    if not findings:
        print(f"MISSED {kind}: {name}", flush=True)
    elif not deep:
        count.missed.append(name)


if __name__ == "__main__":
    raise SystemExit(main())
