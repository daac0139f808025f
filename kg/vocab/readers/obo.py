"""OBO 1.2/1.4 text, read line by line: a bad line is reported and skipped, never the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term, category, former
from .lines import numbered

_CURIE = re.compile(r"[A-Za-z][\w.-]*:\S+")
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|RELATED|NARROW|BROAD)?')
_VERSION = re.compile(rb"^data-version:\s*(\S+)", re.MULTILINE)
_TAG = re.compile(r"([A-Za-z_][\w-]*):\s*(.*)")
_ESCAPE = re.compile(r"\\(.)")
_USED = frozenset({"id", "name", "synonym", "xref", "is_a", "replaced_by", "is_obsolete", "alt_id"})

# Branches that are not what their prefix says; classes below them take the category given here.
BRANCHES = {
    "HP:0000005": "inheritance",   # mode of inheritance
    "HP:0012823": "modifier",      # clinical modifier
    "HP:0031797": "modifier",      # clinical course: onset, progression
    "HP:0040279": "modifier",      # frequency
    "HP:0032223": "modifier",      # blood group
    "HP:0032443": "modifier",      # past medical history
    "MAXO:0000003": "diagnostic",  # diagnostic procedure
    "MAXO:0000487": "diagnostic",  # clinical assessment
    "MAXO:0000483": "diagnostic",  # medical professional evaluation
}


def accepts(_name: str, start: bytes) -> bool:
    """Whether the first bytes are an OBO header."""
    return start.lstrip().startswith(b"format-version:") or b"\n[Term]" in start


def version(_path: Path, start: bytes) -> str:
    """The header's data-version."""
    found = _VERSION.search(start)
    return found.group(1).decode("ascii", "replace") if found else ""


def read(path: Path, report: Report) -> Iterator[Term]:
    """Every term with a prefix of ours, its branch deciding its category.

    Ids that were merged into a term come as obsolete terms of their own.
    """
    terms = [term for stanza in _stanzas(path, report) for term in _terms(stanza)]
    branches = _branches(terms)
    for term in terms:
        kind = branches.get(term.id, term.category)
        yield Term(term.id, term.label, kind, term.synonyms, term.xrefs, term.replaced_by,
                   term.obsolete, term.parents)


def _stanzas(path: Path, report: Report) -> Iterator[dict[str, list[str]]]:
    """The tag values of each [Term] stanza."""
    stanza: dict[str, list[str]] | None = None
    for number, line in numbered(path):
        if line.startswith("["):
            if stanza:
                yield stanza
            stanza = {} if line.startswith("[Term]") else None
        elif stanza is not None and line.strip() and not line.startswith("!"):
            _add(stanza, line, number, report)
    if stanza:
        yield stanza


def _add(stanza: dict[str, list[str]], line: str, number: int, report: Report) -> None:
    found = _TAG.match(line)
    if not found:
        report(number, f"not a tag and value: {line[:60]!r}")
        return
    tag, value = found.groups()
    if tag not in _USED:
        return
    problem = _problem(tag, value)
    if problem:
        report(number, problem)
    else:
        stanza.setdefault(tag, []).append(value)


def _problem(tag: str, value: str) -> str:
    """What is wrong with a value, empty when nothing is."""
    if tag == "synonym" and not _SYNONYM.match(value):
        return f"synonym without quotes: {value[:60]!r}"
    if tag in {"id", "alt_id", "is_a", "xref", "replaced_by"}:
        first = value.split(" ", 1)[0] if value.strip() else ""
        if not _CURIE.fullmatch(first):
            return f"{tag} is not a CURIE: {value[:60]!r}"
        rest = value[len(first):].lstrip()
        if tag == "xref" and rest and rest[0] not in '"{!':
            return f"xref with white space: {value[:60]!r}"
    return ""


def _terms(stanza: dict[str, list[str]]) -> Iterator[Term]:
    """The stanza's class, and the ids that were merged into it."""
    curie = stanza.get("id", [""])[0].split(" ")[0]
    name = _unescaped(stanza.get("name", [""])[0])
    kind = category(curie)
    if not (kind and name):
        return
    obsolete = stanza.get("is_obsolete", ["false"])[0].startswith("true")
    yield Term(
        curie, former(name) if obsolete else name, kind, _synonyms(stanza),
        tuple(dict.fromkeys(value.split(" ")[0] for value in stanza.get("xref", ()))),
        stanza.get("replaced_by", [""])[0].split(" ")[0], obsolete,
        tuple(value.split(" ")[0] for value in stanza.get("is_a", ())),
    )
    for merged in stanza.get("alt_id", ()):
        yield Term(merged.split(" ")[0], "", kind, replaced_by=curie, obsolete=True)


def _synonyms(stanza: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    found = (_SYNONYM.match(value) for value in stanza.get("synonym", ()))
    return tuple((_unescaped(match[1]), (match[2] or "RELATED").lower())
                 for match in found if match)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def _branches(terms: list[Term]) -> dict[str, str]:
    """The category of every class at or below a root of BRANCHES."""
    children: dict[str, list[str]] = {}
    for term in terms:
        for parent in term.parents:
            children.setdefault(parent, []).append(term.id)
    found: dict[str, str] = {}
    for root, kind in BRANCHES.items():
        stack = [root]
        while stack:
            curie = stack.pop()
            if curie not in found:
                found[curie] = kind
                stack.extend(children.get(curie, ()))
    return found
