"""Croissant 1.0: every table with its columns, for tools of machine learning (MLCommons, 2024)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..exports import Written
from . import webpage
from .dataset import LANDING, Dataset
from .parts import slug

SPECIFICATION = "http://mlcommons.org/croissant/1.0"
TABLES = ("text/csv", "text/tab-separated-values")
_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
# The context of the specification, section "JSON-LD context"; consumers compare it key by key.
CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}


class Column(Struct, frozen=True):
    """A column, and whether every cell of it is a whole number."""

    name: str
    whole: bool


def document(dataset: Dataset, folder: Path) -> dict[str, Any]:
    """The dataset with every table below `folder`; files have addresses relative to it.

    What is no table with a header in its first line is left to the other descriptions.
    """
    about, tables = dataset.about, list(_tables(dataset, folder))
    found: dict[str, Any] = {
        "@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": SPECIFICATION,
        "name": slug(about.title.partition(":")[0]), "alternateName": about.title,
        "description": about.description, "url": dataset.url + LANDING,
        "version": dataset.version, "keywords": list(about.keywords), "inLanguage": "en",
        "license": list(dataset.licenses),
        "creator": [webpage.agent(one) for one in dataset.creators],
        "publisher": webpage.agent(dataset.publisher),
        "citeAs": webpage.citation(dataset),
        "distribution": [_file(one) for one, _ in tables],
        "recordSet": [_records(one, columns) for one, columns in tables]}
    if about.date:
        found["datePublished"] = about.date
    return {key: value for key, value in found.items() if value != []}


def _tables(dataset: Dataset, folder: Path) -> Iterator[tuple[Written, list[Column]]]:
    for one in dataset.files:
        path = folder / one.path
        if one.media_type in TABLES and path.is_file() and (found := columns(path, one)):
            yield one, found


def columns(path: Path, one: Written) -> list[Column]:
    """The columns of a table; none where its first line is a comment."""
    with path.open(encoding="utf-8", newline="") as lines:
        if lines.read(1) in {"#", ""}:
            return []
        lines.seek(0)
        rows = csv.reader(lines) if one.media_type == "text/csv" else csv.reader(
            lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(rows)
        whole, some = [True] * len(header), False
        for row in rows:
            some = True
            whole = [was and bool(_INTEGER.fullmatch(cell))
                     for was, cell in zip(whole, row, strict=False)]
    return [Column(name, some and is_whole)
            for name, is_whole in zip(header, whole, strict=False)]


def _name(one: Written) -> str:
    return slug(one.path.rpartition("/")[2].rpartition(".")[0])


def _file(one: Written) -> dict[str, Any]:
    return {"@type": "cr:FileObject", "@id": one.path, "name": one.path,
            "description": f"{one.count:,} {one.unit}", "contentUrl": one.path,
            "contentSize": f"{one.bytes} B", "encodingFormat": one.media_type,
            "sha256": one.sha256}


def _records(one: Written, found: list[Column]) -> dict[str, Any]:
    name = _name(one)
    return {"@type": "cr:RecordSet", "@id": name, "name": name,
            "description": f"The rows of {one.path}",
            "field": [{"@type": "cr:Field", "@id": f"{name}/{column.name}", "name": column.name,
                       "description": column.name.replace("_", " "),
                       "dataType": "sc:Integer" if column.whole else "sc:Text",
                       "source": {"fileObject": {"@id": one.path},
                                  "extract": {"column": column.name}}}
                      for column in found]}
