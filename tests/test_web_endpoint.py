"""What the endpoint is, what it keeps, and the finer points of its headers."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

SD = "http://www.w3.org/ns/sparql-service-description#"
ROWS = "SELECT ?s ?o { ?s biolink:treats ?o } ORDER BY ?s"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/n-triples",
                                    "application/ld+json", "application/rdf+xml"])
def test_a_bare_get_describes_the_service(client: TestClient, folder: Path, accept: str) -> None:
    """Endpoint, language, formats, default and named graphs, in every RDF form alike."""
    done = client.get("/sparql", headers={"accept": accept})
    assert done.status_code == 200
    form = ox.RdfFormat.from_media_type(done.headers["content-type"].partition(";")[0])
    assert form
    found = ox.Store()
    found.bulk_extend(ox.parse(done.content, format=form))

    def objects(name: str) -> list[str]:
        return [str(quad.object) for quad in
                found.quads_for_pattern(None, ox.NamedNode(SD + name), None)]

    assert objects("endpoint") == ["<http://testserver/sparql>"]
    assert objects("supportedLanguage") == [f"<{SD}SPARQL11Query>"]
    assert len(objects("resultFormat")) == 8
    names = {line.rsplit(" ", 2)[1] for line in
             (folder / "graph.nq").read_text(encoding="utf-8").splitlines()}
    assert set(objects("name")) == names
    count = client.get("/sparql", headers={"accept": "text/csv"}, params={
        "query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).text.split()[1]
    assert any(str(quad.object).startswith(f'"{count}"') for quad in found)


def test_people_are_led_to_the_query_page(client: TestClient) -> None:
    """A browser gets the page with the editor; what fits nothing gets the list."""
    done = client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8"})
    assert (done.status_code, done.headers["location"]) == (303, "query.html")
    assert client.get("/sparql", headers={"accept": "image/png"}).status_code == 406


def test_an_answer_has_a_tag(client: TestClient) -> None:
    """The same for the same question, another for another form; 304 for who has it."""
    first = client.get("/sparql", params={"query": ROWS})
    tag = first.headers["etag"]
    assert "Accept" in first.headers["vary"]
    assert client.get("/sparql", params={"query": ROWS}).headers["etag"] == tag
    other = client.get("/sparql", params={"query": ROWS}, headers={"accept": "text/csv"})
    assert other.headers["etag"] != tag
    for known in ({"if-none-match": tag}, {"if-modified-since": first.headers["last-modified"]}):
        again = client.get("/sparql", params={"query": ROWS}, headers=known)
        assert (again.status_code, again.content) == (304, b"")
    posted = client.post("/sparql", data={"query": ROWS}, headers={"if-none-match": tag})
    assert (posted.status_code, posted.content) == (200, first.content)


def test_an_answer_is_compressed(client: TestClient) -> None:
    """For who takes gzip and unless it is small; the same bytes inside."""
    query = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"}
    plain = client.get("/sparql", params=query, headers={"accept-encoding": "identity"})
    packed = client.get("/sparql", params=query, headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    for refused in ("gzip;q=0", "br", ""):
        done = client.get("/sparql", params=query, headers={"accept-encoding": refused})
        assert "content-encoding" not in done.headers


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT (UUID() AS ?x) {}",
                                   "SELECT (struuid ( ) AS ?x) {}"])
def test_what_changes_is_not_kept(client: TestClient, query: str) -> None:
    """Two askings are two answers, without a tag."""
    first, second = (client.get("/sparql", params={"query": query}) for _ in range(2))
    assert first.content != second.content
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("status", "kind", "body"), [
    (200, f"{QUERY};charset=UTF-8", b"ASK {}"), (200, f'{QUERY} ; Charset="utf-8"', b"ASK {}"),
    (200, f"{FORM}; charset=utf-8", b"query=ASK+%7B%7D"), (200, FORM.upper(), b"query=ASK+%7B%7D"),
    (415, f"{QUERY}; charset=utf-16", b"ASK {}"), (415, "", b"ASK {}"),
    (415, "multipart/form-data; boundary=x", b"--x--"), (400, QUERY, b""), (400, FORM, b""),
    (400, FORM, b"query=%ff"), (400, FORM, b"a=1&" * 200), (400, FORM, b"format=json"),
    (400, QUERY, b"ASK {} \x00"), (400, FORM, b"query=ASK%00"),
])
def test_bodies(client: TestClient, status: int, kind: str, body: bytes) -> None:
    """Each type with its parameters; a body without a query is an error."""
    done = client.post("/sparql", content=body, headers={"content-type": kind})
    assert done.status_code == status, done.text


def test_a_packed_body_is_refused(client: TestClient) -> None:
    """415: what is in it could be of any size."""
    done = client.post("/sparql", content=b"x", headers={
        "content-type": QUERY, "content-encoding": "gzip"})
    assert done.status_code == 415


@pytest.mark.parametrize("path", ["/sparql", "/disease/MONDO:0006245", "/", "/data.html"])
def test_preflight(client: TestClient, path: str) -> None:
    """A script of another site may ask anything that is served."""
    done = client.options(path, headers={
        "origin": "https://example.org", "access-control-request-method": "POST",
        "access-control-request-headers": "content-type"})
    assert done.status_code == 204
    assert done.headers["access-control-allow-origin"] == "*"
    assert "POST" in done.headers["access-control-allow-methods"]
    assert done.headers["access-control-allow-headers"] == "*"


@pytest.mark.parametrize(("query", "form", "media_type"), [
    (ROWS, "csv", "text/csv"), (ROWS, "xml", "application/sparql-results+xml"),
    (ROWS, "application/json", "application/sparql-results+json"),
    ("CONSTRUCT WHERE { ?s biolink:treats ?o }", "nt", "application/n-triples"),
    ("DESCRIBE MONDO:0006245", "json", "application/ld+json"),
    ("DESCRIBE MONDO:0006245", "turtle", "text/turtle"),
    ("ASK {}", "xml", "application/sparql-results+xml"), ("ASK {}", "tsv",
                                                         "text/tab-separated-values")])
def test_the_form_of_a_link(client: TestClient, query: str, form: str, media_type: str) -> None:
    """`format=` beats Accept: a link or a form can say what it wants."""
    done = client.get("/sparql", params={"query": query, "format": form},
                      headers={"accept": "image/png"})
    assert done.headers["content-type"].partition(";")[0] == media_type
