"""The MCP endpoint in plain JSON: versions, tools, errors, and what is no message at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
import web_server
from starlette.testclient import TestClient

from kg.web.mcp import LONGEST, MOST, VERSIONS
from kg.web.tools import TOOLS
from kg.web.workers import Limits

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server over the sample release."""
    folder = web_server.release(tmp_path_factory.mktemp("mcp"))
    with web_server.client(folder, Limits(seconds=2, rows=50, running=1)) as made:
        yield made


def asked(client: TestClient, method: str, **params: Any) -> dict[str, Any]:
    """The response to a request of JSON-RPC."""
    done = client.post("/mcp", json={"jsonrpc": "2.0", "id": 7, "method": method,
                                     "params": params})
    assert done.headers["content-type"] == "application/json"
    found: dict[str, Any] = done.json()
    assert (found["jsonrpc"], found["id"]) == ("2.0", 7)
    return found


def called(client: TestClient, name: str, **arguments: Any) -> dict[str, Any]:
    """What a tool found; its text and its structure are the same."""
    found = asked(client, "tools/call", name=name, arguments=arguments)["result"]
    if not found["isError"]:
        assert json.loads(found["content"][0]["text"]) == found["structuredContent"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("wanted", "given"), [
    *((one, one) for one in VERSIONS), ("2024-11-05", VERSIONS[0]), ("2099-01-01", VERSIONS[0])])
def test_versions_are_negotiated(client: TestClient, wanted: str, given: str) -> None:
    """A version that is spoken is kept; for any other the newest is offered."""
    found = asked(client, "initialize", protocolVersion=wanted, capabilities={},
                  clientInfo={"name": "test", "version": "1"})["result"]
    assert found["protocolVersion"] == given
    assert found["capabilities"] == {"tools": {"listChanged": False}}
    assert found["serverInfo"]["name"] == "rarekg"


def test_there_is_no_session(client: TestClient) -> None:
    """No id is given out, a tool can be called at once, and there is no stream to open."""
    done = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert done.json()["result"] == {}
    assert "mcp-session-id" not in done.headers
    assert {client.get("/mcp").status_code, client.delete("/mcp").status_code} == {405}
    told = client.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (told.status_code, told.content) == (202, b"")


def test_tools_are_listed_with_their_schemas(client: TestClient) -> None:
    """Each says what it takes, and that it only reads."""
    found = asked(client, "tools/list")["result"]["tools"]
    assert {one["name"] for one in found} == {"search", "disease_record", "sparql", "examples"}
    for one in found:
        assert one["inputSchema"]["type"] == "object"
        assert one["annotations"]["readOnlyHint"] is True
        assert all(part.get("description") for part in one["inputSchema"]["properties"].values())


def test_search_and_record(client: TestClient) -> None:
    """A name with a typing error is found, and its record has sentences."""
    hits = called(client, "search", query="hidradenocarcinma", limit=3)["structuredContent"]["hits"]
    assert hits[0]["curie"] == "MONDO:0006245"
    assert len(hits) <= 3
    for name in ("MONDO:0006245", "hidradenocarcinoma"):
        found = called(client, "disease_record", disease=name,
                       kind="therapy")["structuredContent"]
        assert found["id"] == "MONDO:0006245"
        assert {one["kind"] for one in found["statements"]} == {"therapy"}
        assert all(one["evidence"][0]["quote"] for one in found["statements"])


def test_sparql_and_examples(client: TestClient) -> None:
    """Rows come as SPARQL's JSON, graphs as Turtle; every example can be asked."""
    rows = called(client, "sparql", query="SELECT ?d { ?d a biolink:Disease } ORDER BY ?d")
    assert len(rows["structuredContent"]["results"]["bindings"]) == 2
    graph = called(client, "sparql", query="DESCRIBE MONDO:0006245")
    assert "MONDO:0006245" in graph["structuredContent"]["turtle"]
    queries = called(client, "examples")["structuredContent"]["queries"]
    assert not called(client, "sparql", query=queries[0]["sparql"])["isError"]


@pytest.mark.parametrize(("name", "arguments", "words"), [
    ("sparql", {"query": "SELEKT"}, "expected"), ("sparql", {"query": BOMB}, "longer than 2 s"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
    ("sparql", {"query": "SELECT * { ?s ?p ?o }"}, "50 rows"),
    ("sparql", {"query": "DROP ALL"}, "expected"),
    ("disease_record", {"disease": "qqqqqq"}, "search"),
    ("disease_record", {"disease": "MONDO:0006245", "kind": "x"}, "therapy"),
])
def test_what_a_tool_cannot_do_it_says(
    client: TestClient, name: str, arguments: dict[str, str], words: str
) -> None:
    """A refusal is a result for the model to read, with the limits of the endpoint."""
    found = called(client, name, **arguments)
    assert found["isError"]
    assert words in found["content"][0]["text"]


@pytest.mark.parametrize(("method", "params", "code"), [
    ("tools/call", {"name": "update"}, -32602), ("tools/call", {}, -32602),
    ("tools/call", {"name": ["search"]}, -32602),
    ("tools/call", {"name": "search"}, -32602),
    ("tools/call", {"name": "search", "arguments": {"query": 1}}, -32602),
    ("tools/call", {"name": "search", "arguments": {"query": "x", "limit": 5000}}, -32602),
    ("tools/call", {"name": "search", "arguments": {"query": "x", "more": 1}}, -32602),
    ("tools/call", {"name": "search", "arguments": ["x"]}, -32602),
    ("initialize", {}, -32602), ("resources/list", {}, -32601), ("server/discover", {}, -32601),
])
def test_errors_have_their_codes(
    client: TestClient, method: str, params: dict[str, Any], code: int
) -> None:
    """What is asked in the wrong way is a JSON-RPC error."""
    assert asked(client, method, **params)["error"]["code"] == code


@pytest.mark.parametrize(("body", "code"), [
    (b"{", -32700), (b"\xff", -32700), (b"[" * 5_000, -32700), (b"1", -32600), (b"{}", -32600),
    (b"[]", -32600), (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":1,"method":2}', -32600),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600),
])
def test_what_is_no_message(client: TestClient, body: bytes, code: int) -> None:
    """It is refused with 400 and an error without an id."""
    done = client.post("/mcp", content=body, headers={"content-type": "application/json"})
    assert done.status_code == 400
    assert (done.json()["error"]["code"], done.json()["id"]) == (code, None)


def test_requests_of_another_kind(client: TestClient) -> None:
    """Other types, too long a body and a version that is not spoken have their status."""
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    kind = {"content-type": "application/json"}
    assert client.post("/mcp", content=b"x").status_code == 415
    assert client.post("/mcp", json=ping, headers={"accept": "text/html"}).status_code == 406
    assert client.post("/mcp", content=b" " * (LONGEST + 1), headers=kind).status_code == 413
    done = client.post("/mcp", json=ping, headers={"mcp-protocol-version": "1999-01-01"})
    assert done.status_code == 400
    assert done.json()["error"]["data"]["supported"] == list(VERSIONS)
    fine = client.post("/mcp", json=ping, headers={"mcp-protocol-version": VERSIONS[0]})
    assert fine.status_code == 200


def test_batches_are_of_one_version(client: TestClient) -> None:
    """2025-03-26 has them, later ones do not; a batch of notifications wants no answer."""
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    told = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    assert [one["id"] for one in client.post("/mcp", json=[ping, told, ping]).json()] == [1, 1]
    assert client.post("/mcp", json=[told]).status_code == 202
    assert client.post("/mcp", json=[ping] * (MOST + 1)).status_code == 400
    late = client.post("/mcp", json=[ping], headers={"mcp-protocol-version": "2025-06-18"})
    assert late.status_code == 400
    answer = {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert client.post("/mcp", json=answer).status_code == 202


def test_the_official_client_understands(tmp_path: Path) -> None:
    """It negotiates, lists and calls tools, where the package is installed."""
    mcp = pytest.importorskip("mcp", reason="the mcp package is not installed")
    folder = web_server.release(tmp_path)

    async def use(url: str) -> list[str]:
        async with mcp.Client(url) as made:
            tools = await made.list_tools()
            found = await made.call_tool("search", {"query": "porphyria"})
            first = found.structured_content["hits"][0]["curie"]
            return [*(one.name for one in tools.tools), first]

    with web_server.running(folder) as server:
        found = asyncio.run(use(f"{server.url}/mcp"))
    assert found == [*TOOLS, "MONDO:0019142"]


@pytest.mark.parametrize(("origin", "status"), [
    ("http://localhost:6274", 200), ("http://127.0.0.1:8000", 200), ("http://[::1]", 200),
    ("http://testserver", 403), ("https://elsewhere.example", 403), ("null", 403),
    ("http://[", 403)])
def test_pages_of_other_sites_may_not_use_it(
    client: TestClient, origin: str, status: int
) -> None:
    """What a page may ask is settled by its address, whatever Host a browser was made to send."""
    done = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"},
                       headers={"Origin": origin})
    assert done.status_code == status
