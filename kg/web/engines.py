"""SPARQL in the browser: an engine for a static site, and a graph that fits into it."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import UsageError
from ..exports import read_manifest
from ..files import replacing, shipped
from .overviews import Graph
from .prepared import Prepared

MOST = 300_000  # triples: a browser holds a kilobyte for each, and loads that many in seconds
GRAPH = "graph.nt"
FILES = ("web.js", "web_bg.wasm")  # of the npm package oxigraph
PAGE = ("query.js", "local.js", "vendor/editor.js")  # ours, which only the query page needs


def loadable(prepared: Prepared, engine: Path) -> Graph:
    """The graph as the site has it to load.

    Raises UsageError where `engine` is no build of Oxigraph, there is no N-Triples export, or it
    has more than MOST triples.
    """
    for name in FILES:
        if not (engine / name).is_file():
            raise UsageError(f"{engine}: there is no {name} (npm install oxigraph has it)")
    manifest = read_manifest(prepared.folder / "exports")
    found = [file for file in manifest.files if file.path == GRAPH] if manifest else []
    if not found:
        raise UsageError(f"{prepared.folder}: a browser loads exports/{GRAPH}: kg export writes it")
    if found[0].count > MOST:
        raise UsageError(f"the graph has {found[0].count:,} triples, and a browser should not be "
                         f"given more than {MOST:,}: leave --engine out, or use kg serve")
    return Graph(f"download/{GRAPH}", found[0].count, found[0].bytes)


def copied(engine: Path, static: Path) -> int:
    """The engine, the editor and the query page's scripts are there; returns how many files."""
    (static / "vendor" / "oxigraph").mkdir(parents=True, exist_ok=True)
    pairs = [(engine / name, static / "vendor" / "oxigraph" / name) for name in FILES]
    pairs += [(shipped("web/static") / name, static / name) for name in PAGE]
    for source, target in pairs:
        with source.open("rb") as content, replacing(target) as out:
            shutil.copyfileobj(content, out, 1 << 20)
    return len(pairs)
