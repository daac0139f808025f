"""PubMed's records: title, abstract, headings and references as a page; what is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.extract import claims
from kg.licences import licence
from kg.model import Document
from kg.pipeline import Settings, graph, stated, tools
from kg.publications import itself
from kg.sources import read
from kg.sources.containers import members
from kg.vocab.index import open_index

FILE = Path(__file__).parent / "literature/pubmed.xml"
RECORD = """<PubmedArticle><MedlineCitation><PMID>5</PMID><Article>
<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{text}</AbstractText></Abstract>
{kinds}</Article>{more}</MedlineCitation></PubmedArticle>"""


def records() -> dict[str, bytes]:
    """The records of the file, by number."""
    return {name.partition("#")[2]: data for name, data in members("pubmed.xml", FILE) or ()}


def page(number: str) -> Document:
    """One of them, read."""
    return read(f"pubmed.xml#{number}", records()[number])


def record(title: str = "Fabry disease", text: str = "Fabry disease is rare.", kinds: str = "",
           more: str = "") -> bytes:
    """A record of few elements."""
    return RECORD.format(title=title, text=text, kinds=kinds, more=more).encode()


def reason(data: bytes) -> str:
    """Why a record is no page."""
    with pytest.raises(SourceError) as caught:
        read("p", data)
    return caught.value.reason


def test_the_page_is_about_the_disease_that_the_title_names() -> None:
    """Its title is those words there, its first text the article's whole title."""
    found = page("90000001")
    assert found.title == "hidradenocarcinoma"
    assert found.text[found.title_span.start:found.title_span.end] == found.title
    assert found.text.startswith("Survival and treatment in hidradenocarcinoma: a registry of 120")
    assert found.format == "pubmed"
    assert found.url == "https://pubmed.ncbi.nlm.nih.gov/90000001/"
    assert found.license == "Invented for tests."
    assert licence(page("90000007").license) is None


def test_labels_decide_the_kind_of_a_part() -> None:
    """Objective and methods are silent, the rest is read."""
    found = page("90000001")
    kinds = {found.text[block.span.start:block.span.end].split()[0]: block.kind
             for block in found.blocks if block.kind in {"question", "resources", "summary"}}
    assert kinds["To"] == kinds["AIM"] == "question"
    assert kinds["PATIENTS"] == kinds["Patients"] == "resources"
    assert kinds["Hidradenocarcinoma"] == "summary"
    assert "tamoxifen" not in {claim.name for claim in claims(found, open_index())}


def test_every_claim_opens_its_sentence() -> None:
    """Of the abstract's facts, in their words."""
    found = page("90000001")
    made = claims(found, open_index())
    assert {(claim.kind, claim.name) for claim in made} >= {
        ("figure", "62%"), ("therapy", "wide local excision"), ("unknown", "cause"),
        ("prognostic_factor", "lymph node metastasis")}
    for claim in made:
        span = claim.evidence.span
        assert claim.evidence.quote == found.text[span.start:span.end]


def test_the_article_is_the_first_publication() -> None:
    """With its numbers, year and title; what it lists follows with theirs."""
    found = page("90000001")
    own, listed = found.references
    assert itself(found) == own
    assert (own.number, own.pmid, own.pmcid, own.doi, own.year) == (
        0, "90000001", "PMC9900001", "10.5555/invent.2021.001", 2021)
    assert own.title == "Survival and treatment in hidradenocarcinoma: a registry of 120 patients"
    assert (listed.number, listed.pmid) == (1, "90000077")
    for entry in found.references:
        assert found.text[entry.span.start:entry.span.end] == entry.text


def test_every_statement_has_the_article_as_its_publication() -> None:
    """In the graph, whether or not the sentence cites anything."""
    found, kit = page("90000006"), tools(Settings())
    statements = stated(kit, found, claims(found, kit.index))
    lines = graph(kit, found, statements).decode().splitlines()
    published = [line for line in lines if "/publications>" in line and "/statement/" in line]
    assert len(published) == len(statements) - 1 > 1
    assert all("pubmed/90000006>" in line for line in published)
    (title,) = [line for line in lines if "dc/terms/title>" in line and "/page/" in line]
    assert "Survival after removal of a rare tumour of the skin" in title


def test_a_supplementary_heading_names_the_disease() -> None:
    """The page's title is then that heading's line."""
    found = page("90000006")
    assert found.title == "Hidradenocarcinoma"
    assert found.text[:found.title_span.start].endswith("Subject: ")


def test_a_chapter_of_a_book_is_an_article() -> None:
    """As GeneReviews has them in PubMed."""
    found = page("90000007")
    assert (found.title, found.references[0].year) == ("Fabry Disease", 1993)


def test_exponents_are_kept_apart() -> None:
    """10 to the 6th is not 106; letters and inline marks are their own words."""
    found = read("p", record(text="Of 10<sup>6</sup> people, 4<sup>th</sup> <i>GLA</i><sub>2</sub>"
                             " p<sup>*</sup>."))
    assert "Of 10^6 people, 4th GLA2 p*." in found.text


@pytest.mark.parametrize(("number", "words"), [
    ("90000002", "refused: Retracted Publication"),
    ("90000003", "the article is about Fabry disease and Gaucher disease"),
    ("90000004", "malformed XML"), ("90000005", "the title names none")])
def test_what_is_no_page_says_why(number: str, words: str) -> None:
    """Retracted, about two diseases, broken, about none."""
    assert words in reason(records()[number])


KINDS = "<PublicationTypeList><PublicationType>{}</PublicationType></PublicationTypeList>"
ANIMALS = ('<MeshHeadingList><MeshHeading><DescriptorName UI="D000818">Animals</DescriptorName>'
           "</MeshHeading>{}</MeshHeadingList>")
HUMANS = '<MeshHeading><DescriptorName UI="D006801">Humans</DescriptorName></MeshHeading>'


@pytest.mark.parametrize(("data", "words"), [
    (record(kinds=KINDS.format("Retraction of Publication")), "Retraction of Publication"),
    (record(kinds=KINDS.format("Expression of Concern")), "Expression of Concern"),
    (record(more='<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"/>'
                 "</CommentsCorrectionsList>"), "Retracted Publication"),
    (record(title="RETRACTED: Fabry disease"), "Retracted Publication"),
    (record(more=ANIMALS.format("")), "a study of animals"),
    (record(text=""), "no abstract"),
    (b"<PubmedArticle/>", "the record is empty"),
    (b"<PubmedArticleSet/>", "a set of 0 articles"),
    (FILE.read_bytes(), "malformed XML"),
    (b"<PubmedArticleSet>" + 2 * record() + b"</PubmedArticleSet>", "a set of 2 articles"),
    (b'<!DOCTYPE a [<!ENTITY x "y">]>' + record(), "declares entities"),
    ('<?xml version="1.0" encoding="utf-16"?><PubmedArticle/>'.encode("utf-16"), "binary data"),
])
def test_more_that_is_no_page(data: bytes, words: str) -> None:
    """Each with its own reason."""
    assert words in reason(data)


def test_what_is_no_reason_to_refuse() -> None:
    """A study of people and animals, and a retraction that is only spoken of."""
    assert read("p", record(more=ANIMALS.format(HUMANS))).title == "Fabry disease"
    assert read("p", record(title="Retracted eyelids in Fabry disease")).title == "Fabry disease"
