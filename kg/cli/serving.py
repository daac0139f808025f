"""`kg serve`: a published folder as SPARQL endpoint, linked data and pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError

if TYPE_CHECKING:
    from starlette.applications import Starlette


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(min=0.1),
              help="Seconds that a SPARQL query may take.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(min=1),
              help="Rows or triples that an answer may have.")
@click.option("--queries", default=2, show_default=True, type=click.IntRange(min=1),
              help="SPARQL queries that run at the same time; each is a process.")
def serve(*, folder: Path, host: str, port: int, timeout: float, rows: int, queries: int) -> None:
    """Serve FOLDER (what kg run wrote) on HTTP, read-only. Ctrl-C ends it.

    The first start prepares a store beside the graph; later ones take a second or two.

    \b
    Examples:
      kg serve out
      curl "http://127.0.0.1:8000/sparql?query=ASK%20%7B%7D"
      curl -L -H "Accept: text/turtle" http://127.0.0.1:8000/disease/MONDO:0006245
    """
    app = _application(folder, timeout, rows, queries)
    click.echo(f"kg: http://{host}:{port}/ (Ctrl-C ends it)", err=True)
    import uvicorn  # noqa: PLC0415 - an extra; _application says so where it is missing

    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False,
                timeout_graceful_shutdown=10)


def _application(folder: Path, timeout: float, rows: int, queries: int) -> Starlette:
    try:
        import uvicorn  # noqa: F401, PLC0415

        from ..web.app import application  # noqa: PLC0415
        from ..web.prepared import prepare  # noqa: PLC0415
        from ..web.workers import Limits  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(f"the server needs {error.name}: pip install 'rarekg[web]'") from None
    limits = Limits(seconds=timeout, rows=rows, running=queries)
    return application(prepare(folder, lambda note: click.echo(f"kg: {note}", err=True)), limits)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("-o", "--output", "out", required=True, help="Folder to write into.",
              type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="", metavar="URL",
              help="Where the site will stand, for its sitemap; its pages work anywhere.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
def site(*, folder: Path, out: Path, url: str, jobs: int | None) -> None:
    """Write FOLDER (what kg run wrote) as a static site for any web host.

    The same pages as kg serve, with Turtle and JSON-LD beside each; search runs in the browser.

    \b
    Examples:
      kg site out -o site
      kg site out -o site --url https://example.org/rare/
    """
    try:
        from .. import site as writing  # noqa: PLC0415
        from ..web.prepared import prepare  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(f"the site needs {error.name}: pip install 'rarekg[web]'") from None
    prepared = prepare(folder, lambda note: click.echo(f"kg: {note}", err=True))
    address = url if not url or url.endswith("/") else url + "/"
    done = writing.write(prepared, out, address, jobs or os.cpu_count() or 1)
    click.echo(f"{done.nodes:,} nodes, {done.files:,} files in {out}")
