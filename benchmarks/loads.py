"""Loads a run into every database that can be started here, and prints time, memory and size."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from kg import loads
from kg.cli.loading import PASSWORD

SECRET = "for-the-benchmark"
ARCADEDB = """
import sys
import arcadedb_embedded
server = arcadedb_embedded.create_server(
    root_path=sys.argv[1], root_password=sys.argv[3],
    config={"server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": int(sys.argv[2]), "http_port": int(sys.argv[2]) + 1})
server.start()
server.create_database("rarekg")
print("ready", flush=True)
sys.stdin.read()
"""
VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {files}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryExecutionTime = 600
"""


def main() -> None:
    """One line of a Markdown table for each target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder of kg run")
    parser.add_argument("targets", nargs="*", help="only these; arcadedb and virtuoso are servers")
    chosen = parser.parse_args()
    names = [one.name for one in loads.TARGETS]
    wanted = chosen.targets or [*names, *(name for name in SERVERS if name not in names)]
    print("| target | rows | CPU s | wall s | peak MB | on disk MB |\n| --- " + "| ---: " * 5 + "|")
    with tempfile.TemporaryDirectory(dir=chosen.source) as place:
        for name in wanted:
            out = Path(place) / name
            if name in names:
                told(name, out, "-o", str(out), source=chosen.source)
            if name in SERVERS:
                SERVERS[name](chosen.source, Path(place))
            shutil.rmtree(out, ignore_errors=True)


def told(name: str, out: Path, *options: str, source: Path, target: str = "") -> None:
    """Run kg load in a process of its own and print its line."""
    command = [sys.executable, "-m", "kg", "load", target or name, str(source), "--json", *options]
    began = time.monotonic()
    with tempfile.TemporaryFile() as answer:
        process = subprocess.Popen(command, stdout=answer, env=os.environ | {PASSWORD: SECRET})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        answer.seek(0)
        text = answer.read()
    if process.returncode:
        print(f"| {name} | failed | | | | |")
        return
    holds = json.loads(text)["holds"]
    rows = ", ".join(f"{holds[part]['count']:,} {part}" for part in
                     ("nodes", "edges", "qualified_edges", "statements", "quads") if part in holds)
    print(f"| {name} | {rows} | {used.ru_utime + used.ru_stime:.1f} | {wall:.1f} | "
          f"{used.ru_maxrss / 1024:.0f} | {size(out):.0f} |", flush=True)


def size(folder: Path) -> float:
    """Megabytes of the files in a folder that are not there under another name as well."""
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(one.st_size for one in files if one.st_nlink == 1) / 1e6


def port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: list[str], ready: Callable[[], bool], place: Path) -> Iterator[None]:
    """A process, from when it is `ready` until the end of the block."""
    with (place / "out").open("wb") as out, subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=place) as process:
        try:
            while process.poll() is None and not ready():
                time.sleep(0.1)
            yield
        finally:
            process.kill()


def listening(at: int) -> bool:
    """Whether somebody takes connections at a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", at)) == 0


def arcadedb(source: Path, place: Path) -> None:
    """Neo4j's driver and our batches into ArcadeDB's Bolt server."""
    if not (find_spec("arcadedb_embedded") and find_spec("neo4j")):
        print("| arcadedb | not installed | | | | |")
        return
    folder, at = Path(tempfile.mkdtemp(dir=place)), port()
    command = [sys.executable, "-c", ARCADEDB, "root", str(at), SECRET]
    with running(command, lambda: b"ready" in (folder / "out").read_bytes(), folder):
        told("arcadedb", folder / "root", "--uri", f"bolt://127.0.0.1:{at}", "--user", "root",
             "--database", "rarekg", source=source, target="neo4j")


def virtuoso(source: Path, place: Path) -> None:
    """Virtuoso's bulk loader on what kg load wrote, then the check over SPARQL."""
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        print("| virtuoso (server) | not installed | | | | |")
        return
    folder, at, http = Path(tempfile.mkdtemp(dir=place)), port(), port()
    files = place / "virtuoso"
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(port=at, http=http, files=files))
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    with running(command, lambda: listening(at) and listening(http), folder):
        began = time.monotonic()
        with (files / "load.sql").open("rb") as script:
            subprocess.run(["isql-vt", f"127.0.0.1:{at}", "dba", "dba", "-u", f"DIR={files}"],
                           stdin=script, check=True, stdout=subprocess.DEVNULL)
        loaded = time.monotonic() - began
        told("virtuoso (check)", folder, "--check", "--uri", f"http://127.0.0.1:{http}/sparql",
             source=source, target="virtuoso")
        print(f"| virtuoso (bulk loader) | | | {loaded:.1f} | | {size(folder):.0f} |")


SERVERS = {"arcadedb": arcadedb, "virtuoso": virtuoso}


if __name__ == "__main__":
    main()
