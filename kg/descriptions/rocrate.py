"""RO-Crate 1.2: exports/ as a crate, every file a data entity (Peroni and others, 2025)."""

from __future__ import annotations

from typing import Any

from ..exports import Written
from ..provenance import Vocabulary
from ..version import VERSION
from .about import Agent
from .dataset import LANDING, Dataset, Source
from .parts import CODE, license_of, slug

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_DOI = "https://registry.identifiers.org/registry/doi"
_URI = "https://www.rfc-editor.org/rfc/rfc3986"
FILE = "ro-crate-metadata.json"


def document(dataset: Dataset) -> dict[str, Any]:
    """The crate, its entities flat and sorted by identifier after the two that come first."""
    entities = {one["@id"]: one for one in _entities(dataset)}
    first = [entities.pop(FILE), entities.pop("./")]
    return {"@context": CONTEXT, "@graph": [*first, *(entities[key] for key in sorted(entities))]}


def _entities(dataset: Dataset) -> list[dict[str, Any]]:
    return [
        {"@id": FILE, "@type": "CreativeWork", "conformsTo": {"@id": SPECIFICATION},
         "about": {"@id": "./"}},
        _root(dataset), _identifier(dataset), _run(dataset), _software(dataset),
        _agent(dataset.publisher), *map(_agent, dataset.creators),
        *(_file(one) for one in dataset.files),
        *(_license(one) for one in _licenses(dataset)),
        *(_source(dataset, one) for one in dataset.sources),
        *(_vocabulary(dataset, one) for one in dataset.vocabularies)]


def _root(dataset: Dataset) -> dict[str, Any]:
    about = dataset.about
    found: dict[str, Any] = {
        "@id": "./", "@type": "Dataset", "name": about.title, "description": about.description,
        "version": dataset.version, "url": dataset.url + LANDING,
        "identifier": {"@id": dataset.node("identifier")},
        "keywords": ", ".join(about.keywords), "license": _one(list(dataset.licenses)),
        "publisher": {"@id": _agent(dataset.publisher)["@id"]},
        "creator": _one([_agent(one)["@id"] for one in dataset.creators]),
        "isBasedOn": _one([_name(dataset, one) for one in dataset.sources]),
        "mentions": {"@id": dataset.node("run")},
        "hasPart": [{"@id": one.path} for one in dataset.files]}
    if about.date:
        found["datePublished"] = about.date
    return {key: value for key, value in found.items() if value not in ([], None)}


def _identifier(dataset: Dataset) -> dict[str, Any]:
    """The identifier with its scheme, as Science on schema.org has it."""
    text = dataset.about.identifier
    doi = text.removeprefix("https://doi.org/").removeprefix("doi:")
    if doi.startswith("10."):
        scheme, value, url = _DOI, f"doi:{doi}", f"https://doi.org/{doi}"
    else:
        scheme, value, url = _URI, text or dataset.node("dataset"), text or dataset.node("dataset")
    return {"@id": dataset.node("identifier"), "@type": "PropertyValue", "name": value,
            "propertyID": scheme, "value": value, **({"url": url} if "://" in url else {})}


def _one(ids: list[str]) -> Any:
    """References: one as an object, several as a list."""
    found = [{"@id": one} for one in ids]
    return found[0] if len(found) == 1 else found


def _run(dataset: Dataset) -> dict[str, Any]:
    """The run of the program, as crates record what made their files."""
    inputs = [*(_name(dataset, one) for one in dataset.sources),
              *(_called(dataset, one) for one in dataset.vocabularies)]
    found = {"@id": dataset.node("run"), "@type": "CreateAction",
             "name": f"kg run of rarekg {VERSION}",
             "description": "Pages were read, grounded, validated and published as a graph.",
             "instrument": {"@id": dataset.node("software")}, "object": _one(inputs),
             "result": {"@id": "./"}}
    return found | ({"endTime": dataset.about.date} if dataset.about.date else {})


def _software(dataset: Dataset) -> dict[str, Any]:
    return {"@id": dataset.node("software"), "@type": "SoftwareApplication", "name": "rarekg",
            "url": dataset.base, "version": VERSION, "license": {"@id": CODE}}


def _agent(one: Agent) -> dict[str, Any]:
    kind = "Person" if one.is_person else "Organization"
    return {"@id": one.iri or f"#{slug(one.name)}", "@type": kind, "name": one.name,
            **({"url": one.iri} if one.iri and not one.is_person else {})}


def _file(one: Written) -> dict[str, Any]:
    return {"@id": one.path, "@type": "File", "name": one.path,
            "description": f"{one.count:,} {one.unit}", "encodingFormat": one.media_type,
            "contentSize": str(one.bytes), "sha256": one.sha256}


def _licenses(dataset: Dataset) -> list[str]:
    """The licences of the dataset, of what went in and of the program."""
    words = [*(one.license for one in dataset.sources),
             *(one.license for one in dataset.vocabularies)]
    return sorted({CODE, *dataset.licenses, *map(license_of, words)} - {""})


def _license(iri: str) -> dict[str, Any]:
    name = iri.rstrip("/").partition("/licenses/")[2] or iri
    return {"@id": iri, "@type": "CreativeWork", "name": name, "description": f"Licence: {iri}"}


def _name(dataset: Dataset, one: Source) -> str:
    return dataset.node(f"source-{one.key}")


def _source(dataset: Dataset, one: Source) -> dict[str, Any]:
    return {"@id": _name(dataset, one), "@type": "WebSite" if one.url else "CreativeWork",
            "name": one.name,
            **({"url": one.url} if one.url else {}), **_licensed(one.license)}


def _licensed(text: str) -> dict[str, Any]:
    """A licence as a reference, or its words where they name none that has an IRI."""
    if not text:
        return {}
    found = license_of(text)
    return {"license": {"@id": found}} if found else {"copyrightNotice": text}


def _called(dataset: Dataset, one: Vocabulary) -> str:
    return dataset.node(f"vocabulary-{slug(one.name)}-{one.sha256[:8]}")


def _vocabulary(dataset: Dataset, one: Vocabulary) -> dict[str, Any]:
    found = {"@id": _called(dataset, one), "@type": "CreativeWork", "name": one.name,
             "version": one.version, "description": f"{one.classes:,} classes, as {one.source}",
             **_licensed(one.license), "sha256": one.sha256}
    return {key: value for key, value in found.items() if value}
