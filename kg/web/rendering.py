"""Views as HTML: Jinja2 templates, everything escaped, links relative to the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import jinja2
from msgspec import Struct

from ..files import shipped
from ..ontology import kinds
from ..text import digest
from ..version import VERSION
from .views import Link, Said

if TYPE_CHECKING:
    from .pages import View

_TITLES = {"synonym": "Other names", "risk_factor": "Risk factors", "cause": "Causes",
           "therapy": "Therapies", "prognostic_factor": "What makes the outlook better or worse",
           "figure": "Figures", "gene": "Genes", "inheritance": "Inheritance",
           "phenotype": "Signs and symptoms", "site": "Where it is", "unknown": "Not known"}
_SEVERAL = {
    "disease": "Diseases", "drug": "Medicines", "factor": "Factors", "gene": "Genes",
    "inheritance": "Modes of inheritance", "phenotype": "Signs and symptoms",
    "publication": "Publications", "site": "Sites in the body", "therapy": "Therapies"}


class Medium(Struct, frozen=True):
    """Where pages are shown: the forms that stand beside each, and whether a server answers.

    `live` pages can search, ask SPARQL and give every statement a page of its own.
    """

    live: bool
    forms: tuple[tuple[str, str], ...]

    def href(self, root: str, link: Link, suffix: str = "html") -> str:
        """The address of a node's page as seen from a page whose way up is `root`."""
        return f"{root}{link.path if self.live else file_name(link.path)}.{suffix}"

    def shown(self, root: str, one: Said) -> str:
        """The address where a statement is shown: its own page, or its place in the disease's."""
        if self.live:
            return self.href(root, one.link)
        return f"{self.href(root, one.subject)}#s{one.id}"


SERVER = Medium(True, (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"),
                       ("rdf", "RDF/XML")))
SITE = Medium(False, (("ttl", "Turtle"), ("jsonld", "JSON-LD")))
_PLAIN = re.compile(r"[A-Za-z0-9._/-]*")


def file_name(path: str) -> str:
    """The path as every file system can hold it: a colon is "_", anything odder adds a hash.

    >>> file_name("disease/MONDO:0006245")
    'disease/MONDO_0006245'
    """
    made = "/".join("_" if part in {"", ".", ".."} else part
                    for part in path.replace(":", "_").split("/"))
    if made != path.replace(":", "_"):
        made += "~"  # so that it has the hash of its path, which leads nowhere else
    return made if _PLAIN.fullmatch(made) else f"{re.sub('[^A-Za-z0-9._/-]', '_', made)}-" \
                                               f"{digest(path, length=8)}"


@cache
def templates(medium: Medium) -> jinja2.Environment:
    """The templates of kg/web/templates; an unknown name in one is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("web/templates")), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"titles": {name: _TITLES.get(name, name.replace("_", " ").capitalize())
                                for name in kinds()}, "version": VERSION, "several": _SEVERAL,
                     "href": medium.href, "shown": medium.shown, "formats": medium.forms,
                     "live": medium.live}
    made.tests["web"] = _web
    return made


def _web(address: str) -> bool:
    """Whether an address that a page gives may be a link: "javascript:" is one as well."""
    return address.startswith(("http://", "https://"))


def html(view: View, medium: Medium = SERVER) -> bytes:
    """The page of a node."""
    return rendered(view.template, view.link.path, {"view": view}, medium)


def rendered(
    template: str, path: str, values: Mapping[str, object], medium: Medium = SERVER
) -> bytes:
    """A page as UTF-8; its links lead up to the root by as many steps as its path is deep."""
    root = "../" * path.count("/") or "./"
    text = templates(medium).get_template(template).render(values, root=root)
    return text.encode("utf-8", "replace")
