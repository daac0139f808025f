"""The last step of every reader: blocks and references become a Document, or a reason why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ..errors import SourceError
from ..model import Block, Document, Reference, Span
from ..text import normalise
from .sections import FACTUAL, votes

_GARD_URL = re.compile(r"rarediseases\.info\.nih\.gov/(?:gard|diseases)/(\d{1,7})\b", re.IGNORECASE)
_GARD_TEXT = re.compile(r"\bGARD(?: Disease)?(?: ID(?: number)?| number)?\s*[:#]\s*(\d{1,7})\b")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_WORDS = re.compile(r"[\w(][\w .,;:()+-]{1,120}")  # "CC BY 4.0", "All rights reserved."
_ANAPHOR = re.compile(
    r"\b(?:this|the|these|affected) (?:\w+ )?(?:condition|disease|disorder|syndrome|illness|tumou?r"
    r"|cancer|people|individuals|infants|children|patients)s?\b", re.IGNORECASE)
_NOT_PROSE = frozenset({"references", "resources", "question"})
_FEW_VOTES = 3
_SHORT_WORD = 5
_WORDS_OF_A_NAME = 8


class Declared(Struct, frozen=True):
    """What a page says of itself: its address, its licence, its identifiers."""

    url: str = ""
    license: str = ""
    xrefs: tuple[str, ...] = ()


def gard_id(text: str) -> tuple[str, ...]:
    """The GARD identifiers that a page's address or text names, with seven digits."""
    numbers = [*_GARD_URL.findall(text), *_GARD_TEXT.findall(text)]
    return tuple(dict.fromkeys(f"GARD:{int(number):07d}" for number in numbers))


def declared_in(text: str) -> Declared:
    """What a plain text names in words ("GARD ID: 6603"); a link is no identifier."""
    return Declared(xrefs=tuple(
        dict.fromkeys(f"GARD:{int(number):07d}" for number in _GARD_TEXT.findall(text))))


def declaration(url: str, license_: str, text: str) -> Declared:
    """A page's stated address where it is one, its licence, and its GARD identifier.

    The licence is a web address or a few words ("CC-BY-4.0"); what is neither is left out.
    """
    url, license_ = url.strip(), " ".join(license_.split())
    url = url if _WEB.fullmatch(url) else ""
    license_ = license_ if _WEB.fullmatch(license_) or _WORDS.fullmatch(license_) else ""
    xrefs = (*gard_id(url), *declared_in(text).xrefs)
    return Declared(url, license_, tuple(dict.fromkeys(xrefs)))


def document(  # noqa: PLR0913 - one argument a field
    page: str, data: bytes, source: str, *, title: Span, text: str, blocks: Iterable[Block],
    references: Iterable[Reference] = (), declared: Declared,
) -> Document:
    """A Document whose identity is the hash of the page's bytes."""
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(
        id=sha256[:16], page=page, format=source, title=text[title.start:title.end],
        title_span=title, text=text, sha256=sha256, url=declared.url, license=declared.license,
        xrefs=declared.xrefs, blocks=tuple(blocks), references=tuple(references),
    )


def must_be_disease_page(found: Document) -> Document:
    """`found` itself where it has a section of a disease page and speaks of its title.

    Raises SourceError for any other text: a licence, a read-me, a recipe.
    """
    if not normalise(found.title):
        raise SourceError(found.page, "no disease: no title")
    prose = [found.text[block.span.start:block.span.end] for block in found.blocks
             if block.form != "heading" and block.kind not in _NOT_PROSE]
    sections = any(block.kind in FACTUAL and not block.guessed for block in found.blocks
                   if block.form == "heading")
    if not prose:
        raise SourceError(found.page, "no disease: the page has a title but no text")
    if not (sections or any(map(_is_section, prose))) or not _names_title(found.title, prose):
        raise SourceError(found.page, "not a disease page: no section of one below its title")
    return found


def _is_section(paragraph: str) -> bool:
    count = votes(paragraph)
    return max((count[kind] for kind in FACTUAL), default=0) >= _FEW_VOTES


def _names_title(title: str, prose: Sequence[str]) -> bool:
    """Whether the text says the title again, wholly or by its last word, or points at it."""
    words = normalise(title).split()
    text = " ".join(prose)
    plain = f" {normalise(text)}"
    if f" {' '.join(words)}" in plain:
        return True
    named = len(words[-1]) > _SHORT_WORD and f" {words[-1]}" in plain
    pointed = _ANAPHOR.search(text) is not None
    return len(words) <= _WORDS_OF_A_NAME and ":" not in title and (named or pointed)
