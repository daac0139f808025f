"""`kg load`: what a run published into a database, with a count and checksum that must agree."""

from __future__ import annotations

import os
from pathlib import Path

import click

PASSWORD = "RAREKG_DATABASE_PASSWORD"
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("target", required=False)
@click.argument("source", metavar="[DIR]", type=FOLDER, required=False)
@click.option("-o", "--output", "out", type=FOLDER, default=None,
              help="Folder for the database or its files.  [default: DIR/TARGET]")
@click.option("--uri", default=None, metavar="URI",
              help="A running database: bolt://host:7687 for neo4j and memgraph, which are filled; "
                   "the address of the SPARQL endpoint for RDF, with --check.")
@click.option("--user", default="", help=f"User of that database; its password: {PASSWORD}.")
@click.option("--database", default="", help="Name of the database there, if not its own default.")
@click.option("--check", "checking", is_flag=True,
              help="Write nothing: compare what is there already with what DIR published.")
@click.option("--list", "-l", "listing", is_flag=True, help="List the targets.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
def load(
    *, target: str | None, source: Path | None, out: Path | None, uri: str | None, user: str,
    database: str, checking: bool, listing: bool, as_json: bool,
) -> None:
    """Put what kg run published in DIR into a database of the kind TARGET, and check it.

    Afterwards the database is asked for all its rows: their number and checksum equal those of
    the exports, or the command fails and names the rows that differ. An earlier load in the same
    folder is replaced only by one that passed. docs/databases.md has recipes for each target.

    \b
    Examples:
      kg load --list
      kg load sqlite out
      kg load ladybug out/ -o out/ladybug
      kg load neo4j out --uri bolt://localhost:7687 --user neo4j
      kg load qlever out --check --uri http://localhost:7015
    """
    from .. import loads  # noqa: PLC0415 - the engines are slow to import

    if listing:
        click.echo(_listed())
        return
    if target is None or source is None:
        raise click.UsageError("give a TARGET and the DIR of kg run, or --list")
    found = loads.find(target)
    if uri:
        if out:
            raise click.UsageError("--uri is a running database: -o has no use with it")
        server = loads.Server(uri, user, os.environ.get(PASSWORD, ""), database)
        receipt = (loads.ask if checking else loads.send)(found, source, server)
    else:
        receipt = (loads.check if checking else loads.load)(found, source, out or source / target)
    if as_json:
        click.echo(loads.encoded(receipt), nl=False)
        return
    click.echo(_told(receipt, str(uri or out or source / target)))


def _listed() -> str:
    from .. import loads, terminal  # noqa: PLC0415

    rows = [(one.name, one.makes, one.needs or "nothing") for one in loads.TARGETS]
    return terminal.table(("target", "makes", "needs"), rows)


def _told(receipt: object, where: str) -> str:
    """The receipt as a table, and where the database is."""
    from .. import loads, terminal  # noqa: PLC0415

    assert isinstance(receipt, loads.Receipt)
    rows = [(name, f"{one.count:,}", str(one.checksum) if one.checksum else "")
            for name, one in receipt.holds.items()]
    table = terminal.table(("rows", "count", "checksum"), rows)
    return f"{table.rstrip()}\n{where}: everything that was published is there"


