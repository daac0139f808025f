"""Linked data: every IRI of the graph leads to documents about it, in the form a client takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..text import digest
from .cache import Cache
from .negotiation import RESOURCE, Form, by_suffix, chosen
from .paths import iri_of
from .prepared import Prepared
from .problems import problem, unacceptable
from .resources import WRITERS, described, exists, serialised

LONGEST = 2_000  # characters of a path
Writer = Callable[[Prepared, str], bytes | None]


class Documents(Struct, frozen=True):
    """What linked data is served from: `writers` has a function for each suffix on offer."""

    prepared: Prepared
    cache: Cache
    writers: dict[str, Writer]

    @property
    def forms(self) -> Sequence[Form]:
        """The forms on offer, in the order of the table."""
        return [form for form in RESOURCE if form.suffix in self.writers]

    def resource(self, path: str) -> str:
        """The IRI whose documents are at a path; raises HTTPException 404 and 414."""
        if len(path) > LONGEST:
            raise problem(414, "The path is too long.")
        iri = iri_of(path, self.prepared.prefixes)
        if iri is None or not _legal(self.prepared, iri):
            raise problem(404, "There is nothing of this name here.")
        return iri

    def redirect(self, request: Request, path: str) -> Response:
        """303 to the document about a thing in the form that the client prefers, else 406."""
        self.resource(path)
        form = chosen(request.headers.get("accept"), self.forms)
        if form is None:
            raise unacceptable(self.forms)
        return RedirectResponse(_beside(path, form), 303,
                                {"Vary": "Accept", "Link": self._links(path)})

    def document(self, request: Request, path: str, form: Form) -> Response:
        """The document itself, with its links, or 304 where the client has it."""
        iri, writer = self.resource(path), self.writers.get(form.suffix)
        if writer is None:
            raise unacceptable(self.forms)
        tag = _tag(self.prepared.sha256, path, form.suffix)
        headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "public, max-age=3600",
                   "Link": self._links(path)}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = self.cache.get(f"{path} {form.suffix}", lambda: writer(self.prepared, iri) or b"")
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(body.packed, headers=headers | {"Content-Encoding": "gzip"},
                            media_type=form.media_type)
        return Response(body.plain(), headers=headers, media_type=form.media_type)

    def _links(self, path: str) -> str:
        """Signposting: the other forms of the same description (signposting.org, FAIR, level 1)."""
        return ", ".join(f'<{_beside(path, form)}>; rel="{_relation(form)}"; '
                         f'type="{form.media_type}"' for form in self.forms)


def _beside(path: str, form: Form) -> str:
    """A reference from a document to another form of it; "./", for a CURIE looks like a scheme."""
    return f"./{path.rpartition('/')[2]}.{form.suffix}"


def _tag(*parts: str) -> str:
    """The entity tag of a document: what it depends on, hashed."""
    return f'"{digest(*parts)}"'


def _relation(form: Form) -> str:
    return "alternate" if form.suffix == "html" else "describedby"


def _legal(prepared: Prepared, iri: str) -> bool:
    try:
        return exists(prepared, iri)
    except ValueError:  # Oxigraph takes no IRI with a space or a bracket
        return False


def rdf(suffix: str) -> Writer:
    """The writer of an RDF form."""

    def write(prepared: Prepared, iri: str) -> bytes | None:
        found = described(prepared, iri)
        return serialised(found, suffix) if found else None

    return write


def documents(prepared: Prepared, more: dict[str, Writer], cache: Cache) -> Documents:
    """Documents in every RDF form, and in those of `more`."""
    return Documents(prepared, cache, {suffix: rdf(suffix) for suffix in WRITERS} | more)


async def resource(request: Request) -> Response:
    """The route of every path that could be a node's."""
    found: Documents = request.app.state.documents
    path = request.path_params["folder"] + "/" + request.path_params["rest"]
    name, form = by_suffix(path)
    if form is not None:
        return found.document(request, name, form)
    return found.redirect(request, path)
