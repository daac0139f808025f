"""A verdict as text, JSON, HTML, JUnit XML and SARIF, by the extension of the report's name."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import msgspec

from ..errors import UnknownName
from ..plural import many
from ..version import VERSION
from . import Verdict
from .finding import CHECKS, Finding, shown

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# What XML 1.0 cannot hold.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "\ufffd")


def as_text(verdict: Verdict) -> str:
    """The report for people: the result, then one finding a paragraph."""
    return "\n".join((summary(verdict), *map(str, verdict.findings))) + "\n"


def summary(verdict: Verdict) -> str:
    """What was checked and how it ended, in a line or two."""
    count = len(verdict.findings)
    head = (f"{verdict.folder}: {many(verdict.pages, 'page')}, "
            f"{many(verdict.statements, 'statement')}: "
            + (many(count, "finding") if count else "everything is as its sources give it"))
    return "\n".join((head, *(f"not checked: {note}" for note in verdict.unchecked)))


def as_json(verdict: Verdict) -> str:
    """The verdict as one object."""
    return msgspec.json.format(msgspec.json.encode(verdict), indent=1).decode() + "\n"


def as_html(verdict: Verdict) -> str:
    """A page of its own, without anything from elsewhere."""
    rows = "".join(_row(one) for one in verdict.findings)
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in summary(verdict).splitlines())
    return (f"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
            f"<title>kg verify: {html.escape(verdict.folder)}</title>\n<style>"
            "body{font:16px/1.5 sans-serif;margin:2rem;max-width:90rem}"
            "td,th{padding:.3rem .6rem;vertical-align:top;text-align:left;"
            "border-bottom:1px solid #ccc;overflow-wrap:anywhere}</style>\n"
            f"<h1>kg verify</h1>\n{lines}<table>\n<tr><th>Place<th>Check<th>What is wrong"
            f"<th>Expected<th>Found<th>Sentence</tr>\n{rows}</table>\n</html>\n")


def _row(one: Finding) -> str:
    place = ":".join(str(part) for part in (one.file, one.line, one.start) if part)
    cells = (place, one.check, f"{one.message} {one.id}".strip(), one.expected, one.found,
             one.sentence)
    return "<tr>" + "".join(f"<td>{html.escape(cell.translate(_NOT_XML))}" for cell in cells) \
        + "</tr>\n"


def as_junit(verdict: Verdict) -> str:
    """One test case a check; its findings are its failure."""
    failed = {one.check for one in verdict.findings}
    cases = "".join(_case(name, verdict) for name in CHECKS)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<testsuites><testsuite name="kg verify" tests="{len(CHECKS)}" '
            f'failures="{len(failed)}" errors="0">\n{cases}</testsuite></testsuites>\n')


def _case(name: str, verdict: Verdict) -> str:
    found = [one for one in verdict.findings if one.check == name]
    head = f"<testcase classname={quoteattr('kg.verify')} name={quoteattr(name)}"
    if not found:
        return f"{head}/>\n"
    text = escape("\n".join(map(str, found)).translate(_NOT_XML))
    message = quoteattr(found[0].message.translate(_NOT_XML))
    return f"{head}><failure message={message}>{text}</failure></testcase>\n"


def as_sarif(verdict: Verdict) -> str:
    """A SARIF 2.1.0 log: each finding at its file, line and characters, with the sentence."""
    rules = [{"id": name, "shortDescription": {"text": text},
              "defaultConfiguration": {"level": "error"}} for name, text in CHECKS.items()]
    driver = {"name": "kg verify", "version": VERSION, "rules": rules}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [
            {"level": "note", "message": {"text": f"not checked: {note}"}}
            for note in verdict.unchecked]}],
        "results": list(map(_result, verdict.findings))}]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1).decode() + "\n"


def _result(one: Finding) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(one.file)}}
    if one.line:
        place["region"] = {"startLine": one.line} | _columns(one)
    text = one.message + "".join(_more(one))
    result: dict[str, object] = {
        "ruleId": one.check, "ruleIndex": list(CHECKS).index(one.check), "level": "error",
        "message": {"text": text}, "locations": [{"physicalLocation": place}]}
    return result | ({"properties": {"id": one.id, "sentence": one.sentence}}
                     if one.id or one.sentence else {})


def _columns(one: Finding) -> dict[str, object]:
    if not one.start:
        return {}
    return {"startColumn": one.start, "endColumn": max(one.end, one.start)}


def _more(one: Finding) -> Iterator[str]:
    if one.expected or one.found:
        yield f"; expected {shown(one.expected)}, found {shown(one.found)}"
    if one.sentence:
        yield f"; sentence {shown(one.sentence)}"


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - only for a name that is no plain one

    return quote(path)


# One line for each kind of report.
REPORTS: dict[str, Callable[[Verdict], str]] = {
    ".txt": as_text, ".json": as_json, ".html": as_html, ".xml": as_junit, ".sarif": as_sarif,
}


def written(verdict: Verdict, path: Path) -> bytes:
    """The report that the name of a file asks for; raises UnknownName with those there are."""
    if path.suffix not in REPORTS:
        raise UnknownName("kind of report", path.suffix, REPORTS)
    return REPORTS[path.suffix](verdict).encode("utf-8", "replace")
