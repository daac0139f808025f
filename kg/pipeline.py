"""One page through every stage."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct, structs

from . import extract, ground, jsonl, licences, records, sources
from .candidates import unnamed
from .conflicts import Conflict, conflicts
from .curation.applying import Curated, Curation, Kit, added, curated, curation, subject
from .errors import DataError, SourceError
from .extract.proposer import SECONDS, Proposer, proposed
from .licences import Licence, Licensing, licensing, target
from .mappings import Mapped, mappings
from .model import Claim, Document, Skipped, Statement
from .ontology import Kind, kinds
from .prefixes import DEFAULT_BASE, Prefixes
from .prefixes import load as load_prefixes
from .rdf import PageQuads, quads
from .summary import Summary, count
from .validate import Result, of_page
from .vocab.index import Index, open_index

PROPOSER_KEY = "RAREKG_PROPOSER_KEY"  # environment variable: what the proposer's server asks for


class Asked(Struct, frozen=True):
    """A model that may propose facts: its server's address, its name, seconds for a page."""

    url: str
    model: str
    seconds: float = SECONDS


class Settings(Struct, frozen=True):
    """What decides the output besides the pages; `engine` is a SHACL engine or "auto".

    Nobody but the rules is asked unless there is a `proposer`; `curation` is the bytes of a file
    of people's decisions, `curation_file` what errors call it.  With a `licence` (an SPDX id) only
    what may be published under it is.
    """

    base: str = DEFAULT_BASE
    engine: str = "auto"
    proposer: Asked | None = None
    curation: bytes = b""
    curation_file: str = "curation.tsv"
    licence: str = ""


class Tools(Struct, frozen=True):
    """What every page needs and a process loads once."""

    index: Index
    kinds: Mapping[str, Kind]
    prefixes: Prefixes
    engine: str
    proposer: Proposer | None = None
    curation: Curation = Curation()
    licence: Licence | None = None

    @property
    def licensing(self) -> Licensing:
        """The licences of the vocabularies."""
        return licensing(self.index)

    @property
    def decisions(self) -> Kit:
        """What people's decisions are applied with."""
        return Kit(self.curation, self.index, self.kinds)


class Input(Struct, frozen=True):
    """A page to read: `content` is its path, or its bytes where it has none."""

    name: str
    content: str | bytes

    def data(self) -> bytes:
        """The page's bytes; raises SourceError where the file cannot be read."""
        if isinstance(self.content, bytes):
            return self.content
        path = Path(self.content)
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for ever
                raise SourceError(self.name, "not a regular file")
            return path.read_bytes()
        except OSError as error:
            raise SourceError(self.name, f"cannot be read ({error.strerror})") from None


class Outcome(Struct, frozen=True):
    """One page's share of every output file; `skipped` is set where it is not published.

    A page that breaks a shape is skipped too, and its quads are its share of `withheld.nq`.
    `refused` says what a proposer suggested in vain, or why it did not answer; `decided` what
    people's decisions and licences took out of the page, `asked` the ids of the statements that
    were put to the decisions.
    """

    page: str
    sha256: str = ""
    files: dict[str, bytes] = {}
    ungrounded: tuple[ground.Ungrounded, ...] = ()
    results: tuple[Result, ...] = ()
    summary: Summary = Summary()
    skipped: Skipped | None = None
    refused: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    decided: Curated = Curated()
    asked: tuple[str, ...] = ()


@cache
def tools(settings: Settings) -> Tools:
    """The vocabularies, kinds and prefixes of a run, loaded once a process."""
    return Tools(open_index(), kinds(), load_prefixes(settings.base), settings.engine,
                 _chat(settings.proposer) if settings.proposer else None,
                 curation(settings.curation, settings.curation_file),
                 target(settings.licence) if settings.licence else None)


def _chat(asked: Asked) -> Proposer:
    """The client for a model; raises UsageError where its address is none."""
    from .extract.chat import Chat, Limits  # noqa: PLC0415 - few runs ask, all would import HTTP

    return Chat(asked.url, asked.model, kinds(), os.environ.get(PROPOSER_KEY, ""),
                Limits(seconds=asked.seconds))


def publish(settings: Settings, page: Input) -> Outcome:
    """All stages for one page; whatever goes wrong with it becomes its reason to be skipped.

    Raises DataError where one of our own tables is malformed: that is no fault of the page.
    """
    try:
        return published(tools(settings), sources.read(page.name, page.data()))
    except SourceError as error:
        return _skip(page, error.reason)
    except DataError:
        raise
    except Exception as error:  # decisions/0010: one bad page never stops a run
        return _skip(page, f"internal error, please report it: {type(error).__name__}: {error}")


def _skip(page: Input, reason: str) -> Outcome:
    return Outcome(page.name, skipped=Skipped(page.name, " ".join(reason.split())))


def published(kit: Tools, document: Document) -> Outcome:
    """The outcome of a page that was read; withheld where its graph breaks a shape.

    Skipped where its licence does not allow it to be published as the settings say.
    """
    if kit.licence and (forbidden := licences.refused(document, kit.licence)):
        return Outcome(document.page, document.sha256, skipped=Skipped(document.page, forbidden))
    claims, refused = claimed(kit, document)
    made = settled(kit, document, claims)
    statements = made.statements
    said = _said(kit, document, statements)
    lines, results = said.lines, tuple(of_page(said.graph, said.triples, kit.engine).results)
    files = {
        "documents.jsonl": jsonl.line(document),
        "claims.jsonl": b"".join(map(jsonl.line, claims)),
        "statements.jsonl": b"".join(map(jsonl.line, statements)),
    }
    told = Outcome(document.page, document.sha256, results=results, refused=refused,
                   decided=structs.replace(made, statements=(), asked=()), asked=made.asked)
    broken = [result for result in results if result.severity == "Violation"]
    if broken:
        reason = f"withheld: {len(broken)} SHACL violations, first: {broken[0].message}"
        return structs.replace(told, files=files | {"withheld.nq": lines},
                               skipped=Skipped(document.page, " ".join(reason.split())))
    files |= {
        "graph.nq": lines, "records.jsonl": jsonl.line(record(document, statements)),
        "licences.jsonl": licensed(kit, document, statements),
    }
    return structs.replace(
        told, files=files, ungrounded=ground.ungrounded(statements) + unnamed(statements),
        summary=count(statements), conflicts=conflicts(document, kit.index),
        mappings=mappings(document, statements[0], kit.index, kit.prefixes))


def claimed(kit: Tools, document: Document) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """What the rules read, with what people and a proposer added; and what is not borne out."""
    found, refused = added(document, kit.decisions)
    claims = extract.claims(document, kit.index)
    if kit.proposer is not None:
        answer = proposed(kit.proposer, document, kit.kinds)
        found, refused = (*found, *answer.claims), (*refused, *answer.warnings)
    return extract.ordered((*claims, *found)) if found else claims, refused


def stated(kit: Tools, document: Document, claims: Iterable[Claim]) -> tuple[Statement, ...]:
    """The page's statements: first which disease it is about, then the rest by place."""
    return settled(kit, document, claims).statements


def settled(kit: Tools, document: Document, claims: Iterable[Claim]) -> Curated:
    """What `stated` gives, with what decisions and licences took out of it."""
    made = tuple(claims)
    found = ground.disease(document, kit.index, ground.synonyms(made))
    first = subject(document, found, kit.decisions)
    about = first.statements[0].disease
    rest = curated(document, ground.about(about, made, kit.index, kit.kinds), kit.decisions)
    kept, left = kit.licensing.kept(rest.statements, kit.licence)
    return Curated((*first.statements, *kept), rest.rejected, (*first.applied, *rest.applied),
                   left, (*first.asked, *rest.asked))


def graph(kit: Tools, document: Document, statements: Iterable[Statement]) -> bytes:
    """The page's graph as sorted N-Quads."""
    return _said(kit, document, tuple(statements)).lines


def _said(kit: Tools, document: Document, statements: tuple[Statement, ...]) -> PageQuads:
    return quads(document, statements[0].disease, statements, kit.prefixes, kit.kinds)


def record(document: Document, statements: Iterable[Statement]) -> dict[str, object]:
    """The page's plain record."""
    identity, *rest = statements
    return records.record(document, identity.disease, rest)


def licensed(kit: Tools, document: Document, statements: Iterable[Statement]) -> bytes:
    """A line for each of the page's statements: under what it may be published."""
    _, *rest = statements
    return b"".join(map(jsonl.line, kit.licensing.entries(document, rest)))
