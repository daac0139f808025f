"""Linked data: every IRI of the graph leads to documents about it, in the form a client takes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..ntriples import TYPE, value
from .cache import Cache
from .negotiation import RESOURCE, Form, by_suffix, chosen
from .paths import folders, iri_of, path_of
from .plain import kgx, record
from .prepared import Prepared
from .problems import problem, unacceptable
from .resources import WRITERS, described, exists, serialised, statements
from .sending import date, has, sent, tag, unchanged

_SAFE = ":/?#[]@!$&'()*+,;=-._~%"  # what an address holds as it is (RFC 3986)
LONGEST = 2_000  # characters of a path
Writer = Callable[[Prepared, str], bytes | None]


class Documents(Struct, frozen=True):
    """What linked data is served from: `writers` has a function for each suffix on offer."""

    prepared: Prepared
    cache: Cache
    writers: dict[str, Writer]

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms on offer, in the order of the table."""
        return tuple(form for form in RESOURCE if form.suffix in self.writers)

    def resource(self, path: str, suffix: str = "") -> str:
        """The IRI whose documents are at a path.

        Raises HTTPException 404, 414, and 301 where the node belongs to another folder.
        """
        if len(path) > LONGEST:
            raise problem(414, "The path is too long.")
        iri = iri_of(path, self.prepared.prefixes)
        if iri is None or not exists(self.prepared, iri):
            raise problem(404, "There is nothing of this name here.")
        right = path_of(iri, category(self.prepared, iri), self.prepared.prefixes)
        if right and unquote(right) != unquote(path):
            raise problem(301, "It is in another folder.",
                          Location=f"{'../' * path.count('/')}{right}{suffix}")
        return iri

    def redirect(self, request: Request, path: str) -> Response:
        """303 to the document about a thing in the form that the client prefers, else 406."""
        iri = self.resource(path)
        form = chosen(request.headers.get("accept"), self.forms)
        if form is None:
            raise unacceptable(self.forms)
        return RedirectResponse(_beside(path, form), 303,
                                {"Vary": "Accept", "Link": self._links(path, iri, None)})

    def document(self, request: Request, path: str, form: Form) -> Response:
        """The document itself, with its links, or 304 where the client has it."""
        iri, writer = self.resource(path, f".{form.suffix}"), self.writers.get(form.suffix)
        if writer is None:
            raise unacceptable(self.forms)
        current = tag(self.prepared.sha256, path, form.suffix)
        headers = {"ETag": current, "Last-Modified": date(self.prepared.changed),
                   "Vary": "Accept-Encoding", "Cache-Control": "public, max-age=3600",
                   "Link": self._links(path, iri, form)}
        if has(request, current, self.prepared.changed):
            return unchanged(headers)
        body = self.cache.get(f"{path} {form.suffix}", lambda: writer(self.prepared, iri) or b"")
        return sent(request, body, form.media_type, headers)

    def _links(self, path: str, iri: str, here: Form | None) -> str:
        """Signposting (signposting.org, FAIR, level 1): other forms, what it is, how to cite it."""
        others = [(_beside(path, form), f'{_relation(form, here)}"; type="{form.media_type}')
                  for form in self.forms if form is not here]
        found = self.cache.get(f"{path} links", lambda: self._about(iri).encode())
        return ", ".join([*(f'<{place}>; rel="{relation}"' for place, relation in others),
                          found.plain().decode("ascii")])

    def _about(self, iri: str) -> str:
        """The links that depend on the node alone."""
        base = self.prepared.prefixes.table["rarekg"]
        classes = [term[1:-1] for term in self.prepared.nodes.properties(iri).get(TYPE, ())]
        found = [(iri, "cite-as" if iri.startswith(base) else "describes"),
                 *((one, "type") for one in classes),
                 *((one, "license") for one in licences(self.prepared, iri))]
        return ", ".join(f'<{quote(place, safe=_SAFE)}>; rel="{relation}"'
                         for place, relation in found)


def category(prepared: Prepared, iri: str) -> str:
    """The local name of a node's Biolink class, a disease's before others; empty for none."""
    known = [name for name in sorted(
        term[1:-1].rpartition("/")[2]
        for term in prepared.nodes.properties(iri).get(TYPE, ())) if name in folders()]
    return "Disease" if "Disease" in known else known[0] if known else ""


def licences(prepared: Prepared, iri: str) -> list[str]:
    """The licences of the pages that a node or its statements come from, if they are addresses."""
    nodes, expand = prepared.nodes, prepared.prefixes.expand
    evidence, source = (f"<{expand(name)}>" for name in ("biolink:has_evidence", "oa:hasSource"))
    sentences = {value(term) for one in (iri, *statements(prepared, iri))
                 for term in nodes.properties(one).get(evidence, ())} | {iri}
    pages = {value(term) for one in sentences
             for term in nodes.properties(one).get(source, ())} | {iri}
    found = {prepared.licence(one.rpartition("/")[2]) for one in pages}
    return sorted(one for one in found if one.startswith(("https://", "http://")))


def _beside(path: str, form: Form) -> str:
    """A reference from a document to another form of it; "./", for a CURIE looks like a scheme."""
    return f"./{path.rpartition('/')[2]}.{form.suffix}"


def _relation(form: Form, here: Form | None) -> str:
    """What another form is to this one: the page for people is what the data describe."""
    if form.suffix != "html":
        return "describedby"
    return "alternate" if here is None else "describes alternate"


def rdf(suffix: str) -> Writer:
    """The writer of an RDF form."""

    def write(prepared: Prepared, iri: str) -> bytes | None:
        found = described(prepared, iri)
        return serialised(found, suffix) if found else None

    return write


def documents(prepared: Prepared, more: dict[str, Writer], cache: Cache) -> Documents:
    """Documents in every RDF form, and in those of `more`."""
    return Documents(prepared, cache, {suffix: rdf(suffix) for suffix in WRITERS}
                     | {"json": record, "kgx.jsonl": kgx} | more)


async def resource(request: Request) -> Response:
    """The route of every path that could be a node's."""
    found: Documents = request.app.state.documents
    path = request.path_params["folder"] + "/" + request.path_params["rest"]
    name, form = by_suffix(path)
    if form is not None:
        return found.document(request, name, form)
    return found.redirect(request, path)
