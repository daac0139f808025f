"""Full texts in JATS, ANSI/NISO Z39.96 (PMC's open access articles): sections and citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from ..errors import SourceError
from ..model import Document
from ..text import collapse
from .article import (
    MOST_CITED,
    Article,
    Part,
    Work,
    cited_as,
    document_of,
    is_retracted,
    silent_kind,
    year_in,
)
from .xml import Inline, parsed, root_of, words

_JATS = re.compile(rb"article-type|dtd-version|xmlns:(?:xlink|mml)|jats\.nlm\.nih\.gov")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+article\s", re.IGNORECASE)
_NAMESPACE = re.compile(r"\{https?://jats\.nlm\.nih\.gov/[^}]*\}")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LICENSE_REF = "{http://www.niso.org/schemas/ali/1.0/}license_ref"
_REFUSED = frozenset({"retraction", "correction", "expression-of-concern", "retracted-article",
                      "addendum", "reply"})
_RETRACTION = frozenset({"retraction-forward", "retraction"})
_ABSTRACTS = frozenset({None, "", "summary", "executive-summary", "section"})
_FLOATS = frozenset({
    "fn", "table-wrap", "table-wrap-group", "fig", "fig-group", "supplementary-material", "media",
    "tex-math", "disp-formula-group", "boxed-text", "object-id", "inline-graphic", "label",
    "list", "def-list",
})
# [1],[2] and [1]–[3]: marks that stand together, in the brackets of the page or without any.
_RANGE = re.compile(r"\[(\d{1,3})\]\s?[-–—]\s?\[(\d{1,3})\]")
_BRACKETED = re.compile(r"[\[(]\s*((?:\[\d{1,3}(?:-\d{1,3})?\][\s,;]*)+)[\])]")
_BETWEEN = re.compile(r"(?<=\d\])\s?[,;]\s?(?=\[\d)")


def sniff(data: bytes) -> bool:
    """Whether the root is JATS's `article`, not HTML's."""
    name, attributes = root_of(data)
    return name == b"article" and bool(_JATS.search(attributes) or _DOCTYPE.search(data, 0, 2000))


def read(page: str, data: bytes) -> Document:
    """The article's title, abstract and sections, if it is about one disease.

    A citation is a mark "[3]" where the article has it, 3 being the place in its list of
    references.  Tables, figures, formulas that stand alone, boxes and footnotes are left out.
    Raises SourceError for malformed XML, a retracted article, a correction, another language than
    English, an article without text, and one about no or several diseases.
    """
    root = _plain(parsed(page, data))
    front = root.find("front/article-meta")
    if front is None:
        raise SourceError(page, "no article: the file has no article-meta")
    title = collapse(words(front.find("title-group/article-title"), _without_marks))
    _must_hold(page, root, title)
    references = list(root.iterfind("back//ref"))
    marks = _marks(references)
    parts = (*_abstract(front, marks), *_sections(root.find("body"), marks, 2, None))
    if not any(part.paragraphs for part in parts):
        raise SourceError(page, "no text: the article has neither abstract nor sections")
    work = _work(root, front, title)
    number = work.pmcid.removeprefix("PMC")
    url = (f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{number}/" if number else
           f"https://doi.org/{work.doi}" if work.doi else "")
    return document_of(page, data, "jats", Article(
        work, (), parts, map(_cited, references), url, _license(front)))


def _plain(root: etree._Element) -> etree._Element:
    """The tree with JATS's own names without a namespace, as nearly all files have them."""
    if isinstance(root.tag, str) and root.tag.startswith("{"):
        for node in root.iter(etree.Element):
            node.tag = _NAMESPACE.sub("", node.tag)
    return root


def _must_hold(page: str, root: etree._Element, title: str) -> None:
    """Raise SourceError for what is withdrawn, speaks of another article, or is not in English."""
    kind = root.get("article-type") or ""
    if kind in _REFUSED:
        raise SourceError(page, f"refused: {kind}")
    related = {node.get("related-article-type")
               for node in root.iterfind("front/article-meta/related-article")}
    if related & _RETRACTION or is_retracted(title):
        raise SourceError(page, "refused: retracted")
    language = (root.get(_XML_LANG) or "en").lower()
    if not language.startswith("en"):
        raise SourceError(page, f"refused: not in English (xml:lang {language})")


# ---------------------------------------------------------------- text


def _without_marks(element: etree._Element) -> str | None:
    return "" if element.tag in {"xref", "fn"} else None


def _marks(references: list[etree._Element]) -> dict[str, int]:
    """The number of each entry by its id and those of the works in it; the first MOST_CITED."""
    return {key: number for number, entry in enumerate(references[:MOST_CITED], 1)
            for node in entry.iter(etree.Element) if (key := node.get("id"))}


def _inline(marks: Mapping[str, int]) -> Inline:
    """How an element inside a sentence reads: a citation is a mark, behind words if it has any."""
    def inline(element: etree._Element) -> str | None:
        if element.tag in _FLOATS:
            return ""
        if element.tag == "sup" and not len(element):
            return _raised(element)
        if element.tag != "xref" or element.get("ref-type") != "bibr":
            return None
        text = collapse(words(element))
        cited = "".join(f"[{marks[key]}]" for key in (element.get("rid") or "").split()
                        if key in marks)
        bare = re.fullmatch(r"[\[(]?\s*\d+[a-z]?\s*[\])]?[.,]?", text)
        return cited if bare else f"{text}{cited}"  # "4" that leads nowhere is no word
    return inline


def _raised(element: etree._Element) -> str:
    """A superscript that cites nothing: "10^6"."""
    text = collapse(element.text or "")
    return f"^{text}" if re.fullmatch(r"[−-]?\d+", text) else text


def _read(element: etree._Element, marks: Mapping[str, int]) -> str:
    """The words of a paragraph, its citation marks as "[1][2]" or "[1-3]"."""
    text = _RANGE.sub(r"[\1-\2]", collapse(words(element, _inline(marks))))
    return _BETWEEN.sub("", _BRACKETED.sub(lambda found: found.group(1).strip(" ,;"), text))


def _abstract(front: etree._Element, marks: Mapping[str, int]) -> Iterator[Part]:
    for abstract in front.findall("abstract"):
        if abstract.get("abstract-type") in _ABSTRACTS:
            yield from _sections(abstract, marks, 2, None)


def _sections(
    element: etree._Element | None, marks: Mapping[str, int], level: int, silent: str | None
) -> Iterator[Part]:
    """An element's own paragraphs under its title, then its sections, which inherit silence."""
    if element is None:
        return
    title = collapse(words(element.find("title"), _without_marks))
    kind = silent or silent_kind(title) or silent_kind(
        (element.get("sec-type") or "").replace("|", " "))
    paragraphs = tuple(_paragraphs(element, marks))
    if (title and element.tag == "sec") or paragraphs:
        heading = title if element.tag == "sec" else ""
        yield Part(heading, paragraphs, level, kind)
    for section in element.findall("sec"):
        yield from _sections(section, marks, level + 1, kind)


def _paragraphs(
    element: etree._Element, marks: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Form and words of the paragraphs and list items directly in a section."""
    for child in element:
        if child.tag in {"p", "disp-quote", "statement"}:
            yield "prose", _read(child, marks)
        if child.tag in {"p", "list", "def-list", "disp-quote"}:
            for item in child.iter("list-item", "def-item"):
                yield "item", _read(item, marks)


# ---------------------------------------------------------------- the article and what it cites


def _work(root: etree._Element, front: etree._Element, title: str) -> Work:
    """The article itself as an entry of a list of references."""
    ids = {node.get("pub-id-type"): collapse(node.text or "")
           for node in front.findall("article-id")}
    pmcid = ids.get("pmcid") or ids.get("pmc") or ids.get("pmcaid") or ""
    pmcid = f"PMC{pmcid.removeprefix('PMC')}" if pmcid else ""
    years = (year_in(node.findtext("year")) for node in front.findall("pub-date"))
    year = next(filter(None, years), None)
    journal = words(root.find("front/journal-meta//journal-title"))
    names = (_name(node) for node in front.findall("contrib-group/contrib/name"))
    pages = front.findtext("fpage") or front.findtext("elocation-id")
    place = ":".join(filter(None, (front.findtext("volume"), pages)))
    pmid, doi = ids.get("pmid", ""), ids.get("doi", "")
    numbers = (f"PMID: {pmid}" if pmid else "", pmcid, f"doi: {doi}" if doi else "")
    text = cited_as(names, title, journal, year, place, numbers)
    return Work(text, title.rstrip("."), year, pmid, pmcid, doi)


def _name(node: etree._Element) -> str:
    given = re.sub(r"[^A-ZÀ-Þ]", "", node.findtext("given-names") or "")
    return " ".join(filter(None, (collapse(node.findtext("surname") or ""), given)))


def _license(front: etree._Element) -> str:
    """The address of the licence, else its words, else the copyright's; empty without any."""
    for node in front.iterfind("permissions/license"):
        named = [node.findtext(_LICENSE_REF), node.get(_XLINK),
                 *(link.get(_XLINK) for link in node.iter("ext-link", "uri"))]
        if address := next((one.strip() for one in named if one and "://" in one), ""):
            return address
        if text := collapse(words(node)):
            return text
    return collapse(words(front.find("permissions/copyright-statement")))


def _cited(entry: etree._Element) -> Work:
    """An entry of the list of references: as it is written, or put together from its parts."""
    citation = next(entry.iter("mixed-citation", "element-citation", "citation", "nlm-citation"),
                    entry)
    title = collapse(words(citation.find("article-title")))
    ids = {node.get("pub-id-type"): collapse(node.text or "") for node in citation.iter("pub-id")}
    year = year_in(citation.findtext(".//year"))
    written = citation.tag in {"mixed-citation", "citation", "ref"}
    text = collapse(words(citation, _unnumbered if citation is entry else lambda _: None))
    if not written:
        place = ":".join(filter(None, map(citation.findtext, ("volume", "fpage"))))
        text = cited_as(map(_name, citation.iter("name")), title,
                        words(citation.find("source")), year, place,
                        (f"doi: {ids['doi']}" if ids.get("doi") else "",))
    links = tuple(link for node in citation.iter("ext-link", "uri")
                  if (link := node.get(_XLINK) or "").startswith("http"))
    published = (citation.get("publication-type") or citation.get("citation-type")) in {
        "journal", "book", "confproc"}
    return Work(text or collapse(words(citation)) or "(an entry without text)", title, year,
                ids.get("pmid", ""), ids.get("pmcid", "") or ids.get("pmc", ""),
                ids.get("doi", ""), links, article=published)


def _unnumbered(element: etree._Element) -> str | None:
    return "" if element.tag == "label" else None
