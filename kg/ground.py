"""The ground stage: names become identifiers, and claims that say the same become one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from .model import Claim, Document, Entity, Evidence, Grounding, Span, Statement
from .ontology import Kind, categories
from .text import collapse, digest, normalise
from .vocab import broader
from .vocab.casing import cased
from .vocab.index import Index
from .vocab.names import canonical
from .vocab.resolve import MAX_CANDIDATES, Answer, agrees, resolve
from .vocab.term import minted

_KEPT = 20_000  # names whose nodes a process remembers: some 10 MB


class Ungrounded(Struct, frozen=True, order=True):
    """A row of ungrounded.tsv: a name that got an identifier of our own, and why."""

    name: str
    category: str
    id: str
    candidates: tuple[str, ...]
    why: str


def disease(
    document: Document, index: Index, names: Sequence[str] = ()
) -> tuple[Entity, Grounding]:
    """The page's disease: by its own cross-references, its title, then its synonyms' votes.

    `names` are the page's synonyms; the title outranks them.
    """
    named = _by_title(document.title, index)
    answer = _by_xrefs(document, named, index) or (named if named.id else None)
    if answer is None:
        answer = _by_vote(document.title, names, named.grounding.candidates, index) or named
    elif named.id and named.id != answer.id:
        answer = Answer(answer.id, _with_candidates(answer.grounding, (named.id,)))
    return _entity(answer, document.title, "disease", index), answer.grounding


def _with_candidates(grounding: Grounding, candidates: Iterable[str]) -> Grounding:
    return Grounding(grounding.tier, grounding.score, grounding.source,
                     tuple(dict.fromkeys(candidates))[:MAX_CANDIDATES])


def _by_title(title: str, index: Index) -> Answer:
    return resolve(collapse(title), ("disease",), index)


# Concept numbers say what a text speaks of, not what it is filed under: of 258 GARD pages whose one
# CUI and title name two classes, the title was right on 232 and the CUI on 13.
CONCEPTS = frozenset({"UMLS", "MESH", "NCIT"})


def _by_xrefs(document: Document, named: Answer, index: Index) -> Answer | None:
    """The one live disease that bears a number of the page, the first number that decides.

    A concept number only decides between the classes that tie for the title, or confirms it.
    """
    fit = {named.id, *named.grounding.candidates}
    for xref in document.xrefs:
        trails = (index.trail(curie) for curie in index.xref(xref))
        found = {trail[-1] for trail in trails if trail}
        diseases = [curie for curie in found if _is_disease(index, curie)]
        concept = canonical(xref).partition(":")[0] in CONCEPTS
        if len(diseases) == 1 and (not concept or diseases[0] in fit):
            return Answer(diseases[0], Grounding("xref", 1.0, index.source_of(diseases[0])))
    return None


def _is_disease(index: Index, curie: str) -> bool:
    term = index.term(curie)
    return term is not None and term.category == "disease"


def _by_vote(title: str, names: Iterable[str], tied: Sequence[str], index: Index) -> Answer | None:
    """The class that most of the page's synonyms name, if its numbers and letters are the title's.

    Between classes that tie for the title, only those stand for election.
    """
    votes = Counter(answer.id for name in sorted(set(map(normalise, names)))
                    if (answer := resolve(name, ("disease",), index)).id
                    and answer.id.startswith("MONDO:"))
    fit = [(count, curie) for curie, count in votes.items()
           if (curie in tied if tied else agrees(index, title, curie))]
    fit.sort(key=lambda row: (-row[0], row[1]))
    if not fit or (len(fit) > 1 and fit[0][0] == fit[1][0]):
        return None
    lost = [curie for _, curie in fit[1:]] + [curie for curie in tied if curie != fit[0][1]]
    grounding = Grounding("vote", 0.8, index.source_of(fit[0][1]))
    return Answer(fit[0][1], _with_candidates(grounding, lost))


def _entity(answer: Answer, name: str, category: str, index: Index) -> Entity:
    """The class of the answer, else a node of our own, labelled by what its id is made of."""
    term = index.term(answer.id) if answer.id else None
    if term is not None:
        return term
    label = cased(normalise(name), index) or collapse(name)
    return Entity(minted(category, name), label, category)


def ground(
    document: Document, claims: Iterable[Claim], index: Index, kinds: Mapping[str, Kind]
) -> tuple[Statement, ...]:
    """What the page states, one statement for each content, in order of its first evidence.

    A name without exactly one class gets an identifier of our own (see `ungrounded`).
    """
    made = tuple(claims)
    subject, _ = disease(document, index, synonyms(made))
    return about(subject, made, index, kinds)


def synonyms(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The other names that a page gives its disease."""
    return tuple(claim.name for claim in claims if claim.kind == "synonym")


def about(
    subject: Entity, claims: Iterable[Claim], index: Index, kinds: Mapping[str, Kind]
) -> tuple[Statement, ...]:
    """What the claims state of the disease `subject`, which is grounded already."""
    merged: dict[str, list[tuple[Claim, Entity | None, Grounding | None]]] = {}
    for claim in claims:
        target, how = _object(claim, kinds[claim.kind], index)
        key = _statement_id(claim, subject, target)
        merged.setdefault(key, []).append((claim, target, how))
    found = [_statement(key, subject, rows) for key, rows in merged.items()]
    return tuple(sorted(found, key=place))


def place(statement: Statement) -> tuple[Span, Span, str]:
    """What puts a page's statements in order: where their first evidence is."""
    first = statement.evidence[0]
    return first.span, first.exact, statement.id


def _object(claim: Claim, kind: Kind, index: Index) -> tuple[Entity | None, Grounding | None]:
    """The node that a claim names, or nothing for kinds that name none."""
    return _named(claim.name, kind.category, kind.vocabularies, index) if kind.category else (
        None, None)


@lru_cache(_KEPT)
def _named(
    name: str, category: str, vocabularies: tuple[str, ...], index: Index
) -> tuple[Entity, Grounding]:
    """The node that a name stands for where the object of a kind is named: pages repeat names."""
    find = broader.place if category == "therapy" else resolve
    answer = find(name, _categories(category, vocabularies), index)
    target = _entity(answer, name, category, index)
    if not _fits(target, category, vocabularies) or _homonym(name, target, category):
        answer = Answer("", Grounding("minted", 0.0, "", (target.id,)))
        target = _entity(answer, name, category, index)
    return target, answer.grounding


def _fits(target: Entity, category: str, vocabularies: tuple[str, ...]) -> bool:
    """Whether a kind whose objects are all of one class of nodes is given one of that class.

    It is not where its class was replaced by one of another sort.
    """
    classes = {categories()[name] for name in (category, *vocabularies)}
    return len(classes) > 1 or categories().get(target.category) in classes


def _homonym(name: str, target: Entity, category: str) -> bool:
    """Whether a plain word ("sex", "rest") met a gene whose symbol is spelt so in capitals."""
    plain = not any(letter.isupper() or letter.isdigit() for letter in name[1:])
    return plain and target.category == "gene" != category


def _categories(category: str, vocabularies: tuple[str, ...]) -> tuple[str, ...]:
    """Where a kind's names are looked up: first among our own words for what has no vocabulary."""
    return vocabularies if category in vocabularies else (category, *vocabularies)


def _statement_id(claim: Claim, subject: Entity, target: Entity | None) -> str:
    """The hash of what is said, whoever says it."""
    return content_id(claim, subject, target, claim.name)


def content_id(
    said: Claim | Statement, subject: Entity, target: Entity | None, name: str
) -> str:
    """The hash of kind, ends, value and figures; `name` counts where no node is named."""
    named = target.id if target else normalise(name) or name
    quantity = said.quantity
    figures = (quantity.low, quantity.high, quantity.unit, quantity.comparator, quantity.about,
               quantity.horizon, quantity.subject) if quantity else ()
    return digest(said.kind, subject.id, named, said.value, said.negated, said.doubtful,
                  *figures)


def name_id(key: str, name: str) -> str:
    """The id of a statement whose object is a name, letter by letter: "MAS" is not "Mas"."""
    return digest(key, name)


def _statement(
    key: str, subject: Entity, rows: Sequence[tuple[Claim, Entity | None, Grounding | None]]
) -> Statement:
    """One statement of claims with one content; the best grounding of its names is kept."""
    claim, target, _ = rows[0]
    grounds = [how for _, _, how in rows if how is not None]
    best = min(grounds, key=lambda how: (-how.score, how.tier, how.source), default=None)
    names = tuple(sorted({row[0].name for row in rows}))
    if target is None and claim.quantity is None:  # the name itself is the object
        key = name_id(key, names[0])
    return Statement(
        key, claim.kind, subject, target, claim.value, claim.negated, claim.doubtful, names, best,
        tuple(_evidence(row[0] for row in rows)), claim.quantity,
    )


def _evidence(claims: Iterable[Claim]) -> Iterator[Evidence]:
    """Their evidence by place, the same sentence and mention once."""
    seen = set()
    for evidence in sorted((claim.evidence for claim in claims),
                           key=lambda e: (e.span, e.exact, e.rule)):
        if (evidence.span, evidence.exact) not in seen:
            seen.add((evidence.span, evidence.exact))
            yield evidence


def ungrounded(statements: Iterable[Statement]) -> tuple[Ungrounded, ...]:
    """The names that got an identifier of our own, sorted, each once."""
    found: set[Ungrounded] = set()
    for statement in statements:
        target, how = statement.object, statement.grounding
        if target is not None and how is not None and how.tier in {"minted", broader.TIER}:
            found.update(Ungrounded(name, target.category, target.id, how.candidates, _why(how))
                         for name in statement.names)
    return tuple(sorted(found))


def _why(how: Grounding) -> str:
    if how.broader:
        return f"a kind of {how.broader.id} ({how.broader.label})"
    if how.candidates:
        return "several classes have this name"
    return "no vocabulary has an identifier for it" if how.source else "no vocabulary has this name"
