"""PubMed's XML (NLM's DTD pubmed_250101 and its forerunners): title, abstract, subject headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ..errors import SourceError
from ..model import Document
from ..text import collapse
from .article import (
    Article,
    Part,
    Work,
    cited_as,
    document_of,
    is_retracted,
    silent_kind,
    year_in,
)
from .subject import Heading
from .xml import parsed, root_of, words

# No licence that could be compared: NLM's terms leave the abstract to whoever wrote it.
RIGHTS = "abstract from PubMed: NLM claims no copyright in it, its publisher or authors may"
_ROOTS = frozenset({b"PubmedArticleSet", b"PubmedArticle", b"PubmedBookArticle"})
_REFUSED = frozenset({
    "Retracted Publication", "Retraction of Publication", "Retraction Notice",
    "Expression of Concern", "Published Erratum", "Duplicate Publication",
})
_SILENT = {"METHODS": "resources", "OBJECTIVE": "question"}  # NlmCategory of an abstract's part
_ANIMALS, _HUMANS = "D000818", "D006801"
_DIGITS = re.compile(r"\d")


def sniff(data: bytes) -> bool:
    """Whether the root is an article of PubMed, or a set of them."""
    return root_of(data)[0] in _ROOTS


def read(page: str, data: bytes) -> Document:
    """The article's title and abstract, if it is about one disease.

    Raises SourceError for malformed XML, a set of several articles, an article that is retracted
    or has no abstract, a study of animals alone, and an article about no or several diseases.
    """
    root = parsed(page, data)
    found = list(root.iter("PubmedArticle", "PubmedBookArticle"))
    if len(found) != 1:
        raise SourceError(page, f"a set of {len(found)} articles is no page")
    article = found[0]
    core = article.find("MedlineCitation/Article")
    core = article.find("BookDocument") if core is None else core
    if core is None:
        raise SourceError(page, "no article: the record is empty")
    title = collapse(words(core.find("ArticleTitle"), _inline))
    _must_hold(page, article, title)
    parts = tuple(_parts(core))
    if not parts:
        raise SourceError(page, "no text: the record has no abstract")
    work = _work(article, core, title)
    rights = collapse(words(core.find("Abstract/CopyrightInformation")))
    return document_of(page, data, "pubmed", Article(
        work, tuple(_headings(article)), parts, map(_cited, _entries(article)),
        f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}/" if work.pmid else "", rights or RIGHTS))


def _must_hold(page: str, article: etree._Element, title: str) -> None:
    """Raise SourceError for what is withdrawn, what only speaks of another article, and animals."""
    kinds = {collapse(words(node)) for node in article.iter("PublicationType")}
    if refused := sorted(kinds & _REFUSED):
        raise SourceError(page, f"refused: {refused[0]}")
    withdrawn = any(node.get("RefType") == "RetractionIn"
                    for node in article.iter("CommentsCorrections"))
    if withdrawn or is_retracted(title):
        raise SourceError(page, "refused: Retracted Publication")
    checked = {node.get("UI") for node in article.iter("DescriptorName")}
    if _ANIMALS in checked and _HUMANS not in checked:
        raise SourceError(page, "refused: a study of animals, not of people")


def _inline(element: etree._Element) -> str | None:
    """Exponents as in "10^6"; everything else in its own words."""
    text = collapse(element.text or "")
    if element.tag == "sup" and not len(element) and re.fullmatch(r"[−-]?\d+", text):
        before = element.getprevious()
        parent = element.getparent()
        lead = (before.tail if before is not None else parent.text if parent is not None else "")
        return f"^{text}" if (lead or "")[-1:].isalnum() else text
    return None


def _parts(core: etree._Element) -> Iterator[Part]:
    """The labelled parts of the abstract, or its one part without a label."""
    for node in core.findall("Abstract/AbstractText"):
        text = collapse(words(node, _inline))
        label = collapse(node.get("Label") or "")
        label = "" if label.upper() == "UNLABELLED" else label
        if text:
            kind = silent_kind(label) or _SILENT.get(node.get("NlmCategory") or "")
            yield Part(label, (("prose", text),), kind=kind)


def _headings(article: etree._Element) -> Iterator[Heading]:
    """MeSH's major topics, and its supplementary records of diseases."""
    for heading in article.iter("MeshHeading"):
        if any(node.get("MajorTopicYN") == "Y" for node in heading):
            node = heading.find("DescriptorName")
            if node is not None:
                yield Heading(collapse(words(node)), f"MESH:{node.get('UI')}")
    for node in article.iter("SupplMeshName"):
        if node.get("Type") == "Disease":
            yield Heading(collapse(words(node)), f"MESH:{node.get('UI')}", exact=True)


def _work(article: etree._Element, core: etree._Element, title: str) -> Work:
    """The article itself as an entry of a list of references."""
    ids = {node.get("IdType"): collapse(node.text or "")
           for path in ("PubmedData/ArticleIdList", "PubmedBookData/ArticleIdList",
                        "BookDocument/ArticleIdList")
           for node in article.findall(f"{path}/ArticleId")}
    for node in core.findall("ELocationID"):
        if node.get("EIdType") == "doi" and node.get("ValidYN") != "N":
            ids.setdefault("doi", collapse(node.text or ""))
    pmid = collapse(article.findtext("MedlineCitation/PMID") or core.findtext("PMID") or "")
    issue = core.find("Journal/JournalIssue")
    issue = core if issue is None else issue
    year = year_in(words(issue.find("PubDate"))) or year_in(words(core.find("ArticleDate"))) or (
        year_in(words(core.find("Book/PubDate"))))
    place = ":".join(filter(None, (issue.findtext("Volume"),
                                   core.findtext("Pagination/MedlinePgn"))))
    journal = core.findtext("Journal/ISOAbbreviation") or core.findtext("Journal/Title") or (
        words(core.find("Book/BookTitle")))
    numbers = (f"PMID: {pmid}" if pmid else "", f"doi: {ids['doi']}" if ids.get("doi") else "")
    text = cited_as(_authors(core), title, journal, year, place, numbers)
    return Work(text, title.rstrip("."), year, pmid, ids.get("pmc", ""), ids.get("doi", ""))


def _authors(core: etree._Element) -> Iterator[str]:
    for author in core.findall("AuthorList/Author"):
        name = " ".join(filter(None, (author.findtext("LastName"), author.findtext("Initials"))))
        if name or author.findtext("CollectiveName"):
            yield name or words(author.find("CollectiveName"))


def _entries(article: etree._Element) -> Iterator[etree._Element]:
    for listed in article.iter("ReferenceList"):
        yield from listed.findall("Reference")


def _cited(entry: etree._Element) -> Work:
    ids = {node.get("IdType"): collapse(node.text or "") for node in entry.iter("ArticleId")}
    text = collapse(words(entry.find("Citation")))
    return Work(text, "", None, ids.get("pubmed", ""), ids.get("pmc", ""), ids.get("doi", ""),
                article=bool(_DIGITS.search(ids.get("pubmed", ""))))
