"""`kg review`: the doubtful statements of a run, one after the other, and a file of decisions."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DataError, UsageError

if TYPE_CHECKING:
    from ..curation.session import Reviewer
    from ..curation.waiting import Waiting
    from ..model import Statement

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


class _Screen:
    """The terminal, or whatever stands in for it in a pipe."""

    def show(self, text: str) -> None:
        """The text is printed."""
        click.echo(text, nl=False)

    def ask(self, question: str) -> str | None:
        """A line of standard input; None at its end."""
        click.echo(f"{question} ", nl=False)
        line = sys.stdin.readline()
        return line.strip() if line else None


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("-o", "--output", "file", default=Path("curation.tsv"), show_default=True,
              type=click.Path(path_type=Path, dir_okay=False), help="The file of decisions.")
@click.option("--by", default="", metavar="ORCID", help="Who decides: an ORCID or a web address.")
@click.option("--on", default="", metavar="DATE", help="The day; today unless told.")
@click.option("--only", multiple=True, metavar="REASON",
              help="Only statements picked out for this: contradicted, ambiguous, proposed, "
                   "denied, doubtful, minted.")
@click.option("--list", "listed", is_flag=True, help="Only list what waits, as a table.")
@click.option("--json", "as_json", is_flag=True, help="List it as one JSON object a line.")
def review(folder: Path, file: Path, by: str, on: str, only: tuple[str, ...],
           listed: bool, as_json: bool) -> int:
    """Walk through the statements of FOLDER that may be wrong, and write down what you decide.

    Each is shown with its sentence; accept, reject, give the right identifier or value, or skip
    it. Every decision is in the file at once: stop when you like and go on later. Give the file to
    kg run --curation; keep it under version control.

    \b
    Examples:
      kg review out --list | head
      kg review out --by 0000-0002-1825-0097 --only ambiguous
      kg run pages/ -o out --curation curation.tsv
    """
    from ..curation.decisions import read  # noqa: PLC0415 - slow to import
    from ..curation.waiting import REASONS, waiting  # noqa: PLC0415
    from ..errors import UnknownName  # noqa: PLC0415

    for name in sorted(set(only) - set(REASONS)):
        raise UnknownName("reason", name, REASONS)
    queue = list(waiting(folder, only or tuple(REASONS), read(file)))
    if listed or as_json:
        _list(queue, as_json=as_json)
    elif not by:
        raise UsageError("say who decides: --by 0000-0002-1825-0097 (an ORCID), or only --list")
    else:
        _walk(folder, queue, _reviewer(by, on, file))
    return 0


def _list(queue: list[Waiting], *, as_json: bool) -> None:
    from .. import jsonl, terminal  # noqa: PLC0415

    if as_json:
        for one in queue:
            click.echo(jsonl.line(one), nl=False)
        return
    rows = [(one.statement.id, one.statement.kind, _named(one.statement),
             one.statement.disease.label, str(one.pages), one.why) for one in queue]
    header = ("statement", "kind", "name", "disease", "pages", "why")
    click.echo(terminal.table(header, rows, terminal.columns() if sys.stdout.isatty() else None))


def _named(statement: Statement) -> str:
    return statement.object.label if statement.object else ", ".join(statement.names)


def _reviewer(by: str, on: str, file: Path) -> Reviewer:
    """Who decides; raises UsageError where it is nobody or no day."""
    from ..curation.decisions import day, person  # noqa: PLC0415
    from ..curation.session import Reviewer  # noqa: PLC0415

    def wrong(why: str) -> DataError:
        return DataError("--by, --on", 0, why)

    try:
        return Reviewer(person(by, wrong), day(on or date.today().isoformat(), wrong), file)
    except DataError as error:
        raise UsageError(str(error).replace(":0:", ":")) from None


def _walk(folder: Path, queue: list[Waiting], reviewer: Reviewer) -> None:
    from ..curation.session import Desk, Walk  # noqa: PLC0415
    from ..ontology import kinds  # noqa: PLC0415
    from ..vocab.index import open_index  # noqa: PLC0415

    walk = Walk(Desk(folder, open_index(), kinds()), reviewer, _Screen())
    walk.through(queue, len(queue))
    made = Counter(one.decision for one in walk.made)
    told = ", ".join(f"{count} {name}" for name, count in sorted(made.items())) or "no decision"
    click.echo(f"\n{told}; {reviewer.file} is for kg run --curation")
