"""The README is true: its commands work and its examples are what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(scope="module")
def readme() -> str:
    """The text of the README; the tests of an installed package have none."""
    if not README.is_file():
        pytest.skip("the README is only in a checkout")
    return README.read_text(encoding="utf-8")


def commands(readme: str) -> list[str]:
    """The kg commands of the section "Use" that need nothing beside the checkout."""
    block = re.search(r"## Use\n\n```console\n(.*?)```", readme, re.DOTALL)
    assert block
    lines = [line.removeprefix("$ ").partition("  #")[0] for line in block.group(1).splitlines()]
    return [line for line in lines if "../shared" not in line]


def test_every_command_of_the_readme_works(readme: str, tmp_path: Path) -> None:
    """Typed one after the other in an empty folder, each ends with 0."""
    typed = commands(readme)
    assert len(typed) >= 8
    for line in typed:
        words = shlex.split(line)
        assert words[0] == "kg"
        done = subprocess.run([sys.executable, "-m", "kg", *words[1:]], cwd=tmp_path, check=False,
                              capture_output=True, env=os.environ | path())
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"


def path() -> dict[str, str]:
    """Where the package is, for a process in another folder."""
    return {"PYTHONPATH": str(README.parent)}


def test_the_six_lines_of_turtle_are_what_comes_out(readme: str) -> None:
    """The first screen quotes the committed export, character by character."""
    block = re.search(r"```turtle\n(.*?)```", readme, re.DOTALL)
    assert block
    export = (README.parent / "exports/graph.ttl").read_text(encoding="utf-8")
    assert block.group(1) in export


def test_links_of_the_readme_lead_somewhere(readme: str) -> None:
    """No link to a file that is not there."""
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (README.parent / target).exists(), target


PYTHON = Path(__file__).parents[1] / "docs/python.md"


def test_python_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of docs/python.md runs, and every command beside them."""
    if not PYTHON.is_file():
        pytest.skip("the documentation is only in a checkout")
    text = PYTHON.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = [sys.executable, "-m", "kg"]
    subprocess.run([*run, "run", "-o", "out", "--format", "csv"], check=True,
                   capture_output=True, env=os.environ | path())
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), {})
    (typed,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    for line in typed.splitlines():
        words = shlex.split(line.removeprefix("$ kg ").partition("  #")[0])
        subprocess.run([*run, *words], check=True, capture_output=True, env=os.environ | path())
