"""A published folder as a static site: the server's pages as files, for any web host."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from msgspec import Struct

from .exports import read_manifest
from .files import replacing, shipped
from .pool import Work, ordered
from .web import overviews, pages, rendering
from .web.paths import path_of
from .web.prepared import Prepared, prepare
from .web.rendering import SITE, file_name
from .web.resources import described, serialised

Row = tuple[str, str, str, str, int, list[str]]


class Node(Struct, frozen=True):
    """A node to write: its IRI and the path of its files without suffix."""

    folder: str
    out: str
    iri: str
    file: str


class Site(Struct, frozen=True):
    """What was written."""

    nodes: int
    files: int


def write(
    prepared: Prepared, out: Path, url: str = "", jobs: int = 1,
    moving: Callable[[Iterator[int], int], Iterator[int]] = lambda done, _: done,
) -> Site:
    """Every page of the prepared folder below `out`, with its data beside it.

    `url` is where the site will stand (for the sitemap); the pages themselves only have relative
    links, so they work below any path and from the file system.
    """
    out.mkdir(parents=True, exist_ok=True)
    rows = list(_rows(prepared))
    nodes = [Node(str(prepared.folder), str(out), row[0], row[1]) for row in rows]
    for folder in {Path(node.file).parent for node in nodes}:
        (out / folder).mkdir(parents=True, exist_ok=True)
    work = Work(node_files, _crashed)
    written = sum(moving(ordered(work, nodes, jobs), len(nodes)))
    written += _overviews(prepared, out) + _assets(prepared, out, rows)
    _put(out / "sitemap.xml", _sitemap(url, [row[1] for row in rows]))
    _put(out / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n".encode())
    _put(out / ".htaccess", HTACCESS.encode())
    return Site(len(nodes), written + 3)


def _crashed(_node: Node) -> int:
    return 0


@cache
def _prepared(folder: str) -> Prepared:
    return prepare(Path(folder))


def node_files(node: Node) -> int:
    """The files of one node; returns how many."""
    prepared = _prepared(node.folder)
    lines = described(prepared, node.iri)
    view = pages.of(prepared, node.iri, lines) if lines else None
    if lines is None or view is None:
        return 0
    path = Path(node.out) / node.file
    _put(path.with_name(f"{path.name}.html"), rendering.html(view, SITE))
    for suffix, _ in SITE.forms:
        _put(path.with_name(f"{path.name}.{suffix}"), serialised(lines, suffix))
    return 1 + len(SITE.forms)


def _put(path: Path, content: bytes) -> None:
    with replacing(path) as handle:
        handle.write(content)


def _rows(prepared: Prepared) -> Iterator[Row]:
    """IRI, file, label, category, statements and other names of every node that has a page."""
    with closing(prepared.names()) as index:
        others: dict[str, list[str]] = {}
        for iri, name in index.execute("SELECT iri, name FROM names WHERE kind = 'synonym'"):
            others.setdefault(iri, []).append(name)
        for row in index.execute("SELECT * FROM names WHERE kind = 'label' AND statements > 0 "
                                 "ORDER BY iri"):
            path = path_of(row["iri"], row["category"], prepared.prefixes)
            if path:
                yield (row["iri"], file_name(path), row["name"], row["category"],
                       row["statements"], others.get(row["iri"], []))


def _overviews(prepared: Prepared, out: Path) -> int:
    """The pages about no single node; returns how many."""
    views = [overviews.home(prepared), overviews.browse(prepared), overviews.data(prepared),
             overviews.quality(prepared), overviews.found(prepared, "")]
    views += [view for folder in sorted(overviews.classes())
              if (view := overviews.category(prepared, folder))]
    (out / "browse").mkdir(exist_ok=True)
    for view in views:
        _put(out / f"{view.path}.html",
             rendering.rendered(view.template, view.path, view.values, SITE))
    return len(views)


def _assets(prepared: Prepared, out: Path, rows: Sequence[Row]) -> int:
    """Style, scripts, the names to search in, and the exports to download; returns how many."""
    (out / "static").mkdir(exist_ok=True)
    names = ["style.css", "search.js"]
    for name in names:
        _put(out / "static" / name, (shipped("web/static") / name).read_bytes())
    listed = [[label, file, category, said, others] for _, file, label, category, said, others
              in rows]
    _put(out / "static" / "names.js",
         b"const NAMES = " + json.dumps(listed, ensure_ascii=False).encode() + b";\n")
    return len(names) + 1 + _downloads(prepared, out)


def _downloads(prepared: Prepared, out: Path) -> int:
    """The files that the data page links to; returns how many."""
    manifest = read_manifest(prepared.folder / "exports")
    for file in manifest.files if manifest else ():
        target = out / "download" / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with (prepared.folder / "exports" / file.path).open("rb") as source, \
                replacing(target) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    return len(manifest.files) if manifest else 0


def _sitemap(url: str, files: Sequence[str]) -> bytes:
    """The addresses of the pages (sitemaps.org 0.9; at most 50,000)."""
    places = "".join(f"<url><loc>{escape(url + file)}.html</loc></url>\n"
                     for file in files[:50_000])
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{places}</urlset>\n").encode()


HTACCESS = """\
# Content negotiation for Apache: the thing's address leads to the form that the client prefers.
Options -MultiViews
AddType text/turtle .ttl
AddType application/ld+json .jsonld
RewriteEngine On
RewriteRule ^([a-z]+)/([A-Za-z0-9.]+):([^/]+)$ $1/$2_$3 [N]
RewriteCond %{REQUEST_FILENAME}.ttl -f
RewriteCond %{HTTP_ACCEPT} text/turtle
RewriteRule ^(.+)$ $1.ttl [R=303,L]
RewriteCond %{REQUEST_FILENAME}.jsonld -f
RewriteCond %{HTTP_ACCEPT} application/ld\\+json
RewriteRule ^(.+)$ $1.jsonld [R=303,L]
RewriteCond %{REQUEST_FILENAME}.html -f
RewriteRule ^(.+)$ $1.html [R=303,L]
"""
