"""The SPARQL 1.1 Protocol and linked data over HTTP: every method, type and error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
import web_server
from starlette.testclient import TestClient

from kg.web.workers import Limits

ROWS = "SELECT ?s ?o { ?s biolink:treats ?o } ORDER BY ?s"
GRAPH = "CONSTRUCT WHERE { ?s biolink:treats ?o }"
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
DISEASE = "/disease/MONDO:0006245"


@pytest.fixture(scope="module")
def strict(folder: Path) -> Iterator[TestClient]:
    """A client of a server with narrow limits."""
    with web_server.client(folder, Limits(seconds=1, rows=10, bytes=3000, running=1)) as made:
        yield made


@pytest.mark.parametrize(("query", "accept", "media_type"), [
    (ROWS, None, "application/sparql-results+json"),
    (ROWS, "*/*", "application/sparql-results+json"),
    (ROWS, "application/json", "application/sparql-results+json"),
    (ROWS, "application/sparql-results+xml", "application/sparql-results+xml"),
    (ROWS, "text/csv", "text/csv; charset=utf-8"),
    (ROWS, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    (ROWS, "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
    ("ASK { ?s ?p ?o }", "text/csv", "text/csv; charset=utf-8"),
    (GRAPH, None, "text/turtle; charset=utf-8"),
    (GRAPH, "application/n-triples", "application/n-triples"),
    (GRAPH, "application/ld+json", "application/ld+json"),
    (GRAPH, "application/rdf+xml", "application/rdf+xml"),
    ("DESCRIBE MONDO:0006245", "text/turtle", "text/turtle; charset=utf-8"),
])
def test_answers_in_every_type(
    client: TestClient, query: str, accept: str | None, media_type: str
) -> None:
    """The type is the one asked for, and the body parses as it."""
    headers = {} if accept is None else {"accept": accept}
    done = client.get("/sparql", params={"query": query}, headers=headers)
    assert (done.status_code, done.headers["content-type"]) == (200, media_type)
    bare = media_type.partition(";")[0]
    if bare == "text/csv":
        assert done.text.strip()
    elif form := ox.QueryResultsFormat.from_media_type(bare):
        ox.parse_query_results(done.content, format=form)
    else:
        found = ox.RdfFormat.from_media_type(bare)
        assert found
        assert list(ox.parse(done.content, format=found))


def test_the_three_ways_to_ask_are_one(client: TestClient) -> None:
    """GET, a form and a bare body give the same bytes; HEAD gives none."""
    got = client.get("/sparql", params={"query": ROWS}).content
    assert client.post("/sparql", data={"query": ROWS}).content == got
    bare = client.post("/sparql", content=ROWS,
                       headers={"content-type": "application/sparql-query; charset=utf-8"})
    assert bare.content == got
    head = client.head("/sparql", params={"query": ROWS})
    assert (head.status_code, head.content) == (200, b"")


def test_the_dataset_of_the_protocol(client: TestClient, folder: Path) -> None:
    """default-graph-uri asks one page, named-graph-uri makes GRAPH see it; a wrong IRI is told."""
    lines = (folder / "graph.nq").read_text(encoding="utf-8").splitlines()
    page = lines[0].rsplit(" ", 2)[1].strip("<>")
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    one = client.get("/sparql", params={"query": count, "default-graph-uri": page},
                     headers={"accept": "text/csv"}).text
    assert int(one.split()[1]) == sum(f"<{page}> ." in line for line in lines)
    named = client.post(
        "/sparql", params={"named-graph-uri": page}, headers={
            "content-type": "application/sparql-query", "accept": "text/csv"},
        content="SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").text
    assert named == one
    wrong = client.get("/sparql", params={"query": count, "default-graph-uri": "not an iri"})
    assert wrong.status_code == 400


@pytest.mark.parametrize(("status", "method", "options", "words"), [
    (400, "GET", {"params": {"query": "SELEC"}}, "expected"),
    (400, "GET", {"params": {"query": "ASK { ?s foo:x ?o }"}},
     "error at 1:15: unknown prefix 'foo'; accepted"),
    (400, "GET", {"params": {"query": "ASK {}", "update": "x"}}, "read-only"),
    (400, "GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, "one parameter"),
    (400, "POST", {"data": {"update": "DROP ALL"}}, "read-only"),
    (400, "GET", {"params": {"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}}, "expected"),
    (400, "GET", {"params": {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> {?s ?p ?o} }"}},
     "SERVICE"),
    (400, "POST", {"content": b"\xff\xfe", "headers": {"content-type":
                                                      "application/sparql-query"}}, "UTF-8"),
    (405, "PUT", {"content": b"x"}, "Not Allowed"), (405, "DELETE", {}, "Not Allowed"),
    (406, "GET", {"params": {"query": "ASK {}"}, "headers": {"accept": "image/png"}},
     "text/csv"),
    (406, "GET", {"params": {"query": GRAPH}, "headers": {"accept": "text/csv"}}, "a graph"),
    (413, "POST", {"content": b"a" * 200_000, "headers": {
        "content-type": "application/sparql-query"}}, "longer"),
    (414, "GET", {"params": {"query": "#" + "a" * 40_000}}, "POST"),
    (415, "POST", {"content": b"ASK {}", "headers": {
        "content-type": "application/sparql-update"}}, "application/sparql-query"),
    (415, "POST", {"content": b"ASK {}"}, "form-urlencoded"),
])
def test_errors(client: TestClient, status: int, method: str, options: dict[str, object],
                words: str) -> None:
    """Each has its status and a body that says what is wrong, as plain text."""
    done = client.request(method, "/sparql", **options)  # type: ignore[arg-type]
    assert done.status_code == status
    assert done.headers["content-type"].startswith("text/plain")
    assert words in done.text


def test_a_bomb_ends_at_the_limit_and_the_next_query_answers(strict: TestClient) -> None:
    """503 with Retry-After, no half answer; the process that ran it is gone."""
    started = time.monotonic()
    done = strict.get("/sparql", params={"query": BOMB})
    assert done.status_code == 503
    assert "retry-after" in done.headers
    assert "ended" in done.text
    next_one = strict.get("/sparql", params={"query": "ASK {}"})
    assert next_one.status_code == 200
    assert time.monotonic() - started < 15  # the limit is 1 s; a busy machine starts slowly


@pytest.mark.parametrize(("query", "words"), [
    ("SELECT ?s { ?s ?p ?o }", "LIMIT"), ("SELECT ?s ?p ?o { ?s ?p ?o }", "LIMIT"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "triples")])
def test_answers_that_are_too_large(strict: TestClient, query: str, words: str) -> None:
    """413 with the limit and what to do, not a cut answer."""
    done = strict.get("/sparql", params={"query": query})
    assert done.status_code == 413
    assert words in done.text


# ---------------------------------------------------------------- linked data


@pytest.mark.parametrize(("accept", "suffix"), [
    ("text/turtle", "ttl"), ("application/ld+json", "jsonld"), ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"), ("text/turtle;q=0.2,application/rdf+xml", "rdf")])
def test_a_thing_leads_to_its_document(client: TestClient, accept: str, suffix: str) -> None:
    """303 with Vary, then 200 with the type that was asked for."""
    done = client.get(DISEASE, headers={"accept": accept})
    assert done.status_code == 303
    assert "Accept" in done.headers["vary"]
    assert done.headers["location"].endswith(f"MONDO:0006245.{suffix}")
    document = client.get(f"{DISEASE}.{suffix}")
    assert document.status_code == 200
    found = ox.RdfFormat.from_media_type(document.headers["content-type"].partition(";")[0])
    assert found
    triples = {str(quad.triple) for quad in ox.parse(document.content, format=found)}
    again = client.get(f"{DISEASE}.nt").content
    assert triples == {str(quad.triple) for quad in
                       ox.parse(again, format=ox.RdfFormat.N_TRIPLES)}


def test_every_node_of_ours_has_documents(client: TestClient, folder: Path) -> None:
    """Statements, evidence, pages, measurements, minted terms, publications: none is a dead end."""
    store = ox.Store()
    store.load(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    ours = {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)
            and quad.subject.value.startswith("https://w3id.org/rarekg/")}
    assert len(ours) > 50
    for iri in sorted(ours):
        path = iri.removeprefix("https://w3id.org/rarekg")
        assert client.get(f"{path}.nt").status_code == 200, path


def test_a_description_holds_the_statements_with_their_sentences(client: TestClient) -> None:
    """Whoever gets the disease gets what is said of it and the quotes behind it."""
    text = client.get(f"{DISEASE}.ttl").text
    assert "biolink:supporting_text" in text
    assert "oa:exact" in text
    assert "radiation therapy" in text


def test_documents_are_cached_and_compressed(client: TestClient) -> None:
    """A tag that stays, 304 for who has it, gzip for who takes it, links to the other forms."""
    first = client.get(f"{DISEASE}.ttl", headers={"accept-encoding": "identity"})
    packed = client.get(f"{DISEASE}.ttl", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == first.content
    assert "content-encoding" not in first.headers
    tag = first.headers["etag"]
    assert client.get(f"{DISEASE}.ttl", headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{DISEASE}.nt").headers["etag"] != tag
    assert 'rel="describedby"; type="application/ld+json"' in first.headers["link"]


@pytest.mark.parametrize("path", [
    "/disease/MONDO:9999999", "/disease/NOPE:1", "/disease/MONDO:", "/statement/zz", "/nothing/x",
    "/disease/..%2f..%2fetc%2fpasswd", "/statement/%00", "/term/factor/%0d%0aSet-Cookie:%20a=b",
    "/disease/MONDO:1 2", "/disease/<script>", "/page/%ff%fe", "/disease/" + "a" * 5000])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    """404 or 414, as text that repeats nothing of the request."""
    done = client.get(path)
    assert done.status_code in {404, 414}
    assert "<script" not in done.text
    assert "set-cookie" not in done.headers


def test_headers_of_every_response(client: TestClient) -> None:
    """A strict policy, no sniffing, and open to scripts of other sites."""
    for path in ("/healthz", "/nothing", f"{DISEASE}.ttl", "/sparql?query=ASK%20%7B%7D"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["access-control-allow-origin"] == "*"
    options = client.options("/sparql")
    assert "POST" in options.headers["access-control-allow-methods"]
