"""Full texts in JATS: sections, citations where the sentence has them, references with numbers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.extract import claims
from kg.model import Document
from kg.sources import read
from kg.text import citations
from kg.vocab.index import open_index

FILE = Path(__file__).parent / "literature/PMC9900002.xml"
ARTICLE = """<article article-type="{kind}" {attributes}><front><article-meta>
<article-id pub-id-type="pmcid">PMC5</article-id>
<title-group><article-title>{title}</article-title></title-group>{meta}</article-meta></front>
<body>{body}</body><back><ref-list>{references}</ref-list></back></article>"""
REFERENCES = "".join(
    f'<ref id="R{number}"><label>{number}</label><mixed-citation>Work {number}.</mixed-citation>'
    "</ref>" for number in range(1, 1003))


def article(body: str = "<p>Fabry disease is rare.</p>", title: str = "Fabry disease",
            kind: str = "research-article", meta: str = "", attributes: str = "",
            references: str = REFERENCES) -> bytes:
    """An article of few elements."""
    return ARTICLE.format(body=body, title=title, kind=kind, meta=meta, attributes=attributes,
                          references=references).encode()


def text(body: str) -> str:
    """The text of a paragraph."""
    found = read("p", article(f"<p>{body}</p>"))
    (block,) = [block for block in found.blocks if block.form == "prose"
                and block.kind not in {"references", "resources"}]
    return found.text[block.span.start:block.span.end]


def reason(data: bytes) -> str:
    """Why an article is no page."""
    with pytest.raises(SourceError) as caught:
        read("p", data)
    return caught.value.reason


def cite(*numbers: int) -> str:
    """A citation as most articles set it."""
    return "".join(f'<xref ref-type="bibr" rid="R{number}">{number}</xref>' for number in numbers)


@pytest.fixture(scope="module")
def page() -> Document:
    """The article of the tests."""
    return read("PMC9900002.xml", FILE.read_bytes())


def test_the_article_names_itself(page: Document) -> None:
    """Address, licence, disease and its own entry."""
    assert (page.title, page.format) == ("Fabry disease", "jats")
    assert page.url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC9900002/"
    assert page.license == "https://creativecommons.org/licenses/by/4.0/"
    own = page.references[0]
    assert (own.number, own.pmid, own.pmcid, own.doi, own.year) == (
        0, "90000102", "PMC9900002", "10.5555/invent.2022.002", 2022)
    assert own.title == "Management of Fabry disease"


def test_references_have_their_numbers(page: Document) -> None:
    """By their place in the list, with the identifiers that are marked up."""
    assert [(one.number, one.pmid, one.pmcid, one.kind, one.year) for one in page.references[1:]
            ] == [(1, "90000077", None, "article", 2015), (2, None, "PMC9900077", "article", 2016),
                  (3, None, None, "web", None)]
    assert page.references[1].title == "Proteinuria in a registry"
    assert page.references[3].url == "https://example.org/kidneys"
    for one in page.references:
        assert page.text[one.span.start:one.span.end] == one.text


def test_evidence_cites_where_the_sentence_does(page: Document) -> None:
    """A mark stands behind the words it stands behind; the sentence before has none of it."""
    cited = {(claim.kind, claim.name): claim.evidence.cites
             for claim in claims(page, open_index())}
    assert cited["phenotype", "proteinuria"] == (1, 3)
    assert cited["figure", "1 in 40,000"] == (1, 2, 3)
    assert cited["therapy", "enzyme replacement therapy"] == (2,)
    assert cited["gene", "GLA"] == ()


def test_an_own_finding_is_not_what_is_cited_next() -> None:
    """In GARD's pages the next mark of the paragraph holds; in an article only its own does."""
    found = read("p", article("<p>Fabry disease is treated with migalastat. Symptoms of Fabry "
                              f"disease include proteinuria {cite(4)}.</p>"))
    cited = {claim.name: claim.evidence.cites for claim in claims(found, open_index())}
    assert cited == {"migalastat": (), "proteinuria": (4,)}


def test_what_is_no_statement_is_silent(page: Document) -> None:
    """Methods with all below them, cases, figures, tables, footnotes and drawings."""
    names = {claim.name for claim in claims(page, open_index())}
    assert names >= {"migalastat", "kidney transplantation"}
    assert names.isdisjoint({"tamoxifen", "deafness", "blindness", "nothing"})
    for word in ("blindness", "nothing", "drawing", "nobody", "$p$"):
        assert word not in page.text
    assert "where p<0.05." in page.text


@pytest.mark.parametrize(("body", "read_as"), [
    (f"It is<sup>{cite(1)},{cite(2)}</sup>.", "It is[1][2]."),
    (f"It is [{cite(1)}, {cite(2)}; {cite(7)}].", "It is [1][2][7]."),
    (f"It is ({cite(1)}&#x2013;{cite(4)}).", "It is [1-4]."),
    (f"It is.<sup>{cite(2)}-{cite(4)}</sup> Next.", "It is.[2-4] Next."),
    ('As <xref ref-type="bibr" rid="R3 R5">Ito et al., 2019</xref> say.',
     "As Ito et al., 2019[3][5] say."),
    ('It is <xref ref-type="bibr" rid="none">9</xref>.', "It is ."),
    ('It is <xref ref-type="bibr" rid="R1002">1002</xref>.', "It is ."),
    ('See <xref ref-type="table" rid="t1">Table 1</xref>.', "See Table 1."),
    ("Of 10<sup>6</sup>&#160;people, <italic>GLA</italic>.", "Of 10^6 people, GLA."),
    ("One &alpha;-helix.", "One α-helix."),
])
def test_citation_marks(body: str, read_as: str) -> None:
    """One mark a work, in brackets, next to each other; a number that leads nowhere is left out."""
    doctype = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "http://127.0.0.1:9/JATS.dtd">'
    found = read("p", doctype.encode() + article(f"<p>{body}</p>"))
    assert read_as in found.text


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True),
       st.sampled_from([", ", ",", "; ", ""]),
       st.sampled_from([("[", "]"), ("(", ")"), ("<sup>", "</sup>"), ("", "")]))
def test_marks_are_read_back(numbers: list[int], between: str, around: tuple[str, str]) -> None:
    """Whatever stands around and between them, the sentence cites the works it names."""
    inner = between.join(map(cite, numbers))
    assert citations(text(f"It is so {around[0]}{inner}{around[1]}.")) == tuple(numbers)


def test_sections_nest() -> None:
    """A section below one that names a kind is of that kind, unless it names its own."""
    found = read("p", article(
        "<sec><title>Treatment</title><p>A b c d.</p><sec><title>In general</title><p>E f g h.</p>"
        "</sec><sec><title>Outlook</title><p>I j k l.</p></sec></sec>"))
    kinds = {found.text[block.span.start:block.span.end]: block.kind for block in found.blocks}
    assert [kinds[one] for one in ("A b c d.", "E f g h.", "I j k l.")] == [
        "treatment", "treatment", "prognosis"]


def test_list_items_follow_their_paragraph() -> None:
    """As blocks of their own, nested ones too."""
    found = read("p", article(
        "<p>Options:<list><list-item><p>one</p><list><list-item><p>two</p></list-item></list>"
        "</list-item><list-item><p>three</p><p>four</p></list-item></list></p>"))
    items = [found.text[block.span.start:block.span.end] for block in found.blocks
             if block.form == "item" and block.kind != "references"]
    assert items == ["one", "two", "three four"]


@pytest.mark.parametrize(("meta", "license_url"), [
    ('<permissions><license><license-p>CC <ext-link xmlns:xlink="http://www.w3.org/1999/xlink" '
     'xlink:href="https://creativecommons.org/licenses/by-nc/4.0/">BY-NC</ext-link></license-p>'
     "</license></permissions>", "https://creativecommons.org/licenses/by-nc/4.0/"),
    ('<permissions><license><ali:license_ref xmlns:ali="http://www.niso.org/schemas/ali/1.0/">'
     "https://creativecommons.org/licenses/by/4.0/</ali:license_ref></license></permissions>",
     "https://creativecommons.org/licenses/by/4.0/"),
    ("<permissions><license><license-p>Ask first.</license-p></license></permissions>",
     "Ask first."),
    ("<permissions><copyright-statement>(c) them</copyright-statement></permissions>", "(c) them"),
    ("", ""),
])
def test_licence(meta: str, license_url: str) -> None:
    """Its address, else its words, else the copyright's."""
    assert read("p", article(meta=meta)).license == license_url


@pytest.mark.parametrize(("data", "words"), [
    (article(kind="retraction"), "refused: retraction"),
    (article(kind="correction"), "refused: correction"),
    (article(meta='<related-article related-article-type="retraction-forward"/>'), "retracted"),
    (article(title="Retracted article: Fabry disease"), "retracted"),
    (article(attributes='xml:lang="fr"'), "not in English"),
    (article(body=""), "neither abstract nor sections"),
    (article(title="Granite"), "no single disease"),
    (article(body="<p>&#0;</p>"), "malformed XML"),
    (article(body="<p><b>" * 200), "malformed XML"),
    (b'<article dtd-version="1"/>', "no article-meta"),
    (b'<!DOCTYPE article [<!ENTITY a "b">]>' + article(), "declares entities"),
    (b'<!DOCTYPE article SYSTEM "x" [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + article(),
     "declares entities"),
])
def test_what_is_no_page_says_why(data: bytes, words: str) -> None:
    """Each with its own reason."""
    assert words in reason(data)


def test_the_namespace_of_an_archive_is_read_too() -> None:
    """As OAI-PMH gives articles."""
    data = article(attributes='xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/"')
    assert read("p", data).title == "Fabry disease"


def test_html_is_not_taken_for_it() -> None:
    """HTML has an element of the same name."""
    data = (b"<article><h1>Foo disease</h1><h2>Treatment</h2><p>Foo disease is treated.</p>"
            b"</article>")
    assert read("p", data).format == "html"


def test_blocks_are_in_order(page: Document) -> None:
    """No two overlap."""
    assert all(one.span.end <= other.span.start for one, other in pairwise(page.blocks))
