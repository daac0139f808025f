"""Linked data: every IRI of the graph leads to documents about it, in the form a client takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..answers import GRAPHS, serialised
from ..ntriples import TYPE, value
from .cache import Body, body
from .negotiation import RESOURCE, Form, by_suffix, chosen
from .paths import folders, iri_of, path_of
from .plain import kgx, record
from .prepared import Prepared
from .problems import problem, unacceptable
from .ready import Given, Ready, ready, shelf
from .resources import described, exists, statements
from .sending import date, tag
from .threads import Threads

_SAFE = ":/?#[]@!$&'()*+,;=-._~%"  # what an address holds as it is (RFC 3986)
LONGEST = 2_000  # characters of a path
KEPT = 96 << 20  # bytes of finished documents
LINKS = "links"  # the form of a Link header among what is printed
Writer = Callable[[Prepared, str], bytes | None]
Finder = Callable[[str, str], Body | None]  # by path and form


class Documents:
    """What linked data is served from: `writers` has a function for each suffix on offer.

    What was asked for last is kept on the shelf `ready`, by its path.
    """

    def __init__(
        self, prepared: Prepared, writers: dict[str, Writer], find: Finder | None = None
    ) -> None:
        self.prepared = prepared
        self.ready = shelf(KEPT)
        self.forms = tuple(form for form in RESOURCE if form.suffix in writers)
        self._writers = writers
        self._find = find or _nothing
        self._making: dict[str, asyncio.Future[Ready]] = {}

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

    async def document(self, threads: Threads, path: str, form: Form) -> Response:
        """The document itself, with its links, or 304 where the client has it.

        One that has to be made is made in another thread, once for all who wait for it.
        """
        place = f"/{path}.{form.suffix}"
        if found := self.ready.find(place) or self._printed(path, form):
            return Given(self.ready.keep(place, found))
        if place not in self._making:
            made = asyncio.ensure_future(threads(self._made, path, form))
            self._making[place] = made
            made.add_done_callback(lambda _: self._making.pop(place))
        return Given(self.ready.keep(place, await asyncio.shield(self._making[place])))

    def _printed(self, path: str, form: Form) -> Ready | None:
        """A document that was made before it was asked for."""
        found, links = self._find(path, form.suffix), self._find(path, LINKS)
        return self._ready(path, form, found, links.kept.decode("ascii")) \
            if found and links else None

    def _made(self, path: str, form: Form) -> Ready:
        """A document that nobody has made; raises HTTPException where there is none."""
        iri, writer = self.resource(path, f".{form.suffix}"), self._writers.get(form.suffix)
        if writer is None:
            raise unacceptable(self.forms)
        return self._ready(path, form, body(writer(self.prepared, iri) or b""),
                           about(self.prepared, iri))

    def _ready(self, path: str, form: Form, content: Body, links: str) -> Ready:
        made = {"Last-Modified": date(self.prepared.changed),
                "Cache-Control": "public, max-age=3600",
                "Link": ", ".join([*self._others(path, form), links])}
        return ready(content, form.media_type, made,
                     tag(self.prepared.version, path, form.suffix), self.prepared.changed)

    def _others(self, path: str, here: Form | None) -> Iterator[str]:
        """The other forms of a document, as links (signposting.org, FAIR, level 1)."""
        for form in self.forms:
            if form is not here:
                yield f'<{_beside(path, form)}>; rel="{_relation(form, here)}"; ' \
                      f'type="{form.media_type}"'

    def _links(self, path: str, iri: str, here: Form | None) -> str:
        found = self._find(path, LINKS)
        links = found.kept.decode("ascii") if found else about(self.prepared, iri)
        return ", ".join([*self._others(path, here), links])


def _nothing(_path: str, _form: str) -> Body | None:
    """What finds a body where nothing was printed."""
    return None


def about(prepared: Prepared, iri: str) -> str:
    """The links of a document that depend on the node alone: what it is, how to cite it."""
    base = prepared.prefixes.table["rarekg"]
    classes = [term[1:-1] for term in prepared.nodes.properties(iri).get(TYPE, ())]
    found = [(iri, "cite-as" if iri.startswith(base) else "describes"),
             *((one, "type") for one in classes),
             *((one, "license") for one in licences(prepared, iri))]
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


def documents(
    prepared: Prepared, more: dict[str, Writer], find: Finder | None = None
) -> Documents:
    """Documents in every RDF form, and in those of `more`; `find` knows those already made."""
    return Documents(prepared, {suffix: rdf(suffix) for suffix in GRAPHS}
                     | {"json": record, "kgx.jsonl": kgx} | more, find)


async def resource(request: Request) -> Response:
    """The route of every path that could be a node's."""
    found: Documents = request.app.state.documents
    threads: Threads = request.app.state.threads
    path = request.path_params["folder"] + "/" + request.path_params["rest"]
    name, form = by_suffix(path)
    if form is not None:
        return await found.document(threads, name, form)
    return await threads(found.redirect, request, path)
