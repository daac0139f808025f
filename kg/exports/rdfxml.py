"""RDF/XML, a description a subject; characters that XML cannot hold become U+FFFD."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape  # as XML has it; xml.sax.saxutils imports HTTP

from ..errors import UsageError
from ..ntriples import Memo, Node, literal
from ..prefixes import Prefixes
from ..terms import writable

QUOTE = '"'
_LOCAL = re.compile(r"[A-Za-z_][\w.-]*$", re.ASCII)


def text(characters: str) -> str:
    """`characters` as XML text: escaped, carriage returns kept, forbidden ones replaced."""
    return escape(writable(characters), quote=False).replace("\r", "&#13;")


def quoted(characters: str) -> str:
    """`characters` as the value of an XML attribute, with its quotes."""
    return f'"{escape(characters, quote=False).replace(QUOTE, "&quot;")}"'


class Descriptions:
    """Nodes as RDF/XML; the text of a term is worked out once."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._tags = Memo(_tag(prefixes))
        self._contents = Memo(_content)

    def node(self, node: Node) -> str:
        """One subject with all it has."""
        subject, properties = node
        lines = [f"  <rdf:Description{_name('about', subject)}>\n"]
        contents = self._contents
        for predicate, terms in properties.items():
            tag = self._tags[predicate]
            end = f"</{tag.partition(' ')[0]}>\n"
            lines += [f"    <{tag}{contents[term]}{end if term[0] == QUOTE else ''}"
                      for term in terms]
        return f"{''.join(lines)}  </rdf:Description>\n"


def _tag(prefixes: Prefixes) -> Callable[[str], str]:
    """A function from a predicate to what stands in its start tag."""
    names = {iri: prefix for prefix, iri in prefixes.table.items()}

    def tag(predicate: str) -> str:
        iri = predicate[1:-1]
        found = _LOCAL.search(iri)
        if not found:
            raise UsageError(f"RDF/XML cannot write the property {iri}: it ends in no XML name")
        space, local = iri[:found.start()], found.group()
        return f"{names[space]}:{local}" if space in names else f"{local} xmlns={quoted(space)}"

    return tag


def _name(attribute: str, term: str) -> str:
    """The attribute that names a node."""
    if term[0] == "<":
        return f" rdf:{attribute}={quoted(term[1:-1])}"
    return f" rdf:nodeID={quoted(term[2:])}"


def _content(term: str) -> str:
    """What follows the name in a property's start tag, up to a literal's end tag."""
    if term[0] != '"':
        return f"{_name('resource', term)}/>\n"
    characters, language, datatype = literal(term)
    if language:
        return f" xml:lang={quoted(language)}>{text(characters)}"
    kind = f" rdf:datatype={quoted(datatype)}" if datatype else ""
    return f"{kind}>{text(characters)}"


def opening(prefixes: Prefixes) -> str:
    """What stands before the first description."""
    names = "".join(f"\n  xmlns:{prefix}={quoted(iri)}" for prefix, iri in prefixes.table.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'
