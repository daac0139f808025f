"""The difference of two folders in words: as text, Markdown and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import msgspec

from .difference import Change, Difference
from .plural import many
from .vocab.term import MINTED

# The noun of a kind of statement, for one and for many.
NOUNS = {
    "synonym": ("name", "names"), "risk_factor": ("risk factor", "risk factors"),
    "cause": ("cause", "causes"), "therapy": ("therapy", "therapies"),
    "prognostic_factor": ("prognostic factor", "prognostic factors"),
    "figure": ("figure", "figures"), "gene": ("gene", "genes"),
    "inheritance": ("mode of inheritance", "modes of inheritance"),
    "phenotype": ("sign", "signs"), "site": ("site", "sites"),
    "unknown": ("thing not known", "things not known"), "disease": ("page", "pages"),
}
# What happened to statements of a sort that are paired, said of one and of many.
HAPPENED = {
    "value": "changed", "evidence": "with other sentences", "page": "now about another disease",
}
NOWHERE = "no identifier"  # what stands for a class that no vocabulary has


def headline(changes: Iterable[Change]) -> str:
    """What changed of one disease, in one line: "+2 therapies, 1 survival changed …"."""
    found = list(changes)
    parts = []
    for sort, sign in (("added", "+"), ("removed", "−")):
        counts = Counter(one.kind for one in found if one.sort == sort)
        parts += [f"{sign}{_counted(count, kind)}" for kind, count in sorted(counts.items())]
    figures = [one for one in found if one.sort == "figure"]
    parts += [f"1 {_figure(one)} changed from {one.before} to {one.after}" for one in figures]
    ids = Counter(_replaced(one) for one in found if one.sort == "id")
    parts += [f"{many(count, 'id')} {what}" for what, count in sorted(ids.items())]
    for sort in ("value", "evidence", "page"):
        counts = Counter(one.kind for one in found if one.sort == sort)
        parts += [f"{_counted(count, kind)} {HAPPENED[sort]}" for kind, count in
                  sorted(counts.items())]
    moved = sum(one.sort == "moved" for one in found)
    parts += [f"{many(moved, 'statement')} moved with its page"] if moved else []
    return ", ".join(parts)


def _replaced(one: Change) -> str:
    return "replaced" if one.before and one.after else "won" if one.after else "lost"


def _counted(count: int, kind: str) -> str:
    return many(count, *NOUNS.get(kind, (kind, kind)))


def _figure(one: Change) -> str:
    name = one.name.replace("_", " ")
    return f"{name} figure" if one.kind == "figure" else f"share of {name}"


def _details(changes: Iterable[Change]) -> Iterator[str]:
    """A line for each change; what several statements have in common is said once."""
    counts = Counter(filter(None, map(_detail, changes)))
    yield from (line if count == 1 else f"{line} ({many(count, 'statement')})"
                for line, count in counts.items())


def _detail(one: Change) -> str:
    """A change in a line; empty for what goes without saying."""
    noun = NOUNS.get(one.kind, (one.kind, ""))[0]
    match one.sort:
        case "added":
            return f"+ {noun}: {one.after}"
        case "removed":
            return f"− {noun}: {one.before}"
        case "evidence":
            return f"~ {noun}: {one.name}: " + ", ".join(filter(None, (one.before, one.after)))
        case "moved":
            return ""
        case "page":
            return f"~ page: {one.before or NOWHERE} → {one.after or NOWHERE}"
    return f"~ {noun}: {one.name}: {one.before or NOWHERE} → {one.after or NOWHERE}"


def _diseases(found: Difference) -> Iterator[tuple[str, list[Change]]]:
    ordered = sorted(found.changes, key=lambda one: (one.label.casefold(), one.disease))
    for (label, disease), part in groupby(ordered, key=lambda one: (one.label, one.disease)):
        yield f"{label} ({NOWHERE if disease.startswith(MINTED) else disease})", list(part)


def _head(found: Difference) -> Iterator[str]:
    """Vocabularies and pages: what the other differences may come from."""
    for one in found.vocabularies:
        sign = "~" if one.before and one.after else "+" if one.after else "−"
        versions = " → ".join(filter(None, (one.before, one.after)))
        yield f"{sign} vocabulary {one.name}: {versions}"
    for sign, what, pages in (("+", "new", found.pages_added), ("−", "gone", found.pages_removed),
                              ("~", "with other bytes", found.pages_changed)):
        if pages:
            shown = ", ".join(pages[:5]) + (", …" if len(pages) > 5 else "")
            yield f"{sign}{many(len(pages), 'page')} {what}: {shown}"


def _tail(found: Difference) -> Iterator[str]:
    """Classes with another label, each once, whichever disease they are stated of."""
    for one in found.labels:
        name = NOWHERE if one.name.startswith(MINTED) else one.name
        yield (f"~ {name}: {one.before} → {one.after} ("
               f"{many(one.statements, 'statement')})")


def as_text(found: Difference) -> str:
    """A paragraph for each disease: the headline, then each change."""
    lines = list(_head(found))
    for name, changes in _diseases(found):
        lines += [f"{name}: {headline(changes)}", *(f"  {line}" for line in _details(changes))]
    if found.labels:
        lines += [_relabelled(found), *(f"  {line}" for line in _tail(found))]
    return "\n".join(lines or ["no difference"]) + "\n"


def _relabelled(found: Difference) -> str:
    return f"{many(len(found.labels), 'class', 'classes')} labelled anew:"


def as_markdown(found: Difference) -> str:
    """The same as a section of a change log."""
    lines = ["## Data", "", *(f"- {_plain(line)}" for line in _head(found))]
    for name, changes in _diseases(found):
        lines += [f"- **{_plain(name)}**: {_plain(headline(changes))}",
                  *(f"  - {_plain(line)}" for line in _details(changes))]
    if found.labels:
        lines += [f"- {_relabelled(found)}", *(f"  - {_plain(line)}" for line in _tail(found))]
    return "\n".join(lines if len(lines) > 2 else [*lines, "- no difference"]) + "\n"


def _plain(text: str) -> str:
    """A text that Markdown shows as it is."""
    escaped = "".join(f"\\{one}" if one in "\\`*_[]<>#|" else one for one in text)
    return " ".join(escaped.split())


def as_json(found: Difference) -> str:
    """Every change as an object."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


FORMATS: dict[str, Callable[[Difference], str]] = {
    "text": as_text, "markdown": as_markdown, "json": as_json,
}
