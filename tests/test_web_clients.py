"""Programs that others wrote ask a running server: rdflib, SPARQLWrapper, Comunica."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("jinja2")
import web_server
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow
from web_server import Running

ROWS = """PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?s ?name { ?s a biolink:Disease ; rdfs:label ?name } ORDER BY ?name"""
NAMES = ["hidradenocarcinoma", "porphyria"]
DISEASE = "http://purl.obolibrary.org/obo/MONDO_0006245"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the sample release."""
    with web_server.running(web_server.release(tmp_path_factory.mktemp("release"))) as made:
        yield made


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(server: Running, method: str) -> None:
    """Its SPARQLStore asks, counts and looks triples up."""
    store = SPARQLStore(f"{server.url}/sparql", method=method)
    found = [row for row in store.query(ROWS) if isinstance(row, ResultRow)]
    assert [str(row[1]) for row in found] == NAMES
    graph = Graph(store)
    label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    assert graph.value(URIRef(DISEASE), label) == Literal(NAMES[0], lang="en")
    assert len(graph) > 500


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_rdflib_dereferences(server: Running) -> None:
    """Its parser follows the redirect to a document that it reads."""
    for headers in ("turtle", "xml", "nt", "json-ld"):
        graph = Graph()
        graph.parse(f"{server.url}/disease/MONDO:0006245", format=headers)
        assert (URIRef(DISEASE), None, None) in graph


def test_sparqlwrapper(server: Running) -> None:
    """All its formats, by GET, form and body."""
    wrapper = pytest.importorskip("SPARQLWrapper")
    asker = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    for method, how in (("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")):
        asker.setMethod(method)
        asker.setRequestMethod(how)
        asker.setQuery(ROWS)
        asker.setReturnFormat(wrapper.JSON)
        found = asker.queryAndConvert()["results"]["bindings"]
        assert [row["name"]["value"] for row in found] == NAMES
        asker.setReturnFormat(wrapper.XML)
        assert NAMES[0] in asker.queryAndConvert().toxml()
        asker.setReturnFormat(wrapper.CSV)
        assert NAMES[0].encode() in asker.queryAndConvert()
        for form in (wrapper.TURTLE, wrapper.JSONLD, wrapper.RDFXML):
            asker.setQuery(f"DESCRIBE <{DISEASE}>")
            asker.setReturnFormat(form)
            assert asker.queryAndConvert()


def test_comunica(server: Running) -> None:
    """It asks the endpoint, and the document behind the redirect."""
    program = shutil.which("comunica-sparql")
    if program is None:
        pytest.skip("comunica-sparql is not on the path (npm install @comunica/query-sparql)")
    for source in (f"sparql@{server.url}/sparql", f"{server.url}/sparql",
                   f"{server.url}/disease/MONDO:0006245"):
        done = subprocess.run([program, source, ROWS, "-t", "application/json"],
                              capture_output=True, text=True, check=True, timeout=120)
        assert NAMES[0] in " ".join(row["name"] for row in json.loads(done.stdout))


def test_curl_lines_of_the_readme(server: Running, tmp_path: Path) -> None:
    """What documents show is what happens."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not on the path")
    out = tmp_path / "disease.ttl"
    subprocess.run([program, "-sSfL", "-H", "Accept: text/turtle", "--compressed", "-o", str(out),
                    f"{server.url}/disease/MONDO:0006245"], check=True)
    assert len(Graph().parse(out)) > 100
