"""Which form of a resource a client gets: Accept with quality values, or a suffix (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

_RANGE = re.compile(r"\s*([\w!#$&^.+-]+|\*)/([\w!#$&^.+-]+|\*)\s*((?:;[^;]*)*)$")
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)", re.IGNORECASE)
LONGEST = 4_000  # characters of an Accept header that are read


class Form(Struct, frozen=True):
    """A form in which something is served: its suffix, media type and other names of the type."""

    suffix: str
    media_type: str
    aliases: tuple[str, ...] = ()


# What a resource can be had as; the first is what a client that takes anything gets.
RESOURCE: tuple[Form, ...] = (
    Form("html", "text/html", ("application/xhtml+xml",)),
    Form("ttl", "text/turtle", ("application/x-turtle",)),
    Form("jsonld", "application/ld+json"),
    Form("nt", "application/n-triples", ("text/plain",)),
    Form("rdf", "application/rdf+xml", ("application/xml", "text/xml")),
    Form("json", "application/json"),
    Form("kgx.jsonl", "application/jsonl", ("application/x-ndjson",)),
)


@lru_cache(maxsize=1_024)
def chosen(accept: str | None, forms: tuple[Form, ...]) -> Form | None:
    """The form that the header prefers; of equals the one that comes first.  None: not acceptable.

    No header, or an empty one, accepts anything; what cannot be read in it is passed over.
    """
    if accept is None or not accept.strip():
        return forms[0]
    ranges = list(_ranges(accept[:LONGEST]))
    best = max(((_quality(form, ranges), -place) for place, form in enumerate(forms)))
    return forms[-best[1]] if best[0] > 0 else None


def _ranges(accept: str) -> Iterable[tuple[str, str, float]]:
    """Type, subtype and quality of each media range."""
    for part in accept.split(","):
        if found := _RANGE.match(part):
            quality = _QUALITY.search(found.group(3))
            yield (found.group(1).lower(), found.group(2).lower(),
                   float(quality.group(1)) if quality else 1.0)


def _quality(form: Form, ranges: Iterable[tuple[str, str, float]]) -> float:
    """The quality of the most specific range that a form falls into."""
    names = [tuple(name.split("/")) for name in (form.media_type, *form.aliases)]
    found = [((kind != "*") + (sub != "*"), quality) for kind, sub, quality in ranges
             if any(kind in {"*", name[0]} and sub in {"*", name[1]} for name in names)]
    return max(found)[1] if found else 0.0


def by_suffix(path: str, forms: Sequence[Form] = RESOURCE) -> tuple[str, Form | None]:
    """The path without its suffix, and the form that the suffix names."""
    for form in sorted(forms, key=lambda one: -len(one.suffix)):
        if path.endswith(f".{form.suffix}"):
            return path[:-len(form.suffix) - 1], form
    return path, None
