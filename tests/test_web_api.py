"""The descriptions and JSON endpoints as a crawler and a program see them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
import web_server
from starlette.testclient import TestClient

from kg import descriptions, exports
from kg.descriptions.about import About
from kg.queries import named
from kg.web import api, wellknown
from kg.web.app import ROUTES
from kg.web.prepared import STATISTICS, prepare

TYPES = {"ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json",
         "rdf": "application/rdf+xml"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its exports."""
    made = web_server.release(tmp_path_factory.mktemp("api"))
    exports.write(made / "graph.nq", made / "exports")
    return made


def parsed(body: bytes, media_type: str) -> set[ox.Quad]:
    """The triples of a body."""
    form = ox.RdfFormat.from_media_type(media_type)
    assert form
    return set(ox.parse(body, format=form))


@pytest.mark.parametrize("name", ["void", "sparql-examples"])
def test_descriptions_are_negotiated(client: TestClient, name: str) -> None:
    """Each type and suffix gives the same triples; what cannot be had is 406 or 404."""
    first = parsed(client.get(f"/{name}.ttl").content, "text/turtle")
    assert len(first) > 100
    for suffix, media_type in TYPES.items():
        done = client.get(f"/.well-known/{name}", headers={"accept": media_type})
        assert done.headers["content-type"].partition(";")[0] == media_type
        assert "accept" in done.headers["vary"].lower()
        assert parsed(done.content, media_type) == first
        assert client.get(f"/{name}.{suffix}").content == done.content
    assert client.get(f"/.well-known/{name}", headers={"accept": "image/png"}).status_code == 406
    assert client.get(f"/{name}.png").status_code == 404


def test_void_is_what_the_identifiers_of_the_dataset_lead_to(client: TestClient) -> None:
    """/void is where <base>void#dataset leads; links go on to the other types."""
    done = client.get("/void", headers={"accept": "text/turtle"})
    assert b"d:dataset" in done.content
    assert '<./void.nt>; rel="alternate"' in done.headers["link"]
    again = client.get("/void.ttl", headers={"if-none-match": done.headers["etag"]})
    assert again.status_code == 304


def test_addresses_are_those_of_the_server(client: TestClient) -> None:
    """Where kg describe was not told, downloads and endpoint are where the server was asked."""
    text = client.get("/void.nt", headers={"host": "kg.example.org"}).text
    assert "<http://kg.example.org/sparql>" in text
    for place in re.findall(r"<http://kg\.example\.org(/download/[^>]+)>", text):
        assert client.get(place).status_code == 200, place


def test_numbers_are_counted_when_the_folder_is_prepared(folder: Path) -> None:
    """A server does not count: the numbers lie beside its store, and are made where they do not."""
    prepared = prepare(folder)
    place = prepared.place / STATISTICS
    first = place.read_bytes()
    place.unlink()
    wellknown.statistics(prepared)
    assert place.read_bytes() == first


def test_pages_and_dataset_say_the_same(client: TestClient, folder: Path) -> None:
    """The schema.org document has the files as they are, and script in it cannot run."""
    done = client.get("/dataset.jsonld")
    found = done.json()
    assert done.headers["content-type"] == "application/ld+json"
    assert found["@type"] == "Dataset"
    assert {one["name"] for one in found["distribution"]} == {
        one.file for one in exports.DEFAULT}
    assert "</" not in wellknown.embedded(prepare(folder)).jsonld


def test_files_of_descriptions_can_be_had(folder: Path, client: TestClient) -> None:
    """What kg describe wrote lies beside the downloads that it names; nothing else does."""
    places = ["croissant.json", "ro-crate-metadata.json", "descriptions/void.ttl"]
    assert {client.get(f"/download/{one}").status_code for one in places} == {404}
    out = folder / "exports"
    list(descriptions.write(descriptions.read(folder, About()), out, out))
    for one in places:
        assert client.get(f"/download/{one}").content == (out / one).read_bytes()
    assert client.get("/download/descriptions/about.json").status_code == 404
    made = client.get("/download/croissant.json").json()
    for one in made["distribution"]:
        assert client.get(f"/download/{one['contentUrl']}").status_code == 200


def test_records(client: TestClient) -> None:
    """A disease has its statements with their sentences; a statement of it is found again."""
    done = client.get("/api/disease/MONDO:0006245")
    found = done.json()
    assert found["label"] == "hidradenocarcinoma"
    surgery = next(one for one in found["statements"]
                   if one.get("other_label") == "surgical procedure")
    assert {one["page"] for one in surgery["evidence"]}
    one = client.get(f"/api/statement/{surgery['id'].rpartition('/')[2]}").json()
    assert [two["id"] for two in one["statements"]] == [surgery["id"]]
    same = {"if-none-match": done.headers["etag"]}
    assert client.get("/api/disease/MONDO:0006245", headers=same).status_code == 304


@pytest.mark.parametrize("path", [
    "disease/MAXO:0000004", "disease/MONDO:9999999", "disease/nothing", "disease/NO:1",
    "disease/%20", "disease/http:%2F%2Fx", "disease/MONDO:0 0", "disease/" + "x" * 300,
    "disease/MONDO:%3Cscript%3E", "statement/0", "statement/%C3%A9",
    "nothing/x"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    """An unknown identifier is 404 with one sentence, whatever it is made of."""
    done = client.get(f"/api/{path}")
    assert done.status_code == 404
    assert done.headers["content-type"].startswith("text/plain")
    assert "script" not in done.text


def test_named_queries(client: TestClient) -> None:
    """Each has its text, its parameters and the words that they take."""
    found = {one["name"]: one for one in client.get("/api/queries").json()}
    assert found.keys() == named().keys()
    (status,) = [one for one in found["therapies"]["parameters"] if one["name"] == "status"]
    assert "standard" in status["choices"]


def test_openapi_is_about_routes_that_are_there(client: TestClient) -> None:
    """Every path of the document is a route, with the server's address and the right version."""
    found = client.get("/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    assert found["servers"] == [{"url": "http://testserver"}]
    routes = {path: methods for path, _, methods in ROUTES}
    for path, operations in found["paths"].items():
        assert {one.upper() for one in operations} <= set(routes[path])


def test_answers_are_as_openapi_says(client: TestClient) -> None:
    """The example of each GET gives a documented type that has the schema's shape."""
    document = api.document()
    checked = 0
    for path, operations in document["paths"].items():
        get = operations["get"]
        place, query = path, {}
        for one in get.get("parameters", []):
            if one["in"] == "path":
                place = path.replace(f"{{{one['name']}}}", one["example"])
            elif "example" in one:
                query[one["name"]] = one["example"]
        if place.startswith("/api/statement/"):
            continue
        done = client.get(place, params=query)
        assert done.status_code == 200, place
        content = resolved(document, get["responses"]["200"])["content"]
        media_type = done.headers["content-type"].partition(";")[0]
        assert media_type in content
        fits(document, content[media_type].get("schema", {}), done.json())
        checked += 1
    assert checked == 4


def resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document stands for."""
    if "$ref" not in value:
        return value
    found: Any = document
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Types, required fields, items and additional fields are as the schema has them."""
    schema = resolved(document, schema)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if "type" in schema:
        assert isinstance(value, kinds[schema["type"]]), (schema, value)
    if isinstance(value, list):
        for one in value:
            fits(document, schema.get("items", {}), one)
    if isinstance(value, dict) and ("properties" in schema or "additionalProperties" in schema):
        assert set(schema.get("required", ())) <= value.keys(), value
        rest = schema.get("additionalProperties")
        for name, one in value.items():
            known = schema.get("properties", {}).get(name, rest)
            assert known is not None, f"{name} is not described"
            fits(document, known, one)


def test_json_is_json(client: TestClient) -> None:
    """Every JSON endpoint gives what json reads, not compressed where that is not taken."""
    for path in ("/openapi.json", "/api/queries", "/dataset.jsonld", "/search.json?q=x"):
        done = client.get(path, headers={"accept-encoding": "identity"})
        assert json.loads(done.content) is not None


def test_schemathesis_finds_nothing(client: TestClient) -> None:
    """Requests made from the document, good and bad, give only what it says."""
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    # a string that is no SPARQL is a query that is refused: the schema cannot say which are
    left_out = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=20, deadline=None, database=None, derandomize=True,
                  suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(excluded_checks=left_out)

        check()


def test_the_data_page_names_the_sum_of_the_file_it_offers(
    client: TestClient, folder: Path
) -> None:
    """The hash of the graph is the manifest's, which sha256sum gives of the downloaded N-Quads."""
    (told,) = re.findall(r"has the SHA-256 <code>(\w+)</code>", client.get("/data.html").text)
    content = (folder / "exports/graph.nq").read_bytes()
    assert told == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("path", ["/", "/data.html"])
def test_pages_embed_the_dataset(client: TestClient, path: str) -> None:
    """A crawler finds schema.org in the page, and typed links to the rest."""
    text = client.get(path).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(script) == client.get("/dataset.jsonld").json()
    assert list(ox.parse(script, format=ox.RdfFormat.JSON_LD))
    links = dict(re.findall(r'<link rel="([\w-]+)" href="([^"]+)"', text))
    assert links["cite-as"] == "https://w3id.org/rarekg/void#dataset"
    assert links["license"] == "https://example.org/licence"
    assert client.get(f"/{links['describedby'].removeprefix('./')}").status_code == 200


def test_a_static_site_claims_no_endpoint(folder: Path) -> None:
    """Its descriptions are the server's without what a file cannot answer."""
    found = dict(wellknown.files(prepare(folder), "https://example.org/rare/"))
    assert b"https://example.org/rare/download/graph.ttl" in found["void.ttl"]
    assert b"sparqlEndpoint" not in found["void.ttl"]
    assert b"schema:target" not in found["sparql-examples.ttl"]
    assert found["dataset.jsonld"]


def test_options_name_the_methods_that_there_are(client: TestClient) -> None:
    """Reading everywhere, POST where something is asked."""
    allowed = {path: client.options(path).headers["allow"]
               for path in ("/", "/api/queries", "/sparql", "/mcp")}
    assert allowed == {"/": "GET, HEAD, OPTIONS", "/api/queries": "GET, HEAD, OPTIONS",
                       "/sparql": "GET, HEAD, POST, OPTIONS", "/mcp": "POST, OPTIONS"}
