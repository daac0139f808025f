"""What the page's disease is called: the names that stand for it, and the claims that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import structs

from ..files import rows, shipped
from ..model import Claim, Document, Evidence, Span
from ..text import collapse, normalise
from .abbreviations import abbreviations
from .aliases import Alias, abbreviated, aliases, framed, key
from .axes import axes
from .caseless import Caseless, lower
from .claims import Source, claim
from .frames import caseless_row, expanded, macros
from .gates import Gated, gates
from .name_entries import entries, scope_of
from .page import Page
from .requisites import requisites
from .segment import SILENT_KINDS, segment

_HEADS = frozenset({"syndrome", "disease", "disorder"})
_TITLE_BRACKET = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")
_OPENED = re.compile(r"^(.*\S) \(([^()]+)\) (\w+)$")
_APOSTROPHE = re.compile(r"['’]")
_POSSESSIVE = re.compile(r"['’]s?\b|['’](?!\w)")
_PRONOUNCED = re.compile(r"\((?=[^()]*[a-z]+-[^()]*[A-Z]{2}|[^()]*[A-Z]{2,}-[a-z])")
_PAIR = re.compile(r"^([\w'’-]+(?: [\w'’-]+)?) and ([\w'’-]+(?: [\w'’-]+)?) (\w+)$")
# "Vellen insufficiency and Corran's disease (including brent)" has two diseases for its title.
_ADDED = re.compile(r"\s*\((?:including|also|formerly|see)\b[^()]*\)\s*$", re.IGNORECASE)
_DISEASE = re.compile(
    r"(?:[A-Z][\w'’-]+ )*(?:Disease|Disorder|Syndrome|Deficiency|Insufficiency|Failure|Cancer"
    r"|Neoplasm|Tumou?r|[A-Z]\w+(?:oma|itis|osis|emia|pathy|plasia|trophy|ism|iasis))s?")
_DEFINITION = re.compile(
    r"(?:The )?([^,;:().]{3,80}?)(?: \([^()]*\))? (?:is|are|refers to) (?:an?|one of|the) ")
# "Childhood X", "X in Adults" and "What I need to know about X" are pages on X.
_ABOUT = re.compile(
    r"^(?:what i need to know about |causes of |(?=.* in (?:adults|children|men|women)$)"
    r"|(?=childhood |adult |pediatric |(?!.*:\s*information).*: ))"
    r"(?:(?:childhood|adult|pediatric) (?=\w{5}))?([^:]+?)"
    r"(?: in (?:adults|children|infants|men|women|newborns|the elderly))?(?:: .*)?$",
    re.IGNORECASE)
_PLURAL_HEAD = re.compile(r"\w{3}(?<![suix])s$")
# Words that give no letter to the initials of a name.
_SMALL = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "or", "the", "to", "with"))
_USED = 3  # times that undefined initials have to stand on the page
_DOUBLED = re.compile(r"^(.*(?:syndrome|disease|disorder)) (?:syndrome|disease|disorder)$",
                      re.IGNORECASE)


def disease_names(document: Document) -> tuple[str, ...]:
    """The names besides the title that stand for the disease on this page, longest first.

    From the title itself ("X (Y)"), the page's list of names, the abbreviations it defines and
    the other names its prose gives.  Names too general to stand for one disease are left out.
    """
    known = [*_title_names(document.title),
             *(name for _, name, scope in _listed(document) if scope != "narrow")]
    known.extend(_defined(document, (document.title, *known)))
    known.extend(_initials(document))
    known.extend(_called(document, tuple(known)))
    known.extend(_opened(document.text, (document.title, *known)))
    return tuple(sorted({name for name in known if _specific(name, document.title)},
                        key=lambda name: (-len(name), name)))


def synonyms(page: Page) -> Iterator[Claim]:
    """The disease's other names: from the page's list of names, then from its prose.

    A name is spelt as where the page has it first, and is never the title itself.
    """
    spelt: dict[str, str] = {key(page.document.title): ""}
    for span, name, scope in _listed(page.document):
        if spelt.setdefault(key(name), name) == name:
            yield claim("synonym", name, scope, _listed_evidence(page.document, span))
    prose = aliases(page.sentences, _same_breadth(page))
    for alias in (*_defining(page), *prose, *_interposed(page)):
        if written := spelt.setdefault(key(alias.name), alias.name):
            source = Source(page.document, alias.sentence)
            evidence = source.evidence(source.page_span(alias.span), alias.rule)
            yield claim("synonym", written, alias.scope, evidence)


def _specific(name: str, title: str) -> bool:
    words = normalise(name)
    return len(words) > 1 and name != title and not axes("synonyms")["generic"].match(words)


def _same_breadth(page: Page) -> tuple[str, ...]:
    """The names that do not merely add words to the title or leave some out.

    "Familial headache" is broader than "Familial headache type 2": what abbreviates the one does
    not abbreviate the other.
    """
    title = set(key(page.document.title).split()) - _HEADS
    return (page.document.title, *(
        name for name in page.names
        if not (words := set(key(name).split()) - _HEADS) < title and not title < words
    ))


def _title_names(title: str) -> Iterator[str]:
    """Other forms of the title.

    "X (XY)" is X and XY where XY abbreviates X, "X (XY) palsy" the X palsy and the XY palsy; "X's
    disease" is the Xs disease and the X disease; "X Disease and Y Syndrome" is either; "X syndrome
    disorder" is the X syndrome; "A and B palsies" are the A palsy and the B palsy.
    """
    if "'" in title or "’" in title:
        yield from (_APOSTROPHE.sub("", title), _POSSESSIVE.sub("", title))
    if opened := _OPENED.match(title):
        yield from (f"{name} {opened.group(3)}" for name in opened.group(1, 2))
    elif found := _TITLE_BRACKET.match(title):
        if next(abbreviations(title), None):
            yield from found.groups()
    elif doubled := _DOUBLED.match(title):
        yield doubled.group(1)
    elif pair := _PAIR.match(title):
        head = re.sub(r"ies$", "y", pair.group(3))
        head = head if head.endswith(("is", "us", "ss")) else head.removesuffix("s")
        yield from (f"{pair.group(1)} {head}", f"{pair.group(2)} {head}")
    yield from _both(title)
    about = _ABOUT.match(title)
    if about:
        yield about.group(1)
    for name in (title, *(about.groups() if about else ())):
        if _PLURAL_HEAD.search(name) and " and " not in name:
            yield re.sub("ie$", "y", name[:-1])


def _both(title: str) -> Iterator[str]:
    """The two diseases of a title that names two, and a title without what it only includes."""
    bare = _ADDED.sub("", title)
    if bare != title:
        yield bare
    first, joint, second = bare.partition(" and ")
    parts = (first, second.partition(" of ")[0])
    if joint and all(map(_DISEASE.fullmatch, parts)):
        for name in (first, second):
            yield from {name, _APOSTROPHE.sub("", name), _POSSESSIVE.sub("", name)}


def _listed(document: Document) -> Iterator[tuple[Span, str, str]]:
    """Place, name and scope of the entries of the page's list of names, each once, in order."""
    seen = {key(document.title)}
    for block in document.blocks:
        if block.kind != "names" or block.form == "heading":
            continue
        text = document.text[block.span.start:block.span.end]
        for span, name, scope in entries(text):
            if name and key(name) not in seen:
                seen.add(key(name))
                yield Span(block.span.start + span.start, block.span.start + span.end), name, scope


def _listed_evidence(document: Document, span: Span) -> Evidence:
    return Evidence(document.id, span, document.text[span.start:span.end], span, "names", (),
                    "synonym.listed")


def _defined(document: Document, names: tuple[str, ...]) -> Iterator[str]:
    """The abbreviations that the page defines for one of the names."""
    keys = frozenset(key(name) for name in names)
    for block in document.blocks:
        if block.kind not in SILENT_KINDS:
            text = document.text[block.span.start:block.span.end]
            yield from (text[span.start:span.end] for span in abbreviated(text, keys))


def _initials(document: Document) -> Iterator[str]:
    """The initials of the title's name, of three words or more, that the page uses undefined.

    They have to stand there three times at least, and no bracket may give them another meaning.
    """
    about = _ABOUT.match(document.title)
    initials = _initials_of(about.group(1) if about else document.title)
    if initials and document.text.count(initials) >= _USED:
        taken = (document.text[one.short.start:one.short.end]
                 for one in abbreviations(document.text))
        alone = len(re.findall(rf"\b{initials}s?\b", document.text)) >= _USED
        yield from (initials,) if alone and initials not in taken else ()


def _initials_of(name: str) -> str:
    """The capital initials of a name's words but the small ones; "" for fewer than three.

    >>> _initials_of("Slow Palsy of the Hand")
    'SPH'
    """
    words = [word for word in name.split() if word.lower() not in _SMALL]
    plain = len(words) > 2 and all(map(str.isalpha, words))
    return "".join(word[0].upper() for word in words) if plain else ""


def _called(document: Document, names: tuple[str, ...]) -> Iterator[str]:
    """The names that the prose gives; only blocks with a cue are cut into sentences for it."""
    cued = tuple(block for block in document.blocks if block.kind not in SILENT_KINDS
                 and _is_cued(document.text, block.span))
    for sentence in segment(structs.replace(document, blocks=cued), names) if cued else ():
        yield from (alias.name for alias in framed(sentence))


def _is_cued(text: str, block: Span) -> bool:
    """Whether a block may give names: it has a cue, looked for where the cue's words stand."""
    low = lower(text)[block.start:block.end]
    return any(cue.search(text, block.start, block.end) for cue in _cues().open(low))


@cache
def _cues() -> Gated[Caseless]:
    """The cues of data/synonyms.tsv, each behind the gates of the words that it needs."""
    path = shipped("data/synonyms.tsv")
    found = [(line, cells["pattern"]) for line, cells in rows(path) if cells["axis"] == "cue"]
    return Gated((gates(requisites(pattern, macros(), expanded(pattern, path, line))),
                  caseless_row(pattern, path, line)) for line, pattern in found)


def _opened(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """The names as they stand with a bracket before their last word ("Mercer (slow) palsy")."""
    low = text.lower()
    for words in (re.split(r"[\s-]+", name) for name in names if " " in name):
        if f") {words[-1].lower()}" in low:
            first = r"[\s-]+".join(map(re.escape, words[:-1]))
            pattern = rf"\b{first}\s\([^(),;]{{2,40}}\)\s{re.escape(words[-1])}"
            yield from map(collapse, re.findall(pattern, text, re.IGNORECASE))


def _defining(page: Page) -> Iterator[Alias]:
    """The subject of the definition with which the prose begins, where it is the disease.

    That is where it is one of the page's names, or has an identifier of the title's.
    """
    first = page.sentences[0] if page.sentences else None
    found = _DEFINITION.match(first.text) if first else None
    if first and found and _is_disease(found.group(1), page):
        yield Alias(first, Span(*found.span(1)), scope_of(found.group(1)), "synonym.defined")


def _is_disease(name: str, page: Page) -> bool:
    if key(name) in {key(known) for known in _same_breadth(page)}:
        return True
    same = set(page.lexicon.find(page.document.title, "disease"))
    return not same.isdisjoint(page.lexicon.find(name, "disease"))


def _interposed(page: Page) -> Iterator[Alias]:
    """"Mercer (slow) palsy": "slow palsy"."""
    opened: Iterable[str] = [name for name in page.names if ") " in name and "(" in name]
    for sentence in page.sentences if opened else ():
        for name in opened:
            at = sentence.text.find(name)
            if at >= 0 and not _PRONOUNCED.search(name):
                span = Span(at + name.index("(") + 1, at + len(name))
                yield Alias(sentence, span, "exact", "synonym.interposed")
