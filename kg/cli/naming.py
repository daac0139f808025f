"""Names and identifiers one at a time: `kg ground NAME` and `kg xref ID`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import msgspec

from ..crosswalk import TYPES, Crossing, crossing
from ..errors import DataError, UnknownName
from ..vocab.index import Index, open_index
from ..vocab.resolve import Answer, resolve


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
    if not found.links:
        yield "  no vocabulary here knows it; kg vocab list shows them, kg vocab update brings more"


def look_up(name: str, kind: str | None, as_json: bool) -> int:
    """Print the class of one name, how it was found, and what lost; 1 where there is none."""
    index = open_index()
    answer = resolve(name, _kinds(kind), index)
    if as_json:
        click.echo(msgspec.json.encode(_row(name, answer, index)))
        return 0 if answer.id else 1
    how = answer.grounding
    if answer.id and how.tier != "minted":
        click.echo(f"{answer.id}  {_label(index, answer.id)}")
        click.echo(f"  tier {how.tier}, score {how.score:g}, from {how.source}")
    else:
        click.echo(f"no identifier: {_why(answer)}")
    for candidate in how.candidates:
        click.echo(f"  candidate {candidate}  {_label(index, candidate)}")
    return 0 if answer.id else 1


def batch(path: Path, kind: str | None) -> None:
    """Print a TSV with the class of every name in the first column of a file.

    Raises DataError where the file is not text.
    """
    index, kinds = open_index(), _kinds(kind)
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(("name", "id", "label", "tier", "score", "source", "candidates"))
    for name in _names(path):
        row = _row(name, resolve(name, kinds, index), index).values()
        out.writerow(" ".join(str(cell).split()) for cell in row)


def _names(path: Path) -> Iterable[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, 1, f"not UTF-8 text ({error.reason})") from None
    cells = (line.split("\t")[0].strip() for line in io.StringIO(text))
    return [cell for cell in cells if cell]


def _kinds(kind: str | None) -> tuple[str, ...]:
    if kind is None:
        return TYPES[:-1]
    if kind not in TYPES:
        raise UnknownName("type", kind, TYPES)
    return (kind,)


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
