"""The tools of the MCP endpoint: what a language model can ask of the graph, in one table."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..ontology import kinds
from . import api, overviews, plain
from .answering import Asked
from .prepared import Prepared
from .search import search
from .sparql import watched

Found = dict[str, Any]


class ToolError(Exception):
    """Why a tool has no answer, in words for who called it."""


class Search(Struct, forbid_unknown_fields=True):
    """What to look for."""

    query: Annotated[str, Meta(min_length=1, max_length=200, description=(
        "A name, synonym or identifier of a disease, therapy, gene, phenotype or factor; typing "
        "errors are forgiven."))]
    limit: Annotated[int, Meta(ge=1, le=50, description="How many to give at most.")] = 10


class Record(Struct, forbid_unknown_fields=True):
    """Which disease, and which kind of statement."""

    disease: Annotated[str, Meta(min_length=1, max_length=200, description=(
        "A CURIE such as MONDO:0006245, or a name; of a name the likest disease is taken."))]
    kind: Annotated[str, Meta(description=(
        "Only statements of this kind: " + ", ".join(sorted(kinds()))))] = ""


class Query(Struct, forbid_unknown_fields=True):
    """What to ask in SPARQL."""

    query: Annotated[str, Meta(min_length=1, max_length=50_000, description=(
        "A SPARQL 1.1 query, read-only; the prefixes of the dataset are known. Use LIMIT."))]


class Nothing(Struct, forbid_unknown_fields=True):
    """No argument."""


class Tool(Struct, frozen=True):
    """A tool: what it does in words, what it takes, and how it is called."""

    name: str
    title: str
    description: str
    arguments: type[Struct]
    call: Callable[[Request, Any], Awaitable[Found]]

    def listed(self) -> Found:
        """The tool as tools/list has it."""
        schema = msgspec.json.schema(self.arguments)["$defs"][self.arguments.__name__]
        return {"name": self.name, "title": self.title, "description": self.description,
                "inputSchema": schema | {"additionalProperties": False},
                "annotations": {"readOnlyHint": True, "destructiveHint": False,
                                "idempotentHint": True, "openWorldHint": False}}


async def _search(request: Request, asked: Search) -> Found:
    return {"hits": overviews.suggestions(request.app.state.prepared, asked.query)[:asked.limit]}


async def _record(request: Request, asked: Record) -> Found:
    prepared: Prepared = request.app.state.prepared
    if asked.kind and asked.kind not in kinds():
        raise ToolError(f"There is no kind {asked.kind!r}; there are: {', '.join(sorted(kinds()))}")
    iri = api.disease_iri(prepared, asked.disease)
    if iri is None:
        hits = [hit for hit in search(prepared, asked.disease) if hit.category == "Disease"]
        if not hits:
            raise ToolError("No disease is called that here; try search.")
        iri = hits[0].link.iri
    found: Found = json.loads(plain.record(prepared, iri) or b"{}")
    if asked.kind:
        found["statements"] = [one for one in found["statements"] if one["kind"] == asked.kind]
    return found


async def _sparql(request: Request, asked: Query) -> Found:
    try:
        done = await watched(request, Asked(asked.query, "json", "ttl"))
    except HTTPException as error:
        raise ToolError(str(error.detail)) from None
    if done.form == "ttl":
        return {"turtle": done.body.decode()}
    found: Found = json.loads(done.body)
    return found


async def _examples(request: Request, _asked: Nothing) -> Found:
    prepared: Prepared = request.app.state.prepared
    return {"prefixes": prepared.prefixes.table, "queries": api.listed()}


# One line for each tool.
TOOLS: dict[str, Tool] = {one.name: one for one in (
    Tool("search", "Search", "Find diseases, therapies, genes, phenotypes and factors by name, "
         "synonym or identifier.", Search, _search),
    Tool("disease_record", "Disease record", "Everything that pages state of a disease: "
         "therapies, causes, risk and prognostic factors, figures, phenotypes, genes, "
         "inheritance, names and what is not known, each with its sentence, negation and doubt.",
         Record, _record),
    Tool("sparql", "SPARQL query", "Ask the graph in SPARQL 1.1, read-only, within the limits of "
         "the endpoint.", Query, _sparql),
    Tool("examples", "Example queries", "Named SPARQL queries with their parameters, and the "
         "prefixes: a start for queries of your own.", Nothing, _examples),
)}
