"""What a reader sees of an HTML element: its words, without scripts, menus and hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .decoding import printable

_SKIPPED = frozenset({
    "aside", "audio", "button", "canvas", "dialog", "figure", "footer", "form", "head", "iframe",
    "img", "input", "map", "math", "menu", "nav", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "video",
})
BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "fieldset",
    "figcaption", "header", "hgroup", "html", "main", "p", "pre", "section", "td", "th",
})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:hide|hidden|d-none|sr-only|visually-hidden|screen-reader-text|(?:bread)?crumbs?"
    r"|breadcrumbs?-?\w*|cookie\S*|social\S*|share\S*|sidebar|site-?(?:nav|header|footer)|menu"
    r"|navbar|pagination|skip-?link\S*)(?:\s|$)",
    re.IGNORECASE)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu"})
_MARK = re.compile(r"\[?\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]?")
_EXPONENT = re.compile(r"[−-]?\d+")
_COUNTED = re.compile(r"(?:\d|\b(?:[cmk]?m|ft|in))$")


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is no part of what a reader sees of the page itself."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        return True
    if element.tag == "header":
        return not any(True for _ in element.iter("h1"))
    get = element.get
    return (
        get("hidden") is not None or get("aria-hidden") == "true" or get("role") in _ROLES
        or bool(_HIDDEN.search(get("style") or ""))
        or bool(_HIDING_CLASS.search(f"{get('class') or ''} {get('id') or ''}"))
    )


def words(element: etree._Element) -> Iterator[str]:
    """The visible text of an element, citation marks in brackets, line breaks as newlines."""
    if element.tag == "br":
        yield "\n"
    elif not is_hidden(element):
        yield from _mark(element) if element.tag == "sup" else content(element)
    yield element.tail or ""


def content(element: etree._Element) -> Iterator[str]:
    """As `words`, of the element itself whatever it is, without the text after it."""
    spaced = element.tag in BLOCKS or element.tag == "li"
    yield " " if spaced else ""
    yield element.text or ""
    for child in element:
        yield from words(child)
    yield " " if spaced else ""


def _mark(element: etree._Element) -> Iterator[str]:
    """A superscript: "[3]" where it cites, "^2" where it is an exponent, else its own words."""
    inner = printable("".join(content(element)))
    found = _MARK.fullmatch(inner)
    if found and (_links_down(element) or inner[0] == "[" or not _COUNTED.search(_before(element))):
        yield f"[{found.group(1)}]"
    else:
        yield f"^{inner}" if _EXPONENT.fullmatch(inner) else inner


def _links_down(element: etree._Element) -> bool:
    """Whether a superscript is, or holds, a link within the page."""
    parent = element.getparent()
    links = [*element.iter("a"), *([parent] if parent is not None and parent.tag == "a" else [])]
    return any("#" in (link.get("href") or "") for link in links)


def _before(element: etree._Element) -> str:
    sibling, parent = element.getprevious(), element.getparent()
    text = sibling.tail if sibling is not None else parent.text if parent is not None else ""
    return (text or "")[-20:]


def own(element: etree._Element, kind: str, *tags: str) -> Iterator[etree._Element]:
    """The elements of `tags` in an element that stand in no other one of its `kind`."""
    return (one for one in element.iter(*tags) if next(one.iterancestors(kind), None) is element)
