"""What a folder was made from: its pages, its vocabularies, and the rules that read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from .. import jsonl
from ..errors import SourceError
from ..model import Claim, Entity, Statement
from ..pipeline import Settings, claimed, stated, tools
from ..provenance import FILE, Vocabulary, vocabularies
from ..sources import read
from ..vocab.index import Index
from .chain import Chain, Page
from .finding import Finding, differing
from .stagefile import Line


def page_findings(chain: Chain, pages: Mapping[str, Path | bytes]) -> Iterator[Finding]:
    """Every page that is at hand: its bytes have the hash, and reading them gives the document."""
    by_sum: dict[str, str] = {}
    for name, content in pages.items():
        data = content if isinstance(content, bytes) else content.read_bytes()
        by_sum.setdefault(hashlib.sha256(data).hexdigest(), name)
    known = set()
    for page in chain.pages:
        document = page.document
        known.add(document.sha256)
        name = by_sum.get(document.sha256) or _called(document.page, pages)
        if not name:
            yield Finding("documents.jsonl", page.line.number, 0, 0, "page-hash",
                          f"{document.page} is not among the pages", document.id,
                          document.sha256)
        else:
            yield from _page(page, name, pages[name])


def _called(name: str, pages: Mapping[str, Path | bytes]) -> str:
    """The page of this name; a longer path that ends in it is as good, empty for none."""
    tail = name.partition("/")[2] or name
    return name if name in pages else next(
        (other for other in pages if other.endswith(f"/{tail}") or other == tail), "")


def _page(page: Page, name: str, content: Path | bytes) -> Iterator[Finding]:
    data = content if isinstance(content, bytes) else content.read_bytes()
    document, number = page.document, page.line.number
    found = hashlib.sha256(data).hexdigest()
    try:
        again = read(document.page, data)
    except SourceError as error:
        yield Finding(name, 0, 0, 0, "page-text", f"cannot be read: {error.reason}", document.id)
        return
    if found != document.sha256:
        yield Finding(name, *_where(document.text, again.text), "page-hash",
                      "the bytes of the page are not those that were read", document.id,
                      document.sha256, found)
        return
    wanted = jsonl.line(again).decode("utf-8", "replace").rstrip("\n")
    if wanted != page.line.text:
        yield differing("page-text", "documents.jsonl", number,
                        f"not what reading {name} gives", (page.line.text, wanted),
                        (document.id, ""))


def _where(stored: str, text: str) -> tuple[int, int, int]:
    """Line and characters of the text of a page where it is no longer what was stored."""
    pairs = zip(stored, text, strict=False)
    at = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    if at is None:
        return 0, 0, 0
    start = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - start + 1, at - start + 2


def vocabulary_findings(folder: Path, chain: Chain, index: Index) -> Iterator[Finding]:
    """Every identifier that is not ours, in the vocabularies that the folder names.

    Where another version is installed nothing can be said (see `unchecked`).
    """
    stated_in, problem = stated_vocabularies(folder)
    if problem:
        yield problem
        return
    names = {one.name for one in _same(stated_in, index)}
    whole = len(names) == len({one.name for one in stated_in})
    known: dict[str, Entity | None] = {}
    for page in chain.pages:
        for line, statement in page.statements:
            for entity in _entities(statement):
                if entity.id not in known:
                    known[entity.id] = _term(entity.id, index, names, whole=whole)
                wanted = known[entity.id]
                if wanted is not None and wanted != entity:
                    yield _other(line.number, line.text, entity, wanted, statement)
            yield from _dead(statement, line.number, index, names)


def stated_vocabularies(folder: Path) -> tuple[tuple[Vocabulary, ...], Finding | None]:
    """What vocabularies.json names; a finding where it cannot be read."""
    try:
        raw = (folder / FILE).read_bytes()
        found = msgspec.json.decode(raw, type=tuple[Vocabulary, ...])
    except (OSError, *jsonl.UNREADABLE) as error:
        return (), Finding(FILE, 0, 0, 0, "vocabulary", f"cannot be read: {error}")
    return found, None


def _same(stated_in: Iterable[Vocabulary], index: Index) -> list[Vocabulary]:
    """The vocabularies that are installed exactly as they are named."""
    installed = set(vocabularies(index))
    return [one for one in stated_in if one in installed]


def unchecked(folder: Path, index: Index) -> list[str]:
    """The vocabularies whose identifiers cannot be checked: another version is installed."""
    stated_in, _ = stated_vocabularies(folder)
    same = _same(stated_in, index)
    return [f"{one.name} {one.version}".strip() for one in stated_in if one not in same]


def _entities(statement: Statement) -> Iterator[Entity]:
    yield statement.disease
    if statement.object:
        yield statement.object
    if statement.grounding and statement.grounding.broader:
        yield statement.grounding.broader


def _term(curie: str, index: Index, names: set[str], *, whole: bool) -> Entity | None:
    """What the vocabularies say of an identifier: an empty label where the `whole` has it not.

    None where nothing can be said.
    """
    if curie.startswith("rarekg:"):
        return None
    if index.source_of(curie) in names:
        return index.term(curie)
    return None if index.term(curie) or not whole else Entity(curie, "", "")


def _other(
    number: int, text: str, entity: Entity, wanted: Entity, statement: Statement
) -> Finding:
    quote = statement.evidence[0].quote if statement.evidence else ""
    start = text.find(f'"{entity.id}"') + 1
    message = (f"{entity.id} has another label or category there" if wanted.label
               else f"no vocabulary has {entity.id}")
    return Finding("statements.jsonl", number, start, start + len(entity.id), "vocabulary",
                   message, statement.id, f"{wanted.label} ({wanted.category})",
                   f"{entity.label} ({entity.category})", quote)


def _dead(statement: Statement, number: int, index: Index, names: set[str]) -> Iterator[Finding]:
    """Identifiers that were alive once."""
    for entity in _entities(statement):
        if entity.id.startswith("rarekg:") or index.source_of(entity.id) not in names:
            continue
        trail = index.trail(entity.id)
        if trail != (entity.id,):
            yield Finding("statements.jsonl", number, 0, 0, "vocabulary",
                          f"{entity.id} is obsolete", statement.id,
                          trail[-1] if trail else "no replacement", entity.id)


def again(chain: Chain, settings: Settings) -> Iterator[Finding]:
    """The claims and statements that the installed rules and vocabularies give, line by line."""
    kit = tools(settings)
    for page in chain.pages:
        claims, _ = claimed(kit, page.document)
        found = [one for _, one in page.claims]
        yield from _lines("claims.jsonl", page, [line.text for line, _ in page.claims],
                          list(map(_text, claims)))
        if list(claims) == found:
            yield from _lines("statements.jsonl", page, [line.text for line, _ in page.statements],
                              list(map(_text, stated(kit, page.document, claims))))


def _lines(name: str, page: Page, found: list[str], wanted: list[str]) -> Iterator[Finding]:
    rows: list[tuple[Line, Claim | Statement]] = list(
        page.claims if name == "claims.jsonl" else page.statements)
    for (line, one), text, other in zip(rows, found, wanted, strict=False):
        if text != other:
            yield differing("again", name, line.number, "the rules read otherwise", (text, other),
                            (one.id, ""))
            return
    if len(found) != len(wanted):
        yield Finding(name, rows[-1][0].number if rows else 0, 0, 0, "again",
                      f"the rules read {len(wanted)} of {page.document.page}, "
                      f"{len(found)} are there", page.document.id)


def _text(value: object) -> str:
    return jsonl.line(value).decode("utf-8", "replace").rstrip("\n")
