"""What pages assert both ways: found over all statements, listed, and no longer asserted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from . import jsonl
from .files import replacing, write_tsv
from .ids import statement_id
from .model import Document, Statement
from .ontology import Kind
from .prefixes import Prefixes
from .rdf import QUOTE, Triple, plain, triple
from .summary import IDENTITY
from .terms import Names

FILE = "contradictions.tsv"
HEADER = ("sort", "kind", "disease_id", "disease", "name", "id", "value", "page", "quote",
          "statement", "other_value", "other_page", "other_quote", "other_statement")
Kinds = Mapping[str, Kind]


class Contradiction(Struct, frozen=True):
    """Two statements that cannot both hold.

    `sort` is "denied" (`other` denies what `one` says) or "opposed" (the values are opposites).
    """

    sort: str
    one: Statement
    other: Statement

    def row(self, pages: Mapping[str, str]) -> tuple[str, ...]:
        """Its cells in the order of HEADER; `pages` are paths by document id."""
        one, target = self.one, self.one.object
        return (self.sort, one.kind, one.disease.id, one.disease.label,
                target.label if target else one.names[0], target.id if target else "",
                *_said(one, pages), *_said(self.other, pages))


def _said(statement: Statement, pages: Mapping[str, str]) -> tuple[str, str, str, str]:
    first = statement.evidence[0]
    value = f"not {statement.value}".strip() if statement.negated else statement.value
    return value, pages.get(first.document, ""), first.quote, statement_id(statement.id)


def publish(folder: Path, target: Path, kinds: Kinds, prefixes: Prefixes) -> int:
    """contradictions.tsv is in `target` and its graph.nq is settled; returns the rows.

    Statements and pages are read from `folder`.
    """
    found = contradictions(folder, kinds)
    documents = {one.evidence[0].document for pair in found for one in (pair.one, pair.other)}
    pages = {page.id: page.page for page in jsonl.read(folder / "documents.jsonl", Document)
             if page.id in documents} if found else {}
    number = tabulate(target, found, pages)
    settle(target / "graph.nq", found, kinds, prefixes)
    return number


def tabulate(target: Path, found: Sequence[Contradiction], pages: Mapping[str, str]) -> int:
    """contradictions.tsv is in `target`; returns its rows.  `pages` are paths by document id."""
    rows = list({(pair.one.id, pair.other.id): pair.row(pages)
                 for pair in reversed(found)}.values())
    write_tsv(target / FILE, HEADER, reversed(rows))
    return len(rows)


def contradictions(folder: Path, kinds: Kinds) -> tuple[Contradiction, ...]:
    """Every pair of statements of a folder's statements.jsonl that is asserted both ways.

    Only what no page hedges counts.  Read twice, so that memory holds no more than the pairs.
    """
    path = folder / "statements.jsonl"
    wanted = _both_ways(_sure(jsonl.read(path, Statement), kinds), kinds)
    return _joined(_sure(jsonl.read(path, Statement), kinds), wanted, kinds)


def among(statements: Sequence[Statement], kinds: Kinds) -> tuple[Contradiction, ...]:
    """The same pairs, of statements in the order of their pages.

    Those whose triple and opposite are said once only may be left out beforehand (see `sides`).
    """
    return _joined(_sure(statements, kinds), _both_ways(_sure(statements, kinds), kinds), kinds)


def sides(
    statements: Iterable[Statement], kinds: Kinds
) -> Iterator[tuple[Triple, Triple | None, bool]]:
    """Of each undoubted statement its triple, the triple that says the opposite, and whether it
    denies its triple: a triple that is asserted and denied, or asserted as its opposite is, has
    contradictions."""
    for key, statement in _sure(statements, kinds):
        yield key, _opposite(statement, key, kinds), _denies(statement, kinds)


def _joined(
    found: Iterable[tuple[Triple, Statement]], wanted: set[int], kinds: Kinds
) -> tuple[Contradiction, ...]:
    said: dict[Triple, list[Statement]] = defaultdict(list)
    for key, statement in found if wanted else ():
        if hash(key) in wanted:
            said[key].append(statement)
    return tuple(_pairs(said, kinds))


def _sure(statements: Iterable[Statement], kinds: Kinds) -> Iterator[tuple[Triple, Statement]]:
    """Each undoubted statement between two ends, with its triple."""
    for statement in statements:
        if statement.kind == IDENTITY or (statement.quantity and not statement.object):
            continue
        kind = kinds[statement.kind]
        value = kind.value(statement.value)
        if not statement.doubtful and not value.doubtful:
            yield triple(statement, kind, value), statement


def _denies(statement: Statement, kinds: Kinds) -> bool:
    return statement.negated or kinds[statement.kind].value(statement.value).negated


def _opposite(statement: Statement, key: Triple, kinds: Kinds) -> Triple | None:
    """The triple that says the opposite of an asserted statement, where its value has one."""
    kind = kinds[statement.kind]
    name = kind.value(statement.value).opposite
    if not name or _denies(statement, kinds):
        return None
    return key[0], kind.value(name).predicate, key[2]


def _both_ways(found: Iterable[tuple[Triple, Statement]], kinds: Kinds) -> set[int]:
    """The hashes of the triples that are denied as well, or whose opposite is asserted as well."""
    stated: dict[int, int] = {}
    denied: set[int] = set()
    for key, statement in found:
        if _denies(statement, kinds):
            denied.add(hash(key))
        else:
            stated[hash(key)] = hash(_opposite(statement, key, kinds))
    return {key for key, opposite in stated.items() if key in denied or opposite in stated}


def _pairs(sides: Mapping[Triple, list[Statement]], kinds: Kinds) -> Iterator[Contradiction]:
    """Every two statements that contradict each other, and every page that has one of them.

    Of what hundreds of pages state and hundreds deny not each page is paired with each.
    """
    stated = {key: [one for one in some if not _denies(one, kinds)]
              for key, some in sides.items()}
    for key in sorted(sides, key=str):
        denied = [one for one in sides[key] if _denies(one, kinds)]
        yield from (Contradiction("denied", *pair) for pair in _met(stated[key], denied))
        for opposite, some in groupby(
                stated[key], partial(_opposite, key=key, kinds=kinds)):
            if opposite and str(key) < str(opposite):  # each pair once
                yield from (Contradiction("opposed", *pair)
                            for pair in _met([*some], stated.get(opposite, [])))


def _met(
    ones: Sequence[Statement], others: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Of each two ids the first and the last pair that has them, and of each statement one pair
    at least with every id on the other side: in the order of all pairs."""
    ends, other_ends = _ends(ones), _ends(others)
    for place, one in enumerate(ones):
        for other in range(len(others)) if place in ends else sorted(other_ends):
            yield one, others[other]


def _ends(some: Sequence[Statement]) -> set[int]:
    """Where each id comes first and last."""
    places = [one.id for one in some]
    last = {name: place for place, name in enumerate(places)}
    first = {name: place for place, name in reversed([*enumerate(places)])}
    return {*first.values(), *last.values()}


def settle(
    graph: Path, found: Iterable[Contradiction], kinds: Kinds, prefixes: Prefixes
) -> None:
    """The N-Quads file asserts no side of `found` any more; rkg:contradicts joins the statements.

    Pages keep their places and each page's lines stay sorted; without contradictions the file is
    not touched.
    """
    edits = changes(found, kinds, Names(prefixes))
    if not edits:
        return
    with graph.open("rb") as lines, replacing(graph) as out:
        for name, part in groupby(lines, _graph_name):
            page = list(part)
            out.writelines(settled(page, edits[name]) if name in edits else page)


def settled(lines: Iterable[bytes], edit: tuple[set[bytes], set[bytes]]) -> list[bytes]:
    """The sorted lines of a page's graph after its entry of `changes`."""
    gone, added = edit
    return sorted(set(lines) - gone | added)


def _graph_name(line: bytes) -> bytes:
    return line[line.rfind(b" <") + 1:-3]


def changes(
    found: Iterable[Contradiction], kinds: Kinds, names: Names
) -> dict[bytes, tuple[set[bytes], set[bytes]]]:
    """By graph: the lines to take out and those to put in."""
    edits: dict[bytes, tuple[set[bytes], set[bytes]]] = defaultdict(lambda: (set(), set()))
    for pair in found:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            for document in {evidence.document for evidence in one.evidence}:
                graph = names.node(f"rarekg:graph/{document}")
                gone, added = edits[str(graph).encode()]
                added |= _lines([(statement_id(one.id), "rkg:contradicts",
                                  statement_id(other.id))], graph, names)
                kind = kinds[one.kind]
                gone |= _lines(plain(triple(one, kind, kind.value(one.value))), graph, names)
    return dict(edits)


def _lines(rows: Iterable[Triple], graph: NamedNode, names: Names) -> set[bytes]:
    def term(value: str | Literal) -> str:
        plain = str(value)
        done = isinstance(value, Literal) or plain[0] == QUOTE
        return plain if done else str(names.node(plain))

    return {f"{term(subject)} {term(predicate)} {term(value)} {graph} .\n".encode()
            for subject, predicate, value in rows}
