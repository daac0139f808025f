"""Asks kg serve, rdflib-endpoint and Oxigraph's server the same in one run, or soaks ours."""

from __future__ import annotations

import argparse
import http.client
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from msgspec import Struct

from kg.web.paths import path_of
from kg.web.prepared import Prepared, prepare

LUA = Path(__file__).with_suffix(".lua")
PORTS = {"kg serve": 18_411, "Oxigraph": 18_412, "rdflib-endpoint": 18_413}
FORMS = ("html", "ttl", "jsonld", "nt", "rdf", "json", "kgx.jsonl")
SAMPLE = 200_000  # triples for rdflib in memory, those that are asked for among them


class Rate(Struct, frozen=True):
    """What wrk measured: requests a second, milliseconds, errors."""

    requests: float
    p50: float
    p95: float
    errors: int


def main() -> None:
    """A Markdown table of ratios; with --soak, memory and statuses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of kg run")
    parser.add_argument("--python", default=sys.executable, help="one with the extra web")
    parser.add_argument("--peers", type=Path, help="bin folder with oxigraph and rdflib-endpoint")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--soak", type=int, default=0, metavar="N", help="mixed requests instead")
    given = parser.parse_args()
    prepared = prepare(given.folder, print)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        lists = written(prepared, Path(scratch))
        started = time.monotonic()
        ours = stack.enter_context(running([given.python, "-m", "kg", "serve", str(given.folder),
                                            "--port", str(PORTS["kg serve"])], "kg serve"))
        print(f"start-up {time.monotonic() - started:.1f} s, {memory(ours.pid)} MB")
        if given.soak:
            soak(lists["iris"], given.soak, ours.pid)
            return
        servers = {"kg serve": "/sparql"}
        if given.peers:
            servers |= peers(given.peers, prepared, Path(scratch), stack)
        compare(servers, lists, given.rounds, given.seconds)
        print(f"memory afterwards {memory(ours.pid)} MB")


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
) -> dict[str, str]:
    """The other servers, started, with the paths of their endpoints."""
    stack.enter_context(running(
        [str(tools / "oxigraph"), "serve-read-only", "-l", str(prepared.place / "store"),
         "-b", f"127.0.0.1:{PORTS['Oxigraph']}"], "Oxigraph"))
    sample = scratch / "sample.nt"
    with sample.open("w", encoding="utf-8") as out:
        out.writelines(triples(prepared, (scratch / "iris").read_text().split()))
    stack.enter_context(running(
        [str(tools / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port",
         str(PORTS["rdflib-endpoint"]), str(sample)], "rdflib-endpoint"))
    return {"Oxigraph": "/query", "rdflib-endpoint": "/"}


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
def running(command: Sequence[str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1_200):
            try:
                status(name, "/", {})
                break
            except OSError:
                time.sleep(0.1)
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


def wrk(name: str, clients: int, seconds: int, *arguments: str) -> Rate:
    """One measurement."""
    program = shutil.which("wrk")
    if program is None:
        sys.exit("wrk is not on the path: apt-get install wrk")
    done = subprocess.run(
        [program, "-t1", f"-c{clients}", f"-d{seconds}s", "-s", str(LUA),
         f"http://127.0.0.1:{PORTS[name]}", "--", *arguments],
        capture_output=True, text=True, check=True)
    requests, p50, p95, errors = done.stdout.splitlines()[-1].split()
    return Rate(float(requests), float(p50), float(p95), int(errors))


def compare(servers: dict[str, str], lists: dict[str, Path], rounds: int, seconds: int) -> None:
    """Rounds of every server in turn, so that what else the machine does hits all alike."""
    found: dict[str, list[Rate]] = {}
    for kind in ("html", "ttl"):  # the first time each document is made
        found[f"kg serve, {kind}, cold"] = [wrk("kg serve", 50, 2 * seconds, "paths",
                                                str(lists[kind]), "")]
    for _ in range(rounds):
        for name, endpoint in servers.items():
            found.setdefault(f"{name}, point query", []).append(
                wrk(name, 16, seconds, "fresh", str(lists["iris"]), endpoint))
        found.setdefault("kg serve, point query, asked before", []).append(
            wrk("kg serve", 16, seconds, "kept", str(lists["iris"]), "/sparql"))
        for kind in ("html", "ttl"):
            found.setdefault(f"kg serve, {kind}", []).append(
                wrk("kg serve", 50, seconds, "paths", str(lists[kind]), ""))
    base = median(rate.requests for rate in found["kg serve, point query"])
    print("| what | requests/s | to our point query | p50 ms | p95 ms | errors |\n" + "| --- " * 6)
    for name, rates in found.items():
        middle = sorted(rates, key=lambda rate: rate.requests)[len(rates) // 2]
        print(f"| {name} | {middle.requests:,.0f} | {middle.requests / base:.2f} | {middle.p50:g} "
              f"| {middle.p95:g} | {sum(rate.errors for rate in rates)} |")


def soak(iris: Path, count: int, process: int) -> None:
    """`count` requests of every sort by eight clients, some of them bad; memory on the way."""
    names, found = iris.read_text(encoding="utf-8").split(), Counter[str]()
    left = iter(range(count))
    lock = threading.Lock()
    odd: Counter[str] = Counter()

    def client() -> None:
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            if number % (count // 10 or 1) == 0:
                print(f"{number:>8} requests, {memory(process)} MB", flush=True)
            kind, path, headers = mixed(random.Random(number), names)
            done = status("kg serve", path, headers)
            with lock:
                found[f"{kind} {done}"] += 1
                if done >= 500:
                    odd[path[:100]] += 1

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{count:>8} requests, {memory(process)} MB")
    for key, number in sorted(found.items()):
        print(f"{number:>8} {key}")
    print(f"5xx: {sum(odd.values())} {dict(odd.most_common(3))}")


def mixed(chance: random.Random, names: Sequence[str]) -> tuple[str, str, dict[str, str]]:
    """A kind of request with its path and headers."""
    iri = chance.choice(names)
    tail = iri.rpartition("/")[2].replace("_", ":")
    disease = f"/disease/{tail}" if "MONDO" in iri else "/" + "/".join(iri.split("/")[4:])
    kind = chance.choice(("page", "thing", "query", "point", "search", "bad", "list"))
    if kind == "page":
        return kind, f"{disease}.{chance.choice(FORMS)}", {"Accept-Encoding": "gzip"}
    if kind == "thing":
        return kind, disease, {"Accept": chance.choice(("text/turtle", "image/png", "*/*"))}
    if kind == "search":
        return kind, f"/search.html?{urlencode({'q': tail[-chance.randint(1, 12):]})}", {}
    if kind == "bad":
        return kind, chance.choice(("/sparql?query=SELEC", "/nothing/x", "/disease/%00", "/%ff",
                                    "/sparql?query=ASK%7B%7D&format=image/png")), {}
    if kind == "list":
        return kind, chance.choice(("/", "/browse.html", "/data.html", "/healthz", "/sparql")), {}
    text = f"SELECT ?p ?o {{ <{iri}> ?p ?o }} LIMIT {chance.randint(1, 500)}" if kind == "point" \
        else f"SELECT ?s ?l {{ ?s rdf:subject <{iri}> ; rdf:object/rdfs:label ?l }} LIMIT 50"
    return kind, f"/sparql?query={quote(text)}", {}


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
    return [int(one) for task in Path(f"/proc/{process}/task").iterdir()
            for one in (task / "children").read_text(encoding="utf-8").split()]


if __name__ == "__main__":
    main()
