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

from ..errors import UsageError
from ..executing import EXECUTORS, SECONDS, Executor, Task, executor
from ..exports import FORMATS, chosen
from ..fingerprint import fingerprint
from ..folder import opened
from ..ledger import Ledger, ledger
from ..licences import target
from ..memory import steadied
from ..pipeline import Asked, Settings
from ..prefixes import DEFAULT_BASE
from ..prefixes import load as load_prefixes
from ..running import Job, Totals, publish, unfinished
from ..shares import Share
from ..sources.walk import missing, one_file
from ..summary import table
from ..validate import engine_named
from ..vocab.index import Index, open_index
from .asking import curation_option, decided_by, proposer_options
from .inputs import named
from .screen import remark

BAR_FROM = 50  # fewer pages take less than two seconds


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", required=True, type=click.Path(path_type=Path),
              help="Folder for the stage files, the graph, the report and exports/.")
@click.option("--table", "tables", multiple=True, metavar="FILE",
              help="Pages from a JSON Lines or Parquet file with the columns page and content; "
                   "an address (s3://…) where fsspec is installed.")
@click.option("--format", "formats", multiple=True, metavar="NAME",
              help=f"Only these exports: {', '.join(dict.fromkeys(f.name for f in FORMATS))}.")
@click.option("--base", default=DEFAULT_BASE, show_default=True,
              help="IRI under which our own nodes are minted.")
@click.option("--shacl-engine", default="auto", show_default=True,
              help="SHACL engine: auto (the fast one if it is installed), pyshacl or shacl.")
@click.option("--engine", default="local", show_default=True,
              help=f"What runs the pages: {', '.join(EXECUTORS)} (docs/scale.md).")
@click.option("--scheduler", default="", metavar="ADDRESS",
              help="The cluster of --engine dask (tcp://…) or spark (spark://…); its own if not "
                   "told, with --jobs worker processes.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
@click.option("--page-seconds", type=click.FloatRange(min=0), default=SECONDS, show_default=True,
              help="Time for one page, then it is skipped; 0: any time.")
@click.option("--partitions", type=click.IntRange(min=0), default=0, metavar="N",
              help="Also cut stage files, graph and exports into N parts each, below parts/; "
                   "without it only a graph of 4 GB and more is cut, a part for each GB.")
@curation_option
@click.option("--licence-compatible", "licence", default="", metavar="SPDX",
              help="Publish only what may be published under this licence: CC-BY-4.0 …")
@click.option("--resume", is_flag=True, help="Go on with what an earlier run left; that is done "
              "anyway, but with --resume it is an error if there is nothing.")
@click.option("--fresh", is_flag=True, help="Do every page again.")
@proposer_options
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    paths: tuple[Path, ...], tables: tuple[str, ...], out: Path, formats: tuple[str, ...],
    base: str, shacl_engine: str, engine: str, scheduler: str, jobs: int | None,
    page_seconds: float, partitions: int, curation: Path | None, licence: str, resume: bool,
    fresh: bool, proposer: Asked | None, as_json: bool,
) -> int:
    """Read pages (files, folders, - for standard input) and publish what they state.

    Without PATHS the example pages that come with the package are read. Pages that an earlier run
    into the same folder finished are not done again unless they, or what decides how they are
    read, changed. Exit code 0: published; 1: a page broke a shape and was withheld (see
    report.txt); 2: usage or input error.

    \b
    Examples:
      kg run -o out
      kg run pages/ more/page.html -o out
      kg run pages/ -o out --engine dask --scheduler tcp://10.0.0.7:8786
      cat page.txt | kg run - -o out --format turtle --format jsonld
    """
    started = time.monotonic()
    steadied()
    wanted, shares = chosen(formats), executor(engine)
    settings = decided_by(curation, Settings(
        base, engine_named(shacl_engine), proposer, licence=target(licence).id if licence else ""))
    pages, folder = named(paths, tables, out), opened(out)
    index = open_index(progress=lambda name: _note(f"compiling the vocabularies, once: {name}"))
    task = Task(settings, fingerprint(settings, index.path), jobs or os.cpu_count() or 1,
                page_seconds, scheduler)
    with ledger(folder, fresh=fresh, resume=resume) as book:
        done = _read(book, task, shares, pages)
        read = time.monotonic() - started
        totals = publish(book, Job(
            out, task, index, load_prefixes(base), wanted, partitions))
    stale = {"decisions that are stale": totals.stale} if settings.curation else {}
    seconds = {"seconds": round(time.monotonic() - started, 2)}
    if as_json:
        seconds |= {"pages_done": done, "seconds_of_pages": round(read, 2)}
    _tell(totals, index, {**stale, **seconds}, out, as_json)
    return _code(totals, wrong=any(map(missing, paths)))


def _read(book: Ledger, task: Task, shares: Executor,
          pages: Iterable[tuple[str, str | bytes]]) -> int:
    """Every page's share is in the ledger; returns how many were not there before."""
    listed, count = book.listing(pages, one_file), 0
    if not listed:
        raise UsageError("no page to read: the folders that were named hold no file")
    with progress(shares(task, unfinished(book, task)), listed, "pages") as moving:
        for share in moving:
            book.keep(share)
            count += 1
    return count


def _note(message: str) -> None:
    remark(f"kg: {message}")


@contextmanager
def progress(items: Iterable[Share], length: int, label: str) -> Iterator[Iterable[Share]]:
    """The items, with a progress bar on a terminal when there are many."""
    if length < BAR_FROM or not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield bar


def _tell(totals: Totals, index: Index, more: dict[str, float], out: Path,
          as_json: bool) -> None:
    extra = {
        "pages skipped": totals.skipped, "violations": totals.violations,
        "warnings": totals.warnings, "contradictions": totals.contradictions,
        "files written": totals.files, **more,
    }
    if as_json:
        counts = msgspec.to_builtins(totals.summary) | {
            name.replace(" ", "_"): value for name, value in extra.items()}
        click.echo(msgspec.json.encode(counts))
        return
    click.echo(table(totals.summary, extra | {"output": str(out)}))
    for skipped in totals.first:
        _note(f"skipped {skipped.page}: {skipped.reason}")
    if totals.refused:
        were = "claim was" if totals.refused == 1 else "claims were"
        _note(f"{totals.refused} proposed or added {were} not taken, see {out / 'proposer.tsv'}")
    if totals.skipped > len(totals.first):
        _note(f"… and {totals.skipped - len(totals.first)} more, all in {out / 'skipped.tsv'}")
    if not index.has_packages:
        _note("only the built-in names are used: pip install 'rarekg[vocab]' for MONDO and others")


def _code(totals: Totals, *, wrong: bool) -> int:
    """1 where a page was withheld, 2 where a path is `wrong` or no page could be read, else 0."""
    if totals.violations:
        return 1
    return 2 if wrong or totals.skipped == totals.pages else 0
