"""The difference of two folders in words: as text, Markdown and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import msgspec

from .difference import Change, Difference

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
    "value": "changed", "figure": "changed", "id": "now another class",
    "evidence": "with other sentences", "label": "labelled anew", "page": "now another disease",
}


def headline(changes: Iterable[Change]) -> str:
    """What changed of one disease, in one line: "+2 therapies, 1 survival changed …"."""
    found = list(changes)
    parts = []
    for sort, sign in (("added", "+"), ("removed", "−")):
        counts = Counter(one.kind for one in found if one.sort == sort)
        parts += [f"{sign}{_many(count, kind)}" for kind, count in sorted(counts.items())]
    figures = [one for one in found if one.sort == "figure"]
    parts += [f"1 {_figure(one)} changed from {one.before} to {one.after}" for one in figures]
    ids = sum(one.sort == "id" for one in found)
    parts += [f"{ids} id{'s' * (ids != 1)} replaced"] if ids else []
    for sort in ("value", "evidence", "label", "page"):
        counts = Counter(one.kind for one in found if one.sort == sort)
        parts += [f"{_many(count, kind)} {HAPPENED[sort]}" for kind, count in
                  sorted(counts.items())]
    return ", ".join(parts)


def _many(count: int, kind: str) -> str:
    one, many = NOUNS.get(kind, (kind, kind))
    return f"{count} {one if count == 1 else many}"


def _figure(one: Change) -> str:
    name = one.name.replace("_", " ")
    return f"{name} figure" if one.kind == "figure" else f"share of {name}"


def _details(changes: Iterable[Change]) -> Iterator[str]:
    for one in changes:
        noun = NOUNS.get(one.kind, (one.kind, ""))[0]
        if one.sort == "added":
            yield f"+ {noun}: {one.after}"
        elif one.sort == "removed":
            yield f"− {noun}: {one.before}"
        elif one.sort == "evidence":
            yield f"~ {noun}: {one.name}: " + ", ".join(filter(None, (one.before, one.after)))
        else:
            yield f"~ {noun}: {one.name}: {one.before} → {one.after}"


def _diseases(found: Difference) -> Iterator[tuple[str, list[Change]]]:
    ordered = sorted(found.changes, key=lambda one: (one.label.casefold(), one.disease))
    for (label, disease), part in groupby(ordered, key=lambda one: (one.label, one.disease)):
        yield f"{label} ({disease})", list(part)


def _pages(found: Difference) -> Iterator[str]:
    for sign, what, pages in (("+", "new", found.pages_added), ("−", "gone", found.pages_removed),
                              ("~", "with other bytes", found.pages_changed)):
        if pages:
            shown = ", ".join(pages[:5]) + (", …" if len(pages) > 5 else "")
            yield f"{sign}{len(pages)} page{'s' * (len(pages) != 1)} {what}: {shown}"


def as_text(found: Difference) -> str:
    """A paragraph for each disease: the headline, then each change."""
    lines = list(_pages(found))
    for name, changes in _diseases(found):
        lines += [f"{name}: {headline(changes)}", *(f"  {line}" for line in _details(changes))]
    return "\n".join(lines or ["no difference"]) + "\n"


def as_markdown(found: Difference) -> str:
    """The same as a section of a change log."""
    lines = ["## Data", "", *(f"- {_plain(line)}" for line in _pages(found))]
    for name, changes in _diseases(found):
        lines += [f"- **{_plain(name)}**: {_plain(headline(changes))}",
                  *(f"  - {_plain(line)}" for line in _details(changes))]
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
