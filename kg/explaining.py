"""An explanation as text for the terminal: the sentence with its mention underlined."""

from __future__ import annotations

from collections.abc import Iterator

from . import terminal
from .explain import Citation, Explanation, Passage
from .model import Entity, Grounding, Quantity, Review, Span

INDENT = "    "
LABEL = 10  # columns of the words before a line
TIERS = {"minted": "no vocabulary has this name: it got an identifier of our own"}


def text(explanation: Explanation, limit: int) -> str:
    """The explanation in lines of at most `limit` columns."""
    return "\n".join([*_head(explanation, limit), *(
        line for passage in explanation.passages for line in ("", *_passage(passage, limit))), ""])


def headline(
    kind: str, value: str, disease: Entity, other: str, *, negated: bool, doubtful: bool
) -> str:
    """What a statement says, in one line."""
    marks = [word for word, on in (("denied", negated), ("uncertain", doubtful)) if on]
    flags = f" ({', '.join(marks)})" if marks else ""
    words = " · ".join(part for part in (kind.replace("_", " "), value.replace("_", " ")) if part)
    return f"{disease.label} · {words}{f': {other}' if other else ''}{flags}"


def quantity(one: Quantity) -> str:
    """A figure in words.

    >>> quantity(Quantity(None, Decimal(30), "%", "<", "people", "P5Y"))
    '< 30 % within P5Y, people'
    """
    ends = [format(end, "f") for end in (one.low, one.high) if end is not None]
    same = len(set(ends)) == 1
    number = ends[0] if same else "–".join(ends)
    sign = "" if one.comparator in {"=", "range"} else f"{one.comparator} "
    unit = "in each person" if one.unit == "per_person" else one.unit
    span = f" within {one.horizon}" if one.horizon else ""
    about = ", ".join(part for part in (one.about, one.subject) if part)
    return f"{sign}{number} {unit}{span}{f', {about}' if about else ''}"


def other(explanation: Explanation) -> str:
    """What the statement says of the disease, in a few words."""
    if explanation.object:
        return explanation.object.label
    if explanation.quantity:
        return quantity(explanation.quantity)
    return ", ".join(explanation.names)


def _head(found: Explanation, limit: int) -> Iterator[str]:
    yield from _wrapped(headline(
        found.kind, found.value, found.disease, other(found), negated=found.negated,
        doubtful=found.doubtful), "", limit)
    yield from _row("statement", found.statement, limit)
    yield from _row("disease", f"{found.disease.label} ({found.disease.id})", limit)
    if found.object:
        yield from _row("object", f"{found.object.label} ({found.object.id})", limit)
    if found.object and found.quantity:
        yield from _row("frequency", quantity(found.quantity), limit)
    if found.grounding:
        yield from _row("grounded", _grounding(found.names, found.grounding), limit)
    if found.review:
        yield from _row("reviewed", _review(found.review), limit)


def _grounding(names: tuple[str, ...], found: Grounding) -> str:
    how = TIERS.get(found.tier, f"{found.tier} match in {found.source}, score {found.score:g}")
    if found.broader:
        how = f"a kind of {found.broader.label} ({found.broader.id}), with an identifier of our own"
    near = f"; considered: {', '.join(found.candidates)}" if found.candidates else ""
    return f"“{'”, “'.join(names)}”: {how}{near}"


def _review(found: Review) -> str:
    """Who decided what on which day, and why."""
    words = f"{found.decision} on {found.on} by {found.by}"
    was = f"; was {found.was}" if found.was else ""
    return f"{words}{was}{f': {found.note}' if found.note else ''}"


def _passage(found: Passage, limit: int) -> Iterator[str]:
    yield from _row("page", f"{found.title} ({found.page})", limit)
    if found.url:
        yield from _row("", found.url, limit)
    yield from _row("section", f"{found.section}, characters {found.span.start}–{found.span.end}",
                    limit)
    for words in found.context:
        yield from _row("decided by", f"“{words}”", limit)
    yield from underlined(found.quote, found.mention, limit)
    yield from _row("rule", found.rule, limit)
    for row in found.rows:
        yield from _row("  row", f"{row.name} (data/{row.file}:{row.line})", limit)
        yield from _row("  pattern", row.pattern, limit)
        yield from _row("  example", row.example, limit)
    for citation in found.citations:
        yield from _row("cites", _citation(citation), limit)


def _citation(found: Citation) -> str:
    if not found.title:
        return f"[{found.number}] not in the page's list"
    year = f" ({found.year})" if found.year else ""
    ids = "".join(f" {one}" for one in found.ids)
    return f"[{found.number}] {found.title}{year}{ids}{f' {found.url}' if found.url else ''}"


def underlined(quote: str, mention: Span, limit: int) -> Iterator[str]:
    """The quote in lines that fit, with carets below the part of each that is the mention."""
    shown = terminal.plain(quote)
    for start, end in terminal.breaks(shown, limit - len(INDENT)):
        yield f"{INDENT}{shown[start:end]}"
        first, last = max(start, mention.start), min(end, mention.end)
        if first < last:
            blanks = " " * terminal.width(shown[start:first])
            yield f"{INDENT}{blanks}{'^' * max(1, terminal.width(shown[first:last]))}"


def _row(name: str, words: str, limit: int) -> Iterator[str]:
    return _wrapped(words, f"{name:<{LABEL}} ", limit)


def _wrapped(words: str, lead: str, limit: int) -> Iterator[str]:
    """`words` after `lead`, later lines below the first word."""
    shown = terminal.plain(words)
    for start, end in terminal.breaks(shown, max(terminal.MIN_COLUMN, limit - len(lead))):
        yield f"{lead if start == 0 else ' ' * len(lead)}{shown[start:end]}".rstrip()
