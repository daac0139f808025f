"""Views as HTML: Jinja2 templates, everything escaped, links relative to the page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import jinja2

from ..files import shipped
from ..ontology import kinds
from ..version import VERSION

if TYPE_CHECKING:
    from .pages import NodePage, StatementPage

_TITLES = {"synonym": "Other names", "risk_factor": "Risk factors", "cause": "Causes",
           "therapy": "Therapies", "prognostic_factor": "What makes the outlook better or worse",
           "figure": "Figures", "gene": "Genes", "inheritance": "Inheritance",
           "phenotype": "Signs and symptoms", "site": "Where it is", "unknown": "Not known"}


@cache
def templates() -> jinja2.Environment:
    """The templates of kg/web/templates; an unknown name in one is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("web/templates")), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"titles": {name: _TITLES.get(name, name.replace("_", " ").capitalize())
                                for name in kinds()}, "version": VERSION}
    return made


def html(view: NodePage | StatementPage) -> bytes:
    """The page of a node."""
    return rendered(view.template, view.link.path, view=view)


def rendered(template: str, path: str, **values: object) -> bytes:
    """A page as UTF-8; its links lead up to the root by as many steps as its path is deep."""
    root = "../" * path.count("/") or "./"
    text = templates().get_template(template).render(root=root, **values)
    return text.encode("utf-8", "replace")
