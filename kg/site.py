"""A published folder as a static site: the server's pages as files, for any web host."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pyoxigraph as ox
from msgspec import Struct

from .answers import serialised
from .exports import read_manifest
from .files import PART, replacing, shipped
from .pool import Work, ordered
from .web import branches, comparing, engines, overviews, pages, rendering, wellknown
from .web.paths import path_of
from .web.prepared import Prepared, prepare
from .web.rendering import SITE, file_name
from .web.resources import described

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
    prepared: Prepared, out: Path, url: str = "", jobs: int = 1, *,
    moving: Callable[[Iterator[int], int], Iterator[int]] = lambda done, _: done,
    engine: Path | None = None,
) -> Site:
    """Every page of the prepared folder below `out`, with its data beside it.

    `url` is where the site will stand (for the sitemap); the pages themselves only have relative
    links, so they work below any path and from the file system.  `engine` is a folder with
    Oxigraph's WebAssembly build.  Raises UsageError where the graph is too large for it.
    """
    graph = engines.loadable(prepared, engine) if engine else None
    out.mkdir(parents=True, exist_ok=True)
    rows = list(_rows(prepared))
    files = list(_files(prepared, rows))
    nodes = [Node(str(prepared.folder), str(out), iri, file) for iri, file in files]
    for folder in {Path(node.file).parent for node in nodes}:
        (out / folder).mkdir(parents=True, exist_ok=True)
        if folder.name == "disease":
            (out / "static" / "compare" / folder).mkdir(parents=True, exist_ok=True)
    work = Work(node_files, _crashed)
    written = sum(moving(ordered(work, nodes, jobs), len(nodes)))
    written += _overviews(prepared, out, graph) + _assets(prepared, out, rows)
    written += engines.copied(engine, out / "static") if engine else 0
    written += _descriptions(prepared, out, url)
    _put(out / "sitemap.xml", _sitemap(url, [file for _, file in files]))
    _put(out / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n".encode())
    _put(out / ".htaccess", HTACCESS.encode())
    _put(out / ".nojekyll", b"")  # GitHub Pages takes the files as they are
    _put(out / "w3id.htaccess", _redirects(url or "https://example.org/").encode())
    return Site(len(nodes), written + 5)


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
    more = _comparable(node, view)
    _put(path.with_name(f"{path.name}.html"), rendering.html(view, SITE))
    for suffix, _ in SITE.forms:
        _put(path.with_name(f"{path.name}.{suffix}"), serialised(lines, suffix))
    return 1 + len(SITE.forms) + more


def _comparable(node: Node, view: pages.View) -> int:
    """What is stated of a disease, for the page that compares two; returns how many files."""
    if not isinstance(view, pages.NodePage) or view.category != "Disease":
        return 0
    said = {kind: {"\t".join(key): {"id": one.id, "words": one.words, "value": one.value,
                                    "often": one.often, "flags": one.flags}
                   for key, one in comparing.keyed(groups).items()}
            for kind, groups in view.groups.items()}
    path = Path(node.out) / "static" / "compare" / f"{node.file}.js"
    text = json.dumps({"label": view.link.label, "said": said}, ensure_ascii=False,
                      separators=(",", ":"))
    _put(path, f"compared({json.dumps(node.file)}, {text});\n".encode("utf-8", "replace"))
    return 1


def _put(path: Path, content: bytes) -> None:
    """The file, whole or not at all; cheaper than `replacing`, for nobody else writes here."""
    part = path.with_name(f".{path.name}{PART}")
    part.write_bytes(content)
    part.replace(path)


def _rows(prepared: Prepared) -> Iterator[Row]:
    """Every node that has a page, by IRI, then the pages that were read and what they cite.

    Each row is an IRI, a file, a label, a CURIE, statements and other names.
    """
    with closing(prepared.names()) as index:
        others: dict[str, list[str]] = {}
        for iri, name in index.execute("SELECT iri, name FROM names WHERE kind = 'synonym'"):
            others.setdefault(iri, []).append(name)
        for row in index.execute("SELECT * FROM names WHERE kind = 'label' AND statements > 0 "
                                 "ORDER BY iri"):
            path = path_of(row["iri"], row["category"], prepared.prefixes)
            if path:
                yield (row["iri"], file_name(path), row["name"], row["curie"],
                       row["statements"], others.get(row["iri"], []))


def _files(prepared: Prepared, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """IRI and file of every node, of each page right behind its disease, and of publications."""
    base, known = prepared.prefixes.table["rarekg"], prepared.prefixes
    about: dict[str, list[str]] = {}
    for page, disease in _ends(prepared, "dcterms:subject", None):
        if page.startswith(f"{base}page/"):
            about.setdefault(disease, []).append(page)
    for row in rows:
        yield row[0], row[1]
        yield from ((page, file_name(page.removeprefix(base)))
                    for page in sorted(about.pop(row[0], ())))
    yield from ((page, file_name(page.removeprefix(base))) for left in sorted(about.values())
                for page in left)
    for iri, _ in sorted(_ends(prepared, "rdf:type", "biolink:Publication")):
        if path := path_of(iri, "Publication", known):
            yield iri, file_name(path)


def _ends(prepared: Prepared, predicate: str, value: str | None) -> Iterator[tuple[str, str]]:
    """Subjects and objects of a property, as IRIs."""
    node = prepared.prefixes.expand
    rows = prepared.store.quads_for_pattern(
        None, ox.NamedNode(node(predicate)), ox.NamedNode(node(value)) if value else None,
        ox.DefaultGraph())
    yield from ((str(row.subject)[1:-1], str(row.object)[1:-1]) for row in rows)


def _overviews(prepared: Prepared, out: Path, graph: overviews.Graph | None) -> int:
    """The pages about no single node; returns how many."""
    views = [overviews.home(prepared), overviews.browse(prepared), overviews.data(prepared),
             overviews.quality(prepared), overviews.found(prepared, ""),
             overviews.query(prepared, graph=graph), overviews.compare(prepared, {})]
    views += [view for folder in sorted(overviews.classes())
              if (view := overviews.category(prepared, folder))]
    views += [view for one in branches.every(prepared)
              if (view := overviews.branch(prepared, one))]
    for folder in ("browse", "branch"):
        (out / folder).mkdir(exist_ok=True)
    for view in views:
        _put(out / f"{file_name(view.path)}.html",
             rendering.rendered(view.template, view.path, view.values, SITE))
    return len(views)


def _assets(prepared: Prepared, out: Path, rows: Sequence[Row]) -> int:
    """Style, scripts, the names to search in, and the exports to download; returns how many."""
    (out / "static").mkdir(parents=True, exist_ok=True)
    names = ["style.css", "icon.svg", "page.js", "search.js", "compare.js"]
    for name in names:
        _put(out / "static" / name, (shipped("web/static") / name).read_bytes())
    listed = [[label, file, curie, said, others] for _, file, label, curie, said, others in rows]
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    _put(out / "static" / "names.js", f"const NAMES = {text};\n".encode("utf-8", "replace"))
    return len(names) + 1 + _downloads(prepared, out)


def _descriptions(prepared: Prepared, out: Path, url: str) -> int:
    """What catalogues and crawlers read; returns how many files."""
    found = list(wellknown.files(prepared, url))
    for name, content in found:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        _put(out / name, content)
    return len(found)


def _downloads(prepared: Prepared, out: Path) -> int:
    """The files that the data page links to; returns how many."""
    manifest = read_manifest(prepared.folder / "exports")
    for file in manifest.files if manifest else ():
        target = out / "download" / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        _same(prepared.folder / "exports" / file.path, target)
    return len(manifest.files) if manifest else 0


def _same(source: Path, target: Path) -> None:
    """A second name for a file, or a copy where the file system has none."""
    part = target.with_name(f".{target.name}{PART}")
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)  # an export is gigabytes, and is replaced, never changed
        part.replace(target)
        part.unlink(missing_ok=True)  # rename(2) does nothing where both are one file already
    except OSError:
        with source.open("rb") as content, replacing(target) as copy:
            shutil.copyfileobj(content, copy, 1 << 20)


def _sitemap(url: str, files: Sequence[str]) -> bytes:
    """The addresses of the pages (sitemaps.org 0.9; at most 50,000)."""
    places = "".join(f"<url><loc>{escape(url + file)}.html</loc></url>\n"
                     for file in files[:50_000])
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{places}</urlset>\n").encode()


def _redirects(url: str) -> str:
    """Rules for whoever keeps the identifiers (w3id.org): a thing leads to its form at `url`."""
    kinds = "|".join(RESOLVED)
    forms = "".join(
        f"RewriteCond %{{HTTP_ACCEPT}} {media}\n"
        f"RewriteRule ^({kinds})/(.+)$ {url}$1/$2.{suffix} [R=303,NE,L]\n"
        for suffix, media in (("ttl", "text/turtle"), ("jsonld", r"application/ld\+json")))
    return ("# For the .htaccess of the identifiers' base.\n"
            "RewriteEngine On\nHeader merge Vary Accept\n"
            f"RewriteRule ^((?:{kinds})/.+\\.(?:html|ttl|jsonld))$ {url}$1 [R=303,NE,L]\n" + forms +
            f"RewriteRule ^({kinds})/(.+)$ {url}$1/$2.html [R=303,NE,L]\n"
            f"RewriteRule ^$ {url}index.html [R=303,L]\n")


RESOLVED = ("page", "publication", "term")  # what has files among the identifiers that we mint
HTACCESS = r"""# For Apache: the thing's address leads to the form that the client prefers.
<IfModule mod_negotiation.c>
Options -MultiViews
</IfModule>
AddType text/turtle .ttl
AddType application/ld+json .jsonld
AddCharset utf-8 .html .ttl .jsonld .js .css
<IfModule mod_headers.c>
Header set Access-Control-Allow-Origin "*"
Header set X-Content-Type-Options "nosniff"
Header merge Vary Accept
</IfModule>
RewriteEngine On
# Files have _ where an identifier has a colon.
RewriteCond %{REQUEST_URI} ^(.*/)([A-Za-z0-9.]+):([^/:]+)$
RewriteRule ^ %1%2_%3 [R=303,NE,L]
RewriteCond %{REQUEST_FILENAME}.ttl -f
RewriteCond %{HTTP_ACCEPT} text/turtle
RewriteRule ^ %{REQUEST_URI}.ttl [R=303,NE,L]
RewriteCond %{REQUEST_FILENAME}.jsonld -f
RewriteCond %{HTTP_ACCEPT} application/ld\+json
RewriteRule ^ %{REQUEST_URI}.jsonld [R=303,NE,L]
RewriteCond %{REQUEST_FILENAME}.html -f
RewriteRule ^ %{REQUEST_URI}.html [R=303,NE,L]
"""
