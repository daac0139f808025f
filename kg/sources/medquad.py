"""MedQuAD's question-and-answer XML (Ben Abacha & Demner-Fushman 2019)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lxml import etree

from ..errors import SourceError
from ..model import Document
from ..text import collapse
from .assembly import Declared, document, gard_id
from .rendering import Rendering
from .sections import boilerplate_kind, heading_kind

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_START = re.compile(rb"\s*(?:<\?xml|<Document\b|<doc\b)")
_ECHO = re.compile(
    r"(?:What|Which|How|Is|Are|Who|Can|Why|When|Does|Do|Where|Will|Should)\b[^.?!]{0,200}"
    r"(?:\.[^\s][^.?!]{0,100})?\?(?=\s|$)")
_BREAK = re.compile(r"\n|\s{2,}(?=-\s)| {3,}")
_PARAGRAPH = re.compile(r"(?<=[.!?)\]])\s{2,}(?=[A-Z])")
_SPACING = re.compile(r"[.!?)]( +)(?=[A-Z])")
_HARD = re.compile(r"[\xa0\u2007\u202f]")  # spaces that do not break a line
_LOOSE_DASH = re.compile(r"(^|\s)-\s{2,}", re.MULTILINE)
_CAPITAL = re.compile(r"[A-Z\d(]")
_INTRO = re.compile(
    r"The\s+Human\s+Phenotype\s+Ontology(?:\s+\(HPO\))?\s+provides\s+the\s+following\s+list")
_TRAILER = re.compile(
    r"The Human Phenotype Ontology \(HPO\)(?:.*?\bmay be rare or common\.|.*)", re.DOTALL)
_TABLE = re.compile(
    r"Signs\s+and\s+Symptoms\s+Approximate\s+number\s+of\s+patients"
    r".*?(?=\s*The Human Phenotype Ontology \(HPO\)|$)",
    re.DOTALL)
_ITEM = re.compile(r"[-•*]\s+")
# What makes the first sentence of a paragraph no item of the list that a colon announced: a verb
# of its own, other than that of a relative clause.
_RELATIVE = re.compile(
    r",? \b(?:who|that|which|whose|where|when|if|in whom)\b(?: [\w'’-]+){0,3}?"
    r" (?:is|are|was|were|has|have|had|can|may|might|will|would|do|does|did|doesn't|don't|can't)\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|could|will|would|should|must|does|do|did|think"
    r"|believe|suggest|occurs?|develops?|causes?|affects?|includes?|involves?|happens?|needs?|leads?"
    r"|makes?|helps?|tends?|know|begins?|starts?|becomes?|helps?|usually|often|\w+n't)\b"
    r"|^(?:You|It|This|These|They|He|She|We|If|For more|In|For|Follow|Talk|See|Ask|Treat|Write)\b")
_VERB_FIRST = re.compile(r"(?:Are|Is|Was|Were|Have|Has|Had|Smoke|Take|Use|Live|Work)\b ?")
_STOP = re.compile(r"(?<=[.!?])\s*(?=[A-Z(\"“]|$)")
SHORT = 100
WORDS_OF_AN_ITEM = 5
MOST_WORDS_OF_AN_ITEM = 40
MOST_ITEMS = 20


def sniff(data: bytes) -> bool:
    """Whether the data begins as XML does, XHTML left out."""
    head = data[:2000].removeprefix(b"\xef\xbb\xbf")
    return bool(_START.match(head)) and b"<html" not in head.lower()


def read(page: str, data: bytes) -> Document:
    """The page as text: title, names, and each answer below its question.

    Raises SourceError for XML that is malformed, declares entities, or is no MedQuAD page.
    """
    root = _root(page, data)
    focus = collapse(_first(root, "Focus", "doctitle", "doctitle-focus"))
    if not focus:
        raise SourceError(page, "no disease: the page names none (no Focus)")
    rendering = Rendering()
    title = rendering.add("summary", "heading", "", focus)
    names = [collapse(node.text or "") for node in root.iter("Synonym")]
    if any(names):
        rendering.add("names", "prose", "Other names", "; ".join(filter(None, names)),
                      lead="Other names: ")
    for kind, question, answer in _answers(root):
        _render(rendering, kind, question, answer)
    if len(rendering.blocks) == 1:
        raise SourceError(page, "no text: the page has no answers")
    url = root.get("url") or ""
    declared = Declared(url, LICENSE, (*gard_id(url), *_concepts(root)))
    return document(page, data, "medquad", title=title, text=rendering.text,
                    blocks=rendering.blocks, declared=declared)


def _root(page: str, data: bytes) -> etree._Element:
    """The parsed tree: no entities, no DTD, no network."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data[:4096]):
        raise SourceError(page, "XML with a document type or entities is refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
        if root.getroottree().docinfo.internalDTD is None:
            return root
        raise SourceError(page, "XML with a document type or entities is refused")
    except etree.XMLSyntaxError as error:
        raise SourceError(page, f"malformed XML in line {error.lineno}: {error.msg}") from None


def _first(root: etree._Element, *tags: str) -> str:
    return next((node.text or "" for tag in tags for node in root.iter(tag)), "")


def _concepts(root: etree._Element) -> tuple[str, ...]:
    found = [(node.text or "").strip() for tag in ("CUI", "cui") for node in root.iter(tag)]
    return tuple(f"UMLS:{cui}" for cui in dict.fromkeys(found) if re.fullmatch(r"C\d{7}", cui))


def _answers(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Section kind, question and answer of every pair that has an answer."""
    for pair in root.iter("QAPair", "pair"):
        question = next(pair.iter("Question", "question"), None)
        answer = next(pair.iter("Answer", "answer"), None)
        text = _HARD.sub(" ", "".join(map(str, answer.itertext()))) if answer is not None else ""
        if question is None or not text.strip():
            continue
        kind = heading_kind(question.get("qtype") or "") or "other"
        yield kind, collapse(question.text or ""), text


def _render(rendering: Rendering, kind: str, question: str, answer: str) -> None:
    """Add one answer: heading, echoed questions as headings, paragraphs, items, the table."""
    rendering.add(kind, "heading", question, question)
    rest = answer.strip()
    while found := _ECHO.match(rest):
        rendering.add(kind, "heading", question, found.group())
        rest = rest[found.end():].lstrip()
    table = _TABLE.search(rest)
    if table:
        intro = _INTRO.search(rest, 0, table.start())
        cut = intro.start() if intro else table.start()
        _paragraphs(rendering, kind, question, rest[:cut])
        rendering.add("lesson", "prose", question, rest[cut:table.start()])
        rendering.add("table", "row", question, table.group())
        rest = rest[table.end():].lstrip()
        trailer = _TRAILER.match(rest)
        end = trailer.end() if trailer else 0
        rendering.add("lesson", "prose", question, rest[:end])
        rest = rest[end:]
    _paragraphs(rendering, kind, question, rest)


def _paragraphs(rendering: Rendering, kind: str, question: str, text: str) -> None:
    below, current = kind, question
    silent: str | None = None
    in_list = False
    found = list(units(text))
    listed_to = -1
    for at, (unit, after) in enumerate(zip_longest(found, found[1:], fillvalue="")):
        item = _ITEM.match(unit)
        plain = unit[item.end():] if item else unit
        above_item = bool(_ITEM.match(after))
        if not item and (_is_title(plain) if in_list else _is_heading(plain, above_item)):
            below, current, silent = heading_kind(plain) or kind, plain, None
            rendering.add(below, "heading", current, plain)
            continue
        short = in_list and (not _stopped(plain) or _is_brief(plain))
        listed = bool(item) or short or at <= listed_to
        silent = silent if listed and silent else boilerplate_kind(plain)
        rendering.add(silent or below, "item" if listed else "prose", current, plain)
        in_list = plain.endswith(":") or (not item and (short or at < listed_to))
        if plain.endswith(":"):
            listed_to = max(listed_to, at + _paragraphs_listed(found[at + 1:at + 1 + MOST_ITEMS]))


def _paragraphs_listed(below: Sequence[str]) -> int:
    """How many of the paragraphs below a colon are items: up to the last that is no sentence."""
    last = 0
    for count, unit in enumerate(below, start=1):
        if _ITEM.match(unit) or unit.endswith(":") or _ECHO.fullmatch(unit) or (
                count > last + 2 - (not last)):
            break
        if _is_fragment(unit):
            last = count
    return last


def _is_fragment(text: str) -> bool:
    """Whether a paragraph begins with words that are no sentence: "People who smoke. Smoke …"."""
    first = _STOP.split(text, maxsplit=1)[0]
    words = _VERB_FIRST.sub("", _RELATIVE.sub(" ", first), count=1)
    return (len(first.split()) <= MOST_WORDS_OF_AN_ITEM and _stopped(first)
            and not _VERB.search(words))


def _is_brief(text: str) -> bool:
    """Whether an item is set as "Infection." or "Premature delivery. The earlier …"."""
    return len(text.split(". ", maxsplit=1)[0].split()) <= WORDS_OF_AN_ITEM


def _is_title(text: str) -> bool:
    """Whether a line among list items is the heading after them: "Other Signs and Symptoms"."""
    words = [word for word in text.split() if len(word) > 3]
    return len(words) > 2 and not _stopped(text) and all(map(_CAPITAL.match, words))


def _stopped(text: str) -> bool:
    return text.rstrip("\"”') ")[-1:] in {".", "?", "!", ":"} or len(text) > 2 * SHORT


def _is_heading(text: str, before_item: bool) -> bool:
    """A short line without a stop that begins as a title does; a question alone on its line.

    "Symptoms may include" above a list is no heading but its lead: only a title in capitals is one
    there.
    """
    if _ECHO.fullmatch(text):
        return True
    if len(text) > SHORT or _stopped(text) or not text[:1].isupper() or text.count(",") > 2:
        return False
    words = [word for word in text.split()[1:] if len(word) > 3]
    capitals = sum(1 for word in words if _CAPITAL.match(word))
    return not before_item or 2 * capitals >= len(words)


def units(answer: str) -> Iterator[str]:
    """The paragraphs, lines and list items of an answer; wide gaps inside a sentence are closed."""
    open_unit = ""
    tight = _LOOSE_DASH.sub(r"\1- ", _opened(answer))
    for piece in filter(None, (p.strip() for p in _BREAK.split(tight))):
        if open_unit and _continues(open_unit, piece):
            open_unit = f"{open_unit} {piece}"
            continue
        if open_unit:
            yield open_unit
        open_unit = piece
    if open_unit:
        yield open_unit


def _continues(before: str, piece: str) -> bool:
    """Whether a gap stands inside a sentence: "in the       United States"."""
    if _ITEM.match(piece) or before.endswith((".", ":", "?", "!", ")", "]")):
        return False
    return piece[:1].islower() or (len(before) > SHORT and not _ITEM.match(before))


def _opened(answer: str) -> str:
    """Double spaces after a stop as paragraph breaks, unless the page sets all sentences so."""
    gaps = [len(found.group(1)) for found in _SPACING.finditer(answer)]
    wide = sum(1 for gap in gaps if gap == 2)
    return _PARAGRAPH.sub("\n", answer) if 0 < wide <= len(gaps) / 2 else answer
