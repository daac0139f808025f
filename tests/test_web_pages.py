"""Pages for people: what they show, that everything is escaped, and that search forgives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")
pytest.importorskip("httpx2")
import sample_release
import web_server
from msgspec import structs
from starlette.testclient import TestClient

from kg import jsonl, prefixes, site
from kg.model import Document, Statement
from kg.ontology import kinds
from kg.rdf import graph_lines, quads
from kg.web import pages
from kg.web.prepared import Prepared, prepare
from kg.web.rendering import file_name
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
    assert {source.label for source in view.sources} == {
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
    survival = next(one for one in figures if one and one.unit == "%")
    assert (survival.words, survival.low, survival.high, survival.top) == (
        "< 30 % after 5 years", None, 30.0, 100.0)


def test_another_node_shows_who_has_it(client: TestClient) -> None:
    """The page of a therapy lists diseases; each link leads somewhere."""
    text = client.get(f"/therapy/{SURGERY}.html").text
    assert "hidradenocarcinoma" in text
    assert "porphyria" in text
    assert "to avoid" in text


class _Links(HTMLParser):
    """Collects the addresses in a page, and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
        for name in ("href", "src"):
            if (address := given.get(name)) and "://" not in address and address[0] != "#":
                self.found.append(address)


def links(text: str) -> list[str]:
    """The addresses of a page that stay on the site."""
    parser = _Links()
    parser.feed(text)
    return parser.found


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
    document = structs.replace(page, text=text, title=EVIL)
    evidence = structs.replace(several[0].evidence[0], quote=f"{EVIL} is the main treatment.[1]")
    target = several[0].object
    assert target
    changed = structs.replace(several[0], object=structs.replace(target, label=EVIL),
                              evidence=(evidence,), names=(EVIL,))
    labelled = structs.replace(disease, label=EVIL)
    write(tmp_path, document, [structs.replace(changed, disease=labelled)])
    with web_server.client(tmp_path) as made:
        for path in ("/", f"/disease/{DISEASE}.html", f"/therapy/{SURGERY}.html", "/browse.html",
                     "/browse/disease.html", "/search.html?q=script", f"/search.html?q={EVIL}"):
            shown = made.get(path).text
            assert "<script>alert" not in shown, path
            parser = _Links()
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


def test_the_site_is_whole(prepared: Prepared, tmp_path: Path) -> None:
    """Every relative address leads to a file, from a folder and so from file://; twins are there."""
    done = site.write(prepared, tmp_path, "https://example.org/rare/")
    assert done.files == sum(1 for path in tmp_path.rglob("*") if path.is_file())
    found = 0
    for page in tmp_path.rglob("*.html"):
        for address in links(page.read_text(encoding="utf-8")):
            target = (page.parent / re.sub(r"[?#].*", "", address)).resolve()
            assert target.is_file(), f"{page}: {address}"
            found += 1
    assert found > 200
    name = tmp_path / file_name(f"disease/{DISEASE}")
    assert name.with_name(f"{name.name}.ttl").is_file()
    assert "https://example.org/rare/disease/MONDO_0006245.html" in (
        tmp_path / "sitemap.xml").read_text(encoding="utf-8")


def test_the_site_is_the_same_twice(prepared: Prepared, tmp_path: Path) -> None:
    """Same folder, same bytes."""
    contents = []
    for name in ("one", "two"):
        site.write(prepared, tmp_path / name)
        contents.append({str(path.relative_to(tmp_path / name)): path.read_bytes()
                         for path in (tmp_path / name).rglob("*") if path.is_file()})
    assert contents[0] == contents[1]
