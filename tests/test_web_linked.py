"""Linked data over HTTP: every kind of IRI in every form, its headers, and where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from kg.web.app import application
from kg.web.negotiation import RESOURCE
from kg.web.prepared import prepare
from kg.web.workers import Limits

BASE = "https://w3id.org/rarekg/"
DISEASE = "disease/MONDO:0006245"
KINDS = ("statement", "evidence", "page", "citation", "measurement", "grounding", "span",
         "quote", "term")
FOREIGN = ("disease", "gene", "site", "phenotype", "publication")
# What a client says it takes, and the suffix that it is led to (none: 406).
ACCEPTS: tuple[tuple[str | None, str], ...] = (
    (None, "html"), ("", "html"), ("*/*", "html"), ("text/html", "html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
    ("text/turtle", "ttl"), ("TEXT/TURTLE", "ttl"), ("application/x-turtle", "ttl"),
    ("text/turtle;q=0.5, application/ld+json", "jsonld"),
    ("application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"", "jsonld"),
    ("application/n-triples", "nt"), ("application/rdf+xml", "rdf"), ("application/xml", "rdf"),
    ("application/json", "json"), ("application/jsonl", "kgx.jsonl"),
    ("text/*", "html"), ("text/*;q=0.1, application/json;q=0.2", "json"),
    ("text/html;q=0, */*", "ttl"), ("image/png", ""), ("text/html;q=0", ""), ("nonsense", ""),
    ("*/*;q=0", ""))


@pytest.fixture(scope="module")
def paths(folder: Path) -> dict[str, str]:
    """One node of each kind, by its path."""
    store = ox.Store()
    store.load(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    ours = sorted(str(quad.subject)[1:-1].removeprefix(BASE) for quad in store
                  if str(quad.subject).startswith(f"<{BASE}"))
    found = {kind: next(path for path in ours if path.startswith(f"{kind}/")) for kind in KINDS}
    return found | {"disease": DISEASE, "gene": "gene/HGNC:4982", "site": "site/UBERON:0002107",
                    "phenotype": "phenotype/HP:0002027", "publication": "publication/PMID:17214855"}


@pytest.mark.parametrize("kind", [*KINDS, *FOREIGN])
def test_the_table_of_negotiation(client: TestClient, paths: dict[str, str], kind: str) -> None:
    """Every Accept leads from every kind of thing to the right document, or to the list."""
    path = paths[kind]
    for accept, suffix in ACCEPTS:
        headers = {} if accept is None else {"accept": accept}
        request = client.build_request("GET", f"/{path}", headers=headers)
        if accept is None:
            del request.headers["accept"]
        done = client.send(request)
        assert done.status_code == (303 if suffix else 406), (path, accept)
        assert "Accept" in done.headers["vary"]
        if suffix:
            assert done.headers["location"] == f"./{path.rpartition('/')[2]}.{suffix}"
        else:
            assert "text/turtle" in done.text


@pytest.mark.parametrize("kind", [*KINDS, *FOREIGN])
def test_every_form_of_every_kind(client: TestClient, paths: dict[str, str], kind: str) -> None:
    """200 with its type, length, tag, date and links; HEAD alike without a body; then 304."""
    for form in RESOURCE:
        place = f"/{paths[kind]}.{form.suffix}"
        done = client.get(place)
        assert done.status_code == 200, place
        assert done.headers["content-type"].partition(";")[0] == form.media_type
        head = client.head(place)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == done.headers["content-length"]
        tag, changed = done.headers["etag"], done.headers["last-modified"]
        for known in ({"if-none-match": tag}, {"if-none-match": f'"x", {tag}'},
                      {"if-none-match": "*"}, {"if-modified-since": changed}):
            again = client.get(place, headers=known)
            assert (again.status_code, again.content) == (304, b""), known
            assert again.headers["etag"] == tag
        for other in ({"if-none-match": '"x"', "if-modified-since": changed},
                      {"if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
                      {"if-modified-since": "no date"}):
            assert client.get(place, headers=other).status_code == 200, other


@pytest.mark.parametrize("kind", [*KINDS, "disease"])
def test_signposting(client: TestClient, paths: dict[str, str], kind: str) -> None:
    """Links say how to cite it, what it is, where the data and the page are, and the licence."""
    links = client.get(f"/{paths[kind]}.html").headers["link"].split(", ")
    relations = {part for link in links for part in link.split('rel="')[1].split('"')[0].split()}
    assert {"describedby", "type", "cite-as" if kind in KINDS else "describes"} <= relations
    assert sum('rel="describedby"' in link for link in links) == len(RESOURCE) - 1
    if kind in {"statement", "evidence", "page", "disease"}:
        assert '<https://example.org/licence>; rel="license"' in links
    back = client.get(f"/{paths[kind]}.ttl").headers["link"]
    assert f'<./{paths[kind].rpartition("/")[2]}.html>; rel="describes alternate"' in back


@pytest.mark.parametrize(("path", "right"), [
    ("gene/MONDO:0006245", DISEASE), ("phenotype/MONDO:0006245.ttl", f"{DISEASE}.ttl"),
    ("disease/HGNC:4982.kgx.jsonl", "gene/HGNC:4982.kgx.jsonl"),
    ("therapy/UBERON:0002107", "site/UBERON:0002107")])
def test_a_wrong_folder_leads_to_the_right_one(client: TestClient, path: str, right: str) -> None:
    """301, relative, with the suffix kept."""
    done = client.get(f"/{path}")
    assert (done.status_code, done.headers["location"]) == (301, f"../{right}")
    assert client.get(f"/{right}", follow_redirects=True).status_code == 200


def test_json_is_the_record(client: TestClient) -> None:
    """Names, properties, and every statement with its sentences."""
    found = json.loads(client.get(f"/{DISEASE}.json").content)
    assert (found["id"], found["label"]) == ("MONDO:0006245", "hidradenocarcinoma")
    kinds = {one["kind"] for one in found["statements"]}
    assert {"therapy", "figure", "synonym"} <= kinds
    (surgery,) = [one for one in found["statements"] if one.get("other") == "MAXO:0000004"]
    assert surgery["other_label"] == "surgical procedure"
    assert any("Wide surgery" in one["quote"] for one in surgery["evidence"])
    assert any(one.get("measurement", {}).get("high") for one in found["statements"])


def test_kgx_rows_are_those_of_the_export(client: TestClient) -> None:
    """The node and the edges at it, nodes first; edges end in nodes of the same document."""
    rows = [json.loads(line) for line in client.get(f"/{DISEASE}.kgx.jsonl").text.splitlines()]
    nodes = {row["id"] for row in rows if "subject" not in row}
    edges = [row for row in rows if "subject" in row]
    assert rows[len(nodes):] == edges
    assert edges
    for edge in edges:
        assert {edge["subject"], edge["object"]} <= nodes
        assert "MONDO:0006245" in {edge["subject"], edge["object"]}


@pytest.mark.parametrize("address", ["https://example.org/rare/", "http://testserver/"])
def test_behind_a_proxy(folder: Path, address: str) -> None:
    """Below a sub-path, stripped or not: links stay relative, the endpoint knows its address."""
    app = application(prepare(folder), Limits(running=1), address)
    below = address.split("/", 3)[3]
    with TestClient(app, follow_redirects=False) as client:
        for start in ("/", f"/{below}"):
            done = client.get(f"{start}{DISEASE}", headers={"accept": "text/turtle"})
            assert done.headers["location"] == "./MONDO:0006245.ttl"
            service = client.get(f"{start}sparql", headers={"accept": "application/n-triples"})
            assert f"<{address}sparql> " in service.text
    with TestClient(app, root_path="/below", follow_redirects=False) as client:
        assert client.get(f"/below/{DISEASE}.ttl").status_code == 200
