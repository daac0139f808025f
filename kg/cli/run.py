"""`kg run`: all stages at once, from pages to published exports."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from .. import candidates, contradictions, provenance
from ..curation import reports
from ..exports import FORMATS, chosen
from ..exports import write as write_exports
from ..folder import Totals, fill, opened
from ..licences import target
from ..mappings import FILE as MAPPINGS
from ..mappings import write as write_mappings
from ..memory import steadied
from ..ontology import kinds
from ..pipeline import Asked, Input, Outcome, Settings, outcomes
from ..prefixes import DEFAULT_BASE
from ..prefixes import load as load_prefixes
from ..report import write as write_report
from ..sources.walk import missing
from ..summary import table
from ..validate import Report, engine_named
from ..vocab.index import Index, open_index
from .asking import curation_option, decided_by, proposer_options
from .inputs import inputs

BAR_FROM = 50  # fewer pages take less than two seconds


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", required=True, type=click.Path(path_type=Path),
              help="Folder for the stage files, the graph, the report and exports/.")
@click.option("--format", "formats", multiple=True, metavar="NAME",
              help=f"Only these exports: {', '.join(dict.fromkeys(f.name for f in FORMATS))}.")
@click.option("--base", default=DEFAULT_BASE, show_default=True,
              help="IRI under which our own nodes are minted.")
@click.option("--engine", default="auto", show_default=True,
              help="SHACL engine: auto (the fast one if it is installed), pyshacl or shacl.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
@curation_option
@click.option("--licence-compatible", "licence", default="", metavar="SPDX",
              help="Publish only what may be published under this licence: CC-BY-4.0 …")
@proposer_options
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    paths: tuple[Path, ...], out: Path, formats: tuple[str, ...], base: str, engine: str,
    jobs: int | None, curation: Path | None, licence: str, proposer: Asked | None, as_json: bool,
) -> int:
    """Read pages (files, folders, - for standard input) and publish what they state.

    Without PATHS the example pages that come with the package are read. Exit code 0: published;
    1: a page broke a shape and was withheld (see report.txt); 2: usage or input error.

    \b
    Examples:
      kg run -o out
      kg run pages/ more/page.html -o out
      cat page.txt | kg run - -o out --format turtle --format jsonld
    """
    started = time.monotonic()
    steadied()
    wanted, prefixes = chosen(formats), load_prefixes(base)
    settings = decided_by(curation, Settings(
        base, engine_named(engine), proposer, licence=target(licence).id if licence else ""))
    pages = inputs(paths, out)
    index = _index(out)
    processes = jobs or os.cpu_count() or 1
    totals = _filled(opened(out), settings, pages, processes)
    stale = reports.write(
        out, reports.Given(settings.curation, settings.curation_file, settings.licence),
        totals.decided, totals.pages)
    write_mappings(out / MAPPINGS, totals.mappings, prefixes, index.releases())
    candidates.write(out, totals.ungrounded, index, prefixes)
    provenance.write(out, index)
    write_report(Report(tuple(sorted(totals.results)), settings.engine), out, prefixes)
    opposed = contradictions.publish(out, out, kinds(), prefixes)
    manifest = write_exports(out / "graph.nq", out / "exports", wanted, prefixes,
                             jobs=processes)
    provenance.publish(out, out / "exports")
    files = len([path for path in out.iterdir() if path.is_file()]) + len(manifest.files) + 2
    _tell(totals, index, {"contradictions": opposed, "files written": files,
                          **({"decisions that are stale": stale} if settings.curation else {}),
                          "seconds": round(time.monotonic() - started, 2)}, out, as_json)
    return _code(totals, pages, wrong=any(map(missing, paths)))


def _index(out: Path) -> Index:
    opened(out)
    return open_index(progress=lambda name: _note(f"compiling the vocabularies, once: {name}"))


def _note(message: str) -> None:
    click.echo(f"kg: {message}", err=True)


def _filled(out: Path, settings: Settings, pages: list[Input], jobs: int) -> Totals:
    with progress(outcomes(settings, pages, jobs), len(pages), "pages") as moving:
        return fill(out, moving)


@contextmanager
def progress(items: Iterable[Outcome], length: int, label: str) -> Iterator[Iterable[Outcome]]:
    """The items, with a progress bar on a terminal when there are many."""
    if length < BAR_FROM or not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield bar


def _tell(totals: Totals, index: Index, more: dict[str, float], out: Path,
          as_json: bool) -> None:
    violations = sum(result.severity == "Violation" for result in totals.results)
    extra = {
        "pages skipped": len(totals.skipped), "violations": violations,
        "warnings": len(totals.results) - violations, **more,
    }
    if as_json:
        counts = msgspec.to_builtins(totals.summary) | {
            name.replace(" ", "_"): value for name, value in extra.items()}
        click.echo(msgspec.json.encode(counts))
        return
    click.echo(table(totals.summary, extra | {"output": str(out)}))
    for skipped in totals.skipped[:5]:
        _note(f"skipped {skipped.page}: {skipped.reason}")
    if totals.refused:
        _note(f"{len(totals.refused)} proposals were not taken, all in {out / 'proposer.tsv'}")
    if len(totals.skipped) > 5:
        _note(f"… and {len(totals.skipped) - 5} more, all in {out / 'skipped.tsv'}")
    if not index.has_packages:
        _note("only the built-in names are used: pip install 'rarekg[vocab]' for MONDO and others")


def _code(totals: Totals, pages: list[Input], *, wrong: bool) -> int:
    """1 where a page was withheld, 2 where a path is `wrong` or no page could be read, else 0."""
    if any(result.severity == "Violation" for result in totals.results):
        return 1
    return 2 if wrong or len(totals.skipped) == len(pages) else 0
