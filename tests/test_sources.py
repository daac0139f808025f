"""Reading pages of every format: titles, blocks, identifiers, and spans that hold."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.files import shipped
from kg.model import Document
from kg.sources import SOURCES, read

PAGES = sorted(shipped("data/pages").iterdir())
SHARED = Path(__file__).parents[2] / "shared"


def text_of(document: Document, kind: str, form: str = "prose") -> list[str]:
    """The texts of the blocks of one kind and form."""
    return [
        document.text[block.span.start : block.span.end]
        for block in document.blocks
        if block.kind == kind and block.form == form
    ]


def check(document: Document) -> None:
    """Every span lies in the text, in order, trimmed, and every reference is where it says."""
    text = document.text
    assert text[document.title_span.start : document.title_span.end] == document.title
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(text), block
        words = text[block.span.start : block.span.end]
        assert words == words.strip(), block
        end = block.span.end
    for entry in document.references:
        assert " ".join(text[entry.span.start : entry.span.end].split()) == entry.text


def example(name: str) -> Document:
    """One of the pages that ship with the package."""
    return read(f"pages/{name}", (shipped("data/pages") / name).read_bytes())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_example_page(path: Path) -> None:
    """Every shipped page is read, has spans that hold, and cites only what it lists."""
    document = read(f"pages/{path.name}", path.read_bytes())
    check(document)
    assert {"names", "treatment", "prognosis", "statistics"} <= {b.kind for b in document.blocks}
    assert [entry.number for entry in document.references] == list(
        range(1, len(document.references) + 1)
    )


def test_example_pages_cover_every_source() -> None:
    """The shipped pages are in all formats of prose pages, and there are at least five of them.

    The formats of the literature are tested on files of their own (tests/literature).
    """
    documents = [read(path.name, path.read_bytes()) for path in PAGES]
    assert len(documents) >= 5
    prose = {source.name for source in SOURCES} - {"fault", "pubmed", "jats", "orphadata"}
    assert {document.format for document in documents} == prose


def test_format_is_told_by_content() -> None:
    """A page's name says nothing about its format."""
    for path in PAGES:
        assert (
            read("page.bin", path.read_bytes()).format == read(path.name, path.read_bytes()).format
        )


def test_hidradenocarcinoma_has_its_references() -> None:
    """The seed's seven references keep their numbers, years, addresses and identifiers."""
    found = example("hidradenocarcinoma.txt").references
    assert [entry.pmcid or entry.pmid for entry in found] == [
        None,
        "PMC4370612",
        "PMC4387361",
        "19384064",
        "17214855",
        None,
        "20441512",
    ]
    assert [entry.year for entry in found] == [2016, 2015, 2015, 2009, 2007, 2014, 2010]
    assert [entry.kind for entry in found] == [
        "web",
        "article",
        "article",
        "article",
        "article",
        "web",
        "article",
    ]
    assert all(entry.url for entry in found)


def test_lost_headings_are_guessed() -> None:
    """Without headings the words of a paragraph give its kind, marked as guessed."""
    document = example("hidradenocarcinoma.txt")
    kinds = [
        block.kind
        for block in document.blocks
        if block.guessed and block.form == "prose" and block.kind != "lesson"
    ]
    assert kinds == [
        "summary",
        "cause",
        "inheritance",
        "treatment",
        "treatment",
        "prognosis",
        "prognosis",
        "statistics",
    ]


def test_names_block_is_exactly_the_names() -> None:
    """Neither the label nor "See More" is part of the names."""
    (names,) = text_of(example("hidradenocarcinoma.txt"), "names")
    assert names.startswith("Malignant nodular")
    assert names.endswith("cutaneous carcinoma")


def test_site_text_is_silent() -> None:
    """Support groups, resource lists and the patient's question are marked as such."""
    document = example("hidradenocarcinoma.txt")
    assert any("interferon" in text for text in text_of(document, "question", "item"))
    assert any("imatinib" in text for text in text_of(document, "resources", "item"))
    spoken = [
        text
        for kind in ("summary", "treatment", "other")
        for form in ("prose", "item")
        for text in text_of(document, kind, form)
    ]
    assert not any(word in text for text in spoken for word in ("interferon", "imatinib"))


def test_medquad_page() -> None:
    """Names, identifiers, the echoed question, bullets and the frequency table are told apart."""
    document = example("gitelman-syndrome.xml")
    assert document.xrefs == ("GARD:0008547", "UMLS:C0268450")
    assert text_of(document, "treatment", "item") == ["amiloride", "spironolactone", "eplerenone"]
    (table,) = text_of(document, "table", "row")
    assert table.startswith("Signs and Symptoms Approximate")
    assert table.endswith("Polyuria -")
    assert "How is Gitelman syndrome inherited?" in text_of(document, "inheritance", "heading")
    assert text_of(document, "inheritance")[0].startswith("Gitelman syndrome is inherited")


def test_paragraphs_that_a_colon_announces() -> None:
    """Paragraphs without a verb below a colon are items, with a sentence between two of them."""
    answer = ("It is more common in:\n\nPeople who are old. Age harms.\n\nMen are hit often.\n\n"
              "Those who have gout, or who take tablets for it every day.\n\nDoctors think so.")
    document = read("x", (
        "<Document url='http://x/'><Focus>Foo disease</Focus><QAPairs><QAPair><Question"
        f" qtype='susceptibility'>Who is at risk?</Question><Answer>{answer}</Answer>"
        "</QAPair></QAPairs></Document>").encode())
    assert text_of(document, "risk", "item") == [
        "People who are old. Age harms.", "Men are hit often.",
        "Those who have gout, or who take tablets for it every day."]


def test_prose_after_the_table_is_kept() -> None:
    """What follows the sentences that explain a frequency table is text of the page again."""
    answer = (
        "Signs and Symptoms Approximate number of patients (when available) Fever 90% "
        "The Human Phenotype Ontology (HPO) has collected this. It may be rare or common. "
        "Foo also brings a rash."
    )
    document = read(
        "x",
        (
            "<?xml version='1.0'?><Document><Focus>Foo</Focus><QAPair><Question qtype='symptoms'>"
            f"What?</Question><Answer>{answer}</Answer></QAPair></Document>"
        ).encode(),
    )
    assert text_of(document, "table", "row")[0].endswith("Fever 90%")
    assert text_of(document, "symptoms") == ["Foo also brings a rash."]


def test_markdown_front_matter_and_identifier() -> None:
    """Address and licence come from the front matter, the GARD number with seven digits."""
    document = example("fibrodysplasia-ossificans-progressiva.md")
    assert document.url == "https://example.org/diseases/fibrodysplasia-ossificans-progressiva"
    assert document.license.startswith("https://creativecommons.org/")
    assert document.xrefs == ("GARD:0006445",)


@pytest.mark.parametrize(("field", "kept"), [
    ("license: CC-BY-4.0", "CC-BY-4.0"), ("licence: 'CC BY-SA 3.0'", "CC BY-SA 3.0"),
    ("license: <script>alert(1)</script>", ""), ("license: ../terms", ""),
])
def test_a_licence_in_words(field: str, kept: str) -> None:
    """A licence may be named as people do, not only by its address; anything else is left out."""
    text = f"---\n{field}\n---\n# Glass hand\n\n## Symptoms\n\nGlass hand is a rare disease.\n"
    assert read("glass.md", text.encode()).license == kept


def test_frequency_bands_head_their_rows() -> None:
    """In a newer GARD table each row's heading is its frequency band."""
    document = read(
        "x",
        (
            b"Foo disease\n\nSymptoms\n\nMedical Terms Other Names Learn More: HPO ID\n"
            b"80%-99% of people have these symptoms\nFever 0001945\n"
            b"5%-29% of people have these symptoms\n"
            b"Rash 0000988\nLast updated: 1/1/2020\n\nTreatment\n\nFoo disease is cut out.\n"
        ),
    )
    check(document)
    bands = {
        document.text[b.span.start : b.span.end]: b.heading
        for b in document.blocks
        if b.kind == "table"
    }
    assert bands["Fever 0001945"].startswith("80%-99%")
    assert bands["Rash 0000988"].startswith("5%-29%")


def test_wrapped_text_makes_paragraphs() -> None:
    """Lines broken at a fixed width are one paragraph, with the newlines inside its span."""
    document = example("guillain-barre-syndrome.txt")
    (treatment,) = text_of(document, "treatment")
    assert "\n" in treatment
    assert document.references[1].url is not None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_newline(newline: str) -> None:
    """A page is cut in the same way whatever ends its lines."""
    path = shipped("data/pages") / "hidradenocarcinoma.txt"
    plain = path.read_text(encoding="utf-8")
    document = read("x", plain.replace("\n", newline).encode())
    check(document)
    assert [b.kind for b in document.blocks] == [b.kind for b in read("x", plain.encode()).blocks]


def test_byte_order_mark_and_legacy_encoding() -> None:
    """A BOM is no part of the text; Windows-1252 is read where it gives plain prose."""
    page = "Sjögren disease\n\nTreatment\n\nSjögren disease – rare – is treated with drugs.\n"
    assert read("x", b"\xef\xbb\xbf" + page.encode()).title == "Sjögren disease"
    assert read("x", page.encode("cp1252")).text == page


def test_identity_is_the_bytes() -> None:
    """Two names of one page give one identifier, one byte more gives another."""
    data = PAGES[0].read_bytes()
    assert read("a", data).id == read("b", data).id != read("a", data + b"\n").id


FRAGMENTS = [
    "Foo disease",
    "Other Names: a; b See More",
    "Treatment",
    "Foo disease is treated.[1]",
    "- drugs",
    "• İnﬂuenza ß",
    "1. Ito R. A case. 2011; 1:2.",
    "References",
    "## Prognosis",
    "Last updated: 1/1/2001",
    "<p>Foo disease</p>",
    "<h2>Cause",
    "</ul><li>x<sup>1</sup>",
    "| a | b |",
    "---",
    "",
    "  ",
    "See answer",
    "\u2028",
    "\x0c",
    "5%-29% of people have x",
    "[^2]: Ito R. B. 2012.",
    "<table><tr><td>x",
    "&#1;&nbsp;&lt;",
    "Categories:",
    "**b**",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["", "# ", "<html><h1>", "<!doctype html><h1>"]),
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=30), max_size=15),
)
def test_spans_hold_on_any_text(lead: str, lines: list[str]) -> None:
    """Whatever stands in a page, it is refused with a reason or every span of it holds."""
    data = (f"{lead}Foo disease\n\n" + "\n".join(lines)).encode("utf-8", "replace")
    with suppress(SourceError):
        check(read("x", data))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*FRAGMENTS, "What is it? It is.", "   -   a", "\n  - b", "Key Points"])
        | st.text(st.characters(codec="utf-8", exclude_characters="<&\x00"), max_size=30),
        max_size=12,
    )
)
def test_spans_hold_in_any_answer(pieces: list[str]) -> None:
    """Whatever an answer holds, the XML page's rendering has spans that hold."""
    answer = "  ".join(pieces).replace("&", "&amp;").replace("<", "&lt;")
    data = (
        f"<?xml version='1.0'?><Document><Focus>Foo</Focus><QAPair><Question qtype='treatment'>"
        f"What?</Question><Answer>{answer}</Answer></QAPair></Document>"
    ).encode("utf-8", "replace")
    with suppress(SourceError):
        check(read("x", data))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_every_tenth_page_of_the_corpus() -> None:
    """Of the real pages one in ten is read here: no crash, spans hold, few are refused."""
    paths = sorted((SHARED / "corpus" / "medquad").glob("*/*.xml"))[::10]
    refused = 0
    for path in paths:
        try:
            check(read(path.name, path.read_bytes()))
        except SourceError as error:
            refused += error.reason.startswith("no text")
    assert len(paths) - refused > 400
    assert refused < 5


@pytest.mark.parametrize("name", ["hidradenocarcinoma.txt", "guillain-barre-syndrome.txt"])
@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"\n[ \t]*\n(?=[A-Z])", "\n"),
        (r"(?<=[.\]])[ \t]*\n\n(?=[A-Z][^\n]{60})", " "),
        (r"(?m)^(Summary|Cause|Risk factors|Inheritance|Treatment|Prognosis|Statistics)$", ""),
        (r"\n(?=Last updated)", " "),
    ],
    ids=["blank lines lost", "paragraphs joined", "headings lost", "dates run on"],
)
def test_layout_may_suffer(name: str, pattern: str, replacement: str) -> None:
    """Lost blank lines, headings and breaks leave title, references and the main kinds alone."""
    text = (shipped("data/pages") / name).read_text(encoding="utf-8")
    whole = read("x", text.encode())
    harmed = read("x", re.sub(pattern, replacement, text).encode())
    check(harmed)
    assert harmed.title == whole.title
    assert [entry.title for entry in harmed.references] == [
        entry.title for entry in whole.references
    ]
    kept = {block.kind for block in harmed.blocks if block.form == "prose"}
    assert {"names", "treatment", "prognosis", "statistics"} <= kept


def test_the_title_is_found_below_any_site_header() -> None:
    """Above the title stand the site's name and menu in words that no list knows."""
    head = "Desk for Uncommon Illnesses\nBrowse   Contact   Give\n\n"
    body = ("Xanthic fever\n\nOther Names: Yellow fever of Xanth\n\n"
            "Xanthic fever is a rare disease. Xanthic fever is treated with rest.\n")
    assert read("a/page.txt", (head + body).encode()).title == "Xanthic fever"
    unnamed = head + body.replace("Other Names: Yellow fever of Xanth\n\n", "")
    assert read("a/page.txt", unnamed.encode()).title == "Xanthic fever"
