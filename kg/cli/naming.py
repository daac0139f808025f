"""Names and identifiers one at a time: `kg ground NAME` and `kg xref ID`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from ..candidates import Offer, categories, offers
from ..crosswalk import TYPES, Crossing, crossing
from ..errors import DataError, UnknownName, UsageError
from ..vocab.broader import TIER, place
from ..vocab.index import Index, open_index
from ..vocab.resolve import Answer, resolve
from ..vocab.similar import Finder


@click.command()
@click.argument("identifier")
@click.option("--to", default="", metavar="PREFIX", help="Only identifiers of this prefix.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def xref(identifier: str, to: str, as_json: bool) -> int:
    """Show what an IDENTIFIER of GARD, Orphanet, OMIM, UMLS, NCIT, MeSH … is called elsewhere.

    Obsolete classes are followed to their replacement, and the trail is shown. Exit code 1: no
    vocabulary knows it.

    \b
    Examples:
      kg xref GARD:0010439
      kg xref "ORPHA 58" --to MONDO
      kg xref MONDO:0008840 --to OMIM
    """
    found = crossing(identifier, open_index(), to)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for line in _crossing(found):
            click.echo(line)
    return 0 if found.links else 1


def _crossing(found: Crossing) -> Iterator[str]:
    yield f"{found.id}  {found.label}".rstrip()
    for link in found.links:
        yield f"  {link.id}  {link.label}  ({link.tier}, {link.source})"
        if len(link.trail) > 1:
            yield f"    replaced: {' > '.join(link.trail)}"
        if link.xrefs:
            yield f"    {' '.join(link.xrefs)}"
    for warning in found.warnings:
        yield f"  {warning}"
    if not found.links and not found.warnings:
        yield "  no vocabulary here knows it; kg vocab list shows them, kg vocab update brings more"


def look_up(name: str, kind: str | None, as_json: bool) -> int:
    """Print the class of one name, how it was found, and what lost; 1 where there is none."""
    index = open_index()
    answer = _found(name, kind, index)
    if as_json:
        click.echo(msgspec.json.encode(_row(name, answer, index)))
        return 0 if answer.id else 1
    how = answer.grounding
    if answer.id and how.tier not in {"minted", TIER}:
        click.echo(f"{answer.id}  {_label(index, answer.id)}")
        click.echo(f"  tier {how.tier}, score {how.score:g}, from {how.source}")
    else:
        click.echo(f"no identifier: {_why(answer)}")
    if how.broader:
        click.echo(f"  a kind of {how.broader.id}  {how.broader.label}")
    for candidate in how.candidates:
        click.echo(f"  candidate {candidate}  {_label(index, candidate)}")
    if _nameless(answer) and not how.candidates:
        for offer in _similar(name, kind, index, Finder(index.path)):
            click.echo(f"  similar {offer.id}  {offer.label}  ({offer.predicate}, "
                       f"score {offer.score:g}, by \"{offer.match}\")")
    return 0 if answer.id else 1


def batch(path: Path, kind: str | None, column: str | None = None, *,
          as_json: bool = False) -> None:
    """Print a table (or JSON lines) with the class of every name in a column of a file.

    Raises DataError where the file is not text or a line lacks the column, UnknownName where
    the header does, UsageError where there is no name.
    """
    _kinds(kind)
    names, index = _names(path, column), open_index()
    finder = Finder(index.path)
    for number, name in enumerate(names):
        answer = _found(name, kind, index)
        row = _row(name, answer, index)
        offers = _similar(name, kind, index, finder) if _nameless(answer) else ()
        row["similar"] = "|".join(offer.id for offer in offers)
        if as_json:
            click.echo(msgspec.json.encode(row))
            continue
        if not number:
            click.echo("\t".join(row))
        click.echo("\t".join(" ".join(str(cell).split()) for cell in row.values()))


def _names(path: Path, column: str | None) -> list[str]:
    """The names in a column of a TSV or CSV file, the first one of a file without header."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except IsADirectoryError:
        raise UsageError(f"{path}: a folder, not a file of names") from None
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise DataError(path, line, f"not UTF-8 text ({error.reason})") from None
    csv_file = path.suffix.lower() == ".csv"
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="," if csv_file else "\t",
                      quoting=csv.QUOTE_MINIMAL if csv_file else csv.QUOTE_NONE)
    try:
        filled = [(rows.line_num, row) for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise DataError(path, rows.line_num, f"not a table: {error}") from None
    found = _column(path, filled, column)
    names = [name for name in (" ".join(cell.split()) for cell in found) if name]
    if not names:
        raise UsageError(f"{path}: no name in it")
    return names


def _column(path: Path, rows: list[tuple[int, list[str]]], column: str | None) -> Iterator[str]:
    """The cells of a column that the first row names; else all cells that begin a row."""
    if column is None or not rows:
        yield from (row[0] for _, row in rows)
        return
    header = [cell.strip() for cell in rows[0][1]]
    if column not in header:
        raise UnknownName("column", column, header)
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise DataError(path, line, f"{len(row)} cells where the header has {len(header)}")
        yield row[header.index(column)]


def _nameless(answer: Answer) -> bool:
    return not answer.id or answer.grounding.tier in {"minted", TIER}


def _similar(name: str, kind: str | None, index: Index, finder: Finder) -> tuple[Offer, ...]:
    """What the name may mean, in the categories where its kind is looked for."""
    return offers(name, categories(kind) if kind else TYPES, index, finder)


def _kinds(kind: str | None) -> tuple[str, ...]:
    if kind is None:
        return TYPES[:-1]
    if kind not in TYPES:
        raise UnknownName("type", kind, TYPES)
    return (kind,)


def _found(name: str, kind: str | None, index: Index) -> Answer:
    """The class of a name, for a therapy also the class above it."""
    if kind == "therapy":
        return place(name, ("drug", "therapy"), index)
    return resolve(name, _kinds(kind), index)


def _row(name: str, answer: Answer, index: Index) -> dict[str, object]:
    how = answer.grounding
    return {"name": name, "id": answer.id, "label": _label(index, answer.id), "tier": how.tier,
            "score": how.score, "source": how.source, "candidates": "|".join(how.candidates)}


def _label(index: Index, curie: str) -> str:
    term = index.term(curie) if curie else None
    return term.label if term else ""


def _why(answer: Answer) -> str:
    if answer.grounding.candidates:
        return "several classes have this name"
    return "known, but no vocabulary has an identifier" if answer.id else "no class has this name"
