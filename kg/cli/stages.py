"""The stages one at a time, each on the files of the one before, in one folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from .. import contradictions, jsonl, provenance, sources
from ..candidates import unnamed
from ..candidates import write as write_candidates
from ..conflicts import Conflict, conflicts
from ..errors import SourceError, UnknownName, UsageError
from ..files import replacing, write_tsv
from ..folder import (
    UNGROUNDED_HEADER,
    Names,
    opened,
    write_conflicts,
    write_refused,
    write_skipped,
)
from ..ground import ungrounded
from ..mappings import FILE as MAPPINGS
from ..mappings import Mapped, mappings
from ..mappings import write as write_mappings
from ..model import Claim, Document, Skipped, Statement
from ..pipeline import Asked, Settings, Tools, claimed, graph, licensed, record, stated, tools
from ..prefixes import DEFAULT_BASE
from ..sources.walk import missing
from ..stored import joined
from .asking import curation_option, decided_by, proposer_options
from .inputs import inputs, one_of
from .screen import remark
from .tracing import STDOUT, tracing

FOLDER = click.Path(path_type=Path, file_okay=False)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
out_option = click.option("-o", "--output", "out", type=FOLDER, default=None,
                          help="Write here instead of into FOLDER.")


def _tell(as_json: bool, **counts: int) -> None:
    if as_json:
        click.echo(msgspec.json.encode(counts))
    else:
        click.echo(", ".join(f"{number:,} {what}" for what, number in counts.items()))


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", required=True, type=FOLDER, help="Folder to write into.")
@json_option
def parse(paths: tuple[Path, ...], out: Path, as_json: bool) -> int:
    """Read pages (files, folders, - for standard input; else the examples) into documents.jsonl.

    \b
    Example:
      kg parse pages/ -o out        writes out/documents.jsonl and out/skipped.tsv
    """
    pages, skipped = inputs(paths, out), []

    def documents() -> Iterator[Document]:
        seen: dict[str, str] = {}
        for page in pages:
            try:
                document = sources.read(page.name, page.data())
            except SourceError as error:
                skipped.append(Skipped(page.name, error.reason))
                continue
            first = seen.setdefault(document.sha256, document.page)
            if first == document.page:
                yield document
            else:
                skipped.append(Skipped(document.page, f"the same bytes as {first}"))

    read = jsonl.write(opened(out) / "documents.jsonl", documents())
    write_skipped(out, skipped)
    _tell(as_json, documents=read, skipped=len(skipped))
    return 2 if not read or any(map(missing, paths)) else 0


@click.command()
@click.argument("folder", type=FOLDER)
@out_option
@click.option("--trace", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
              is_flag=False, flag_value="-",
              help="Show each sentence with the rows of data files that made or blocked a claim "
                   "there: as text, or as a table in the FILE that is given (--trace=FILE).")
@proposer_options
@curation_option
@json_option
def extract(
    folder: Path, out: Path | None, trace: Path | None, proposer: Asked | None,
    curation: Path | None, as_json: bool,
) -> None:
    """Read FOLDER/documents.jsonl, write claims.jsonl: what each page states, with its sentence.

    \b
    Examples:
      kg extract out
      kg extract out --trace | less
    """
    kit = tools(decided_by(curation, Settings(proposer=proposer)))
    pages, refused = 0, list[Skipped]()

    def claims() -> Iterator[Claim]:
        nonlocal pages
        with tracing(trace, kit.index) as traced:
            for document in jsonl.read(folder / "documents.jsonl", Document):
                pages += 1
                found, reasons = claimed(kit, document)
                refused.extend(Skipped(document.page, reason) for reason in reasons)
                traced(document, found)
                yield from found

    target = opened(out or folder)
    made = jsonl.write(target / "claims.jsonl", claims())
    write_refused(target, refused)
    _warn(refused)
    if trace != STDOUT:
        _tell(as_json, documents=pages, claims=made)


def _warn(refused: list[Skipped]) -> None:
    if refused:
        remark(f"kg: {len(refused)} proposals were not taken, see proposer.tsv; first: "
               f"{refused[0].page}: {refused[0].reason}")


@click.command()
@click.argument("target", metavar="FOLDER|NAME", required=False)
@out_option
@click.option("--type", "kind", default=None, help="Look a NAME up as this only: disease, drug …")
@click.option("--batch", "names_file", type=click.Path(path_type=Path, exists=True),
              help="Look up every name in the first column of this TSV or CSV file.")
@click.option("--column", default=None, metavar="NAME",
              help="With --batch: the column to read; the file's first line names the columns.")
@curation_option
@json_option
def ground(target: str | None, out: Path | None, kind: str | None, names_file: Path | None,
           column: str | None, curation: Path | None, as_json: bool) -> int:
    """Read FOLDER's documents and claims, write statements.jsonl, ungrounded.tsv, conflicts.tsv
    and candidates.sssom.tsv (what names without an identifier may mean, for review).

    With a NAME in place of a folder: show its class, how it was found, what lost, and names that
    are similar where there is none.  Exit code 1: no class has the name.

    \b
    Examples:
      kg ground out
      kg ground "Gaucher disease type 1" --type disease
      kg ground --batch names.tsv > grounded.tsv
      kg ground --batch pages.csv --column title --type disease
    """
    from .naming import batch, look_up  # noqa: PLC0415 - only for names

    one_of(target, names_file, column, out)
    if names_file is not None:
        batch(names_file, kind, column, as_json=as_json)
    elif target is None or Path(target).is_dir():
        _ground(Path(target or ""), out, curation, as_json)
    else:
        return look_up(target, kind, as_json)
    return 0


def _ground(folder: Path, out: Path | None, curation: Path | None, as_json: bool) -> None:
    kit, names, odd = tools(decided_by(curation, Settings())), Names(), list[Conflict]()

    def statements() -> Iterator[Statement]:
        for document, claims in joined(folder, "claims.jsonl", Claim,
                                       lambda claim: claim.evidence.document):
            for claim in claims:
                _must_be_known(kit, claim)
            found = stated(kit, document, claims)
            names.add(ungrounded(found) + unnamed(found), document.page)
            odd.extend(conflicts(document, kit.index))
            yield from found

    target = opened(out or folder)
    made = jsonl.write(target / "statements.jsonl", statements())
    rows = list(names.rows())
    write_tsv(target / "ungrounded.tsv", UNGROUNDED_HEADER, rows)
    write_candidates(target, names.counted(), kit.index, kit.prefixes)
    write_conflicts(target, odd)
    _tell(as_json, statements=made, ungrounded=len(rows), conflicts=len(odd))


def _must_be_known(kit: Tools, claim: Claim) -> None:
    """Raise UnknownName where a claim that came from elsewhere is of no kind or value of ours."""
    if claim.kind not in kit.kinds:
        raise UnknownName(f"kind of claim {claim.id}:", claim.kind, kit.kinds)
    kit.kinds[claim.kind].value(claim.value)


def _document(statement: Statement) -> str:
    """The document that a statement is from; raises UsageError where no evidence says so."""
    if not statement.evidence:
        raise UsageError(f"statement {statement.id} has no evidence; run kg ground again")
    return statement.evidence[0].document


@click.command()
@click.argument("folder", type=FOLDER)
@out_option
@click.option("--base", default=DEFAULT_BASE, show_default=True,
              help="IRI under which our own nodes are minted.")
@json_option
def build(folder: Path, out: Path | None, base: str, as_json: bool) -> None:
    """Read FOLDER's documents and statements, write records.jsonl, graph.nq, licences.jsonl,
    mappings.sssom.tsv, contradictions.tsv.

    Nothing is withheld here: follow it with kg validate.

    \b
    Example:
      kg build out
    """
    kit, target, pages, quads = tools(Settings(base)), opened(out or folder), 0, 0
    mapped: list[Mapped] = []
    with replacing(target / "records.jsonl") as records, \
            replacing(target / "licences.jsonl") as licences, \
            replacing(target / "graph.nq") as lines:
        for document, found in joined(folder, "statements.jsonl", Statement, _document):
            if not found:
                raise UsageError(f"{folder / 'statements.jsonl'}: no line for {document.page}; "
                                 "run kg ground again")
            content = graph(kit, document, found)
            lines.write(content)
            records.write(jsonl.line(record(document, found)))
            licences.write(licensed(kit, document, found))
            mapped.extend(mappings(document, found[0], kit.index, kit.prefixes))
            pages, quads = pages + 1, quads + content.count(b"\n")
    write_mappings(target / MAPPINGS, mapped, kit.prefixes, kit.index.releases())
    provenance.write(target, kit.index)
    opposed = contradictions.publish(folder, target, kit.kinds, kit.prefixes)
    _tell(as_json, records=pages, quads=quads, contradictions=opposed)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", type=FOLDER, default=None,
              help="Folder for report.txt, .json and .ttl (beside the graph unless told).")
@click.option("--engine", default="auto", show_default=True,
              help="auto (the fast one if it is installed), pyshacl or shacl.")
@click.option("--base", default=None, metavar="IRI",
              help="The base IRI of the graph.  [default: read off the graph]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def validate(path: Path, out: Path | None, engine: str, base: str | None, as_json: bool) -> int:
    """Check PATH (a folder of kg run, or an RDF file) against the SHACL shapes.

    A folder of KGX files is checked against the graph two folders or one above it: every row.

    Exit code 0: it conforms; 1: it has violations.

    \b
    Examples:
      kg validate out
      kg validate graph.ttl --engine pyshacl
      kg validate out/exports/kgx
    """
    from .checking import check  # noqa: PLC0415 - the engines are slow to import

    return check(path, out, engine, base, as_json)
