"""The page as one plain JSON object, for people who do not use RDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from msgspec import Struct

from .frequency import band
from .model import Document, Entity, Evidence, Quantity, Reference, Statement
from .publications import identifier
from .text import collapse, normalise
from .wordings import same

# Field and attribute of each kind, as in ontology/kinds.ttl (a test compares them).
FIELDS = {
    "synonym": ("synonyms", "scope"),
    "risk_factor": ("risk_factors", "effect"),
    "cause": ("causes", "certainty"),
    "therapy": ("therapies", "status"),
    "prognostic_factor": ("prognostic_factors", "direction"),
    "figure": ("figures", "kind"),
    "gene": ("genes", "relation"),
    "inheritance": ("inheritance", ""),
    "phenotype": ("phenotypes", "presence"),
    "site": ("sites", ""),
}
# The sections in which a page speaks of a kind on purpose; elsewhere it is an aside.
SECTIONS = {
    "synonym": frozenset({"names"}),
    "risk_factor": frozenset({"risk", "cause"}),
    "cause": frozenset({"cause"}),
    "therapy": frozenset({"treatment"}),
    "prognostic_factor": frozenset({"prognosis"}),
    "figure": frozenset({"statistics", "prognosis"}),
    "gene": frozenset({"cause", "inheritance"}),
    "inheritance": frozenset({"inheritance"}),
    "phenotype": frozenset({"symptoms"}),
    "site": frozenset({"summary"}),
}
LISTED = "inheritance_listed"
MINTED = "rarekg:"


class _Said(Struct, frozen=True):
    """One statement with one of its pieces of evidence."""

    statement: Statement
    evidence: Evidence


def record(
    document: Document, disease: Entity, statements: Iterable[Statement]
) -> dict[str, object]:
    """The page's facts, each thing once in a kind, in the order of the sentences that say them."""
    stated = tuple(statements)
    found: dict[str, object] = {
        "page": document.page,
        "disease": {"name": document.title, "id": _public(disease.id)},
    }
    for kind, (field, attribute) in FIELDS.items():
        found[field] = list(_items(document, kind, attribute, stated))
    found[LISTED] = list(_items(document, "inheritance", "", stated, listed=True))
    found["unknown"] = _topics(stated)
    found["publications"] = [_publication(reference) for reference in document.references]
    return found


def _items(
    document: Document, kind: str, attribute: str, statements: Iterable[Statement], *,
    listed: bool = False,
) -> Iterator[dict[str, object]]:
    """What the page states of a kind; with `listed`, the modes that only a table's row names."""
    said = [_Said(statement, evidence) for statement in statements
            if statement.kind == kind and _counts(statement) for evidence in statement.evidence]
    said.sort(key=lambda one: (_thing(one.statement), _directness(one)))
    groups = [list(group) for _, group in groupby(said, key=lambda one: _thing(one.statement))]
    groups = _joined(document, groups) if kind == "therapy" else groups
    for group in sorted(groups, key=lambda group: _place(group[0])):
        if all(map(_is_listed_mode, group)) != listed:
            continue
        item = _item(document, group[0], attribute)
        also = _other_values(group) if attribute else []
        yield item | {"also": also} if also else item


def _is_listed_mode(said: _Said) -> bool:
    """Whether a row of a table of signs, and no sentence, names the mode of inheritance."""
    return said.statement.kind == "inheritance" and said.evidence.rule.startswith("hpo_table")


def _joined(document: Document, groups: list[list[_Said]]) -> list[list[_Said]]:
    """Therapies that differ only in wording as one: "oral prednisone" and "prednisone"."""
    joined: list[list[_Said]] = []
    for group in sorted(groups, key=lambda group: _place(group[0])):
        name = _name(document, group[0])
        first = next((one for one in joined if same(_name(document, one[0]), name)), None)
        if first is None:
            joined.append(group)
        else:
            first[:] = sorted([*first, *group], key=_directness)
    return joined


def _counts(statement: Statement) -> bool:
    """A gene that is denied is no gene of the disease; a denial in doubt is no mode of it."""
    if statement.kind == "gene":
        return not statement.negated
    return not (statement.kind == "inheritance" and statement.negated and statement.doubtful)


def _thing(statement: Statement) -> tuple[str, ...]:
    """Equal for statements of one kind that are about the same thing."""
    quantity = statement.quantity
    if quantity and not statement.object:
        return (statement.value, str(quantity.low), str(quantity.high), quantity.unit,
                quantity.horizon)
    name = statement.object.id if statement.object else normalise(statement.names[0])
    return (name, str(statement.negated)) if statement.kind == "inheritance" else (name,)


def _directness(said: _Said) -> tuple[object, ...]:
    """Smaller for the evidence that states a thing more directly.

    A section that is about the kind comes first, then what is stated over what is in doubt, then
    what a frame found over a mention in passing, then a value carried by a word of its own over
    the usual value; then the earlier.
    """
    evidence = said.evidence
    return (
        evidence.section not in SECTIONS[said.statement.kind],
        said.statement.doubtful,
        evidence.rule.startswith(("mention", "title")) or _is_listed_mode(said),
        not (":" in evidence.rule or "+" in evidence.rule),
        *_place(said),
    )


def _place(said: _Said) -> tuple[object, ...]:
    evidence = said.evidence
    return evidence.exact.start, evidence.exact.end, evidence.rule, said.statement.id


def _other_values(group: list[_Said]) -> list[str]:
    """The values besides the chosen one, in the page's order."""
    values = dict.fromkeys(said.statement.value for said in sorted(group, key=_place))
    return [value for value in values if value != group[0].statement.value]


def _item(document: Document, said: _Said, attribute: str) -> dict[str, object]:
    statement, evidence = said.statement, said.evidence
    item: dict[str, object] = (
        {"kind": statement.value, **_figure(statement.quantity)}
        if statement.quantity and not statement.object else
        {"name": _name(document, said), "id": _public(statement.object.id)
         if statement.object else None}
    )
    if statement.object and statement.quantity:
        item["frequency"] = _frequency(statement.quantity)
    if statement.grounding and statement.grounding.broader:
        item["broader"] = statement.grounding.broader.id
    if attribute:
        item[attribute] = statement.value
    return item | {"quote": evidence.quote, "section": evidence.section,
                   "cites": list(evidence.cites)}


def _name(document: Document, said: _Said) -> str:
    """The page's words: the shortest of the statement's names that stands in the mention."""
    statement, evidence = said.statement, said.evidence
    mention = collapse(document.text[evidence.exact.start:evidence.exact.end])
    if statement.kind == "synonym":
        return mention if evidence.section == "names" else statement.names[0]
    words = normalise(mention)
    within = [name for name in statement.names if normalise(name) in words]
    name = min(within or statement.names, key=lambda name: (len(name), name))
    return f"not {name}" if statement.kind == "inheritance" and statement.negated else name


def _public(curie: str) -> str | None:
    """The identifier where it is not one that we minted."""
    return None if curie.startswith(MINTED) else curie


def _figure(quantity: Quantity) -> dict[str, object]:
    found: dict[str, object] = {
        "low": _number(quantity.low), "high": _number(quantity.high), "unit": quantity.unit,
        "comparator": quantity.comparator, "about": quantity.about, "horizon": quantity.horizon,
    }
    return found | {"subject": quantity.subject} if quantity.subject else found


def _frequency(quantity: Quantity) -> dict[str, object]:
    """HPO's band, the share in per cent, and the page's own words for it."""
    found = band(quantity)
    return {"id": found.id if found else None, "low": _number(quantity.low),
            "high": _number(quantity.high), "words": quantity.about}


def _number(number: Decimal | None) -> int | float | None:
    """A plain JSON number: 30 and not 30.0."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _topics(statements: Iterable[Statement]) -> list[str]:
    """What the page says is not known, in its order."""
    said = sorted((statement for statement in statements if statement.kind == "unknown"),
                  key=lambda statement: (statement.evidence[0].exact, statement.value))
    return list(dict.fromkeys(statement.value for statement in said))


def _publication(reference: Reference) -> dict[str, object]:
    return {
        "number": reference.number, "title": reference.title, "year": reference.year,
        "pmid": reference.pmid, "pmcid": reference.pmcid, "doi": reference.doi,
        "url": reference.url, "kind": reference.kind, "id": _public(identifier(reference)),
    }
