"""What every reader yields: one class of a vocabulary with its names."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ..text import slug

# Called with a line number and what is wrong with that line, which is then skipped.
Report = Callable[[int, str], None]

# Which names say the same thing best: a name of a better scope outranks one of a worse.
SCOPES = ("label", "exact", "mapped", "related", "narrow", "broad", "dropped", "obsolete")

# The category of a class, by its prefix; a reader may be more exact (HP modes of inheritance).
CATEGORIES = {
    "MONDO": "disease", "HP": "phenotype", "MAXO": "therapy", "UBERON": "site",
    "CHEBI": "chemical", "DRUGBANK": "drug", "HGNC": "gene", "NCBIGene": "gene", "ECO": "evidence",
}


class Term(Struct, frozen=True):
    """A class: `synonyms` are (name, scope) with scopes of SCOPES, `parents` its direct parents.

    An obsolete term keeps its former label (without the word "obsolete") and its replacement.
    """

    id: str
    label: str
    category: str
    synonyms: tuple[tuple[str, str], ...] = ()
    xrefs: tuple[str, ...] = ()
    replaced_by: str = ""
    obsolete: bool = False
    parents: tuple[str, ...] = ()


def category(curie: str) -> str:
    """The category of a CURIE by its prefix, empty where the prefix is none of ours."""
    return CATEGORIES.get(curie.partition(":")[0], "")


def former(label: str) -> str:
    """The label an obsolete class had before it was marked ("obsolete X" was "X")."""
    return label.removeprefix("obsolete ").removeprefix("OBSOLETE ").strip()


MINTED = "rarekg:term/"


def minted(kind: str, name: str) -> str:
    """Our own identifier for a name that no vocabulary has, the same for the same normal form."""
    return f"{MINTED}{kind}/{slug(name)}"
