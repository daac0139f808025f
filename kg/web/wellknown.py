"""Descriptions of the dataset where crawlers look: VoID, example queries, schema.org, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from .. import descriptions, opening
from ..answers import serialised
from ..descriptions import counting, examples, webpage
from ..descriptions.terms import NAMESPACES, Triples
from ..exports.release import Release
from ..prefixes import Prefixes
from .cache import Cache
from .negotiation import Form, chosen
from .prepared import FOLDER, STATISTICS, Prepared
from .problems import problem, unacceptable
from .sending import date, has, sent, tag, unchanged
from .sparql import GRAPHS

LD = "application/ld+json"


@lru_cache(maxsize=8)
def dataset(prepared: Prepared, url: str, live: bool = True) -> descriptions.Dataset:
    """All that is said of the folder, at `url` unless kg describe was told another.

    SPARQL is answered there if it is `live`.
    """
    about = descriptions.told(prepared.folder)
    about = msgspec.structs.replace(about, url=about.url or url,
                                    endpoint=about.endpoint or (f"{url}sparql" if live else ""))
    return descriptions.read(prepared.folder, about, statistics(prepared))


def statistics(prepared: Prepared) -> counting.Statistics:
    """The graph in numbers: counted when the folder was prepared, or now."""
    place = prepared.place / STATISTICS
    with TemporaryDirectory(prefix="count.", dir=prepared.folder / FOLDER) as scratch:
        release = Release(prepared.folder / opening.GRAPH, Path(scratch), prepared.prefixes)
        return counting.kept(release, place)


class Embedded(Struct, frozen=True):
    """What a page says of the dataset: a schema.org document that is safe inside a script
    element, how it is cited, its identifier and its licences."""

    jsonld: str
    citation: str
    iri: str
    licenses: tuple[str, ...]


@lru_cache(maxsize=4)
def embedded(prepared: Prepared) -> Embedded:
    """The dataset for a page; nothing is counted for it."""
    empty = counting.Statistics(0, 0, 0, 0, (), (), ())
    found = descriptions.read(prepared.folder, descriptions.told(prepared.folder), empty)
    text = json.dumps(webpage.document(found), ensure_ascii=False, indent=1)
    return Embedded(text.replace("<", "\\u003c"), webpage.citation(found),
                    found.about.identifier or found.node("dataset"), found.licenses)


async def void(request: Request) -> Response:
    """/.well-known/void and /void: VoID, DCAT and HCLS in the form that the client prefers."""
    form = _form(request)
    prepared, url = _asked(request)
    found = await asyncio.to_thread(dataset, prepared, url)  # which may have to count
    return _answered(request, "void", form, lambda: descriptions.everything(found))


async def queries(request: Request) -> Response:
    """/.well-known/sparql-examples: the named queries as SHACL executables."""
    form = _form(request)
    prepared, url = _asked(request)
    table = prepared.prefixes.table | NAMESPACES | {"d": f"{prepared.base}void#"}
    return _answered(request, "sparql-examples", form,
                     lambda: examples.described(Prefixes(table), prepared.base, f"{url}sparql"))


async def page(request: Request) -> Response:
    """/dataset.jsonld: the schema.org Dataset that pages embed."""
    prepared, _ = _asked(request)
    headers = _headers(prepared, "dataset.jsonld")
    if has(request, headers["ETag"], prepared.changed):
        return unchanged(headers)
    cache: Cache = request.app.state.answers
    return sent(request, cache.get("dataset.jsonld", lambda: _page(prepared)), LD,
                headers)


async def file(request: Request) -> Response:
    """/download/…: what kg describe wrote, beside the files that it names by relative paths."""
    prepared, _ = _asked(request)
    wanted = request.url.path.partition("/download/")[2]
    for one in descriptions.DESCRIPTIONS:
        path = prepared.folder / "exports" / one.file
        if one.file == wanted and path.is_file():
            return FileResponse(path, media_type=one.media_type)
    raise problem(404, "There is no such file: kg describe writes descriptions.")


def files(prepared: Prepared, url: str) -> Iterator[tuple[str, bytes]]:
    """Path and content of the descriptions of a static site at `url` (empty: at the base IRI)."""
    found = dataset(prepared, url, live=False)
    yield "void.ttl", serialised(descriptions.everything(found).lines(), "ttl")
    yield "sparql-examples.ttl", serialised(examples.triples(found).lines(), "ttl")
    yield "dataset.jsonld", _page(prepared)
    for one in descriptions.DESCRIPTIONS:
        path = prepared.folder / "exports" / one.file
        if path.is_file():
            yield f"download/{one.file}", path.read_bytes()


def _page(prepared: Prepared) -> bytes:
    return embedded(prepared).jsonld.encode("utf-8", "replace")


def _asked(request: Request) -> tuple[Prepared, str]:
    prepared: Prepared = request.app.state.prepared
    return prepared, str(request.app.state.address(request))


def _form(request: Request, forms: Sequence[Form] = GRAPHS) -> Form:
    """The form that the suffix names or the client prefers; raises HTTPException 404 and 406."""
    suffix = request.path_params.get("suffix", "")
    named = [form for form in forms if form.suffix == suffix]
    if suffix and not named:
        raise problem(404, "There is nothing of this name here.")
    found = named[0] if named else chosen(request.headers.get("accept"), forms)
    if found is None:
        raise unacceptable(forms)
    return found


def _answered(
    request: Request, name: str, form: Form, make: Callable[[], Triples]
) -> Response:
    """The triples in a form, or 304; the same body for every client of this address."""
    prepared, url = _asked(request)
    up = "../" if "/.well-known/" in request.url.path else "./"
    headers = _headers(prepared, name, form.suffix, url) | {
        "Link": ", ".join(f'<{up}{name}.{other.suffix}>; rel="alternate"; '
                          f'type="{other.media_type}"' for other in GRAPHS if other is not form)}
    if has(request, headers["ETag"], prepared.changed):
        return unchanged(headers)
    cache: Cache = request.app.state.answers
    body = cache.get(f"{name} {form.suffix} {url}",
                     lambda: serialised(make().lines(), form.suffix))
    return sent(request, body, form.media_type, headers)


def _headers(prepared: Prepared, *parts: str) -> dict[str, str]:
    return {"ETag": tag(prepared.version, *parts), "Last-Modified": date(prepared.changed),
            "Vary": "Accept, Accept-Encoding", "Cache-Control": "public, max-age=3600"}
