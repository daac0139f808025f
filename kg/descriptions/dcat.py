"""DCAT 3: a catalogue with the dataset, its version, every file and the SPARQL endpoint."""

from __future__ import annotations

from ..exports import Written
from . import parts
from .dataset import LANDING, Dataset
from .terms import ENGLISH, Triples, english, plain, typed

OPEN = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def triples(dataset: Dataset) -> Triples:
    """The catalogue and what is in it."""
    found, version = Triples(dataset.prefixes), parts.version(dataset)
    summary, service = dataset.node("dataset"), dataset.node("sparql")
    _catalogue(found, dataset, summary)
    parts.shared(found, dataset, summary)
    found.about(summary, rdf_type="dcat:Dataset", dcat_hasVersion=version,
                dcat_hasCurrentVersion=version, dcterms_language=ENGLISH,
                dcterms_accessRights=OPEN, dcat_landingPage=dataset.url + LANDING)
    parts.shared(found, dataset, version)
    parts.made(found, dataset, version)
    parts.origin(found, dataset, version)
    found.about(version, rdf_type="dcat:Dataset", dcat_isVersionOf=summary,
                dcat_version=plain(dataset.version), dcterms_language=ENGLISH,
                dcterms_accessRights=OPEN, dcat_landingPage=f"{dataset.url}data.html",
                dcterms_identifier=plain(dataset.about.identifier or version),
                dcat_distribution=tuple(parts.file(dataset, one) for one in dataset.files))
    for one in dataset.files:
        _distribution(found, dataset, one)
    for address in parts.endpoint(dataset):
        _service(found, dataset, service, address)
    return found


def _catalogue(found: Triples, dataset: Dataset, summary: str) -> None:
    node = dataset.node("catalogue")
    found.about(node, rdf_type="dcat:Catalog", dcat_dataset=(summary, parts.version(dataset)),
                dcterms_title=english(f"Catalogue of {dataset.url}"),
                dcterms_description=english("One dataset, its files and where it is asked."),
                dcterms_publisher=parts.agent(found, dataset, dataset.publisher),
                foaf_homepage=dataset.url + LANDING)


def _distribution(found: Triples, dataset: Dataset, one: Written) -> None:
    """A file with its type, size and checksum."""
    node, address = parts.file(dataset, one), dataset.download(one.path)
    title = english(f"{dataset.about.title} ({one.path})")
    found.about(node, rdf_type="dcat:Distribution", dcterms_title=title,
                dcat_accessURL=address, dcat_downloadURL=address, dcat_mediaType=parts.media(one),
                dcterms_format=parts.media(one), dcterms_license=dataset.licenses,
                dcat_byteSize=typed(one.bytes, "nonNegativeInteger"),
                dcterms_description=english(f"{one.count:,} {one.unit} as {one.media_type}"))
    parts.checksum(found, node, one.sha256)


def _service(found: Triples, dataset: Dataset, node: str, address: str) -> None:
    found.about(dataset.node("catalogue"), dcat_service=node)
    found.about(node, rdf_type=("dcat:DataService", "sd:Service"),
                dcterms_title=english("SPARQL endpoint"),
                dcterms_description=english("SPARQL 1.1 queries, read-only; the default graph is "
                                            "the merge of all pages."),
                dcat_endpointURL=address, sd_endpoint=address,
                sd_supportedLanguage="sd:SPARQL11Query", dcterms_conformsTo=PROTOCOL,
                dcat_endpointDescription=address,
                dcat_servesDataset=parts.version(dataset), dcterms_license=dataset.licenses)
