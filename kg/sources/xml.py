"""XML that nobody vouches for, read without document types, entities, network or unbounded size."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from lxml import etree

from ..errors import SourceError

_SUBSET = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]{0,2000}\[")
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]{0,100})([^<>]{0,2000})")
_APART = frozenset({"p", "title", "break", "list-item", "def-item"})
HEAD = 8192  # bytes in which the first element must begin
Inline = Callable[[etree._Element], str | None]


def root_of(data: bytes) -> tuple[bytes, bytes]:
    """The name and the attributes of the first element, as bytes; both empty where there is none.

    Only for telling formats apart: a comment that holds an element deceives it.
    """
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _ROOT.search(head) if head[:1] == b"<" else None
    return (found.group(1), found.group(2)) if found else (b"", b"")


def parsed(page: str, data: bytes) -> etree._Element:
    """The root element.  A document type is accepted and never loaded.

    Raises SourceError for XML that is malformed, nests deeper than 256 elements (libxml2's bound)
    or declares an entity: no format that is read here does, and every entity bomb must.
    """
    if _SUBSET.search(data):
        raise SourceError(page, "XML that declares entities of its own is refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(page, f"malformed XML in line {error.lineno}: {error.msg}") from None


def words(element: etree._Element | None, inline: Inline = lambda _element: None) -> str:
    """All text inside an element in reading order, runs of white space left as they are.

    `inline` may give an element's words itself; for None its own text and that inside it is taken.
    A paragraph inside begins with a space; a character entity of a document type is its character.
    """
    if element is None:
        return ""
    parts: list[str] = []
    given: etree._Element | None = None  # the element whose words `inline` gave
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and given is None:
            own = inline(node) if isinstance(node.tag, str) and node is not element else None
            given = node if own is not None else None
            parts.append(own if own is not None else _text(node))
        elif event == "end" and given in {None, node}:
            given = None
            parts.append((node.tail or "") if node is not element else "")
    return "".join(parts)


def _text(node: etree._Element) -> str:
    """The text before an element's first child; a lone entity's character."""
    if not isinstance(node.tag, str):
        return html.unescape(node.text or "")
    return f"{' ' if node.tag in _APART else ''}{node.text or ''}"
