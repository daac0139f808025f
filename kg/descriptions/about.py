"""What the publisher says of a dataset: title, people, address, date and licence."""

from __future__ import annotations

import re
from datetime import date

import pyoxigraph as ox
from msgspec import Struct

from ..errors import UsageError
from ..licences import licence as known
from ..terms import web

ORCID = "https://orcid.org/"
TITLE = "rarekg: rare diseases, every statement with its sentence"
DESCRIPTION = (
    "What pages about rare diseases state (names, risk factors, causes, therapies, outlook, "
    "figures, signs, genes, inheritance and what is not known), read from their prose by rules, "
    "with the sentence, its place on the page and its citations behind every statement. Denied "
    "and doubtful statements are kept and marked. Names are grounded in MONDO, HPO, MAxO, "
    "DrugBank, ChEBI, UBERON and HGNC where they have an exact match. It says what pages say; it "
    "is not medical advice.")
KEYWORDS = ("rare diseases", "knowledge graph", "linked data", "text mining", "evidence",
            "MONDO", "HPO", "Biolink Model")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")

_NUMBER = re.compile(r"[\d-]+X?")


class Agent(Struct, frozen=True):
    """A person or an organisation; `iri` may be empty, `name` may repeat the IRI."""

    iri: str
    name: str

    @property
    def is_person(self) -> bool:
        """Whether the IRI is an ORCID."""
        return self.iri.startswith(ORCID)


class About(Struct, frozen=True):
    """The options of a description; what is empty is left out or follows from the data.

    `url` is where the server or site stands (ends in a slash), `endpoint` where SPARQL is
    answered, `date` when this is published.
    """

    title: str = TITLE
    description: str = DESCRIPTION
    publisher: Agent | None = None
    creators: tuple[Agent, ...] = ()
    url: str = ""
    endpoint: str = ""
    date: str = ""
    license: str = ""
    version: str = ""
    identifier: str = ""
    keywords: tuple[str, ...] = KEYWORDS


def agent(text: str) -> Agent:
    """The agent of "IRI NAME", of an ORCID with or without a name, or of a name alone.

    Raises UsageError for an ORCID whose check digit is wrong (ISO 7064, MOD 11-2).

    >>> agent("0000-0002-1825-0097 Josiah Carberry")
    Agent(iri='https://orcid.org/0000-0002-1825-0097', name='Josiah Carberry')
    """
    first, _, rest = text.strip().partition(" ")
    if found := _ORCID.fullmatch(first):
        _checked(found.group(1))
        return Agent(ORCID + found.group(1), rest.strip() or found.group(1))
    if "://" in first:
        return Agent(address(first, "an agent"), rest.strip() or first)
    if _NUMBER.fullmatch(first):
        raise UsageError(f"{first} is no ORCID: write it as 0000-0002-1825-0097, or a name")
    if not text.strip():
        raise UsageError("a publisher or creator needs a name, an IRI or an ORCID")
    return Agent("", text.strip())


def _checked(number: str) -> None:
    total = 0
    for digit in number.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    wanted = (12 - total % 11) % 11
    if number[-1] != ("X" if wanted == 10 else str(wanted)):
        raise UsageError(f"{number} is no ORCID: its last digit does not fit the others")


def address(text: str, what: str) -> str:
    """A web address as an IRI; raises UsageError where it is none."""
    found = web(text)
    if found is None or " " in text.strip():
        raise UsageError(f"{what}: {text!r} is no web address")
    return found.value


def site(text: str) -> str:
    """The address of a site, with a slash at its end; empty for none."""
    found = address(text, "--url") if text else ""
    return found if not found or found.endswith("/") else f"{found}/"


def day(text: str) -> str:
    """A date as YYYY-MM-DD; raises UsageError for anything else."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise UsageError(f"--date {text!r}: write YYYY-MM-DD") from None


def licence(text: str) -> str:
    """The IRI of a licence, given as an IRI or as an SPDX identifier; empty for none.

    >>> licence("CC-BY-4.0")
    'https://spdx.org/licenses/CC-BY-4.0'
    """
    if not text or "://" in text:
        return address(text, "a licence") if text else ""
    plain = re.fullmatch(r"[A-Za-z0-9.+-]+", text)
    if not plain or not (known(text) or any(letter.isdigit() for letter in text)):
        raise UsageError(f"licence {text!r}: give an IRI or an SPDX identifier (CC-BY-4.0)")
    return ox.NamedNode(f"https://spdx.org/licenses/{text}").value
