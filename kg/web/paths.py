"""Where a node's page is: our own IRIs keep their path, others stand below their category."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, unquote

from ..errors import UnknownName
from ..ontology import categories
from ..prefixes import Prefixes

OURS = ("statement", "evidence", "page", "graph", "publication", "citation", "measurement",
        "grounding", "span", "quote", "term")
_SAFE = "/:@!$&'()*+,;=-._~"  # RFC 3986, section 3.3: what a path segment holds as it is


@cache
def folders() -> dict[str, str]:
    """The first part of a path for each Biolink class ("Disease" -> "disease")."""
    found = {"Publication": "publication"}
    for name, curie in sorted(categories().items(), reverse=True):  # phenotype before modifier
        found.setdefault(curie.rpartition(":")[2], name)
    return found


def path_of(iri: str, category: str, prefixes: Prefixes) -> str:
    """The path, without a leading slash or suffix, of the page about a node.

    `category` is the local name of its Biolink class and only used for IRIs that are not ours.
    Empty where the node has no page of its own.
    """
    base = prefixes.table["rarekg"]
    if iri.startswith(base):
        local = iri.removeprefix(base)
        return quote(unquote(local), safe=_SAFE) if local.partition("/")[0] in OURS else ""
    curie = prefixes.contract(iri)
    folder = folders().get(category)
    return f"{folder}/{quote(curie, safe=_SAFE)}" if curie and folder else ""


def iri_of(path: str, prefixes: Prefixes) -> str | None:
    """The IRI whose page has this path (no leading slash, no suffix); None where none can."""
    folder, _, rest = unquote(path).partition("/")
    if not rest:
        return None
    if ":" in rest and (folder in folders().values()) and not rest.startswith("/"):
        try:
            return prefixes.expand(rest)
        except UnknownName:
            return None
    return prefixes.table["rarekg"] + quote(f"{folder}/{rest}", safe=_SAFE) \
        if folder in OURS else None
