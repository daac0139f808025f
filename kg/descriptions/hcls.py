"""HCLS: the dataset at three levels (W3C Interest Group Note, 14 May 2015, sections 4 and 5)."""

from __future__ import annotations

from ..exports import Written
from . import parts
from .dataset import LANDING, Dataset
from .terms import ENGLISH, Triples, number

NOTE = "https://www.w3.org/TR/hcls-dataset/"


def triples(dataset: Dataset) -> Triples:
    """Summary, version and distributions, each with what the note asks of its level."""
    found, summary, version = (Triples(dataset.prefixes), dataset.node("dataset"),
                               parts.version(dataset))
    parts.shared(found, dataset, summary)
    found.about(summary, rdf_type="dctypes:Dataset", pav_hasCurrentVersion=version,
                schema_logo=f"{dataset.url}static/icon.svg")
    parts.shared(found, dataset, version)
    parts.made(found, dataset, version)
    parts.origin(found, dataset, version)
    found.about(version, rdf_type="dctypes:Dataset", dcterms_isVersionOf=summary,
                dcterms_language=ENGLISH, schema_logo=f"{dataset.url}static/icon.svg",
                dcat_distribution=tuple(parts.file(dataset, one) for one in dataset.files))
    for one in dataset.files:
        _distribution(found, dataset, one)
    return found


def _distribution(found: Triples, dataset: Dataset, one: Written) -> None:
    """A file as a dataset of its own; those in RDF with the numbers of the graph."""
    node, address = parts.file(dataset, one), dataset.download(one.path)
    parts.shared(found, dataset, node, one.path)
    parts.made(found, dataset, node)
    found.about(node, rdf_type=("dcat:Distribution", "dctypes:Dataset"),
                dcterms_format=parts.media(one), dcat_mediaType=parts.media(one),
                dcat_downloadURL=address, dcterms_language=ENGLISH, dcterms_conformsTo=NOTE,
                pav_createdWith=parts.software(found, dataset), foaf_page=dataset.url + LANDING)
    if parts.is_rdf(one):
        counts = dataset.statistics
        found.about(node, rdf_type="void:Dataset", void_dataDump=address,
                    void_inDataset=parts.version(dataset), void_triples=number(counts.triples),
                    void_entities=number(counts.subjects),
                    void_distinctSubjects=number(counts.subjects),
                    void_properties=number(len(counts.properties)),
                    void_distinctObjects=number(counts.objects))
