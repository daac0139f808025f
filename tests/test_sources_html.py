"""What of an HTML page is text, and what is not."""

from __future__ import annotations

import time

import pytest

from kg.model import Document
from kg.sources import read


def page(body: str, head: str = "") -> Document:
    """A page about Foo disease with a treatment section that holds `body`."""
    return read(
        "x",
        (
            f"<!doctype html><html><head>{head}</head><body><h1>Foo disease</h1>"
            f"<h2>Treatment</h2><p>Foo disease is rare.</p>{body}</body></html>"
        ).encode(),
    )


def forms(document: Document) -> list[tuple[str, str]]:
    """Form and text of the blocks below the first paragraph."""
    return [
        (block.form, document.text[block.span.start : block.span.end])
        for block in document.blocks[3:]
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<nav>x</nav>",
        "<footer>x</footer>",
        "<aside>x</aside>",
        "<header>x</header>",
        "<p hidden>x</p>",
        '<p style="display: none">x</p>',
        '<div aria-hidden="true">x</div>',
        '<div class="breadcrumbs">x</div>',
        "<!-- x -->",
        '<div role="navigation">x</div>',
        "<form><button>x</button></form>",
        "<noscript>x</noscript>",
        "<template><p>x</p></template>",
        "<svg><text>x</text></svg>",
        "<iframe>x</iframe>",
    ],
)
def test_hidden_parts_are_left_out(hidden: str) -> None:
    """Scripts, navigation and what the page hides never become text."""
    assert forms(page(hidden)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a<br>b</p>", [("prose", "a b")]),
        ("<p>a<br><br>b</p>", [("prose", "a"), ("prose", "b")]),
        ("<div>a<p>b</p>c</div>", [("prose", "a"), ("prose", "b"), ("prose", "c")]),
        ("<ul><li>a</li><li>b</li></ul>", [("item", "a"), ("item", "b")]),
        (
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
            [("item", "a"), ("item", "b"), ("item", "c")],
        ),
        ("<table><tr><th>a</th><td>b</td></tr></table>", [("row", "a | b")]),
        ("<h3>Early on</h3><p>a</p>", [("heading", "Early on"), ("prose", "a")]),
        ("<p>a &amp; b&nbsp;c</p>", [("prose", "a & b c")]),
        ("<p>a <b>b</b> <i>c</i>d</p>", [("prose", "a b cd")]),
        ("<p>a.<sup>[1]</sup><sup><a href='#r2'>2</a></sup></p>", [("prose", "a.[1][2]")]),
        ("<p>a.<sup>1,3</sup></p>", [("prose", "a.[1,3]")]),
        ("<p>10<sup>6</sup> cells, 3 cm<sup>2</sup></p>", [("prose", "10^6 cells, 3 cm^2")]),
        ("<p>the 19<sup>th</sup> century</p>", [("prose", "the 19th century")]),
        ("<dl><dt>Early</dt><dd>a</dd></dl>", [("heading", "Early"), ("prose", "a")]),
        ("<article><p>a</p></article>", [("prose", "a")]),
    ],
)
def test_structure(body: str, expected: list[tuple[str, str]]) -> None:
    """Paragraphs, items, rows, headings and superscripts come out as such, in reading order."""
    assert forms(page(body)) == expected


def test_a_heading_without_a_kind_stays_in_its_section() -> None:
    """A sub-heading that names no section inherits the section's kind."""
    document = page("<h3>Early on</h3><p>a</p><h2>Prognosis</h2><p>b</p>")
    assert [block.kind for block in document.blocks[-4:]] == [
        "treatment",
        "treatment",
        "prognosis",
        "prognosis",
    ]


def test_reference_list_with_links() -> None:
    """Items of a list of references are numbered; their links give addresses and identifiers."""
    document = page(
        "<h2>References</h2><ol><li>Ito R. A case. <i>J Rare</i>. 2011;2:3. "
        "<a href='https://pubmed.ncbi.nlm.nih.gov/123/'>PubMed</a></li>"
        "<li>Foo. Site. 2012.</li></ol>"
    )
    first, second = document.references
    assert (first.number, first.title, first.year, first.pmid) == (1, "A case", 2011, "123")
    assert first.url == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert (second.number, second.title, second.kind) == (2, "Foo", "web")


def test_what_the_head_declares() -> None:
    """Canonical address, licence and GARD number come from the head."""
    document = page(
        "",
        (
            "<link rel='canonical' href='https://rarediseases.info.nih.gov/diseases/119/foo'>"
            "<link rel='license' href='https://creativecommons.org/licenses/by/4.0/'>"
        ),
    )
    assert document.xrefs == ("GARD:0000119",)
    assert document.license == "https://creativecommons.org/licenses/by/4.0/"


def test_an_address_that_is_none_is_dropped() -> None:
    """A canonical link that no IRI can be made of is left out."""
    assert page("", "<link rel='canonical' href='https://e.org/a b'>").url == ""


def test_declared_charset() -> None:
    """Where the bytes are not UTF-8 the page's own charset is taken."""
    text = (
        "<html><head><meta charset='iso-8859-2'></head><h1>Foo disease</h1><h2>Cause</h2>"
        "<p>Foo disease: ł and ž.</p></html>"
    )
    assert "ł and ž" in read("x", text.encode("iso-8859-2")).text


def test_title_without_h1() -> None:
    """Without an h1 the document's title counts, up to the name of the site."""
    document = read(
        "x",
        b"<html><head><title>Foo disease | Site</title></head><body><h2>Cause</h2>"
        b"<p>Foo disease is due to a virus.</p></body></html>",
    )
    assert document.title == "Foo disease"


def test_tables_in_tables_are_read_once() -> None:
    """The rows of a table, then those of the one inside it; three hundred of them in no time."""
    page = ("<h1>Foo disease</h1><h2>Treatment</h2><p>Foo disease is treated.</p><table><tr><td>"
            "outer<table><tr><td>inner</td></tr></table></td><td>last</td></tr></table>")
    text = read("x", page.encode()).text
    assert [line for line in text.splitlines() if line][-2:] == ["outer | last", "inner"]
    started = time.process_time()
    read("x", page.encode() + b"<table><tr><td>x" * 300)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("value", ["9" * 5_000, "²", "-1", "1e5", "٣"])
def test_odd_numbers_of_references(value: str) -> None:
    """A reference whose number is none is counted."""
    page = (f"<h1>Foo disease</h1><h2>Treatment</h2><p>Foo disease is treated.</p><h2>References"
            f"</h2><ol><li value='{value}'>Doe J. A review. 2001.</li></ol>")
    assert [one.number for one in read("x", page.encode()).references] == [1]
