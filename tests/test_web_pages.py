"""Pages for people: what they show, that everything is escaped, and that search forgives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")
pytest.importorskip("httpx2")
import sample_release
import web_server
from msgspec import structs
from page_links import Links, links
from starlette.testclient import TestClient

from kg import jsonl, prefixes
from kg.facts import Measure
from kg.model import Document, Statement
from kg.ontology import kinds
from kg.rdf import graph_lines, quads
from kg.web import comparing, pages
from kg.web.figures import Plot, axis, figure, plot
from kg.web.prepared import Prepared, prepare
from kg.web.reading import SourcePage
from kg.web.search import search

DISEASE, OTHER, SURGERY = "MONDO:0006245", "MONDO:0019142", "MAXO:0000004"
TABLE = prefixes.load()
EVIL = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The sample release, ready."""
    return prepare(web_server.release(tmp_path_factory.mktemp("release")))


@pytest.fixture(scope="module")
def client(prepared: Prepared) -> Iterator[TestClient]:
    """A client of a server over it."""
    with web_server.client(prepared.folder) as made:
        yield made


def node(prepared: Prepared, curie: str) -> pages.NodePage:
    """The view of a node."""
    found = pages.page(prepared, TABLE.expand(curie))
    assert isinstance(found, pages.NodePage)
    return found


def test_a_disease_shows_every_statement(prepared: Prepared) -> None:
    """All kinds in a reader's order, the firmest value first, flags where there are any."""
    view = node(prepared, DISEASE)
    assert view.category == "Disease"
    shown = [one for several in view.groups.values() for group in several for one in group.items]
    stated = {one.id for _, _, several in sample_release.pages()[:2] for one in several}
    assert {one.link.curie for one in shown} == stated
    assert [group.value for group in view.groups["therapy"]] == [
        "standard", "option", "investigational"]
    (family,) = [one for one in shown if one.words == "family history"]
    assert family.flags == ("denied",)
    assert sorted(work.year for work in view.works) == ["2007", "2015"]
    assert {source.link.label for source in view.sources} == {
        "Hidradenocarcinoma", "Hidradenocarcinoma in short"}


def test_a_sentence_stands_in_its_context(prepared: Prepared) -> None:
    """The parts are the quote, the mention is marked, before and after are the page's text."""
    view = node(prepared, DISEASE)
    (surgery,) = view.groups["therapy"][0].items
    assert len(surgery.passages) == 2
    first = next(one for one in surgery.passages if one.page.label == "Hidradenocarcinoma")
    assert "".join(text for text, _ in first.parts).startswith("Wide surgery is the main")
    assert [text for text, marked in first.parts if marked] == ["Wide surgery"]
    assert first.before.endswith("not known.\n\n")
    assert "Trastuzumab" in first.after
    assert [number for number, _ in first.citations] == ["1", "2"]


def test_a_figure_is_drawn_with_its_bounds(prepared: Prepared) -> None:
    """Open ends stay open; a share is drawn on a scale of a hundred."""
    figures = [one.figure for group in node(prepared, DISEASE).groups["figure"]
               for one in group.items]
    survival = next(one for one in figures if one and one.scale == "%")
    assert (survival.words, survival.low, survival.high) == (
        "less than 30 % after 5 years", None, 30.0)
    drawn = next(one.plot for group in node(prepared, DISEASE).groups["figure"]
                 for one in group.items if one.figure == survival)
    assert drawn == Plot(0.0, 60.0, True, False, False)


def test_figures_of_one_unit_share_a_scale() -> None:
    """Ends that are open, shares of people, months among years: each at its place, in words."""
    shown = [figure(Measure(*one)) for one in (
        ("", "20", "%", "<", "", "P1Y", ""), ("80", "", "%", ">=", "", "", ""),
        ("50", "50", "%", "~", "in men", "", "others"))]
    assert [one.words for one in shown] == [
        "less than 20 % after 1 year", "at least 80 %", "about 50 %"]
    assert [plot(one, axis(shown)) for one in shown] == [
        Plot(0.0, 40.0, True, False, False), Plot(160.0, 200.0, False, True, False),
        Plot(100.0, 100.0, False, False, True)]
    assert shown[2].about == "in men, others"
    rare = figure(Measure("0.00001", "0.0001", "per_person", "range", "", "", ""))
    assert rare.words == "1 in 100,000–1 in 10,000"
    assert plot(rare, axis([rare])).start < plot(rare, axis([rare])).end < 200
    young = figure(Measure("6", "6", "months", "=", "", "", ""))
    assert (young.words, young.low, axis([young]).top) == ("6 months", 0.5, 0.5)


def test_a_page_is_shown_as_it_was_read(prepared: Prepared) -> None:
    """All of its text but the title, and each mention with the statements that it is part of."""
    document = sample_release.pages()[0][0]
    view = pages.page(prepared, f"{TABLE.table['rarekg']}page/{document.id}")
    assert isinstance(view, SourcePage)
    text = " ".join("".join(piece.text for piece in part.pieces) for part in view.paragraphs)
    assert text.split() == " ".join(document.text.split()[1:]).split()
    marked = {piece.text: piece.said for part in view.paragraphs for piece in part.pieces
              if piece.said}
    assert [one.words for one in marked["Wide surgery"]] == ["surgical procedure"]
    assert view.about
    assert view.about.curie == DISEASE
    assert view.license == "https://example.org/licence"
    stated = {one.id for one in sample_release.pages()[0][2]}
    assert {one.link.curie for part in view.paragraphs for one, _ in part.said} == stated


def test_a_publication_shows_what_cites_it(client: TestClient) -> None:
    """From the disease's list to the work, and from there to the statements."""
    (path,) = {address for address in links(client.get(f"/disease/{DISEASE}.html").text)
               if "/publication/" in address and "17214855" in address}
    text = client.get(str(client.base_url.join("/disease/x").join(path).path)).text
    assert "Cases" in text
    assert "Trastuzumab" in text
    assert "benign hidradenoma" not in text


def test_two_diseases_are_compared(prepared: Prepared, client: TestClient) -> None:
    """By name or identifier; what both have, with how it differs; an unknown name is said."""
    found = comparing.compared(prepared, "hidradenocarcinoma", OTHER)
    therapies = next(kind for kind in found.kinds if kind.kind == "therapy")
    (surgery,) = therapies.both
    assert surgery.differs
    assert [side.value for side in (surgery.one, surgery.other) if side] == ["standard", "to_avoid"]
    assert {row.words for row in therapies.first} == {"radiation therapy", "Trastuzumab"}
    assert not therapies.second
    text = client.get("/compare.html", params={"a": DISEASE, "b": "no such thing"}).text
    assert "There is no disease “no such thing” here." in text
    assert "differs" in client.get("/compare.html", params={"a": DISEASE, "b": OTHER}).text


@pytest.mark.parametrize("typed", ["", " ", "MONDO:", "MONDO:< >", ":", "x" * 5000, "\x00"])
def test_comparing_survives_anything(client: TestClient, typed: str) -> None:
    """What names no disease is said to be none."""
    assert client.get("/compare.html", params={"a": typed, "b": DISEASE}).status_code == 200


def test_suggestions_are_json(client: TestClient) -> None:
    """What the search field shows while one types; each path leads to a page."""
    found = client.get("/search.json", params={"q": "porf"}).json()
    assert found[0]["label"] == "porphyria"
    assert client.get(f"/{found[0]['path']}.html").status_code == 200
    assert client.get("/search.json").json() == []


def test_a_named_query_is_filled_in_without_a_script(client: TestClient) -> None:
    """The values go into the text as terms; what is wrong with them is said."""
    asked = {"name": "therapies", "disease": DISEASE, "status": "standard"}
    text = client.get("/query.html", params=asked).text
    assert "MONDO_0006245&gt; }" in text
    for wrong in ({"disease": "NOPE:1"}, {"status": "odd"}, {"disease": "MONDO:1> } #"}):
        text = client.get("/query.html", params={"name": "therapies", **wrong}).text
        assert 'role="alert"' in text, wrong
    assert "no query called zzz" in client.get("/query.html", params={"name": "zzz"}).text
    assert "&lt;script&gt;" in client.get("/query.html", params={"query": "<script>"}).text


def test_another_node_shows_who_has_it(client: TestClient) -> None:
    """The page of a therapy lists diseases; each link leads somewhere."""
    text = client.get(f"/therapy/{SURGERY}.html").text
    assert "hidradenocarcinoma" in text
    assert "porphyria" in text
    assert "to avoid" in text


def test_no_link_is_dead(client: TestClient) -> None:
    """From the first page on, every address answers with 200."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        page = waiting.pop()
        done = client.get(page)
        assert done.status_code == 200, page
        if "html" not in done.headers["content-type"]:
            continue
        for address in links(done.text):
            target = str(done.url.join(address).path)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 60


def test_a_page_from_outside_cannot_write_markup(tmp_path: Path) -> None:
    """Script in a title, a sentence, a name or a label stays text on every page and in the data."""
    pages_ = sample_release.pages()
    page, disease, several = pages_[1]
    text = page.text.replace("Wide surgery", EVIL)
    document = structs.replace(page, text=text, title=EVIL, url="javascript:alert(1)",
                               license="javascript:alert(2)")
    evidence = structs.replace(several[0].evidence[0], quote=f"{EVIL} is the main treatment.[1]")
    target = several[0].object
    assert target
    changed = structs.replace(several[0], object=structs.replace(target, label=EVIL),
                              evidence=(evidence,), names=(EVIL,))
    labelled = structs.replace(disease, label=EVIL)
    write(tmp_path, document, [structs.replace(changed, disease=labelled)])
    with web_server.client(tmp_path) as made:
        for path in ("/", f"/disease/{DISEASE}.html", f"/page/{document.id}.html",
                     f"/therapy/{SURGERY}.html", "/browse.html",
                     "/browse/disease.html", "/search.html?q=script", f"/search.html?q={EVIL}"):
            shown = made.get(path).text
            assert "<script>alert" not in shown, path
            assert 'href="javascript' not in shown, path
            parser = Links()
            parser.feed(shown)
            assert all(one.get("src") or one.get("type") == "application/ld+json"
                       for one in parser.scripts)


def write(folder: Path, document: Document, statements: list[Statement]) -> None:
    """The stage files of one page."""
    jsonl.write(folder / "documents.jsonl", [document])
    (folder / "graph.nq").write_bytes(graph_lines(
        quads(document, statements[0].disease, statements, TABLE, kinds())))


@pytest.mark.parametrize(("typed", "first"), [
    ("hidradenocarcinoma", DISEASE), ("Hidradeno", DISEASE), ("hidradenocarcinma", DISEASE),
    ("hydradenocarcinoma", DISEASE), ("malignant acrospiroma", DISEASE), (DISEASE, DISEASE),
    ("porfyria", OTHER), ("HMBS", "HGNC:4982"), ("SURGICAL procedure", SURGERY)])
def test_search_forgives(prepared: Prepared, typed: str, first: str) -> None:
    """Case, beginnings, typing errors, other names and ids all lead to the node."""
    assert search(prepared, typed)[0].link.curie == first


@pytest.mark.parametrize("typed", ["", " ", "zzzzzz", '"', "a\"b OR *", "%", "_", "\\", "x" * 9999,
                                   "'; DROP TABLE names; --", "NEAR(", "\x00"])
def test_search_survives_anything(prepared: Prepared, typed: str) -> None:
    """What is no name finds nothing or little, and raises nothing."""
    assert len(search(prepared, typed)) <= 20


def test_downloads_are_those_of_the_manifest(client: TestClient) -> None:
    """Nothing outside it can be fetched."""
    for path in ("/download/../graph.nq", "/download/%2e%2e/graph.nq", "/download//etc/passwd",
                 "/download/manifest.json", "/static/../app.py", "/static/%2e%2e/app.py"):
        assert client.get(path).status_code in {307, 404}, path


def test_preparing_twice_is_quick_and_follows_the_graph(tmp_path: Path) -> None:
    """A second start finds what is there; a changed graph is prepared again and the old is gone."""
    folder = web_server.release(tmp_path)
    first = prepare(folder)
    made = (first.place / "names.sqlite").stat().st_mtime_ns
    assert (prepare(folder).place / "names.sqlite").stat().st_mtime_ns == made
    lines = (folder / "graph.nq").read_bytes().splitlines(keepends=True)
    (folder / "graph.nq").write_bytes(b"".join(lines[:-1]))
    second = prepare(folder)
    assert second.place != first.place
    assert not first.place.exists()
