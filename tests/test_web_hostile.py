"""A server in the wild: runaway queries, clients that leave or dawdle, bad bytes, its own end."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("jinja2")
import web_server
from web_server import Running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BOMBS = {
    "cross product": CROSS,
    "property path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:>|^!<x:>)* ?b . ?c (!<x:>|^!<x:>)* ?d . "
                     "?e (!<x:>|^!<x:>)* ?f }",
    "huge VALUES": "SELECT (COUNT(*) AS ?n) { " + " ".join(
        f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(8)) + " }",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
             "FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '(.*a){30}(.*b){30}$')) }",
    "memory": "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
              "BIND(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f), STR(?g), STR(?i)) AS ?t) }",
}


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    """A server whose queries end after a second."""
    with web_server.running(folder, "--timeout", "1", "--queries", "1") as made:
        yield made


def get(server: Running, path: str) -> tuple[int, bytes]:
    """Status and body of a GET."""
    made = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    made.request("GET", path)
    done = made.getresponse()
    found = done.status, done.read()
    made.close()
    return found


def ask(server: Running, query: str) -> tuple[int, bytes]:
    """Status and body of a query."""
    return get(server, f"/sparql?query={quote(query)}")


@pytest.mark.flaky(reruns=2)  # a new process that a busy machine does not start in time is a 503
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_at_the_limit(server: Running, name: str) -> None:
    """503, and the next query is answered within a second of processor time that it may get."""
    status, body = ask(server, BOMBS[name])
    assert status == 503, body[:200]
    started = time.monotonic()
    assert ask(server, f"ASK {{}} # {name}")[0] == 200
    assert time.monotonic() - started < 5  # the aim is 1 s; the machine may be busy


def test_a_slow_query_stops_no_page(server: Running) -> None:
    """While a bomb runs, documents and pages come."""
    bomb = threading.Thread(target=ask, args=(server, CROSS + "#1"))
    bomb.start()
    for path in ("/healthz", "/disease/MONDO:0006245.ttl", "/disease/MONDO:0006245.nt"):
        assert get(server, path)[0] == 200
    bomb.join()


def test_a_client_that_leaves_frees_its_process(folder: Path) -> None:
    """The only process is another's long before the limit."""
    with web_server.running(folder, "--timeout", "60", "--queries", "1") as server:
        before = server.children()
        with socket.create_connection(("127.0.0.1", server.port)) as left:
            left.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(1)
        started = time.monotonic()
        assert ask(server, "ASK {}")[0] == 200
        assert time.monotonic() - started < 20
        time.sleep(0.5)
        assert before - server.children(), "the process that ran the query is still there"


def test_no_query_calls_out(server: Running) -> None:
    """SERVICE, LOAD and FROM of an address that listens: nobody connects."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.5)
        place = f"http://127.0.0.1:{trap.getsockname()[1]}/x"
        for query in (f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
                      f"SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
                      f"SELECT * {{ BIND(<{place}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
                      f"SELECT * {{ \\u0053ERVICE <{place}> {{ ?s ?p ?o }} }}",
                      f"LOAD <{place}>", f"LOAD SILENT <{place}> INTO GRAPH <x:y>"):
            assert ask(server, query)[0] == 400, query
        assert ask(server, f"SELECT * FROM <{place}> {{ ?s ?p ?o }}")[0] == 200
        with pytest.raises(TimeoutError):
            trap.accept()


@pytest.mark.parametrize("path", [
    "/../../etc/passwd", "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd",
    "/download/../graph.nq", "/download/%2e%2e/graph.nq", "/download//etc/passwd",
    "/static/%00", "/disease/%00", "/%ff%fe/x", "/page/..%5c..%5cx", "/browse/..%2fx.html",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd.html", "/disease/%0d%0aX-Evil:%201", "/a%0d%0aX-Evil:1.html",
    "/gene/MONDO:0006245%0d%0aX-Evil:%201"])
def test_paths_lead_nowhere_else(server: Running, path: str) -> None:
    """400 or 404, no header of theirs, no file of the machine."""
    found = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert found[9:12] in {b"400", b"404"}, found[:200]
    assert b"x-evil" not in found.lower().partition(b"\r\n\r\n")[0]
    assert b"root:" not in found


@pytest.mark.parametrize("data", [
    b"\x00\x01\x02\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 99999999999\r\nConnection: close\r\n\r\nASK {}",
    b"GET /sparql?query=" + b"%" * 50 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
])
def test_bytes_that_are_no_request(server: Running, data: bytes) -> None:
    """A 4xx and the end of the connection; the server goes on."""
    found = server.raw(data)
    assert not found or found[9:10] == b"4", found[:200]
    assert get(server, "/healthz")[0] == 200


def test_clients_that_dawdle_are_left(server: Running) -> None:
    """Half a request is waited for, but not for ever; others are served meanwhile."""
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    for one in slow:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
        one.settimeout(40)
    assert get(server, "/healthz")[0] == 200
    for one in slow:
        with suppress(ConnectionResetError):
            assert one.recv(1) == b""
        one.close()


def test_a_body_that_does_not_come(server: Running) -> None:
    """408 after five seconds."""
    found = server.raw(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/"
                       b"sparql-query\r\nContent-Length: 50\r\nConnection: close\r\n\r\nASK", 40)
    assert found.startswith(b"HTTP/1.1 408"), found[:200]


def test_a_signal_ends_it_cleanly(folder: Path) -> None:
    """What is under way is finished, the exit code is 0, and no process is left."""
    with web_server.running(folder, "--timeout", "2", "--queries", "2") as server:
        done: list[tuple[int, bytes]] = []
        busy = threading.Thread(target=lambda: done.append(ask(server, CROSS)))
        busy.start()
        time.sleep(1)
        children = server.children()
        assert len(children) >= 3
        assert server.stop() == 0
        busy.join()
        assert done[0][0] == 503  # the bomb's own limit, not a broken connection
    time.sleep(0.5)
    assert not [one for one in children if Path(f"/proc/{one}").exists()
                and b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _cut_off(server: Running) -> None:
    with suppress(OSError, http.client.HTTPException):
        ask(server, CROSS)


def test_a_server_that_is_killed_leaves_no_query(folder: Path) -> None:
    """The processes end of themselves: when idle at once, at the latest after the limit."""
    with web_server.running(folder, "--timeout", "1", "--queries", "1") as server:
        threading.Thread(target=_cut_off, args=(server,)).start()
        time.sleep(0.5)
        children = server.children()
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and any(Path(f"/proc/{one}").exists() and
                Path(f"/proc/{one}/stat").read_text().split()[2] != "Z" for one in children):
            time.sleep(0.2)
        assert time.monotonic() < deadline


def test_a_folder_that_goes_away(tmp_path: Path) -> None:
    """What is open goes on, what is not is a 503 with a reason, nothing hangs or falls."""
    (tmp_path / "release").mkdir()
    folder = web_server.release(tmp_path / "release")
    with web_server.running(folder, "--timeout", "1", "--queries", "1") as server:
        assert get(server, "/disease/MONDO:0006245.ttl")[0] == 200
        shutil.rmtree(folder)
        assert get(server, "/disease/MONDO:0006245.ttl")[0] == 200
        assert get(server, "/gene/HGNC:4982.nt")[0] in {200, 503}
        for number in range(4):
            assert ask(server, f"{CROSS} #{number}")[0] == 503
        status, body = ask(server, "ASK {}")
        assert (status, b"process" in body) == (503, True)
        assert get(server, "/healthz")[0] == 200
        assert server.stop() == 0


def test_a_port_in_use(folder: Path, server: Running) -> None:
    """One line, exit code 2."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", str(folder), "--port", str(server.port)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{server.port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "jinja2"])
def test_a_missing_extra(folder: Path, tmp_path: Path, missing: str) -> None:
    """The error names what to install."""
    (tmp_path / missing).mkdir()
    (tmp_path / missing / "__init__.py").write_text(
        f"raise ModuleNotFoundError('gone', name='{missing}')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", str(folder)], capture_output=True, text=True,
        check=False, cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[1]}"})
    assert done.returncode == 2, done.stderr
    assert f"the server needs {missing}: pip install 'rarekg[web]'" in done.stderr
