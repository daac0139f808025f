"""A disease or page at a glance: names, what is said of it, and the id behind every line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from . import terminal
from .explaining import quantity
from .exports.release import Lines
from .model import Document, Entity, Statement
from .ontology import Kind, kinds
from .prefixes import Prefixes
from .stored import Head, heads, lines, read

SHORT = 8  # characters of an id that kg explain takes
ORDER = ("synonym", "risk_factor", "cause", "therapy", "prognostic_factor", "figure", "gene",
         "inheritance", "phenotype", "site", "unknown")
# Values in the order a reader expects; those that are not here follow by name.
FIRM = {name: place for place, name in enumerate((
    "exact", "abbreviation", "increases", "decreases", "stated", "causal", "suspected", "standard",
    "option", "investigational", "unproven_or_ineffective", "to_avoid", "favourable",
    "unfavourable", "present", "sometimes", "absent"))}


class Overview(Struct, frozen=True):
    """One disease, the pages about it, and its statements merged over them."""

    disease: Entity
    pages: tuple[Document, ...]
    statements: tuple[Statement, ...]


def overviews(folder: Path, wanted: str, prefixes: Prefixes) -> list[Overview]:
    """The overview of each disease that `wanted` names, by CURIE, IRI, name or page.

    Raises UnknownName where nothing in the folder has that name.
    """
    chosen = heads(folder, wanted, prefixes)
    pages = {one.page for one in chosen}
    found = [one for one in read(folder / "documents.jsonl", Document, pages) if one.page in pages]
    stated = _statements(folder, {page.id for page in found})
    return [_overview(head, chosen, found, stated) for head in _each_disease(chosen)]


def _each_disease(chosen: Iterable[Head]) -> list[Head]:
    return list({head.id: head for head in chosen}.values())


def _overview(
    head: Head, chosen: list[Head], pages: list[Document], stated: list[Statement]
) -> Overview:
    about = {one.page for one in chosen if one.id == head.id}
    mine = tuple(page for page in pages if page.page in about)
    disease = Entity(head.id, head.disease.get("name") or "", "disease")
    return Overview(disease, mine, tuple(_merged(
        [one for one in stated if one.evidence and one.evidence[0].document in
         {page.id for page in mine}])))


def _statements(folder: Path, ids: set[str]) -> list[Statement]:
    return [one for one in read(folder / "statements.jsonl", Statement, ids)
            if any(evidence.document in ids for evidence in one.evidence)]


def _merged(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Each statement once, with the evidence of every page."""
    groups: dict[str, list[Statement]] = {}
    for one in statements:
        groups.setdefault(one.id, []).append(one)
    for several in groups.values():
        first = several[0]
        yield Statement(
            first.id, first.kind, first.disease, first.object, first.value, first.negated,
            first.doubtful, first.names, first.grounding,
            tuple(evidence for one in several for evidence in one.evidence), first.quantity)


def text(found: Overview, limit: int) -> str:
    """The overview in lines of at most `limit` columns."""
    title = terminal.plain(f"{found.disease.label}  {found.disease.id}")
    pages = [terminal.plain(f"  page  {page.title} ({page.page})") for page in found.pages]
    out = [terminal.clipped(line, limit) for line in (title, *pages)]
    for name in (*ORDER, *sorted(set(kinds()) - set(ORDER))):
        rows = [one for one in found.statements if one.kind == name]
        if rows:
            out += ["", *_section(kinds()[name], rows, limit)]
    shown = sum(one.kind in kinds() for one in found.statements)  # not what it is about
    out += ["", f"{shown} statement{'s' * (shown != 1)}; kg explain FOLDER ID shows the sentence "
            "behind one"]
    return "\n".join(out) + "\n"


def _section(kind: Kind, statements: list[Statement], limit: int) -> Iterator[str]:
    """One kind of statement, grouped by its values, the firmest first."""
    yield kind.field.replace("_", " ").capitalize()
    values = sorted(kind.values, key=lambda name: (FIRM.get(name, len(FIRM)), name))
    size = max((len(one.value) for one in statements), default=0)
    for value in values:
        lead = value.replace("_", " ")
        for one in sorted((one for one in statements if one.value == value), key=_words):
            yield terminal.clipped(f"  {lead:<{size}}  {_line(one)}".rstrip(), limit)
            lead = ""


def _line(one: Statement) -> str:
    """The id that kg explain takes, the words, and how often they are said."""
    marks = "".join(f" ({word})" for word, on in
                    (("denied", one.negated), ("uncertain", one.doubtful)) if on)
    code = f"  {one.object.id}" if one.object and not one.object.id.startswith("rarekg:") else ""
    count = f"  {len(one.evidence)} sentences" if len(one.evidence) > 1 else ""
    often = f"  {quantity(one.quantity)}" if one.object and one.quantity else ""
    words = f"{terminal.plain(_words(one))}{marks}{code}{often}{count}"
    return f"{one.id.rpartition('/')[2][:SHORT]}  {words}"


def _words(one: Statement) -> str:
    if one.object:
        return one.object.label
    if one.quantity:
        return quantity(one.quantity)
    return ", ".join(one.names) or "said to be unknown"


def graph(folder: Path, found: Iterable[Overview], prefixes: Prefixes) -> Lines:
    """The triples of the named graphs of all pages in `found`."""
    name = f"{prefixes.table['rarekg']}graph/"
    ends = [f"<{name}{page.id}> .\n" for one in found for page in one.pages]
    tails = tuple(f" {end}".encode() for end in ends)
    rows = (line for _, line in lines(folder / "graph.nq", ends) if line.endswith(tails))
    return Lines((f"{line[:line.rfind(b' <')].decode()} .\n" for line in rows), prefixes)

