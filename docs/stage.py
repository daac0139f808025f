"""Puts the pages of the documentation into one folder for MkDocs, with links that work there.

usage: python docs/stage.py build/docs && mkdocs build
"""

from __future__ import annotations

import re
import shutil
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BESIDE = ("BENCHMARKS.md", "CHANGELOG.md")  # pages of the checkout that are part of it
_LINK = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+|docs/|decisions/)([^)#]+)(#[^)]*)?\)")


def stage(folder: Path) -> None:
    """The folder holds the documentation and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(ROOT / "decisions", folder / "decisions")
    for name in BESIDE:
        shutil.copyfile(ROOT / name, folder / name)
    for page in sorted(folder.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        page.write_text(_LINK.sub(partial(_link, page, folder), text), encoding="utf-8")


def _link(page: Path, folder: Path, found: re.Match[str]) -> str:
    """A link of the checkout as it works in the folder; what is only in the checkout is named."""
    words, begin, rest, anchor = found.groups(default="")
    depth = len(page.relative_to(folder).parts) - 1
    target = f"{'' if begin.startswith('..') else begin}{rest}".removeprefix("docs/")
    if begin.startswith("..") and (page.parent / (begin + rest)).is_file():
        return found.group()
    if (folder / target).is_file():
        return f"[{words}]({'../' * depth}{target}{anchor})"
    return f"{words} (`{rest}`)"


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
