"""Databases that run as servers, started for real: Oxigraph over SPARQL, ArcadeDB over Bolt."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import load_samples
import pyoxigraph as ox
import pytest
import test_load_cypher
from click.testing import CliRunner

from kg import exports, loads
from kg.cli.loading import PASSWORD as PASSWORD_VARIABLE
from kg.cli.loading import load as command
from kg.errors import LoadError, UsageError
from kg.loads import bolt, quads
from kg.loads.published import Published
from kg.ntriples import RDF

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
server.stop()
"""
ROOT = Path(__file__).parents[1]
PASSWORD = "for-the-tests"
SECONDS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its exports."""
    return load_samples.released(tmp_path_factory.mktemp("release"))


def port() -> int:
    """A port of loopback that nobody listens on now, nor on the next one."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
    return number


@contextmanager
def running(*command: str, ready: str, cwd: Path) -> Iterator[None]:
    """A process that is stopped at the end; the block starts when its output says `ready`."""
    log = cwd / "log"
    with log.open("wb") as out, subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=cwd) as process:
        try:
            until = time.monotonic() + SECONDS
            while ready not in log.read_text(errors="replace"):
                if process.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"did not start: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            yield
        finally:
            process.kill()


# ---------------------------------------------------------------- SPARQL


def posted(url: str, data: bytes, kind: str, accept: str = "*/*") -> Any:
    """The answer to a POST."""
    request = urllib.request.Request(url, data, {"Content-Type": kind, "Accept": accept})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return answer.read()


def oxigraph() -> str:
    """The server's program, beside Python or on the path."""
    found = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
        "oxigraph")
    if not found:
        pytest.skip("the server of Oxigraph (pip install oxigraph) is not installed")
    return found


@pytest.fixture
def endpoint(folder: Path, tmp_path: Path) -> Iterator[str]:
    """An Oxigraph server with the graph in it, loaded over HTTP as docs/databases.md has it."""
    at = f"127.0.0.1:{port()}"
    with running(oxigraph(), "serve", "--location", "store", "--bind", at,
                 ready="Listening", cwd=tmp_path):
        posted(f"http://{at}/store?no_transaction", (folder / "graph.nq").read_bytes(),
               "application/n-quads")
        yield f"http://{at}"


def test_a_server_is_asked(folder: Path, endpoint: str) -> None:
    """Count and checksum of a running endpoint are those of the manifest."""
    receipt = loads.ask(loads.find("oxigraph"), folder, loads.Server(f"{endpoint}/query"))
    assert receipt.holds["quads"].count == Published.at(folder).count("graph.nq")


def test_the_check_in_sparql_gives_the_checksum(
    folder: Path, endpoint: str, tmp_path: Path
) -> None:
    """What a stranger pastes into any engine gives the numbers of load.json."""
    receipt = loads.load(loads.find("virtuoso"), folder, tmp_path / "files")
    query = (tmp_path / "files/check.rq").read_bytes()
    answer = json.loads(posted(f"{endpoint}/query", query, "application/sparql-query",
                               "application/sparql-results+json"))
    (row,) = answer["results"]["bindings"]
    wanted = receipt.holds["statements"]
    assert (int(row["statements"]["value"]), int(row["checksum"]["value"])) == (
        wanted.count, wanted.checksum)


def test_a_server_that_lacks_a_statement_is_told(folder: Path, endpoint: str) -> None:
    """Its id stands in the message."""
    lost = next(quads.statements(folder / "graph.nq"))[0]
    update = f"DELETE WHERE {{ GRAPH ?g {{ <{lost}> ?p ?o }} }}"
    posted(f"{endpoint}/update", update.encode(), "application/sparql-update")
    with pytest.raises(LoadError, match="quads where the manifest has"):
        loads.ask(loads.find("qlever"), folder, loads.Server(f"{endpoint}/query"))


def test_the_store_of_kg_load_is_served(folder: Path, tmp_path: Path) -> None:
    """The server opens the folder that kg load wrote."""
    loads.load(loads.find("oxigraph"), folder, tmp_path / "db")
    at = f"127.0.0.1:{port()}"
    with running(oxigraph(), "serve-read-only", "--location", "db/store", "--bind", at,
                 ready="Listening", cwd=tmp_path):
        assert loads.ask(loads.find("oxigraph"), folder, loads.Server(f"http://{at}/query"))


def test_hostile_literals_arrive(tmp_path: Path) -> None:
    """A name with quotes, line ends and other letters is in the checksum as it is in the graph."""
    where = load_samples.released(tmp_path)
    page = "<https://w3id.org/rarekg/graph/0123456789abcdef>"
    made = []
    for number, text in enumerate(load_samples.TEXTS):
        node = ox.NamedNode(f"https://w3id.org/rarekg/statement/{number:016x}")
        for name, value in (("subject", ox.NamedNode("http://example.org/d")),
                            ("predicate", ox.NamedNode("http://example.org/called")),
                            ("object", ox.Literal(text, language="en-gb"))):
            made.append(f"{ox.Triple(node, ox.NamedNode(RDF + name), value)} {page} .\n")
    (where / "exports/graph.nq").write_text("".join(sorted(made)), newline="\n")
    load_samples.listed(where, "graph.nq", len(made))
    receipt = loads.load(loads.find("oxigraph"), where, tmp_path / "db")
    assert receipt.holds["statements"].count == len(load_samples.TEXTS)


@pytest.mark.parametrize(("name", "uri", "message"), [
    ("sqlite", "bolt://localhost:1", "its own tools"),
    ("virtuoso", "http://localhost:1/sparql", "its own tools"),
])
def test_targets_without_a_server_say_so(
    folder: Path, name: str, uri: str, message: str
) -> None:
    """--uri is only for what speaks Bolt; the rest has a recipe."""
    with pytest.raises(UsageError, match=message):
        loads.send(loads.find(name), folder, loads.Server(uri))


def test_an_endpoint_that_is_not_there_is_told(folder: Path) -> None:
    """A wrong address or a silent one is the user's to mend."""
    with pytest.raises(UsageError, match="does not answer"):
        loads.ask(loads.find("qlever"), folder, loads.Server("http://127.0.0.1:9/"))
    with pytest.raises(UsageError, match="give the http"):
        loads.ask(loads.find("qlever"), folder, loads.Server("file:///etc/passwd"))
    with pytest.raises(UsageError, match="cannot be asked"):
        loads.ask(loads.find("sqlite"), folder, loads.Server("http://127.0.0.1:9/"))


# ---------------------------------------------------------------- Bolt


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[loads.Server]:
    """ArcadeDB, whose Bolt server takes the official driver of Neo4j."""
    pytest.importorskip("neo4j", reason="the extra neo4j is not installed")
    pytest.importorskip("arcadedb_embedded", reason="arcadedb-embedded (97 MB) is not installed")
    at, place = port(), tmp_path_factory.mktemp("arcadedb")
    with running(sys.executable, "-c", ARCADEDB, str(place / "root"), str(at), PASSWORD,
                 ready="ready", cwd=place):
        yield loads.Server(f"bolt://127.0.0.1:{at}", "root", PASSWORD, "rarekg")


@pytest.fixture
def empty(server: loads.Server) -> loads.Server:
    """The server with nothing in its database."""
    asked(server, "MATCH (n) DETACH DELETE n")
    return server


def asked(server: loads.Server, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over Bolt."""
    with bolt.session(server) as session:
        return [tuple(row.values()) for row in session.run(query)]


def test_a_load_over_bolt_may_be_repeated(folder: Path, empty: loads.Server) -> None:
    """The second load changes nothing, and both are what the manifest lists."""
    receipts = [loads.send(loads.find("neo4j"), folder, empty) for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert receipts[0].holds["edges"].count == Published.at(folder).count("kgx/kgx_edges.jsonl")
    queries = re.sub("//.*", "", bolt.CHECK).split(";")
    counts = [asked(empty, text)[0][0] for text in queries if text.strip()]
    assert counts == [one.count for one in receipts[0].holds.values()]


def test_the_command_fills_a_server(folder: Path, empty: loads.Server) -> None:
    """The password comes from the environment, and --check writes nothing."""
    options = ["neo4j", str(folder), "--uri", empty.uri, "--user", empty.user,
               "--database", empty.database]
    runner = CliRunner(env={PASSWORD_VARIABLE: PASSWORD})
    before = runner.invoke(command, [*options, "--check"])
    assert isinstance(before.exception, LoadError)
    assert asked(empty, "MATCH (n) RETURN count(n)") == [(0,)]
    assert runner.invoke(command, options).exit_code == 0
    assert runner.invoke(command, [*options, "--check"]).exit_code == 0


def test_hostile_cells_arrive_over_bolt(
    empty: loads.Server, tmp_path: Path
) -> None:
    """Every property of every node and edge is what was published; ids and ends too."""
    where = load_samples.hostile(tmp_path)
    loads.send(loads.find("neo4j"), where, empty)
    what = Published.at(where)
    nodes = {row[0]["id"]: row[0] for row in asked(empty, "MATCH (n) RETURN properties(n)")}
    edges = {row[0]["id"]: row[0] | {"subject": row[1], "object": row[2]} for row in asked(
        empty, "MATCH (s)-[e]->(o) RETURN properties(e), s.id, o.id")}
    for table in (what.nodes, *what.edges):
        found = nodes if table.name == "nodes" else edges
        for row in table.rows():
            assert found[row["id"]] == {name: cell for name, cell in row.items()
                                        if cell is not None}


@pytest.mark.parametrize("damage", [
    "MATCH (s)-[e:treats]->(o) DELETE e",
    "MATCH (s)-[e:treats]->(o) SET e.predicate = 'biolink:causes'",
    "MATCH (n:Disease) SET n.name = 'another'",
    "CREATE (:NamedThing {id: 'X:1', name: 'not ours'})",
])
def test_damage_over_bolt_is_found(folder: Path, empty: loads.Server, damage: str) -> None:
    """Something lost, altered or foreign is named."""
    loads.send(loads.find("neo4j"), folder, empty)
    asked(empty, damage)
    with pytest.raises(LoadError, match=r"missing|not in the release"):
        loads.ask(loads.find("neo4j"), folder, empty)


@pytest.mark.parametrize("name", test_load_cypher.QUESTIONS)
def test_the_same_cypher_runs_over_bolt(
    empty: loads.Server, tmp_path: Path, name: str
) -> None:
    """The five questions of docs/databases.md have the rows of SPARQL there as well."""
    docs, graph = ROOT / "docs/databases.md", ROOT / "exports/graph.nq"
    if not (docs.is_file() and graph.is_file()):
        pytest.skip("the documentation and the committed exports are only in a checkout")
    exports.write(graph, tmp_path / "exports")
    loads.send(loads.find("neo4j"), tmp_path, empty)
    text = test_load_cypher.cypher(docs.read_text(encoding="utf-8"), name)
    parameter, columns = test_load_cypher.QUESTIONS[name], test_load_cypher.columns(text)
    store = test_load_cypher.opened(tmp_path)
    with bolt.session(empty) as session:
        for given in test_load_cypher.subjects(tmp_path, parameter):
            rows = [tuple(row.values()) for row in session.run(text, {parameter: given})]
            assert set(rows) == test_load_cypher.sparql(store, name, given, columns)


def test_a_wrong_password_is_told(folder: Path, server: loads.Server) -> None:
    """It is an error of the user's, or of the server's, never a traceback."""
    wrong = loads.Server(server.uri, server.user, "wrong", server.database)
    with pytest.raises((UsageError, LoadError), match=re.escape(server.uri)):
        loads.send(loads.find("neo4j"), folder, wrong)
    with pytest.raises(UsageError, match="bolt://127"):
        loads.send(loads.find("neo4j"), folder, loads.Server("bolt://127.0.0.1:9"))
