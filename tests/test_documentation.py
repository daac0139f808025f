"""The documentation is true: every command block runs, the reference is what the code says."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import reference
from kg.cli import cli
from kg.files import shipped

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\S*)(?: title=\"([^\"]+)\")?\n(.*?)^```", re.DOTALL | re.MULTILINE)
# Needs what a test has not: a server, somebody's name, the shared corpus, a gold file of one's own.
ELSEWHERE = re.compile(
    r"--uri|node_modules|\bkg serve|--by |\.\./shared|mine\.jsonl|…|\.\. --check|&&")
EXTRAS = {"ladybug": "ladybug", "duckdb": "duckdb", "site": "jinja2", "kgx-parquet": "duckdb",
          "dask": "distributed", "spark": "pyspark"}
ENDS = {"diff": 1}  # commands whose exit code says something else than "it worked"
PAGES = [path.name for path in sorted(DOCS.glob("*.md"))] if DOCS.is_dir() else []


def blocks(page: str, language: str) -> Iterator[tuple[str, str]]:
    """The title and text of each fenced block of a language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for name, title, body in FENCE.findall(text):
        if name == language:
            yield title, body


def commands(page: str) -> list[str]:
    """The kg commands of a page's console blocks, joined where a line ends in a backslash."""
    lines = (line for _, body in blocks(page, "console")
             for line in body.replace("\\\n", " ").splitlines())
    typed = (line.removeprefix("$ ").partition("  #")[0].partition(" | ")[0].strip()
             for line in lines if line.startswith("$ kg "))
    return [line for line in typed if not ELSEWHERE.search(line)]


def missing(words: list[str]) -> bool:
    """Whether a command needs a package that is not installed."""
    return any(importlib.util.find_spec(package) is None
               for word, package in EXTRAS.items() if word in words)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example pages, published once, as most pages of the documentation begin."""
    out = tmp_path_factory.mktemp("documented") / "out"
    assert CliRunner().invoke(cli, ["run", "-o", str(out)]).exit_code == 0
    return out


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_works(
    page: str, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed one after the other in a folder with the example pages and their graph."""
    monkeypatch.chdir(tmp_path)
    files = list(blocks(page, "markdown"))
    if not files:
        shutil.copytree(shipped("data/pages"), tmp_path / "pages")
        shutil.copytree(published, tmp_path / "out")
    for title, body in files:
        (tmp_path / title).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / title).write_text(body, encoding="utf-8")
    (tmp_path / "curation.tsv").write_text("statement\tdecision\tby\ton\n", encoding="utf-8")
    for line in commands(page):
        words = shlex.split(line)
        if missing(words):
            continue
        done = CliRunner().invoke(cli, words[1:])
        assert done.exit_code in {0, ENDS.get(words[1], 0)}, f"{line}\n{done.output}"


def test_most_pages_have_commands_that_run() -> None:
    """The rule that leaves commands out does not leave out nearly all."""
    assert sum(len(commands(page)) for page in PAGES) > 40


def test_the_tutorial_shows_what_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of its excerpt stands in what kg show prints."""
    (title, body), = blocks("tutorial.md", "markdown")
    monkeypatch.chdir(tmp_path)
    Path(title).parent.mkdir()
    Path(title).write_text(body, encoding="utf-8")
    assert CliRunner().invoke(cli, ["run", "pages", "-o", "out"]).exit_code == 0
    shown = CliRunner().invoke(cli, ["show", "out", "MONDO:0018153"]).output
    (_, excerpt), = blocks("tutorial.md", "text")
    for line in excerpt.splitlines():
        assert line in shown.splitlines()
    explained = re.findall(r"\$ kg explain out (\S+)", (DOCS / "tutorial.md").read_text())
    assert explained
    assert all(one in shown for one in explained)


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_reference_is_what_the_code_says(name: str) -> None:
    """Made by `python -m kg.reference docs/reference`."""
    if not DOCS.is_dir():
        pytest.skip("the documentation is only in a checkout")
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == reference.PAGES[name]()


def test_the_site_of_the_documentation_has_no_broken_link(tmp_path: Path) -> None:
    """MkDocs in its strict mode, over the staged pages."""
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("needs mkdocs: pip install 'rarekg[docs]'")
    for typed in ([sys.executable, "docs/stage.py", str(tmp_path / "docs")],
                  [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(_settings(tmp_path))]):
        done = subprocess.run(typed, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert (tmp_path / "site" / "index.html").is_file()


def _settings(place: Path) -> Path:
    """The settings of the site with its folders in `place`."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    changed = re.sub(r"build/(docs|site)", lambda found: str(place / found.group(1)), text)
    path = place / "mkdocs.yml"
    path.write_text(changed, encoding="utf-8")
    return path
