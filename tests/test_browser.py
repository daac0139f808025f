"""The pages in a real browser: those of the server and of the site, by keyboard and by axe-core."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
pytest.importorskip("jinja2")
import browser
import sample_release
from browser import Browser

from kg import exports, site
from kg.text import digest
from kg.web.app import POLICY
from kg.web.prepared import prepare

ROOT = Path(__file__).parents[1]
AXE = Path(os.environ.get("RAREKG_AXE", ROOT / "node_modules/axe-core/axe.min.js"))
DISEASE, OTHER, SURGERY = "disease/MONDO:0006245", "disease/MONDO:0019142", "therapy/MAXO:0000004"
PAGE = f"page/{digest(sample_release.FIRST, length=64)[:16]}"
STATEMENT = next(one.id.partition(":")[2] for one in sample_release.pages()[0][2]
                 if one.kind == "figure")
PAGES = ("", f"{DISEASE}.html", f"{OTHER}.html", f"{SURGERY}.html", f"{PAGE}.html",
         f"{STATEMENT}.html", "compare.html", "compare.html?a=hidradenocarcinoma&b=porphyria",
         "query.html", "query.html?name=therapies&disease=MONDO:0006245", "search.html?q=porf",
         "search.html?q=zzzz", "browse.html", "browse/disease.html", "data.html", "quality.html")
pytestmark = [
    pytest.mark.skipif(not browser.COMMAND, reason="there is no Chromium here"),
    pytest.mark.flaky(reruns=2),  # a real browser on a busy machine is late now and then
]
FOUND = "document.querySelectorAll('#suggestions [role=option]').length"


ENGINE = Path(os.environ.get("RAREKG_OXIGRAPH", ROOT / "node_modules/oxigraph"))
SCRIPTS = {"/some/where/query.html", "/some/where/static/local.js"}


class _Quiet(SimpleHTTPRequestHandler):
    """A plain web host with the policy of docs/site.md."""

    def end_headers(self) -> None:
        wasm = " 'wasm-unsafe-eval'" if self.path.partition("?")[0] in SCRIPTS else ""
        self.send_header("Content-Security-Policy", POLICY.replace(
            "script-src 'self'", f"script-src 'self'{wasm}"))
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser of this module."""
    with browser.started(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def view(chromium: Browser) -> Iterator[Browser]:
    """A desktop in light colours; nothing may have gone wrong on its pages in the end."""
    chromium.look(1200)
    chromium.faults.clear()
    yield chromium
    assert not chromium.faults


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where kg serve shows the sample release."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg", "serve", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        browser.answering("127.0.0.1", port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in a folder below the one that a web host shows."""
    top = tmp_path_factory.mktemp("host")
    site.write(prepare(folder), top / "some" / "where")
    return top


@contextmanager
def hosted(top: Path) -> Iterator[str]:
    """The address of a site on a plain web host, below a path."""
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(top)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_address[1]}/some/where/"
    host.shutdown()
    host.server_close()


@pytest.fixture(scope="module")
def below(written: Path) -> Iterator[str]:
    """The site's address."""
    with hosted(written) as start:
        yield start


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone(view: Browser, address: str, path: str) -> None:
    """Nothing is wider than the window, and the browser finds no fault."""
    view.look(390)
    view.open(address + path)
    view.settle(0.1)
    assert view.js("document.documentElement.scrollWidth") <= 390
    assert view.js("document.querySelectorAll('h1').length") == 1


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: npm install axe-core, or RAREKG_AXE")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(view: Browser, address: str, path: str, dark: bool) -> None:
    """No fault of accessibility, whatever its weight, with every part of the page open."""
    view.look(390 if dark else 1200, dark)
    view.open(address + path)
    view.js("for (const one of document.querySelectorAll('details')) one.open = true")
    view.js(AXE.read_text(encoding="utf-8") + "\n;0")
    passed, broken = view.js(
        "axe.run(document).then((found) => [found.passes.length, found.violations.map((one) => "
        "[one.impact, one.id, one.nodes[0].html.slice(0, 200)])])")
    assert passed > 10
    assert not broken


def test_searching_while_typing(view: Browser, address: str) -> None:
    """Typing, arrows, Escape and Enter lead to a disease, with a spelling mistake on the way."""
    view.open(address)
    _suggested(view, "hydradenocarc")
    view.key("ArrowDown")
    assert view.js("document.activeElement.getAttribute('aria-activedescendant')") == "suggestion-0"
    view.key("Escape")
    assert view.js("document.getElementById('suggestions').hidden")
    view.key("ArrowDown")
    view.until(f"{FOUND} > 0")
    view.key("ArrowDown")
    view.key("Enter")
    view.until(f"location.pathname.endsWith('/{DISEASE}.html')")


def _suggested(view: Browser, text: str) -> None:
    """Types into the search field and waits for suggestions."""
    view.js("document.getElementById('q').focus()")
    view.type(text)
    view.until(f"{FOUND} > 0")


def test_a_disease_opens_its_sentences(view: Browser, address: str) -> None:
    """A statement opens by keyboard, shows its sentence, and leads to its place on the page."""
    view.open(f"{address}{DISEASE}.html")
    view.js("document.querySelector('#therapy summary').focus()")
    view.key("Enter")
    view.until("document.querySelector('#therapy details').open")
    assert view.js("document.querySelector('#therapy mark').textContent") == "Wide surgery"
    assert view.js("document.querySelector('#therapy figure mark').checkVisibility()")
    view.js("document.querySelector('#therapy figcaption a').click()")
    view.until("location.pathname.includes('/page/') && document.querySelector(':target')")
    assert "surgical procedure" in view.js("document.querySelector(':target').textContent")
    assert view.js("document.querySelectorAll('.mention').length") > 1


def test_the_picture_has_links(view: Browser, address: str) -> None:
    """Each neighbour in the picture leads to its page."""
    view.open(f"{address}{DISEASE}.html")
    view.js("document.querySelector('.picture summary').click()")
    target = view.js("new URL(document.querySelector('.picture a').href.baseVal, location).href")
    view.open(target)
    assert "hidradenocarcinoma" in view.js("document.body.textContent")


def _editor(view: Browser, text: str) -> None:
    """Empties the editor and types into it."""
    view.until("document.getElementById('editor').shadowRoot?.querySelector('.cm-content')")
    view.js("document.getElementById('editor').shadowRoot.querySelector('.cm-content').focus()")
    view.js("document.execCommand('selectAll')")
    view.js("document.execCommand('delete')")
    view.type(text)


def test_a_query_is_typed_completed_run_and_fetched(view: Browser, address: str) -> None:
    """The editor completes a term; the answer is a table with CURIEs, and a file."""
    view.open(f"{address}query.html")
    _editor(view, "SELECT ?d ?n { ?d a biolink:Dis")
    inside = "document.getElementById('editor').shadowRoot"
    view.until(f"{inside}.querySelector('.cm-tooltip-autocomplete [aria-selected]')")
    view.settle(0.3)  # the editor takes no Enter at once, for a user who was still typing
    view.key("Enter")
    assert "biolink:Disease" in view.js(f"{inside}.querySelector('.cm-content').textContent")
    view.type(" ; rdfs:label ?n } ORDER BY ?n")
    view.key("Enter", modifiers=2)
    view.until("document.querySelector('#answer table')")
    assert view.js("[...document.querySelectorAll('#answer tbody tr')].map((one) => "
                   "one.cells[0].textContent + one.cells[1].textContent)") == [
        "MONDO:0006245hidradenocarcinoma", "MONDO:0019142porphyria"]
    view.js("document.querySelector('#answer .downloads a').click()")
    file = browser.downloaded(view.downloads, "answer.csv")
    rows = file.read_text(encoding="utf-8").splitlines()
    assert rows[1].endswith("MONDO_0006245,hidradenocarcinoma")
    view.open(view.js("location.href"))  # the link to share
    view.until(f"{inside}.textContent.includes('rdfs:label')")


def test_a_mistake_in_a_query_is_marked(view: Browser, address: str) -> None:
    """The place of a syntax error is said and underlined."""
    view.open(f"{address}query.html")
    _editor(view, "SELECT ?d { ?d a foo:Bar }")
    view.js("document.getElementById('run').click()")
    view.until("document.querySelector('#answer .wrong')")
    assert view.js("document.querySelector('#answer .wrong').textContent").startswith("Line 1")
    view.until("document.getElementById('editor').shadowRoot.querySelector('.cm-lintRange-error')")
    view.settle(0.1)
    view.faults = [one for one in view.faults if "status of 400" not in one]  # as it should be


def test_a_named_query_is_filled_in(view: Browser, address: str) -> None:
    """The form of a named query puts it into the editor with its values."""
    view.open(f"{address}query.html")
    view.js("document.querySelector('#named-therapies').open = true")
    view.js("document.querySelector('#therapies-disease').value = 'MONDO:0006245'")
    view.js("document.querySelector('#named-therapies form').requestSubmit()")
    view.until("location.search.includes('name=therapies')")
    view.until("document.getElementById('query').value.includes('MONDO_0006245')")
    # before the script is there the button is that of a plain form
    view.until("document.getElementById('editor').shadowRoot?.querySelector('.cm-content')")
    view.js("document.getElementById('run').click()")
    view.until("document.querySelectorAll('#answer tbody tr').length === 3")


def test_the_site_works_below_a_path(view: Browser, below: str) -> None:
    """Search, a disease, its sentence and the page that it stands on, without a server of ours."""
    _through_the_site(view, below)


def test_the_site_works_from_a_file(view: Browser, written: Path) -> None:
    """The same from the file system."""
    _through_the_site(view, (written / "some" / "where").as_uri() + "/")


@pytest.mark.skipif(not (ENGINE / "web.js").is_file(),
                    reason="no engine: npm install oxigraph, or RAREKG_OXIGRAPH")
def test_a_query_runs_in_the_browser(view: Browser, folder: Path, tmp_path: Path) -> None:
    """On a plain web host: typed, answered as a table and as Turtle, fetched, a mistake marked."""
    exports.write(folder / "graph.nq", folder / "exports")
    site.write(prepare(folder), tmp_path / "some" / "where", engine=ENGINE)
    with hosted(tmp_path) as start:
        view.open(f"{start}query.html")
        _editor(view, "SELECT ?d ?n { ?d a biolink:Disease ; rdfs:label ?n } ORDER BY ?n")
        view.key("Enter", modifiers=2)
        view.until("document.querySelectorAll('#answer tbody tr').length === 2")
        view.js("document.querySelector('#answer .downloads a').click()")
        assert browser.downloaded(view.downloads, "answer.csv").read_text().startswith("d,n")
        browser.downloaded(view.downloads, "answer.csv").unlink()
        view.open(view.js("document.querySelector('#answer tbody a').href"))
        assert view.js("document.querySelector('h1').textContent") == "hidradenocarcinoma"
        view.open(f"{start}query.html")
        _editor(view, "CONSTRUCT { ?d a biolink:Disease } { ?d a biolink:Disease }")
        view.key("Enter", modifiers=2)
        view.until("document.querySelector('#answer pre')?.textContent.includes('MONDO_0006245')")
        _editor(view, "SELECT ?d { ?d a foo:Bar }")
        view.key("Enter", modifiers=2)
        view.until("document.querySelector('#answer .wrong')?.textContent.startsWith('Line 1')")


@pytest.mark.parametrize("from_file", [False, True], ids=["host", "file"])
def test_two_diseases_on_the_site(
    view: Browser, below: str, written: Path, from_file: bool
) -> None:
    """Names that are typed lead to two diseases side by side, without a server."""
    start = (written / "some" / "where").as_uri() + "/" if from_file else below
    view.open(f"{start}{DISEASE.replace(':', '_')}.html")
    view.js("[...document.links].find((one) => one.textContent.startsWith('Compare with')).click()")
    view.until("document.getElementById('a')?.value === 'MONDO:0006245'")
    view.js("document.getElementById('b').value = 'porfyria'")
    view.js("document.querySelector('form.pair').requestSubmit()")
    view.until("document.querySelectorAll('#comparison section').length > 1")
    assert "porphyria alone" in view.js("document.getElementById('comparison').textContent")
    view.js("document.querySelector('#comparison .sides a').click()")
    view.until("document.querySelector('.said:target details')?.open")
    view.open(f"{start}compare.html?a=zzzzqqq")
    view.until("document.querySelector('#comparison [role=alert]')")


def _through_the_site(view: Browser, start: str) -> None:
    view.open(f"{start}index.html")
    _suggested(view, "porf")
    view.key("ArrowDown")
    view.key("Enter")
    view.until("document.querySelector('h1').textContent === 'porphyria'")
    view.open(f"{start}search.html?q=hydradenocarcinma")
    view.until("document.querySelector('#hits a')")
    view.js("document.querySelector('#hits a').click()")
    view.until("document.querySelector('#therapy summary')")
    view.js("document.querySelector('#therapy summary').click()")
    view.js("document.querySelector('#therapy figcaption a').click()")
    view.until("document.querySelector('.mention') && location.pathname.includes('/page/')")
    view.js("document.querySelector('.notes a').click()")
    view.until("document.querySelector('.said:target details')?.open")
