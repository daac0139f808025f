"""Decisions applied to what a page states: confirmed, taken out, corrected or added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from ..errors import DataError, UnknownName
from ..extract.proposer import Proposal, accepted
from ..ground import content_id, name_id, place
from ..identity import identity
from ..ids import local
from ..model import Claim, Document, Entity, Evidence, Grounding, Review, Span, Statement
from ..ontology import Kind
from ..text import digest
from ..vocab.index import Index
from .decisions import Decision, parse

TIER = "curated"  # of a grounding that a person decided
RULE = "curator/"
ID = 16  # hexadecimal digits of the id of a statement


class Curation(Struct, frozen=True):
    """The decisions of one file by statement, and those that add one by page."""

    name: str = ""
    decisions: tuple[Decision, ...] = ()
    by_statement: Mapping[str, tuple[Decision, ...]] = {}
    by_page: Mapping[str, tuple[Decision, ...]] = {}

    def on(self, statement: Statement, page: str) -> Decision | None:
        """The last decision on a statement of a page: later lines overrule earlier ones."""
        return self._last(local(statement.id), page)

    def _last(self, statement: str, page: str) -> Decision | None:
        found = [one for one in self.by_statement.get(statement, ()) if one.page in {"", page}]
        return found[-1] if found else None

    def about(self, page: str, asked: bytes) -> str:
        """Tells what is decided on a page from all else; empty where nothing is (decisions/0066).

        `asked` are the ids of the statements that were put to the decisions, eight bytes each.
        The line of what is added counts: it is named where the page does not bear it out.
        """
        text = asked.hex() if self.by_statement else ""
        ids = {text[start:start + ID] for start in range(0, len(text), ID)}
        found = (self._last(one, page) for one in sorted(ids & self.by_statement.keys()))
        marks = [*((self.name, one.line, one.mark) for one in self.by_page.get(page, ())),
                 *(one.mark for one in found if one)]
        return digest(repr(marks), length=32) if marks else ""

    def wrong(self, decision: Decision, problem: str) -> DataError:
        """The error that a decision cannot be applied, with its line."""
        return DataError(self.name, decision.line, problem)


def curation(content: bytes, name: str = "curation.tsv") -> Curation:
    """The decisions of a file's bytes; raises DataError."""
    decisions = parse(content, name)
    by_statement: dict[str, tuple[Decision, ...]] = {}
    by_page: dict[str, tuple[Decision, ...]] = {}
    for one in decisions:
        table, key = (by_page, one.page) if one.decision == "add" else (by_statement, one.statement)
        table[key] = (*table.get(key, ()), one)
    return Curation(name, decisions, by_statement, by_page)


class Kit(Struct, frozen=True):
    """What decisions are applied with."""

    curation: Curation
    index: Index
    kinds: Mapping[str, Kind]


class Rejected(Struct, frozen=True):
    """A statement that a person took out of a page, and who."""

    page: str
    statement: Statement
    review: Review


class Curated(Struct, frozen=True):
    """A page's statements after the decisions; `applied` are the marks of those that were.

    `unlicensed` are the statements that a vocabulary's licence keeps back, with the reason;
    `asked` the ids of all that were put to the decisions.
    """

    statements: tuple[Statement, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    applied: tuple[str, ...] = ()
    unlicensed: tuple[tuple[Statement, str], ...] = ()
    asked: tuple[str, ...] = ()


def added(document: Document, kit: Kit) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims that people added to the page, and one line for each that it does not bear out."""
    claims: list[Claim] = []
    refused: list[str] = []
    for one in kit.curation.by_page.get(document.page, ()):
        proposal = Proposal(one.kind, one.name, one.to, one.quote)
        made = accepted(document, proposal, _rule(one), kit.kinds)
        if isinstance(made, Claim):
            claims.append(made)
        else:
            refused.append(f"{kit.curation.name}:{one.line}: {made}")
    return tuple(claims), tuple(refused)


def _rule(one: Decision) -> str:
    return RULE + digest(one.kind, one.to, one.name, one.quote, one.by, one.on, length=8)


def subject(document: Document, found: tuple[Entity, Grounding], kit: Kit) -> Curated:
    """The one statement that says which disease the page is about, as `found` or as decided.

    Raises DataError for a decision other than accept and id.
    """
    first = identity(document, *found)
    asked = (local(first.id),)
    decision = kit.curation.on(first, document.page)
    if decision is None:
        return Curated((first,), asked=asked)
    if decision.decision == "id":
        target = disease(decision, kit)
        source = kit.index.source_of(target.id)
        grounding = Grounding(TIER, 1.0, source, (found[0].id,))
        first = identity(document, target, grounding)
    elif decision.decision != "accept":
        raise kit.curation.wrong(decision, "what a page is about takes only accept and id; to "
                                           "leave a page out, do not name it to kg run")
    was = found[0].id if decision.decision == "id" else ""
    checked = structs.replace(first, review=_review(decision, was))
    return Curated((checked,), applied=(decision.mark,), asked=asked)


def disease(decision: Decision, kit: Kit) -> Entity:
    """The disease that a decision names; raises DataError where it is none that is alive."""
    return _term(decision, "disease", kit)


def curated(document: Document, statements: Iterable[Statement], kit: Kit) -> Curated:
    """The page's statements, without its first one, after every decision on them.

    Raises DataError where a decision names a class or value that does not fit.
    """
    said = tuple(statements)
    asked = tuple(local(one.id) for one in said)
    if not kit.curation.decisions:
        return Curated(said, asked=asked)
    kept: dict[str, Statement] = {}
    rejected, applied = [], set[str]()
    for found in said:
        decision = kit.curation.on(found, document.page) or _adding(document, found, kit)
        if decision is not None:
            applied.add(decision.mark)
        if decision is not None and decision.decision == "reject":
            rejected.append(Rejected(document.page, found, _review(decision)))
            continue
        one = found if decision is None else decided(found, decision, kit)
        kept[one.id] = _joined(kept[one.id], one) if one.id in kept else one
    return Curated(tuple(sorted(kept.values(), key=place)), tuple(rejected),
                   tuple(sorted(applied)), asked=asked)


def _adding(document: Document, found: Statement, kit: Kit) -> Decision | None:
    """The decision without which the rules would not have this statement."""
    rules = {evidence.rule for evidence in found.evidence}
    return next((one for one in kit.curation.by_page.get(document.page, ())
                 if rules == {_rule(one)}), None)


def decided(found: Statement, decision: Decision, kit: Kit) -> Statement:
    """The statement as a person confirmed or corrected it, with the id of what it now says.

    Raises DataError where the decision does not fit it.
    """
    if decision.decision in {"accept", "add"}:
        return structs.replace(found, review=_review(decision))
    change = _with_id if decision.decision == "id" else _with_value
    made = change(found, decision, kit)
    named = content_id(made, made.disease, made.object, made.names[0])
    if made.object is None and made.quantity is None:
        named = name_id(named, made.names[0])
    return structs.replace(made, id=named, review=_review(decision, local(found.id)))


def _review(decision: Decision, was: str = "") -> Review:
    return Review(decision.decision, decision.by, decision.on, decision.note, was)


def _with_id(found: Statement, decision: Decision, kit: Kit) -> Statement:
    if found.object is None:
        raise kit.curation.wrong(decision, f"a {found.kind} names no node: its id cannot be other")
    kind = kit.kinds[found.kind]
    target = _term(decision, " ".join((kind.category, *kind.vocabularies)), kit)
    grounding = Grounding(TIER, 1.0, kit.index.source_of(target.id), (found.object.id,))
    return structs.replace(found, object=target, grounding=grounding)


def _term(decision: Decision, categories: str, kit: Kit) -> Entity:
    """The class that a decision names, which is alive and of a category that fits."""
    trail = kit.index.trail(decision.to)
    term = kit.index.term(decision.to)
    if term is None:
        raise kit.curation.wrong(decision, f"no vocabulary has {decision.to}")
    if trail != (decision.to,):
        new = trail[-1] if trail else "nothing"
        raise kit.curation.wrong(decision, f"{decision.to} is obsolete, replaced by {new}")
    if term.category not in categories.split():
        raise kit.curation.wrong(decision, f"{decision.to} is a {term.category}, not a "
                                           f"{categories.replace(' ', ' or ')}")
    return term


def _with_value(found: Statement, decision: Decision, kit: Kit) -> Statement:
    kind = kit.kinds[found.kind]
    try:
        old, new = kind.value(found.value), kind.value(decision.to)
    except UnknownName as error:
        raise kit.curation.wrong(decision, str(error)) from None
    return structs.replace(
        found, value=decision.to,
        negated=new.negated or (found.negated and not old.negated),
        doubtful=new.doubtful or (found.doubtful and not old.doubtful))


def _joined(one: Statement, other: Statement) -> Statement:
    """Two statements that say the same after a correction, with the evidence of both."""
    evidence = sorted({*one.evidence, *other.evidence}, key=_place)
    checked = one if one.review else other
    return structs.replace(checked, names=tuple(sorted({*one.names, *other.names})),
                           evidence=tuple(evidence))


def _place(evidence: Evidence) -> tuple[Span, Span, str]:
    return evidence.span, evidence.exact, evidence.rule
