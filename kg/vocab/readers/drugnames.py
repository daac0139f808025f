"""DrugBank names from the pickle of drug-named-entity-recognition, opened without any class."""

from __future__ import annotations

import bz2
import io
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import DataError
from ..term import Report, Term

_BZIP2 = b"BZh"
_DRUGBANK = re.compile(r"DB\d{5}")
_SHORTEST = 4
# A chemist's systematic name: brackets, or several digits; it never stands on a disease page.
_SYSTEMATIC = re.compile(r"[\[\](){}]|\d.*\d.*\d|^\d|,.*\d")


def usable(name: str) -> bool:
    """Whether a drug's name could stand on a page: no formula and not under four letters."""
    return len(name) >= _SHORTEST and not _SYSTEMATIC.search(name)


class _Unpickler(pickle.Unpickler):
    """Loads dicts, lists and strings; anything that needs a class is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"refused: {module}.{name}")


def accepts(name: str, start: bytes) -> bool:
    """Whether this is a bzip2 file named as the package names it."""
    return start.startswith(_BZIP2) and name.endswith(".pkl.bz2")


def version(_path: Path, _start: bytes) -> str:
    """Nothing: the file has no version of its own, the package's is used."""
    return ""


def _tables(path: Path) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    try:
        with bz2.open(path) as handle:
            data = _Unpickler(io.BytesIO(handle.read())).load()
        return data["drug_variant_to_canonical"], data["drug_canonical_to_data"]
    except (pickle.UnpicklingError, OSError, EOFError, KeyError, TypeError, ValueError,
            AttributeError, IndexError) as error:
        raise DataError(path, 0, f"not the drug dictionary: {error}") from None


def read(path: Path, _report: Report) -> Iterator[Term]:
    """Every drug with a DrugBank id; its MeSH id is left out (some are another drug's).

    Raises DataError where the file is not the package's dictionary.
    """
    variants, drugs = _tables(path)
    names: dict[str, set[str]] = {}
    for variant, canonical in variants.items():
        if usable(variant):
            for drug in canonical:
                names.setdefault(drug, set()).add(variant)
    by_id: dict[str, list[str]] = {}
    for drug, data in drugs.items():
        if _DRUGBANK.fullmatch(str(data.get("drugbank_id", ""))):
            by_id.setdefault(data["drugbank_id"], []).append(drug)
    for identifier, several in sorted(by_id.items()):
        yield _term(identifier, several, drugs, names)


def _term(identifier: str, several: list[str], drugs: dict[str, dict[str, Any]],
          names: dict[str, set[str]]) -> Term:
    """One drug; where two entries share an id the shorter name is its label."""
    labels = sorted((str(drugs[drug].get("name") or drug) for drug in several),
                    key=lambda label: (len(label), label))
    others = sorted({name for drug in several for name in names.get(drug, ())} | set(labels[1:]))
    return Term(f"DRUGBANK:{identifier}", labels[0], "drug",
                tuple((name, "exact") for name in others if name.lower() != labels[0].lower()))
