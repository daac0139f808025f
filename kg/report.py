"""A validation report for people, for programs and as a sh:ValidationReport without blank nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from .files import replacing
from .plural import many
from .prefixes import Prefixes
from .terms import legal, text
from .text import collapse, digest
from .validate import Report, Result

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SHAPES = "https://w3id.org/rarekg/shapes#"
WIDTH = 300  # characters of a sentence that a person needs to find it


def write(report: Report, out: Path, prefixes: Prefixes) -> tuple[Path, ...]:
    """Write report.txt, report.json and report.ttl into the folder `out`; returns their paths."""
    contents = {"report.txt": as_text(report, prefixes).encode("utf-8", "replace"),
                "report.json": as_json(report), "report.ttl": as_turtle(report, prefixes)}
    for name, content in contents.items():
        with replacing(out / name) as handle:
            handle.write(content)
    return tuple(out / name for name in contents)


# ---------------------------------------------------------------- for people


def as_text(report: Report, prefixes: Prefixes) -> str:
    """The verdict, how often each shape was broken, then every violation, then every warning."""
    broken, others = report.of("Violation"), tuple(
        result for result in report.results if result.severity != "Violation")
    verdict = "The graph conforms to the shapes." if report.conforms else (
        "The graph does not conform to the shapes.")
    lines = [verdict, f"{_many(len(broken), 'violation')}, {_many(len(others), 'warning')} "
             f"(engine {report.engine}).", *_counts(report)]
    for result in (*broken, *others):
        lines += ["", *_described(result, prefixes)]
    return "\n".join(lines) + "\n"


def _many(count: int, what: str) -> str:
    return many(count, what) if count else f"no {what}s"


def _counts(report: Report) -> Iterator[str]:
    """How often each shape was broken, most often first."""
    found = Counter((result.severity, short(result.shape)) for result in report.results)
    for (severity, shape), count in sorted(found.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {count:6} {severity.lower():9} {shape}"


def _described(result: Result, prefixes: Prefixes) -> Iterator[str]:
    message = result.message.replace(result.value, _curie(result.value, prefixes)) \
        if result.value else result.message
    yield f"{result.severity}: {collapse(message)}"
    rows = (
        ("page", result.page), ("statement", _curie(result.statement, prefixes)),
        ("sentence", _shortened(result.sentence)), ("node", _curie(result.focus, prefixes)),
        ("path", _curie(result.path, prefixes)), ("found", _curie(result.value, prefixes)),
        ("shape", short(result.shape)), ("what to do", result.advice),
    )
    for label, words in rows:
        if words:
            yield f"  {label + ':':11} {collapse(words)}"


def short(shape: str) -> str:
    """A shape's name without our namespace: the name of its folder of fixtures."""
    return shape.removeprefix(_SHAPES)


def _shortened(sentence: str) -> str:
    plain = collapse(sentence)
    return plain if len(plain) <= WIDTH else plain[:WIDTH].rstrip() + "…"


def _curie(name: str, prefixes: Prefixes) -> str:
    return prefixes.contract(name) or name


# ---------------------------------------------------------------- for programs


def as_json(report: Report) -> bytes:
    """The report as one JSON object, indented, fields in their declared order."""
    body = {
        "conforms": report.conforms, "engine": report.engine,
        "violations": len(report.of("Violation")), "warnings": len(report.of("Warning")),
        "results": [msgspec.to_builtins(result) for result in report.results],
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=1) + b"\n"


def as_turtle(report: Report, prefixes: Prefixes) -> bytes:
    """A sh:ValidationReport whose nodes are IRIs that hash what they say (SHACL, section 3.6).

    As SHACL has it, sh:conforms is false where there is any result, also a warning.
    """
    rows = sorted(set(_rows(report, prefixes)), key=str)
    table = {name: prefixes.table[name] for name in ("rdf", "sh", "rkg") if name in prefixes.table}
    return serialize(rows, format=RdfFormat.TURTLE, prefixes=dict(sorted(table.items()))) or b""


def _rows(report: Report, prefixes: Prefixes) -> Iterator[Triple]:
    named = [(_node(prefixes, "result", msgspec.structs.astuple(result)), result)
             for result in report.results]
    top = _node(prefixes, "report", tuple(node.value for node, _ in named))
    yield Triple(top, _TYPE, _sh("ValidationReport"))
    yield Triple(top, _sh("conforms"), _boolean(not report.results))
    for node, result in named:
        yield Triple(top, _sh("result"), node)
        yield from _result_rows(node, result)


def _node(prefixes: Prefixes, kind: str, content: tuple[str, ...]) -> NamedNode:
    return NamedNode(prefixes.expand(f"rarekg:{kind}/{digest(*content)}"))


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)


def _boolean(value: bool) -> Literal:
    word = "true" if value else "false"
    return Literal(word, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


def _result_rows(node: NamedNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, _TYPE, _sh("ValidationResult"))
    yield Triple(node, _sh("focusNode"), _term(result.focus))
    yield Triple(node, _sh("resultSeverity"), _sh(result.severity))
    yield Triple(node, _sh("sourceShape"), _term(result.shape))
    yield Triple(node, _sh("sourceConstraintComponent"), _term(result.component))
    yield Triple(node, _sh("resultMessage"), text(result.message))
    if result.value:
        yield Triple(node, _sh("value"), _term(result.value))
    if result.path.partition(":")[2] and " " not in result.path:
        yield Triple(node, _sh("resultPath"), _term(result.path))


def _term(name: str) -> NamedNode | Literal:
    """An IRI where it is one, else its text."""
    if "://" not in name.partition(" ")[0]:
        return text(name)
    try:
        return NamedNode(legal(name))
    except ValueError:
        return text(name)
