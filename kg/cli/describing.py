"""`kg describe`: VoID, DCAT, HCLS, schema.org, RO-Crate, Croissant and example queries."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("-o", "--output", "out", default=None, help="Folder to write into.  "
              "[default: FOLDER/exports]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", default="", help="Title of the dataset.")
@click.option("--description", default="", help="What it is, in a few sentences.")
@click.option("--publisher", default="", metavar="[IRI] NAME", help="Who publishes it.")
@click.option("--creator", "creators", multiple=True, metavar="ORCID [NAME]",
              help="Who made it; may be repeated.  [default: the program]")
@click.option("--license", "license_", default="", metavar="IRI|SPDX",
              help="Licence of the dataset.  [default: those of the pages]")
@click.option("--url", default="", metavar="URL",
              help="Where the server or site stands.  [default: the base IRI]")
@click.option("--endpoint", default="", metavar="URL",
              help="Where SPARQL is answered; left out unless told.")
@click.option("--identifier", default="", help="A DOI or another identifier of this version.")
@click.option("--version", default="", help="[default: the program's, with the graph's hash]")
@click.option("--date", default="", metavar="YYYY-MM-DD",
              help="When it is published; left out unless told.")
def describe(
    *, folder: Path, out: Path | None, title: str, description: str, publisher: str,
    creators: tuple[str, ...], license_: str, url: str, endpoint: str, identifier: str,
    version: str, date: str,
) -> None:
    """Describe FOLDER (what kg run wrote) for catalogues and crawlers.

    Writes exports/descriptions/, exports/ro-crate-metadata.json and exports/croissant.json.

    \b
    Examples:
      kg describe out
      kg describe out --publisher "https://example.org/ Example Registry" --license CC-BY-4.0
      kg describe out --creator "0000-0002-1825-0097 Josiah Carberry" --date 2026-11-22
    """
    from .. import descriptions  # noqa: PLC0415
    from ..descriptions import about as parsing  # noqa: PLC0415

    told: dict[str, object] = {
        "title": title, "description": description, "version": version, "identifier": identifier,
        "publisher": parsing.agent(publisher) if publisher else None,
        "creators": tuple(map(parsing.agent, creators)), "url": parsing.site(url),
        "endpoint": parsing.address(endpoint, "--endpoint") if endpoint else "",
        "license": parsing.licence(license_), "date": parsing.day(date)}
    about = parsing.About(**{name: value for name, value in told.items() if value})  # type: ignore[arg-type]
    exports = folder / "exports"
    if not (exports / "manifest.json").is_file():
        raise UsageError(f"{exports} has no manifest.json: kg export {folder} writes what "
                         "descriptions are of")
    dataset = descriptions.read(folder, about)
    for path in descriptions.write(dataset, exports, out or exports):
        click.echo(path)
    if not about.date:
        click.echo("kg: without --date the RO-Crate lacks datePublished, which it must have",
                   err=True)
