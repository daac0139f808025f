"""How to cite a release: CITATION.cff 1.2.0, made of what `kg describe` was told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from .descriptions.about import About, Agent
from .licences import licence
from .plural import many
from .version import VERSION

_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def citation(about: About, licences: Iterable[str]) -> str:
    """The file: title, version, authors, licence, date, DOI and address as they were told.

    Authors are the creators, else the publisher, else the program, for CFF requires one; the
    abstract counts the pages under each licence, those that state none among them: `licences` has
    one entry a page.
    """
    found = Counter(one or "not stated" for one in licences)
    counted = ", ".join(f"{name} ({many(number, 'page')})"
                        for name, number in sorted(found.items()))
    return "".join((
        "cff-version: 1.2.0\nmessage: If you use this dataset, please cite it as below.\n"
        f"type: dataset\ntitle: {_quoted(about.title)}\nversion: {_quoted(about.version)}\n",
        *_authors(about), *_told(about),
        f"abstract: {_quoted(f'Licences of the pages: {counted}.')}\n"))


def _authors(about: About) -> Iterator[str]:
    named = about.creators or ((about.publisher,) if about.publisher else ())
    yield "authors:\n"
    if not named:
        yield ("  # nobody was named: kg describe FOLDER --creator \"ORCID NAME\", then release\n"
               f"  - name: {_quoted(f'rarekg {VERSION}')}\n")
    for agent in named:
        yield f"  - name: {_quoted(agent.name)}\n{_address(agent)}"


def _address(agent: Agent) -> str:
    key = "orcid" if agent.is_person else "website"
    return f"    {key}: {_quoted(agent.iri)}\n" if agent.iri else ""


def _told(about: About) -> Iterator[str]:
    """The lines of what may be left out."""
    if about.license:
        known = licence(about.license)
        spdx = known is not None and not known.id.startswith("LicenseRef")
        yield (f"license: {_quoted(known.id)}\n" if known and spdx
               else f"license-url: {_quoted(about.license)}\n")
    if about.date:
        yield f"date-released: {_quoted(about.date)}\n"
    if found := _DOI.fullmatch(about.identifier):
        yield f"doi: {_quoted(found.group(1))}\n"
    if about.url:
        yield f"url: {_quoted(about.url)}\n"


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar, which JSON strings are."""
    return msgspec.json.encode(text).decode()
