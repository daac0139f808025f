"""Every reader keeps the contract of fuzz_contract: a fixed budget of inputs in each test run."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzz_contract import ROOT, Finding, broken
from fuzz_mutations import STEPS, mutated
from fuzz_targets import TARGETS, folder, index
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.vocab.index import open_index

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, sets timers")
BUDGET = 40  # mutated inputs of each reader
SLOW = {"all stages": 6, "graph and patterns": 15, "stage files": 15}


@pytest.fixture(autouse=True, scope="module")
def made() -> None:
    """What every reader needs is written before the watch is on."""
    folder()
    index()
    open_index()  # articles are read with it


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_seeds(name: str, tmp_path: Path) -> None:
    """A few seeds and their mutations, the same ones each time: no finding."""
    target, random = TARGETS[name], Random(name)
    seeds = [data[:target.longest] for data in target.seeds()]
    number = SLOW.get(name, BUDGET)
    inputs = [*seeds[:number // 3], *(
        mutated(random.choice(seeds), random, seeds, target.longest) for _ in range(number))]
    for data in inputs:
        assert not broken(target.run, tmp_path, data), data


@pytest.mark.parametrize("name", ["any page", "obo", "vocabulary tables", "stage files", "kgx",
                                  "drug dictionary", "parameters", "web", "nquads"])
@settings(max_examples=15, deadline=None, derandomize=True, database=None,
          phases=[Phase.generate, Phase.shrink],
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), data=st.binary(max_size=100), place=st.integers(0, 10_000))
def test_anything_at_all(
    name: str, text: str, data: bytes, place: int, tmp_path: Path
) -> None:
    """Any text and any bytes, alone and put into a seed: no finding."""
    target = TARGETS[name]
    seed = target.seeds()[0][:target.longest]
    middle = place % (len(seed) + 1)
    for one in (text.encode("utf-8", "surrogatepass") + data,
                seed[:middle] + text.encode("utf-8", "surrogatepass") + data + seed[middle:]):
        assert not broken(target.run, tmp_path, one), one


# ---------------------------------------------------------------- the watch itself


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    """A connection, a process, a file outside, a crash, a hang in waiting: each is found."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"

    def connects(_place: Path, _data: bytes) -> None:
        with socket.socket() as one:
            one.settimeout(0.1)
            one.connect_ex(("127.0.0.1", 9))

    def starts(_place: Path, _data: bytes) -> None:
        subprocess.run(["/bin/true"], check=True)

    def writes(_place: Path, _data: bytes) -> None:
        outside.write_bytes(b"")

    def reads(_place: Path, _data: bytes) -> None:
        Path("/etc/hostname").read_bytes()

    def fails(_place: Path, _data: bytes) -> None:
        raise KeyError("x")

    def kinds(found: list[Finding]) -> set[str]:
        return {one.kind for one in found}

    assert "call" in kinds(broken(connects, tmp_path, b""))
    assert "call" in kinds(broken(starts, tmp_path, b""))
    assert "file" in kinds(broken(writes, tmp_path, b""))
    assert "file" in kinds(broken(reads, tmp_path, b""))
    assert "KeyError" in kinds(broken(fails, tmp_path, b""))
    assert not broken(lambda place, data: None, tmp_path, b"")


def test_modules_may_be_imported_wherever_they_are_compiled_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With PYTHONPYCACHEPREFIX too: an import reads there, and writes nothing in an execution."""
    inside, cache = tmp_path / "inside", tmp_path / "cache"
    inside.mkdir()
    monkeypatch.setattr(sys, "pycache_prefix", str(cache))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def imports(_place: Path, _data: bytes) -> None:
        sys.modules.pop("colorsys", None)
        importlib.import_module("colorsys")

    assert not broken(imports, inside, b"")
    assert not cache.exists()
    imports(inside, b"")
    assert list(cache.rglob("colorsys.*.pyc"))
    assert not broken(imports, inside, b"")


def test_the_same_seed_gives_the_same_inputs() -> None:
    """Every step does something, and nothing but the seed decides what."""
    seeds = [b"one 12 (two)\nthree\n", b"other"]
    assert [mutated(seeds[0], Random(3), seeds, 500) for _ in range(3)] == [
        mutated(seeds[0], Random(3), seeds, 500)] * 3
    for step in STEPS:
        results = set()
        for number in range(30):
            made = bytearray(seeds[0])
            step(made, Random(number), seeds)
            results.add(bytes(made))
        assert len(results) > 1, step


def runner(*words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """fuzz.py with these arguments, in a process that did `before` first."""
    path = str(ROOT / "benchmarks" / "fuzz.py")
    code = f"import runpy, sys\n{before}\nrunpy.run_path({path!r}, run_name='__main__')"
    command = [sys.executable, "-c", code] if before else [sys.executable, path]
    return subprocess.run([*command, *words], capture_output=True, text=True, check=False,
                          env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"})


@pytest.mark.parametrize(("engine", "reached"), [("lines", "lines"), ("atheris", "branches")])
def test_the_runner_reports(engine: str, reached: str, tmp_path: Path) -> None:
    """`fuzz.py` runs readers in processes of their own and writes what it saw."""
    if engine == "atheris":
        pytest.importorskip("atheris")
    report = tmp_path / "report.json"
    done = runner("web", "kgx", "--executions", "40", "--report", str(report), "--engine", engine)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert [(one["name"], one["executions"], one["findings"]) for one in told] == [
        ("web", 40, []), ("kgx", 40, [])]
    assert all(one[reached] > 10 for one in told)


def test_atheris_is_an_extra() -> None:
    """Where it is not installed the message says how to install it."""
    done = runner("web", "--engine", "atheris", before="sys.modules['atheris'] = None")
    assert done.returncode == 2
    assert 'pip install "rarekg[fuzz]"' in done.stderr
