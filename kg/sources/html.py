"""HTML pages: headings, paragraphs, lists, tables, superscript citations and a reference list."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as parser

from ..errors import SourceError
from ..model import Document
from . import visible
from .assembly import Declared, declaration, document, must_be_disease_page
from .decoding import declared, printable
from .lines import BAND, TABLE, numbered
from .outline import Outline
from .rendering import Rendering

_SNIFF = re.compile(
    rb"<!doctype\s+html|<html\b|<body\b|<h[1-4]\b[^>]*>|<(?:p|div|article|main|section)\b[^>]*>.*</",
    re.IGNORECASE | re.DOTALL)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol"})
_REFERENCES = re.compile(
    r"\b(?:refs?|references?|cite_note|citations?|footnotes?)\b|^(?:ref|cite|fn|bib)[-_]?\d",
    re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,4}")
_CELL = " | "
# Possessive, so that each byte is looked at once: what a tag, a script, a value of a tag spans.
_TAG = re.compile(rb"<[a-zA-Z](?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+")
_SCRIPT = re.compile(rb"<script\b(?:(?!</script).)*+", re.IGNORECASE | re.DOTALL)
_PART = re.compile(rb"[\s/]++|\"[^\"]*+\"|'[^']*+'")
MOST_PARTS = 5_000  # blanks and quoted values in one tag
DEEPEST = 200


def sniff(data: bytes) -> bool:
    """Whether the first bytes hold HTML tags."""
    return bool(_SNIFF.search(data[:20_000]))


def read(page: str, data: bytes) -> Document:
    """The page as text: headings, paragraphs, "• " items and rows; no scripts, no navigation.

    Raises SourceError where the bytes are no HTML or the page is about no disease.
    """
    try:
        return _read(page, data, _tree(page, data))
    except RecursionError:
        raise SourceError(page, "its elements are nested too deeply") from None


def _read(page: str, data: bytes, root: etree._Element) -> Document:
    body = _main(root)
    title = _title(root, body)
    if not title:
        raise SourceError(page, "no disease: the page has neither h1 nor title")
    reader = _Reader(title)
    reader.element(body)
    reader.flush()
    rendering, outline = reader.rendering, reader.outline
    found = document(
        page, data, "html", title=reader.title, text=rendering.text, blocks=outline.blocks,
        references=outline.references, declared=_declared(root, rendering.text))
    return must_be_disease_page(found)


def _tree(page: str, data: bytes) -> etree._Element:
    if any(_is_crowded(found.group()) for found in _TAG.finditer(_SCRIPT.sub(b"", data))):
        raise SourceError(page, f"an element has more than {MOST_PARTS:,} attributes")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", declared(page, data))
    try:
        return parser.document_fromstring(text, parser=parser.HTMLParser(
            no_network=True, remove_comments=True, remove_pis=True, huge_tree=False))
    except etree.ParserError as error:
        raise SourceError(page, f"malformed HTML: {error}") from None


def _is_crowded(tag: bytes) -> bool:
    """Whether a tag has more attributes than any page needs: each costs as long as all before."""
    return len(tag) > MOST_PARTS and sum(1 for _ in _PART.finditer(tag)) > MOST_PARTS


def _main(root: etree._Element) -> etree._Element:
    """The element that holds the page's content: main or article where it has a heading."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = root.findall(path)
        if len(found) == 1 and any(True for _ in found[0].iter("h1", "h2", "h3")):
            return found[0]
    body = root.find("body")
    return root if body is None else body


def _title(root: etree._Element, body: etree._Element) -> str:
    """The first h1, else the document's title up to the name of the site."""
    for heading in (*body.iter("h1"), *root.iter("h1")):
        if not visible.is_hidden(heading) and (words := printable("".join(visible.words(heading)))):
            return words
    words = printable(root.findtext(".//title") or "")
    return re.split(r"\s+[|–—:·-]\s+", words)[0]


def _declared(root: etree._Element, text: str) -> Declared:
    """The address, licence and GARD identifier that the page's head declares."""
    links = {rel.lower(): link.get("href", "") for link in reversed(list(root.iter("link", "a")))
             for rel in (link.get("rel") or "").split()}
    metas = {(meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "")
             for meta in root.iter("meta")}
    return declaration(
        links.get("canonical") or metas.get("og:url") or "",
        links.get("license") or metas.get("dcterms.license") or metas.get("license") or "", text)


class _Reader:
    """Walks the tree in reading order; text between block elements gathers until the next one."""

    def __init__(self, title: str) -> None:
        self.rendering = Rendering()
        self.outline = Outline()
        self.title = self.rendering.write("heading", title)
        self.outline.title(self.title)
        self._title = title
        self._inline: list[str] = []

    def element(self, element: etree._Element, depth: int = 0) -> None:
        """Read one element, without the text after it."""
        if visible.is_hidden(element):
            return
        tag = element.tag
        if tag in _HEADINGS or tag in {"summary", "dt", "caption", "legend"}:
            self._heading(element, _HEADINGS.get(tag, 5))
        elif tag in _LISTS and depth < DEEPEST:
            self._list(element, depth)
        elif tag == "table":
            self._table(element)
        elif tag in visible.BLOCKS or tag == "dl":
            self.flush()
            self._children(element, depth)
            self.flush()
        else:
            self._inline_element(element, depth)

    def _children(self, element: etree._Element, depth: int) -> None:
        self._inline.append(element.text or "")
        for child in element:
            if depth < DEEPEST:
                self.element(child, depth + 1)
            self._inline.append(child.tail or "")

    def _inline_element(self, element: etree._Element, depth: int) -> None:
        """Text in a line, unless block elements stand inside it."""
        blocks = visible.BLOCKS | _LISTS | set(_HEADINGS) | {"table", "dl"}
        if depth < DEEPEST and any(True for _ in element.iter(*blocks)):
            self._children(element, depth)
        else:
            words = "".join(visible.words(element))
            tail = element.tail or ""
            self._inline.append(words[:len(words) - len(tail)] if tail else words)

    def _take(self) -> str:
        words, self._inline = "".join(self._inline), []
        return words

    def flush(self) -> None:
        """End the open paragraph; two line breaks in it end one, too."""
        for piece in re.split(r"\n[ \t\xa0]*(?=\n)", self._take().replace("\r", "")):
            self._paragraph(piece)

    def _paragraph(self, words: str) -> None:
        clean = printable(words)
        if clean in {"", self._title}:
            return None
        if self.outline.kind == "references" and numbered(clean):
            return self._reference(clean, ())
        span = self.rendering.write("prose", clean)
        return self.outline.paragraph(clean, span)

    def _heading(self, element: etree._Element, level: int) -> None:
        self.flush()
        words = printable("".join(visible.content(element)))
        if words and words != self._title:
            self.outline.heading(words, self.rendering.write("heading", words), level)

    def _list(self, element: etree._Element, depth: int) -> None:
        self.flush()
        cited = self.outline.kind == "references" or _is_reference_list(element)
        for item in element.iterchildren():
            if visible.is_hidden(item):
                continue
            if cited:
                self._cited(item)
            elif item.tag in _LISTS or any(True for _ in item.iter("table", *_HEADINGS)):
                self.flush()
                self._children(item, depth + 1)
                self.flush()
            else:
                self._item(item, depth)

    def _item(self, item: etree._Element, depth: int) -> None:
        """A list item, then the items of the lists inside it."""
        nested = [inner for inner in item.iter(*_LISTS) if not visible.is_hidden(inner)]
        for inner in nested:
            inner.set("hidden", "hidden")
        words = printable("".join(visible.content(item)))
        if words:
            self.outline.paragraph(words, self.rendering.write("item", words), "item")
        for inner in nested if depth < DEEPEST else ():
            if inner.attrib.pop("hidden", ""):
                self._list(inner, depth + 1)

    def _cited(self, item: etree._Element) -> None:
        links = tuple(link.get("href") or "" for link in item.iter("a"))
        self._reference(printable("".join(visible.content(item))).strip("^ ↑"),
                        tuple(link for link in links if link.startswith("http")), item)

    def _reference(
        self, words: str, links: tuple[str, ...], item: etree._Element | None = None
    ) -> None:
        if not words:
            return
        found = numbered(words)
        value = (item.get("value") if item is not None else None) or ""
        number = found[0] if found else int(value) if _COUNT.fullmatch(value) else (
            self.outline.references[-1].number + 1 if self.outline.references else 1)
        entry = words[found[1]:] if found else words
        span = self.rendering.write("item", entry, lead=f"{number}. ")
        self.outline.reference(number, entry, span, links)

    def _table(self, element: etree._Element) -> None:
        """The rows of a table, then those of the tables inside it: each word once."""
        self.flush()
        nested = [inner for inner in element.iter("table")
                  if inner is not element and not visible.is_hidden(inner)]
        for inner in nested:
            inner.set("hidden", "hidden")
        self._rows(element)
        for inner in nested:
            if inner.attrib.pop("hidden", ""):
                self._table(inner)

    def _rows(self, element: etree._Element) -> None:
        rows = [[printable("".join(visible.content(cell)))
                 for cell in visible.own(row, "tr", "td", "th")]
                for row in visible.own(element, "table", "tr") if not visible.is_hidden(row)]
        texts = [_CELL.join(filter(None, row)) for row in rows]
        frequency = any(TABLE.match(text) or BAND.match(text) for text in texts)
        for text in filter(None, texts):
            kind = "table" if frequency else self.outline.kind or "other"
            self.outline.row(text, self.rendering.write("row", text), kind)


def _is_reference_list(element: etree._Element) -> bool:
    """A list whose class or whose items' ids say that it holds references."""
    names = [element.get("class") or "", *(item.get("id") or "" for item in list(element)[:1])]
    return any(_REFERENCES.search(name) for name in names)
