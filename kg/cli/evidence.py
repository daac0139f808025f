"""The patterns of evidence for `kg export`: what its options mean, and its table of files."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from .. import patterns
from ..errors import UsageError
from ..exports import Written
from ..patterns.nanopub import Imprint
from ..prefixes import BASE, DEFAULT_BASE
from ..prefixes import load as load_prefixes

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?")
_CREATOR = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_BASE = re.compile(rb"<(https?://[^>]*?)(?:graph|statement|nanopub)/[^<>/]+> \.\s*$")


def written(
    source: Path, out: Path | None, names: tuple[str, ...], forms: tuple[str, ...],
    options: dict[str, str | None],
) -> list[Written]:
    """The files of `source` (a folder of kg run, or a file in any pattern) in the patterns named.

    `options` are was, creator, date and base as the command line has them.  Raises UsageError,
    UnknownName, DataError.
    """
    if out is None and not source.is_dir():
        raise UsageError("give -o FOLDER where SOURCE is a file")
    for form in sorted(set(forms) - set(patterns.FORMS)):
        raise UsageError(f"evidence is written as {' or '.join(patterns.FORMS)}, not as {form}")
    wanted = patterns.Wanted(
        tuple(patterns.find(name) for name in dict.fromkeys(names)),
        tuple(dict.fromkeys(forms)) or ("nquads",),
        imprint(options["creator"] or "", options["date"] or ""))
    path = source / "graph.nq" if source.is_dir() else source
    was = patterns.find(options["was"]) if options["was"] else None
    prefixes = load_prefixes(options["base"] or base_of(path))
    return patterns.write(path, out or source / "exports", wanted, prefixes, was)


def listed() -> list[tuple[str, str, str]]:
    """The patterns as rows for the list of formats."""
    return [(f"-e {pattern.name}", f"{patterns.FOLDER}/{pattern.name}.nq", pattern.summary)
            for pattern in patterns.PATTERNS]


def imprint(creator: str, date: str) -> Imprint:
    """Who signs and when; raises UsageError for what is no web IRI, no date and no time."""
    if creator and not _CREATOR.fullmatch(creator):
        raise UsageError(f"creator {creator!r}: give a web IRI, such as that of an ORCID")
    if date and not (_DATE.fullmatch(date) and _real(date)):
        raise UsageError(f"date {date!r}: write 2026-11-30 or 2026-11-30T12:00:00Z")
    return Imprint(creator, date)


def _real(date: str) -> bool:
    try:
        datetime.fromisoformat(date)
    except ValueError:
        return False
    return True


def base_of(path: Path) -> str:
    """The base IRI of a file in any pattern, read off its first graph; the default if not ours."""
    if not path.is_file():
        return DEFAULT_BASE
    with path.open("rb") as lines:
        found = _BASE.search(lines.readline())
    start = found.group(1).decode("utf-8", "replace") if found else ""
    return start if BASE.fullmatch(start) else DEFAULT_BASE
