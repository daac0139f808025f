"""Identifiers in one spelling, whatever their source or a user writes."""

from __future__ import annotations

import re

# How sources and pages write the prefixes of cross-references.
SPELLINGS = {
    "orpha": "Orphanet", "ordo": "Orphanet", "orphanet": "Orphanet", "orphacode": "Orphanet",
    "omim": "OMIM", "mim": "OMIM", "omimps": "OMIMPS", "mimps": "OMIMPS",
    "mesh": "MESH", "msh": "MESH", "gard": "GARD", "umls": "UMLS", "umls_cui": "UMLS",
    "cui": "UMLS", "ncit": "NCIT", "nci": "NCIT", "doid": "DOID", "mondo": "MONDO", "hp": "HP",
    "hpo": "HP", "icd10cm": "ICD10CM", "icd10": "ICD10CM", "icd10who": "ICD10WHO",
    "icd11": "icd11.foundation", "icd11.foundation": "icd11.foundation", "efo": "EFO",
    "nord": "NORD", "nando": "NANDO", "maxo": "MAXO", "chebi": "CHEBI", "drugbank": "DRUGBANK",
    "hgnc": "HGNC", "ncbigene": "NCBIGene", "entrez": "NCBIGene", "uberon": "UBERON",
    "pmc": "PMC", "pmcid": "PMC", "pmid": "PMID", "pubmed": "PMID", "doi": "doi",
}
_WIDTHS = {"GARD": 7, "MONDO": 7, "HP": 7, "MAXO": 7, "UBERON": 7}
# Numbers that say by their form whose they are.
_BARE = (
    (re.compile(r"C\d{7}"), "UMLS"),
    (re.compile(r"DB\d{5}"), "DRUGBANK"),
    (re.compile(r"[CD]\d{6}(?:\d{3})?"), "MESH"),
    (re.compile(r"C\d{3,6}"), "NCIT"),
    (re.compile(r"PMC\d+"), "PMC"),
)
# "MIM#203450", "ORPHA: 58", "Orphanet_58", "GARD ID 123": a prefix, a sign, a number.
_WRITTEN = re.compile(r"([A-Za-z][A-Za-z0-9.]*?)(?:_?ID)?\s*[:_#\s/-]\s*#?"
                      r"(?:\1[:_])?([A-Za-z]{0,3}\d[\w.-]*)", re.IGNORECASE)
_JOINED = re.compile(r"([A-Za-z]+)(\d+)")


def canonical(curie: str) -> str:
    """A cross-reference in our spelling: known prefixes in one case, GARD numbers in seven digits.

    >>> canonical("gard:10439"), canonical("ORPHA:58"), canonical("mesh:D004194")
    ('GARD:0010439', 'Orphanet:58', 'MESH:D004194')
    """
    prefix, _, local = curie.partition(":")
    prefix = SPELLINGS.get(prefix.lower(), prefix)
    if prefix == "PMC":  # the IRI has these letters already
        local = local.removeprefix("PMC")
    return f"{prefix}:{local.zfill(_WIDTHS[prefix]) if prefix in _WIDTHS else local}"


def written(text: str) -> str:
    """The CURIE that a person means; empty where nobody could tell.

    >>> [written(text) for text in ("ORPHA 58", "C0004135", "MIM#203450", "obo/MONDO_8", "58")]
    ['Orphanet:58', 'UMLS:C0004135', 'OMIM:203450', '', '']
    """
    bare = text.strip().rstrip("/").rpartition("/")[2] if "://" in text else text.strip()
    for pattern, prefix in _BARE:
        if pattern.fullmatch(bare.upper()):
            return canonical(f"{prefix}:{bare.upper()}")
    found = _WRITTEN.fullmatch(bare) or _JOINED.fullmatch(bare)
    if found is None:
        return ""
    known = [name for name in (found[1], f"{found[1]}id") if name.lower() in SPELLINGS]
    return canonical(f"{known[0]}:{found[2]}") if known else ""
