"""schema.org: the Dataset that search engines read in the home and data pages, as JSON-LD."""

from __future__ import annotations

from typing import Any

from ..exports import Written
from ..exports.schemaorg import CONTEXT
from ..ontology import kinds
from .about import Agent
from .dataset import LANDING, Dataset, Source
from .parts import version

LISTED = 60  # files; more make the page heavy


def document(dataset: Dataset) -> dict[str, Any]:
    """A schema.org Dataset with its files (Google's and Bioschemas' required and wanted fields)."""
    about = dataset.about
    found: dict[str, Any] = {
        "@context": CONTEXT, "@id": dataset.node("dataset"), "@type": "Dataset",
        "name": about.title, "description": about.description, "url": dataset.url + LANDING,
        "identifier": about.identifier or version(dataset), "version": dataset.version,
        "creditText": citation(dataset),
        "keywords": list(about.keywords), "license": list(dataset.licenses),
        "inLanguage": "en", "isAccessibleForFree": True, "conditionsOfAccess": "public",
        "creator": [agent(one) for one in dataset.creators],
        "publisher": agent(dataset.publisher),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": dataset.node("catalogue"),
                                  "name": f"Catalogue of {dataset.url}", "url": dataset.url},
        "isBasedOn": [_source(one) for one in dataset.sources if one.url],
        "measurementTechnique": "rules over the text of pages (text mining)",
        "variableMeasured": sorted(name.replace("_", " ") for name in kinds()),
        "distribution": [_file(dataset, one) for one in dataset.files[:LISTED]]}
    if about.date:
        found |= {"datePublished": about.date, "dateModified": about.date}
    return {key: value for key, value in found.items() if value != []}


def citation(dataset: Dataset) -> str:
    """How the dataset is cited: who, when (if told), what, which version, and where."""
    people = "; ".join(one.name for one in dataset.creators)
    year = f" ({dataset.about.date[:4]})" if dataset.about.date else ""
    place = dataset.about.identifier or dataset.node("dataset")
    return f"{people}{year}. {dataset.about.title}. Version {dataset.version}. {place}"


def agent(one: Agent) -> dict[str, str]:
    """A Person or an Organization."""
    kind = "Person" if one.is_person else "Organization"
    return {"@type": kind, **({"@id": one.iri, "url": one.iri} if one.iri else {}),
            "name": one.name}


def _source(one: Source) -> dict[str, Any]:
    found = {"@type": "WebSite", "name": one.name, "url": one.url}
    return found | ({"license": one.license} if one.license else {})


def _file(dataset: Dataset, one: Written) -> dict[str, str]:
    return {"@type": "DataDownload", "name": one.path, "encodingFormat": one.media_type,
            "contentUrl": dataset.download(one.path), "contentSize": f"{one.bytes} B",
            "sha256": one.sha256}
