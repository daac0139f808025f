"""Phenotypes and modes of inheritance in the columns of HPO's annotation file (phenotype.hpoa)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from ..facts import Fact, Facts
from ..ntriples import Shortener
from ..spilling import in_rows
from ..version import VERSION
from .release import Release

# hpo-annotation-qc, "Annotation format": twelve columns, # before the header's lines
COLUMNS = ("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset",
           "frequency", "sex", "modifier", "aspect", "biocuration")
_ASPECT = {"phenotype": "P", "inheritance": "I"}
_AUTOMATIC = "IEA"  # inferred from electronic annotation


def write(release: Release, out: IO[bytes]) -> int:
    """Write one line for each statement and page or publication behind it; returns the lines.

    A feature said to be absent has the qualifier NOT; doubtful and contradicted statements, and
    what has no HPO id, are left out.  A page stands by its address, else by our IRI for it.
    """
    head = (f'#description: "What rare-disease pages say of phenotypes, read by rarekg {VERSION}"\n'
            f"#version: {VERSION}\n")
    count = 0
    out.write((head + "\t".join(COLUMNS) + "\n").encode())
    for row in in_rows(_rows(release.facts, Shortener(release.prefixes))):
        out.write(("\t".join(row) + "\n").encode("utf-8", "replace"))
        count += 1
    return count


def _rows(facts: Facts, name: Shortener) -> Iterator[tuple[str, ...]]:
    for fact in facts.facts:
        target = name.name(fact.other)
        if fact.kind not in _ASPECT or fact.doubtful or fact.contradicted:
            continue
        if target.startswith("HP:"):
            for reference in _references(fact, facts, name):
                yield (name.name(fact.disease), _cell(facts.label(fact.disease)),
                       "NOT" if fact.negated else "", target, reference, _AUTOMATIC, "",
                       _frequency(fact, name), "", "", _ASPECT[fact.kind], f"rarekg:{VERSION}")


def _references(fact: Fact, facts: Facts, name: Shortener) -> list[str]:
    """The publications that are cited for it, else the pages."""
    if fact.publications:
        return sorted(map(name.name, fact.publications))
    pages = {facts.sentences[one].page for one in fact.evidence if one in facts.sentences}
    return sorted(facts.pages[page].url or name.name(page) for page in pages if page in facts.pages)


def _frequency(fact: Fact, name: Shortener) -> str:
    """Counted patients, else a percentage, else HPO's band."""
    band, with_it, of_all, percentage = fact.often
    if with_it and of_all:
        return f"{with_it}/{of_all}"
    return f"{percentage}%" if percentage else name.name(band) if band else ""


def _cell(words: str) -> str:
    return " ".join(words.split())
