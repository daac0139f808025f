"""`kg serve`: a published folder as SPARQL endpoint, linked data and pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import click

from ..errors import UsageError
from .screen import remark


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
@click.option("--base-url", default="", metavar="URL",
              help="Address that clients know the server by, behind a proxy: https://example.org/x/")
def serve(*, folder: Path, host: str, port: int, timeout: float, rows: int, queries: int,
          base_url: str) -> None:
    """Serve FOLDER (what kg run wrote) on HTTP, read-only. Ctrl-C ends it.

    The first start prepares a store beside the graph; later ones take a second or two.

    \b
    Examples:
      kg serve out
      curl "http://127.0.0.1:8000/sparql?query=ASK%20%7B%7D"
      curl -L -H "Accept: text/turtle" http://127.0.0.1:8000/disease/MONDO:0006245
    """
    try:
        from ..web import running  # noqa: PLC0415
        from ..web.app import application  # noqa: PLC0415
        from ..web.prepared import prepare  # noqa: PLC0415
        from ..web.printed import printed  # noqa: PLC0415
        from ..web.workers import Limits  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(f"the server needs {error.name}: pip install 'rarekg[web]'") from None
    with closing(running.listening(host, port)) as sock:  # before the long work
        prepared = prepare(folder, _told)
        limits = Limits(seconds=timeout, rows=rows, running=queries)
        app = application(prepared, limits, _address("--base-url", base_url),
                          printed(prepared, os.cpu_count() or 1, _told))
        click.echo(f"kg: http://{host}:{sock.getsockname()[1]}/ (Ctrl-C ends it)", err=True)
        running.run(app, sock)


def _told(message: str) -> None:
    remark(f"kg: {message}")


def _address(option: str, url: str) -> str:
    """The address with its last slash; raises UsageError where it is none."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query
                or parts.fragment or not url.isascii() or set(url) & set('<>" ')):
        raise UsageError(f"{option} {url!r}: give an absolute http(s) address")
    return url if not url or url.endswith("/") else url + "/"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("-o", "--output", "out", required=True, help="Folder to write into.",
              type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="", metavar="URL",
              help="Where the site will stand, for its sitemap and the redirects to it.")
@click.option("--engine", default=None, metavar="FOLDER",
              type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="The npm package oxigraph, for SPARQL in the browser (small graphs).")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=None,
              help="Processes; all cores unless told.")
def site(*, folder: Path, out: Path, url: str, engine: Path | None, jobs: int | None) -> None:
    """Write FOLDER (what kg run wrote) as a static site for any web host.

    The same pages as kg serve, with Turtle and JSON-LD beside each; search runs in the browser.
    Its pages work below any path, and from the file system.

    \b
    Examples:
      kg site out -o site
      kg site out -o site --url https://example.org/rare/
      npm install oxigraph && kg site out -o site --engine node_modules/oxigraph
    """
    try:
        from .. import site as writing  # noqa: PLC0415
        from ..web.prepared import prepare  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(f"the site needs {error.name}: pip install 'rarekg[web]'") from None
    address = _address("--url", url)
    prepared = prepare(folder, _told)
    done = writing.write(prepared, out, address, jobs or os.cpu_count() or 1, moving=_moving,
                         engine=engine)
    click.echo(f"{done.nodes:,} nodes, {done.files:,} files in {out}")


def _moving(done: Iterator[int], length: int) -> Iterator[int]:
    """The counts, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from done
        return
    with click.progressbar(done, length=length, label="nodes", file=sys.stderr) as bar:
        yield from bar
