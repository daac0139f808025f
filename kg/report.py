"""A validation report for people, for programs and as a sh:ValidationReport without blank nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from .files import replacing, scratch
from .plural import many
from .prefixes import Prefixes
from .sorting import in_order
from .terms import legal, text
from .text import collapse, digest
from .validate import Report, Result

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SHAPES = "https://w3id.org/rarekg/shapes#"
WIDTH = 300  # characters of a sentence that a person needs to find it
SORTED = 4 << 20  # bytes of triples that are sorted in memory


def write(report: Report, out: Path, prefixes: Prefixes) -> tuple[Path, ...]:
    """Write report.txt, report.json and report.ttl into the folder `out`; returns their paths.

    The results are gone through several times and never held all at once.
    """
    paths = tuple(out / f"report.{ending}" for ending in ("txt", "json", "ttl"))
    with replacing(paths[0]) as handle:
        handle.writelines(line.encode("utf-8", "replace") for line in _text(report, prefixes))
    with replacing(paths[1]) as handle:
        handle.writelines(_json(report))
    with scratch(out) as place, replacing(paths[2]) as handle:
        _turtle(report, prefixes, place, handle)
    return paths


# ---------------------------------------------------------------- for people


def as_text(report: Report, prefixes: Prefixes) -> str:
    """The verdict, how often each shape was broken, then every violation, then every warning."""
    return "".join(_text(report, prefixes))


def _text(report: Report, prefixes: Prefixes) -> Iterator[str]:
    found = Counter((result.severity, short(result.shape)) for result in report.results)
    broken = sum(count for (severity, _), count in found.items() if severity == "Violation")
    yield f"The graph {'does not conform' if broken else 'conforms'} to the shapes.\n"
    yield (f"{_many(broken, 'violation')}, {_many(found.total() - broken, 'warning')} "
           f"(engine {report.engine}).\n")
    # how often each shape was broken, most often first
    for (severity, shape), count in sorted(found.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {count:6} {severity.lower():9} {shape}\n"
    for grave in (True, False):
        for result in report.results:
            if (result.severity == "Violation") is grave:
                yield "\n".join(("", *_described(result, prefixes), ""))


def _many(count: int, what: str) -> str:
    return many(count, what) if count else f"no {what}s"


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
    return b"".join(_json(report))


def _json(report: Report) -> Iterator[bytes]:
    found = Counter(result.severity for result in report.results)
    head = _formatted({
        "conforms": report.conforms, "engine": report.engine, "violations": found["Violation"],
        "warnings": found["Warning"], "results": []})
    before, end = b"\n  ", b"]\n}\n"
    yield head.removesuffix(b"]\n}")
    for result in report.results:
        yield before + _formatted(result).replace(b"\n", b"\n  ")
        before, end = b",\n  ", b"\n ]\n}\n"
    yield end


def _formatted(body: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(body), indent=1)


def _turtle(report: Report, prefixes: Prefixes, place: Path, out: IO[bytes]) -> None:
    """A sh:ValidationReport whose nodes are IRIs that hash what they say (SHACL, section 3.6).

    As SHACL has it, sh:conforms is false where there is any result, also a warning.
    """
    rows, ordered = place / "rows", place / "ordered"
    with rows.open("wb") as lines:
        lines.writelines(f"{row} .\n".encode() for row in _rows(report, prefixes))
    with ordered.open("wb") as lines:
        lines.writelines(in_order([rows], place, SORTED))
    names = ("rdf", "rkg", "sh")
    table: dict[str, str] = {name: prefixes.table[name] for name in names if name in prefixes.table}
    serialize((quad.triple for quad in parse(path=ordered, format=RdfFormat.N_TRIPLES)), out,
              RdfFormat.TURTLE, prefixes=table)


def _rows(report: Report, prefixes: Prefixes) -> Iterator[Triple]:
    nodes = tuple(_node(prefixes, result).value for result in report.results)
    top = NamedNode(prefixes.expand(f"rarekg:report/{digest(*nodes)}"))
    yield Triple(top, _TYPE, _sh("ValidationReport"))
    yield Triple(top, _sh("conforms"), _boolean(not nodes))
    for result in report.results:
        node = _node(prefixes, result)
        yield Triple(top, _sh("result"), node)
        yield from _result_rows(node, result)


def _node(prefixes: Prefixes, result: Result) -> NamedNode:
    content = digest(*msgspec.structs.astuple(result))
    return NamedNode(prefixes.expand(f"rarekg:result/{content}"))


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
