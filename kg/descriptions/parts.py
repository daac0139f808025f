"""What several descriptions say in the same words: people, licences, files and origin."""

from __future__ import annotations

import re

import pyoxigraph as ox

from ..exports import Written
from ..provenance import Vocabulary
from ..text import digest
from ..version import VERSION
from .about import Agent
from .dataset import LANDING, Dataset, Source
from .terms import MEDIA, Triples, Value, english, is_web, number, plain, typed

RIGHTS = ("The text of pages keeps the licence of its source, which stands beside every sentence; "
          "identifiers and labels keep that of their vocabulary.")
CODE = "https://www.apache.org/licenses/LICENSE-2.0"
_SPDX = re.compile(r"(?:CC0-1\.0|CC-BY(?:-SA|-NC|-ND)*-\d\.\d|MIT|Apache-2\.0)")


def slug(text: str) -> str:
    """A text as the end of an IRI or a name: letters, digits, hyphens and dots.

    >>> slug("tables/genes.csv")
    'tables-genes.csv'
    """
    made = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")
    return made or digest(text, length=8)


def agent(triples: Triples, dataset: Dataset, one: Agent) -> str:
    """The IRI of a person or an organisation, which is described."""
    node = one.iri or dataset.node(f"agent-{slug(one.name)}-{digest(one.name, length=8)}")
    kind = "foaf:Person" if one.is_person else "foaf:Agent"
    triples.about(node, rdf_type=(kind, "prov:Agent"), foaf_name=plain(one.name))
    return node


def software(triples: Triples, dataset: Dataset) -> str:
    """The IRI of the program, which is described."""
    node = dataset.node("software")
    triples.about(node, rdf_type=("prov:SoftwareAgent", "schema:SoftwareApplication"),
                  foaf_name=plain("rarekg"), schema_softwareVersion=plain(VERSION),
                  dcterms_title=english(f"rarekg {VERSION}"), dcterms_license=CODE)
    return node


def license_of(text: str) -> str:
    """The IRI of a licence that a file names, empty where its words are no licence's IRI."""
    if is_web(text):
        return text
    return f"https://spdx.org/licenses/{text}" if _SPDX.fullmatch(text) else ""


def shared(triples: Triples, dataset: Dataset, node: str, part: str = "") -> None:
    """What all levels of a dataset have: title (with the name of a part), publisher, licence …"""
    about = dataset.about
    title = f"{about.title} ({part})" if part else about.title
    triples.about(node, dcterms_title=english(title),
                  dcterms_description=english(about.description), dcterms_rights=english(RIGHTS),
                  dcterms_publisher=agent(triples, dataset, dataset.publisher),
                  dcterms_license=dataset.licenses, foaf_page=dataset.url + LANDING,
                  dcat_keyword=tuple(map(plain, about.keywords)))


def made(triples: Triples, dataset: Dataset, node: str) -> None:
    """Who made a version or a file of it, and when it was published."""
    people = tuple(agent(triples, dataset, one) for one in dataset.creators)
    triples.about(node, dcterms_creator=people, pav_version=plain(dataset.version))
    if dataset.about.date:
        triples.about(node, dcterms_issued=typed(dataset.about.date, "date"))


def endpoint(dataset: Dataset) -> tuple[str, ...]:
    """The address at which SPARQL is answered; nothing where none was told."""
    return (dataset.about.endpoint,) if dataset.about.endpoint else ()


def checksum(triples: Triples, node: str, sha256: str) -> None:
    """The SHA-256 of a file, as SPDX has it."""
    triples.about(node, spdx_checksum=f"{node}-sha256")
    triples.about(f"{node}-sha256", rdf_type="spdx:Checksum",
                  spdx_algorithm="spdx:checksumAlgorithm_sha256",
                  spdx_checksumValue=typed(sha256, "hexBinary"))


def version(dataset: Dataset) -> str:
    """The IRI of this version."""
    return dataset.node(f"version-{dataset.graph[:16]}")


def file(dataset: Dataset, one: Written) -> str:
    """The IRI of a file of this version."""
    return dataset.node(f"file-{dataset.graph[:16]}-{slug(one.path)}")


def is_rdf(one: Written) -> bool:
    """Whether a file is the graph in a form of RDF."""
    return one.unit in {"triples", "quads"}


def media(one: Written) -> str:
    """The IRI of a file's media type (IANA)."""
    return MEDIA + one.media_type


def source(triples: Triples, dataset: Dataset, one: Source) -> str:
    """The IRI of a site whose pages went in, which is described."""
    node = dataset.node(f"source-{one.key}")
    triples.about(node, rdf_type=("dctypes:Dataset", "prov:Entity"),
                  dcterms_title=english(one.name),
                  void_documents=number(one.pages))
    if one.url:
        triples.about(node, foaf_page=one.url)
    _licensed(triples, node, one.license)
    return node


def vocabulary(triples: Triples, dataset: Dataset, one: Vocabulary) -> str:
    """The IRI of a vocabulary as it was read, which is described."""
    node = dataset.node(f"vocabulary-{slug(one.name)}-{one.sha256[:8]}")
    values: dict[str, Value] = {"pav_version": plain(one.version)} if one.version else {}
    values["dcterms_source"] = one.source if is_web(one.source) else plain(one.source)
    triples.about(node, rdf_type=("dctypes:Dataset", "prov:Entity"), **values,
                  dcterms_title=english(one.name), void_entities=number(one.classes))
    _licensed(triples, node, one.license)
    if one.sha256:
        checksum(triples, node, one.sha256)
    return node


def _licensed(triples: Triples, node: str, text: str) -> None:
    if found := license_of(text):
        triples.about(node, dcterms_license=found)
    elif text:
        triples.about(node, dcterms_rights=ox.Literal(text))


def origin(triples: Triples, dataset: Dataset, node: str) -> None:
    """From what a version was made, by which run of which program (PROV-O)."""
    used = (*(source(triples, dataset, one) for one in dataset.sources),
            *(vocabulary(triples, dataset, one) for one in dataset.vocabularies))
    run = dataset.node(f"run-{dataset.graph[:16]}")
    triples.about(node, rdf_type="prov:Entity", prov_wasGeneratedBy=run,
                  prov_wasDerivedFrom=used, dcterms_source=used)
    triples.about(run, rdf_type="prov:Activity", prov_used=used,
                  rdfs_label=english("The run that read the pages and wrote the graph"),
                  prov_wasAssociatedWith=software(triples, dataset))
