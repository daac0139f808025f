"""What a run says about identifiers, as SSSOM mapping sets (https://w3id.org/sssom/spec)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, structs

from .files import replacing
from .model import Document, Statement
from .prefixes import Prefixes
from .version import VERSION
from .vocab.index import Index
from .vocab.names import canonical

FILE = "mappings.sssom.tsv"
TITLE = "Identifiers of rare diseases and of the pages about them"
# Prefixes that only mapping sets use, as bioregistry expands them.
SSSOM_PREFIXES = {"semapv": "https://w3id.org/semapv/vocab/",
                  "sssom": "https://w3id.org/sssom/"}
SOURCES = {"GARD": "infores:gard", "MONDO": "infores:mondo", "Orphanet": "infores:orphanet",
           "OMIM": "infores:omim", "UMLS": "infores:umls", "NCIT": "infores:ncit",
           "MESH": "infores:mesh", "HP": "infores:hpo", "HGNC": "infores:hgnc",
           "DRUGBANK": "infores:drugbank", "CHEBI": "infores:chebi", "MAXO": "infores:maxo",
           "UBERON": "infores:uberon", "NCBIGene": "infores:ncbi-gene"}
# Which tiers say that two things are the same; the others say that they are close.
EXACT = frozenset({"xref", "label", "exact", "singular", "mapped"})
JUSTIFIED = {"xref": "semapv:BackgroundKnowledgeBasedMatching", "vote": "semapv:CompositeMatching"}
LEXICAL = "semapv:LexicalMatching"
KNOWN = "semapv:UnspecifiedMatching"  # a cross-reference that a vocabulary gives without a reason


class Row(Struct, frozen=True):
    """What every row of a mapping set has; the fields are its columns."""

    subject_id: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    subject_label: str = ""
    object_label: str = ""
    subject_source: str = ""
    object_source: str = ""


class Mapped(Row, frozen=True, order=True):
    """A row of mappings.sssom.tsv."""

    mapping_tool: str = ""
    mapping_tool_version: str = ""
    confidence: str = ""
    match_string: str = ""
    comment: str = ""


COLUMNS = Mapped.__struct_fields__


def mappings(document: Document, identity: Statement, index: Index,
             prefixes: Prefixes) -> tuple[Mapped, ...]:
    """The page and its own identifiers to its class, and the class to all its other identifiers.

    Empty where the page's disease has no identifier.
    """
    disease, how = identity.disease, identity.grounding
    if how is None or disease.id.startswith("rarekg:"):
        return ()
    source = source_of(disease.id)
    tier = JUSTIFIED.get(how.tier, LEXICAL)
    page = f"rarekg:page/{document.id}"
    rows = [Mapped(page, "schema:about", disease.id, tier, document.title, disease.label, "",
                    source, "rarekg", VERSION, f"{how.score:g}", document.title, how.tier)]
    bears = {canonical(xref) for xref in index.xrefs_of(disease.id)}
    said = {canonical(xref) for xref in document.xrefs}
    for xref in sorted(said - bears):
        predicate = "skos:exactMatch" if how.tier in EXACT else "skos:closeMatch"
        rows.append(Mapped(xref, predicate, disease.id, tier, document.title, disease.label,
                            source_of(xref), source, "rarekg", VERSION, f"{how.score:g}",
                            document.title, how.tier))
    rows += (Mapped(disease.id, "oboInOwl:hasDbXref", xref, KNOWN, disease.label, "", source,
                     source_of(xref)) for xref in sorted(bears))
    return tuple(row for row in rows if known(row, prefixes))


def source_of(curie: str) -> str:
    """The information resource that a CURIE is from, empty where it is none of SOURCES."""
    return SOURCES.get(curie.partition(":")[0], "")


def known(row: Row, prefixes: Prefixes) -> bool:
    """Whether both ends expand: an identifier without an IRI is never invented one."""
    return all(curie.partition(":")[0] in prefixes.table for curie in (row.subject_id,
                                                                       row.object_id))


def write(path: Path, rows: Iterable[Row], prefixes: Prefixes, releases: Iterable[str],
          columns: Sequence[str] = COLUMNS, title: str = TITLE) -> int:
    """Write a mapping set, each mapping once and in order; returns how many there are."""
    found = sorted(set(rows), key=structs.astuple)
    return write_ordered(path, lambda: found, prefixes, releases, columns, title)


def write_ordered(path: Path, rows: Callable[[], Iterable[Row]], prefixes: Prefixes,
                  releases: Iterable[str], columns: Sequence[str] = COLUMNS,
                  title: str = TITLE) -> int:
    """The same of rows that are in order, each once; they are asked for twice."""
    count = 0
    with replacing(path) as handle:
        for line in _head(path.name, title, rows(), prefixes, releases):
            handle.write(f"#{line}\n".encode())
        handle.write(("\t".join(columns) + "\n").encode())
        for row in rows():
            count += 1
            cells = (_cell(str(getattr(row, name))) for name in columns)
            handle.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))
    return count


def _cell(value: str) -> str:
    """A value on one line, in quotes where it has some: SSSOM's readers take them as CSV does."""
    text = " ".join(value.split())
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def _head(name: str, title: str, found: Iterable[Row], prefixes: Prefixes,
          releases: Iterable[str]) -> Iterator[str]:
    """The metadata as YAML; releases of the vocabularies are told in the comment."""
    table = dict(prefixes.table) | SSSOM_PREFIXES
    used = {value.partition(":")[0] for row in found
            for value in (row.subject_id, row.predicate_id, row.object_id,
                          row.mapping_justification, row.subject_source, row.object_source)}
    yield "curie_map:"
    for prefix in sorted((used | {"semapv"}) & set(table)):
        yield f"  {prefix}: {table[prefix]}"
    base = prefixes.table["rarekg"]
    yield f"mapping_set_id: {base}mappings/{name}"
    yield f'mapping_set_version: "{VERSION}"'
    yield f'mapping_set_title: "{title}"'
    yield "license: https://creativecommons.org/publicdomain/zero/1.0/"
    told = "; ".join(" ".join(release.split()) for release in releases if release)
    yield f'comment: "vocabularies: {told.replace(chr(34), "") or "none"}"'
