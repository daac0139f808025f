"""Asks kg serve, rdflib-endpoint and Oxigraph's server the same in one run, and times kg site."""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from kg.web.paths import path_of
from kg.web.prepared import Prepared, prepare
from kg.web.printed import printed

WORDS = {"fresh": "point query", "join": "join about one disease"}
LUA = Path(__file__).with_suffix(".lua")
PORTS = {"kg serve": 18_411, "Oxigraph": 18_412, "rdflib-endpoint": 18_413}
SAMPLE = 200_000  # triples for rdflib in memory, those that are asked for among them


class Rate(Struct, frozen=True):
    """What wrk measured: requests a second, milliseconds, errors; and the server's processor
    time for a request, which says more where the machine has other work."""

    requests: float
    p50: float
    p95: float
    errors: int
    cpu: float


def main() -> None:
    """Two Markdown tables: what was measured, and each aim with whether it was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of kg run")
    parser.add_argument("--python", default=sys.executable, help="one with the extra web")
    parser.add_argument("--peers", type=Path, help="bin folder with oxigraph and rdflib-endpoint")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--no-site", action="store_true", help="leave kg site out")
    given = parser.parse_args()
    prepared = ready(given.folder)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        lists = written(prepared, Path(scratch))
        started = time.monotonic()
        ours = stack.enter_context(serving(given.python, given.folder))
        startup = time.monotonic() - started
        servers = {"kg serve": ("/sparql", ours.pid)}
        if given.peers:
            servers |= peers(given.peers, prepared, Path(scratch), stack)
        found = compare(servers, lists, given.rounds, given.seconds)
        resident = memory(ours.pid)
    shown(found)
    aims(found, startup, resident, None if given.no_site else site(given.python, given.folder))


def ready(folder: Path) -> Prepared:
    """The folder, prepared and printed as the first start does it."""
    prepared = prepare(folder, print)
    printed(prepared, os.cpu_count() or 1, print)
    return prepared


def serving(python: str, folder: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """kg serve."""
    return running([python, "-m", "kg", "serve", str(folder), "--port",
                    str(PORTS["kg serve"])], "kg serve", "/healthz")


def site(python: str, folder: Path) -> float:
    """Seconds that kg site takes for the whole site."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as out:
        started = time.monotonic()
        subprocess.run([python, "-m", "kg", "site", str(folder), "-o", f"{out}/site"], check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - started


def written(prepared: Prepared, folder: Path) -> dict[str, Path]:
    """Files with the IRIs and paths of some 500 diseases spread over all."""
    with closing(prepared.names()) as index:
        rows = index.execute("SELECT iri, category FROM names WHERE category = 'Disease' AND "
                             "kind = 'label' AND statements > 0 ORDER BY iri").fetchall()
    chosen = rows[::max(1, len(rows) // 500)]
    paths = [f"/{path_of(row['iri'], row['category'], prepared.prefixes)}" for row in chosen]
    texts = {"iris": [row["iri"] for row in chosen], "ttl": [f"{path}.ttl" for path in paths],
             "html": [f"{path}.html" for path in paths]}
    for name, lines in texts.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: folder / name for name in texts}


def peers(
    tools: Path, prepared: Prepared, scratch: Path, stack: ExitStack
) -> dict[str, tuple[str, int]]:
    """The other servers, started, with the paths of their endpoints and their processes."""
    one = stack.enter_context(running(
        [str(tools / "oxigraph"), "serve-read-only", "-l", str(prepared.place / "store"),
         "-b", f"127.0.0.1:{PORTS['Oxigraph']}"], "Oxigraph"))
    sample = scratch / "sample.nt"
    with sample.open("w", encoding="utf-8") as out:
        out.writelines(triples(prepared, (scratch / "iris").read_text().split()))
    other = stack.enter_context(running(
        [str(tools / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port",
         str(PORTS["rdflib-endpoint"]), str(sample)], "rdflib-endpoint"))
    return {"Oxigraph": ("/query", one.pid), "rdflib-endpoint": ("/", other.pid)}


def triples(prepared: Prepared, iris: Sequence[str]) -> Iterator[str]:
    """The triples of the nodes asked for, and of others up to SAMPLE."""
    count, asked = 0, set(iris)
    with closing(prepared.names()) as index:
        rows = index.execute("SELECT iri FROM nodes ORDER BY iri IN (SELECT iri FROM names) DESC")
        for iri in (*iris, *(row["iri"] for row in rows if row["iri"] not in asked)):
            for predicate, terms in prepared.nodes.properties(iri).items():
                for term in terms:
                    count += 1
                    yield f"<{iri}> {predicate} {term} .\n"
            if count > SAMPLE:
                return


@contextmanager
def running(
    command: Sequence[str], name: str, place: str = "/"
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(6_000):
            try:
                status(name, place, {})
                break
            except OSError:
                time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def status(name: str, path: str, headers: dict[str, str]) -> int:
    """The status of a GET, read to its end."""
    with closing(http.client.HTTPConnection("127.0.0.1", PORTS[name], timeout=60)) as made:
        made.request("GET", path, headers=headers)
        done = made.getresponse()
        done.read()
        return done.status


def wrk(name: str, process: int, clients: int, seconds: int, *arguments: str) -> Rate:
    """One measurement."""
    program = shutil.which("wrk")
    if program is None:
        sys.exit("wrk is not on the path: apt-get install wrk")
    before = spent(process)
    done = subprocess.run(
        [program, "-t1", f"-c{clients}", f"-d{seconds}s", "-s", str(LUA),
         f"http://127.0.0.1:{PORTS[name]}", "--", *arguments],
        capture_output=True, text=True, check=True)
    requests, p50, p95, errors = map(float, done.stdout.splitlines()[-1].split())
    return Rate(requests, p50, p95, int(errors),
                1000 * (spent(process) - before) / max(1.0, requests * seconds))


def spent(process: int) -> float:
    """Seconds of processor time of a process and those that it started."""
    total = 0
    for one in (process, *children(process)):
        fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def compare(
    servers: dict[str, tuple[str, int]], lists: dict[str, Path], rounds: int, seconds: int
) -> dict[str, Rate]:
    """Rounds of every server in turn, so that what else the machine does hits all alike; of each
    the middle one."""
    found: dict[str, list[Rate]] = {}
    ours = servers["kg serve"][1]
    for kind in ("html", "ttl"):  # the first time each document is asked for
        found[f"kg serve, {kind}, first time"] = [
            wrk("kg serve", ours, 50, seconds, "paths", str(lists[kind]), "")]
    for _ in range(rounds):
        for what in ("fresh", "join"):
            for name, (endpoint, process) in servers.items():
                found.setdefault(f"{name}, {WORDS[what]}", []).append(
                    wrk(name, process, 16, seconds, what, str(lists["iris"]), endpoint))
        found.setdefault("kg serve, point query, asked before", []).append(
            wrk("kg serve", ours, 16, seconds, "kept", str(lists["iris"]), "/sparql"))
        for kind in ("html", "ttl"):
            found.setdefault(f"kg serve, {kind}", []).append(
                wrk("kg serve", ours, 50, seconds, "paths", str(lists[kind]), ""))
    return {name: sorted(rates, key=lambda rate: rate.requests)[len(rates) // 2]
            for name, rates in found.items()}


def shown(found: dict[str, Rate]) -> None:
    """The first table."""
    print("| what | requests/s | p50 ms | p95 ms | errors | CPU ms a request |\n" + "| --- " * 6
          + "|")
    for name, rate in found.items():
        print(f"| {name} | {rate.requests:,.0f} | {rate.p50:g} | {rate.p95:g} | {rate.errors} | "
              f"{rate.cpu:.2f} |")


def aims(found: dict[str, Rate], startup: float, resident: int, seconds: float | None) -> None:
    """The second table; what was not measured is left out."""
    point = found["kg serve, point query"].requests
    rows = [("HTML page, p95 at 50 clients, ms", "<= 30", found["kg serve, html"].p95,
             found["kg serve, html"].p95 <= 30),
            ("page as Turtle, requests/s", ">= 1,000", found["kg serve, ttl"].requests,
             found["kg serve, ttl"].requests >= 1000),
            ("start-up, s", "<= 2", startup, startup <= 2),
            ("memory afterwards, MB", "<= 600", resident, resident <= 600)]
    if other := found.get("rdflib-endpoint, point query"):
        rows.append(("point query, times rdflib-endpoint (of a sample)", ">= 4",
                     point / other.requests, point >= 4 * other.requests))
    if other := found.get("Oxigraph, point query"):
        rows.append(("Oxigraph's server, times our point query", "<= 3", other.requests / point,
                     other.requests <= 3 * point))
    if seconds is not None:
        rows.append(("kg site, s", "<= 120", seconds, seconds <= 120))
    print("\n| aim | | measured | met |\n| --- | --- | --- | --- |")
    for what, wanted, value, met in rows:
        print(f"| {what} | {wanted} | {value:,.1f} | {'yes' if met else 'no'} |")


def memory(process: int) -> int:
    """Megabytes resident in a process and those that it started."""
    total = 0
    for one in (process, *children(process)):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += int(text.split("Pss:")[1].split()[0])
    return total // 1024


def children(process: int) -> list[int]:
    """The processes that a process started."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end meanwhile
            text = (task / "children").read_text(encoding="utf-8")
            found += map(int, text.split())
    return found


if __name__ == "__main__":
    main()
