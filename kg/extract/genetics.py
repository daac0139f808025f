"""Genes that a page ties to its disease, and the modes in which it is inherited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct, structs

from ..files import shipped
from ..model import Claim, Span
from .axes import axes
from .caseless import lower
from .claims import Source, claim
from .frames import Match, fired, macros
from .page import Page
from .segment import FOCUS, Sentence

# Literals of which a sentence must hold one: a fast gate before the patterns.
_GENE_WORDS = ("gene", "mutat", "varia", "chang", "alter", "delet", "duplic", "defect", "abnormal",
               "polymorphism", "copy", "copies", "loss", "expansion", "-related", "-associated")
_MODE_WORDS = ("autosomal", "linked", "mitochondrial", "maternal", "multifactorial", "polygenic",
               "complex", "digenic", "sporadic", "inherit", "heredit", "heritab", "passed",
               "run in famil", "from the mother")
_CAPITALS = re.compile(r"\b(?:[A-Z][A-Z0-9]|C\d+orf|MT-|HLA-)")
_WITH_GENE = frozenset({"gene.gene", "gene.called", "gene.bracket", "gene.apposition"})
_PRONOUN = re.compile(r"(?:It|This|These|They)\b")
_DENIAL = "inherited!"
_TABLE = "Approximate number of patients"
MIN_BARE_SYMBOL = 3
MAX_SENTENCE = 4000  # what is longer is no sentence, and lists without end cost time
WINDOW = 300  # characters around a mention that can bear on it


class _Mention(Struct, frozen=True):
    """A symbol or a mode at `span` of its sentence, as a frame found it."""

    sentence: Sentence
    span: Span
    name: str
    rule: str


_ASIDE = re.compile(r",? (?:which|that) (?!is thought|are thought|is believed|are believed)")


@cache
def _not_genes() -> frozenset[str]:
    lines = shipped("data/not_genes.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _symbol() -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])" + macros()["SYMBOL"])


def _has(sentence: Sentence, words: tuple[str, ...]) -> bool:
    if len(sentence.text) > MAX_SENTENCE:
        return False
    return any(map(lower(sentence.text).__contains__, words))


def _before(mention: _Mention) -> str:
    start = mention.span.start
    return mention.sentence.masked[max(0, start - WINDOW):start]


def _says(axis: str, text: str) -> bool:
    return bool(axes("genetics")[axis].search(text))


def genes(page: Page) -> Iterator[Claim]:
    """A claim for each gene symbol in each sentence that ties it to the page's disease.

    Sentences that only describe a gene or its test count where no other names a gene.  That some
    people have no mutation in a gene is no denial where the page ties the gene to the disease.
    """
    mentions = [mention for sentence in page.sentences for mention in _symbols(sentence, page)]
    stated = [mention for mention in mentions if _ties(mention.sentence)]
    described = [mention for mention in mentions if FOCUS in mention.sentence.masked]
    found = [_gene(page, mention) for mention in stated or described]
    affirmed = {claim.name for claim in found if not claim.negated}
    yield from (claim for claim in found if not claim.negated or claim.name not in affirmed)


def _symbols(sentence: Sentence, page: Page) -> Iterator[_Mention]:
    """The gene symbols of the sentence, each once; none where it is about another disease."""
    if not _has(sentence, _GENE_WORDS) or not _CAPITALS.search(sentence.text):
        return
    seen: set[str] = set()
    shown = _with_symbols(sentence)
    for match in fired(shown, "genes"):
        for mention in _in_list(sentence, shown.masked, match):
            before = _before(mention)
            if mention.name not in seen and _is_gene(mention, page) and not (
                _says("elsewhere", before) or _says("alias", before)
            ):
                seen.add(mention.name)
                yield mention


def _with_symbols(sentence: Sentence) -> Sentence:
    """The sentence with those masked words shown that it calls genes ("the MEN1 gene")."""
    masked = _focus_gene().sub(lambda found: sentence.text[found.start():found.end()],
                               sentence.masked)
    return structs.replace(sentence, masked=masked)


@cache
def _focus_gene() -> re.Pattern[str]:
    symbol = macros()["SYMBOL"]
    more = rf"(?:(?:,\s(?:and\s|or\s)?|\s(?:and/or|and|or)\s)(?:{FOCUS}+|{symbol}))*"
    return re.compile(rf"{FOCUS}{{2,10}}(?={more}\sgenes?\b)")


def _in_list(sentence: Sentence, masked: str, match: Match) -> Iterator[_Mention]:
    for span in match.spans:
        shown = re.sub(r"\([^()]*\)", lambda found: " " * len(found.group()),
                       masked[span.start:span.end])
        for found in _symbol().finditer(shown):
            place = Span(span.start + found.start(), span.start + found.end())
            yield _Mention(sentence, place, found.group(), match.frame.rule)


def _is_gene(mention: _Mention, page: Page) -> bool:
    """A known symbol, or one that the page itself calls a gene, or one of a telling shape."""
    if mention.name in _not_genes():
        return False
    if mention.name in page.names and mention.rule == "gene.symbol_mutation":
        return False
    if page.lexicon.find(mention.name, "gene"):
        return len(mention.name) >= MIN_BARE_SYMBOL or mention.rule in _WITH_GENE
    after = mention.sentence.masked[mention.span.end:mention.span.end + WINDOW]
    called = mention.rule in _WITH_GENE or bool(re.match(r"[\s\w,/()-]{0,60}?\sgenes?\b", after))
    shaped = len(mention.name) > MIN_BARE_SYMBOL and any(c.isdigit() for c in mention.name)
    return called or shaped


def _ties(sentence: Sentence) -> bool:
    """Whether the sentence says more of a gene than what it is and how it is tested."""
    text = sentence.masked
    if _says("lesson", text) and not (FOCUS in text and _says("causal", text)):
        return False
    return any(_says(axis, text) for axis in ("causal", "associated", "changed"))


def _gene(page: Page, mention: _Mention) -> Claim:
    text = mention.sentence.masked
    relation = "causal" if _says("causal", text) else "associated"
    return _claim(page, mention, "gene", relation)


def _claim(page: Page, mention: _Mention, kind: str, value: str) -> Claim:
    text, end = mention.sentence.masked, mention.span.end
    source = Source(page.document, mention.sentence)
    evidence = source.evidence(source.page_span(mention.span), mention.rule)
    denied = "denied" if kind == "gene" else "denied_mode"
    negated = _says(denied, _before(mention)) or _says(
        "denied_after", text[end:end + WINDOW])
    return claim(kind, mention.name.removesuffix("!"), value, evidence,
                 negated=negated or mention.name.endswith("!"),
                 doubtful=_says("doubt", _without_asides(text, end)))


def _without_asides(text: str, end: int) -> str:
    """The sentence up to a clause that says more of the gene, as in "…, which appears to …"."""
    aside = _ASIDE.search(text, end)
    return text[:aside.start()] if aside else text


def inheritance(page: Page) -> Iterator[Claim]:
    """A claim for each mode of inheritance in each sentence that states it of the page's disease.

    A general mode ("X-linked") is left out where the page states a special one, and so is "not
    inherited" of some cases where it states any.
    """
    mentions = [mention for sentence in page.sentences for mention in _modes(sentence)]
    names = {mention.name for mention in mentions}
    for mention in mentions:
        if mention.name == _DENIAL and any(map(_is_mendelian, names)) and _partly(mention):
            continue
        if not any(name.startswith(mention.name + " ") for name in names):
            yield _claim(page, mention, "inheritance", "")


def _is_mendelian(name: str) -> bool:
    return name.startswith(("autosomal", "X-linked", "Y-linked", "mitochondrial"))


def _partly(mention: _Mention) -> bool:
    return _says("partly", _before(mention))


def _modes(sentence: Sentence) -> Iterator[_Mention]:
    text = sentence.masked
    if not _has(sentence, _MODE_WORDS) or sentence.form == "row" or _TABLE in text:
        return
    found = tuple(fired(sentence, "inheritance"))
    if not found or _says("lesson", text):
        return
    taken: list[Span] = []
    names: set[str] = set()
    for match in found:
        if any(match.whole.start < span.end and span.start < match.whole.end for span in taken):
            continue
        taken.append(match.whole)
        for name in match.frame.value.split("|"):
            if name not in names and _states(sentence, match.whole, name):
                names.add(name)
                yield _Mention(sentence, match.whole, name, match.frame.rule)


def _states(sentence: Sentence, span: Span, name: str) -> bool:
    """Whether the mode is said of the page's disease here."""
    before = sentence.masked[max(0, span.start - WINDOW):span.start]
    after = sentence.masked[span.end:span.end + WINDOW]
    if _says("elsewhere", before):
        return False
    masked = sentence.masked
    if FOCUS not in masked and not _PRONOUN.match(masked) and _says("another", after):
        return False
    if name == "sporadic":
        return _says("sporadic", sentence.masked)
    return name != _DENIAL or _says("heritable", before)
