"""What is made before it is asked for, what is sent without routing, and what is asked at once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from kg.web import branches, overviews
from kg.web.answering import Asked, about, answer
from kg.web.app import application
from kg.web.cache import Cache
from kg.web.prepared import Prepared, prepare
from kg.web.printed import printed
from kg.web.workers import Limits

DISEASE = "disease/MONDO:0006245"


@pytest.fixture(scope="module")
def prepared(folder: Path) -> Prepared:
    """The sample release, ready."""
    return prepare(folder)


def test_what_is_printed_is_what_is_made(prepared: Prepared, client: TestClient) -> None:
    """A page made beforehand has the bytes and headers of one made when it is asked for."""
    pages = printed(prepared, 1)
    app = application(prepared, Limits(running=1), printed=pages)
    with closing(pages), TestClient(app) as other:
        for suffix in ("html", "ttl", "jsonld"):
            one, two = (each.get(f"/{DISEASE}.{suffix}") for each in (client, other))
            assert one.content == two.content
            assert one.headers == two.headers
        assert pages.find(DISEASE, "html")
        assert pages.find(DISEASE, "jsonld") is None


def test_a_server_goes_on_with_what_it_opened(prepared: Prepared) -> None:
    """Another program that prints anew takes nothing from one that runs."""
    with closing(printed(prepared, 1)) as pages:
        prepared.pages.unlink()
        assert pages.find(DISEASE, "html")
    with closing(printed(prepared, 1)) as pages:
        assert pages.find(DISEASE, "html")


def test_another_program_prints_again(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and entity tags are those of a graph and a program."""
    pages, version = prepared.pages, prepared.version
    monkeypatch.setattr("kg.web.prepared.program", lambda: "another")
    assert prepare(prepared.folder).pages != pages
    assert prepare(prepared.folder).version != version


@pytest.mark.parametrize("path", [f"{DISEASE}.html", f"{DISEASE}.nt", "browse.html", ""])
def test_what_is_ready_is_the_same_again(client: TestClient, path: str) -> None:
    """The second answer is the first one; 304 for its tag; HEAD has no body; plain where asked."""
    first = client.get(f"/{path}")
    second = client.get(f"/{path}")
    assert (first.content, first.headers) == (second.content, second.headers)
    same = client.get(f"/{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "content-type" not in same.headers
    assert same.headers["content-security-policy"]
    plain = client.get(f"/{path}", headers={"Accept-Encoding": "identity"})
    assert plain.content == first.content
    odd = client.get(f"/{path}", headers={"Accept-Encoding": "gzip;q=1.2.3"})
    assert odd.content == plain.content
    assert client.head(f"/{path}").headers["content-length"]


@pytest.mark.parametrize("path", ["/nothing/x", "/static/nothing", "/sparql?query=x", "/%ff"])
def test_errors_have_the_policy(client: TestClient, path: str) -> None:
    """Whatever goes wrong, the headers that protect a browser are there once."""
    done = client.get(path)
    assert done.status_code >= 400
    assert done.headers.get_list("content-security-policy")[0].startswith("default-src 'none'")
    assert len(done.headers.get_list("content-security-policy")) == 1


def test_a_fault_of_ours_has_the_policy(prepared: Prepared) -> None:
    """A 500 too, and it tells nothing of its insides."""
    app = application(prepared, Limits(running=1))
    del app.state.answers
    with TestClient(app, raise_server_exceptions=False) as made:
        done = made.get("/api/queries")
    assert done.status_code == 500
    assert "content-security-policy" in done.headers
    assert "answers" not in done.text


@pytest.mark.parametrize(("text", "so"), [
    ("SELECT ?p ?o { <http://a/> ?p ?o }", True),
    ("select * where { <http://a/> <http://b/> ?o . } limit 10 # x", True),
    ("SELECT ?p ?o { ?s ?p ?o }", False),
    ("SELECT ?s { ?s ?p <http://a/> }", False),
    ("SELECT ?p { <http://a/> <http://p/>* ?o }", False),
    ("SELECT ?p { <http://a/> ?p ?o . ?o ?q ?r }", False),
    ("SELECT ?p { <http://a/> ?p ?o }\nUNION {}", False),
    ("SELECT ?p { <http://a/> ?p ?o } # x\n LIMIT 1", False),
    ("SELECT ?p FROM <x:y> { <http://a/> ?p ?o }", False),
    ("SELECT (COUNT(*) AS ?n) { <http://a/> ?p ?o }", False),
])
def test_what_cannot_run_for_long(prepared: Prepared, text: str, so: bool) -> None:
    """One pattern about one node and nothing else; such a query is one, and has an answer."""
    asked = Asked(text, "json", "ttl")
    assert about(asked) == ("http://a/" if so else "")
    if so:
        assert hasattr(answer(prepared.store, asked, prepared.prefixes, 10, 10_000), "body")
    assert not about(Asked(text, "json", "ttl", default=("http://a/",)))


def test_a_large_node_has_a_process(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query about one node has the same answer with a process, which nodes with much have."""
    node = "http://purl.obolibrary.org/obo/MONDO_0006245"
    asked, found = {"query": f"SELECT ?p ?o {{ <{node}> ?p ?o }}"}, []
    for most in (1 << 20, 0):
        monkeypatch.setattr("kg.web.sparql.BRIEF", most)
        client.app.state.answers = Cache()  # type: ignore[attr-defined]
        found.append(client.get("/sparql", params=asked).json()["results"]["bindings"])
    assert found[0] == found[1]
    assert len(found[0]) > 5


def test_branches_lead_from_the_top_to_the_diseases(prepared: Prepared) -> None:
    """Whoever follows the branches down from the root finds every disease that MONDO has."""
    top, found = branches.root(prepared), set[str]()
    assert top
    todo, seen = [top], set[str]()
    while todo:
        curie = todo.pop()
        view = branches.branch(prepared, curie)
        assert view
        found.update(link.curie for link, _ in view.diseases)
        todo += [one.link.curie for one in view.below if one.link.curie not in seen]
        seen.update(one.link.curie for one in view.below)
    assert {"MONDO:0006245", "MONDO:0019142"} <= found
    assert overviews.branch(prepared, "MONDO:0000000") is None


def test_branches_have_pages(client: TestClient, prepared: Prepared) -> None:
    """The page for browsing leads to them; one without diseases is not there."""
    place = f"branch/{branches.root(prepared)}.html"
    assert place in client.get("/browse.html").text
    assert "diseases in this branch" in client.get(f"/{place}").text
    assert client.get("/branch/MONDO:0000000.html").status_code == 404


def test_release_notes_are_shown(prepared: Prepared) -> None:
    """What the publisher wrote beside the graph is on the data page, as text."""
    notes = prepared.folder / "RELEASE_NOTES.md"
    notes.write_text("- two therapies <b>more</b>\n", encoding="utf-8")
    try:
        with TestClient(application(prepared, Limits(running=1))) as made:
            text = made.get("/data.html").text
    finally:
        notes.unlink()
    assert "Release notes" in text
    assert "two therapies &lt;b&gt;more&lt;/b&gt;" in text
