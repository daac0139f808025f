"""One schema.org MedicalCondition a disease, for search engines and for the pages of a site."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import IO, Any

from ..facts import Fact, Facts
from ..ntriples import Shortener
from ..spilling import Groups
from .release import Release

CONTEXT = {"@vocab": "https://schema.org/"}
# kind of statement -> property of MedicalCondition and type of what it holds (schema.org 29)
_HOLDS = {
    "therapy": ("possibleTreatment", "MedicalTherapy"),
    "risk_factor": ("riskFactor", "MedicalRiskFactor"),
    "cause": ("cause", "MedicalCause"),
    "gene": ("cause", "MedicalCause"),
    "phenotype": ("signOrSymptom", "MedicalSignOrSymptom"),
    "site": ("associatedAnatomy", "AnatomicalStructure"),
}
# what schema.org would turn into its opposite: a therapy to avoid, a factor that protects
_LEFT_OUT = {("therapy", "to_avoid"), ("risk_factor", "decreases")}
_PROSE = {"survival": "expectedPrognosis", "mortality": "expectedPrognosis",
          "recurrence": "expectedPrognosis", "life_expectancy": "expectedPrognosis",
          "prevalence": "epidemiology", "incidence": "epidemiology", "case_count": "epidemiology",
          "onset_age": "epidemiology", "sex_ratio": "epidemiology"}


def write(release: Release, out: IO[bytes]) -> int:
    """Write a JSON-LD document a line, sorted by disease; returns how many."""
    count = 0
    for made in conditions(release.facts, Shortener(release.prefixes)):
        out.write(json.dumps(made, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def conditions(facts: Facts, name: Shortener) -> Iterator[dict[str, Any]]:
    """The document of every disease that a page is about."""
    said = Groups[Fact](Fact)
    for fact in facts.facts:
        if fact.asserted:
            said.add(fact.disease, fact)
    pages: dict[str, list[str]] = defaultdict(list)
    for page in facts.pages.values():
        pages[page.disease].extend([page.url] if page.url else [])
    for disease in sorted(pages):
        yield condition(disease, said.of(disease), facts, name) | _about(pages[disease])


def _about(urls: list[str]) -> dict[str, Any]:
    found = [{"@type": "MedicalWebPage", "url": url} for url in sorted(set(urls))]
    return {"subjectOf": found} if found else {}


def condition(
    disease: str, facts: Iterable[Fact], known: Facts, name: Shortener
) -> dict[str, Any]:
    """A MedicalCondition with what is asserted of it; nothing denied or doubtful goes in."""
    found: dict[str, list[Any]] = defaultdict(list)
    for fact in facts:
        for key, value in _said(fact, known):
            if value not in found[key]:
                found[key].append(value)
    prefix, _, local = name.name(disease).partition(":")
    return {"@context": CONTEXT, "@id": disease, "@type": "MedicalCondition",
            "name": known.label(disease),
            "code": {"@type": "MedicalCode", "codingSystem": prefix, "codeValue": local},
            **{key: _ordered(found[key]) for key in sorted(found)}}


def _said(fact: Fact, known: Facts) -> Iterator[tuple[str, Any]]:
    if (fact.kind, fact.value) in _LEFT_OUT:
        return
    if fact.kind == "synonym":
        yield "alternateName", fact.other
    elif fact.kind in _HOLDS and fact.other in known.classes:
        key, type_ = _HOLDS[fact.kind]
        yield key, {"@type": type_, "@id": fact.other, "name": known.label(fact.other)}
    elif fact.kind == "figure" and fact.value in _PROSE and "related" not in fact.predicate:
        yield from ((_PROSE[fact.value], quote) for quote in _quotes(fact, known))
    elif fact.kind == "prognostic_factor":
        yield from (("expectedPrognosis", quote) for quote in _quotes(fact, known))


def _quotes(fact: Fact, known: Facts) -> Iterator[str]:
    for one in fact.evidence:
        if one in known.sentences:
            yield known.quotes[known.sentences[one].quote]


def _ordered(values: list[Any]) -> list[Any]:
    """Things by name; sentences as they come from the sorted graph."""
    return sorted(values, key=lambda one: one["name"] if isinstance(one, dict) else str(one))
