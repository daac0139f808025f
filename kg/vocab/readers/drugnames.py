"""DrugBank names from the pickle of drug-named-entity-recognition, read as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ...errors import DataError
from .. import pickled, unpacking
from ..term import Report, Term

_DRUGBANK = re.compile(r"DB\d{5}")
_SHORTEST = 4
# A chemist's systematic name: brackets, or several digits; it never stands on a disease page.
_SYSTEMATIC = re.compile(r"[\[\](){}]|\d.*\d.*\d|^\d|,.*\d")


def usable(name: str) -> bool:
    """Whether a drug's name could stand on a page: no formula and not under four letters."""
    return len(name) >= _SHORTEST and not _SYSTEMATIC.search(name)


class _Drug(msgspec.Struct):
    name: str | None = None
    drugbank_id: str | None = None


class _Dictionary(msgspec.Struct):
    drug_variant_to_canonical: dict[str, list[str]]
    drug_canonical_to_data: dict[str, _Drug]


def accepts(name: str, start: bytes) -> bool:
    """Whether this is a bzip2 file named as the package names it."""
    return start.startswith(unpacking.BZIP2) and name.endswith(".pkl.bz2")


def version(_path: Path, _start: bytes) -> str:
    """Nothing: the file has no version of its own, the package's is used."""
    return ""


def _tables(path: Path) -> _Dictionary:
    try:
        return msgspec.convert(pickled.loads(unpacking.content(path)), _Dictionary)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise DataError(path, 0, f"not the drug dictionary: {error}") from None


def read(path: Path, _report: Report) -> Iterator[Term]:
    """Every drug with a DrugBank id; its MeSH id is left out (some are another drug's).

    Raises DataError where the file is not the package's dictionary.
    """
    found = _tables(path)
    variants, drugs = found.drug_variant_to_canonical, found.drug_canonical_to_data
    names: dict[str, set[str]] = {}
    for variant, canonical in variants.items():
        if usable(variant):
            for drug in canonical:
                names.setdefault(drug, set()).add(variant)
    by_id: dict[str, list[str]] = {}
    for drug, data in drugs.items():
        if _DRUGBANK.fullmatch(data.drugbank_id or ""):
            by_id.setdefault(data.drugbank_id or "", []).append(drug)
    for identifier, several in sorted(by_id.items()):
        yield _term(identifier, several, drugs, names)


def _term(identifier: str, several: list[str], drugs: dict[str, _Drug],
          names: dict[str, set[str]]) -> Term:
    """One drug; where two entries share an id the shorter name is its label."""
    labels = sorted((drugs[drug].name or drug for drug in several),
                    key=lambda label: (len(label), label))
    others = sorted({name for drug in several for name in names.get(drug, ())} | set(labels[1:]))
    return Term(f"DRUGBANK:{identifier}", labels[0], "drug",
                tuple((name, "exact") for name in others if name.lower() != labels[0].lower()))
