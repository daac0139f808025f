"""Pages done by a cluster: the files are those of a run on this machine alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny

from kg.errors import UnknownName, UsageError
from kg.executing import EXECUTORS, Task, elsewhere, executor
from kg.ledger import FILE, FOLDER
from kg.pipeline import Settings

FEW = ("--format", "turtle", "--format", "kgx")
NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty pages."""
    return tiny.pages(tmp_path_factory.mktemp("many") / "pages", 80)


@pytest.fixture(scope="module")
def alone(pages: Path) -> dict[str, bytes]:
    """What a run on this machine leaves."""
    out = pages.parent / "alone"
    tiny.run(pages, out, *FEW).check_returncode()
    return tiny.contents(out)


def test_every_engine_is_a_module_with_its_function() -> None:
    """The table names what there is; a package that is missing is told only when it is used."""
    assert all(callable(executor(name)) for name in EXECUTORS)
    with pytest.raises(UnknownName, match="flink"):
        executor("flink")


def test_no_page_needs_no_cluster() -> None:
    """A run in which nothing changed starts none."""
    for name in ("dask", "spark"):
        assert list(executor(name)(Task(Settings(), "", scheduler="tcp://127.0.0.1:1"), [])) == []


def test_a_worker_with_other_vocabularies_is_told() -> None:
    """It would give other outcomes."""
    with pytest.raises(UsageError, match="install the same rarekg"):
        elsewhere.batch(Task(Settings(), "another fingerprint"), [])


def test_a_missing_package_is_told(tmp_path: Path) -> None:
    """The message says what to install."""
    code = ("import sys; sys.modules['distributed'] = sys.modules['pyspark'] = None\n"
            "from kg.cli import main; main(sys.argv[1:])")
    for name in ("dask", "spark"):
        done = subprocess.run(
            [sys.executable, "-c", code, "run", "-o", str(tmp_path / "out"), "--engine", name],
            capture_output=True, check=False)
        assert done.returncode == 2
        assert f'pip install "rarekg[{name}]"' in done.stderr.decode()


def children(process: int) -> Iterator[int]:
    """The worker processes of a run: those that Python spawned."""
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in path.read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield int(child)


@NEEDS_PROC
def test_a_killed_dask_worker_costs_nothing(
    pages: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """One of two worker processes is killed in the middle: the bytes are those of a local run."""
    pytest.importorskip("distributed")
    out = tmp_path / "out"
    running = subprocess.Popen(tiny.command(pages, out, *FEW, "--engine", "dask", "--jobs", "2"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    journal = out / FOLDER / f"{FILE}-wal"
    while not journal.exists() or journal.stat().st_size < 100_000:
        time.sleep(0.02)
        assert running.poll() is None
    workers = list(children(running.pid))
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    _, told = running.communicate(timeout=300)
    assert (running.returncode, told.decode()) == (0, "")
    assert tiny.contents(out) == alone


def test_a_scheduler_that_is_told_does_the_pages(
    pages: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """Pages travel with their bytes; a scheduler that is not there is told."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None,
                                  silence_logs=50) as cluster:
        done = tiny.run(pages, tmp_path / "out", *FEW, "--engine", "dask", "--scheduler",
                        cluster.scheduler_address)
    assert done.returncode == 0, done.stderr.decode()
    assert tiny.contents(tmp_path / "out") == alone


def test_spark_gives_the_same_bytes(
    pages: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """The same function over Spark's partitions."""
    pytest.importorskip("pyspark")
    done = tiny.run(pages, tmp_path / "out", *FEW, "--engine", "spark", "--jobs", "2")
    assert done.returncode == 0, done.stderr.decode()
    assert tiny.contents(tmp_path / "out") == alone
