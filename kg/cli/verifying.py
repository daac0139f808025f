"""`kg verify`: a published folder against its pages, vocabularies and itself."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..errors import UnknownName
from ..files import replacing
from ..memory import steadied
from ..sources.walk import pages as walk

SHOWN = 40  # findings on the terminal


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--pages", "page_paths", multiple=True, metavar="PATH",
              type=click.Path(path_type=Path, exists=True),
              help="The pages that were read (files or folders): their bytes are checked as well.")
@click.option("--again", is_flag=True,
              help="Also run the installed rules and vocabularies once more over every page.")
@click.option("--quick", is_flag=True,
              help="Do not make tables again whose sum is the one that the manifest names.")
@click.option("--report", "reports", multiple=True, metavar="FILE",
              type=click.Path(path_type=Path, dir_okay=False),
              help="Write the findings: .txt, .json, .html, .xml (JUnit) or .sarif.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(
    folder: Path, page_paths: tuple[Path, ...], again: bool, quick: bool,
    reports: tuple[Path, ...], jobs: int | None, as_json: bool,
) -> int:
    """Prove that FOLDER, of kg run or kg release, is what its sources give.

    Every quote stands at its offsets, every id is the hash of its content, every citation has its
    reference, every identifier is alive, the graph asserts what the statements do, each export
    says what the graph says, and every sum and count of the manifest is right.

    Exit code 0: all is as it should be; 1: findings; 2: usage error.

    \b
    Examples:
      kg verify out
      kg verify releases/2026.11 --pages pages/ --report findings.sarif
    """
    from ..verifying import Asked  # noqa: PLC0415 - slow to import
    from ..verifying import verify as verified  # noqa: PLC0415
    from ..verifying.reports import REPORTS, as_text, written  # noqa: PLC0415
    from ..verifying.reports import as_json as json_of  # noqa: PLC0415

    for path in reports:
        if path.suffix not in REPORTS:
            raise UnknownName("kind of report", path.suffix, REPORTS)
    steadied()
    pages = {name: content if isinstance(content, bytes) else str(content)
             for name, content in walk(page_paths, None, folder)} if page_paths else None
    verdict = verified(Asked(folder, pages, again, quick), jobs or os.cpu_count() or 1)
    for path in reports:
        with replacing(path) as handle:
            handle.write(written(verdict, path))
    lines = as_text(verdict).splitlines()
    click.echo(json_of(verdict) if as_json else "\n".join(lines[:SHOWN * 3]), nl=not as_json)
    if len(lines) > SHOWN * 3 and not as_json:
        click.echo("… more: --report FILE.txt writes them all")
    return 1 if verdict.findings else 0
