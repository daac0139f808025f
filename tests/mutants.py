"""Real page graphs with one thing broken: what SHACL engines are compared on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from msgspec import structs

from kg import prefixes
from kg.engines import Raw

Lines = list[str]  # N-Triples, each with its line feed
TABLE = prefixes.load()
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"<{TABLE.expand('rdf:type')}>"
LITERALS = (
    '""', '"words"', '"words"@en', '"words"@de-CH', '"-1"', '"a|b"', f'"{"long " * 500}"',
    *(f'"{text}"^^<{XSD}{kind}>' for text, kind in (
        ("-1", "integer"), ("0", "integer"), ("1000000", "integer"), ("07", "integer"),
        ("words", "integer"), ("", "integer"), ("1.5", "decimal"), ("101", "decimal"),
        ("1e2", "double"), ("NaN", "double"), ("true", "boolean"), ("false", "boolean"),
        ("1", "boolean"), ("2001", "gYear"), ("1", "gYear"), ("words", "gYear"),
        ("P5Y", "duration"), ("P", "duration"), ("words", "string"), ("2020-02-30", "date"))),
)
BLANK = re.compile(r"_:.*|nobody")
NODES = ("<https://example.org/nowhere>", "_:nobody", *(f"<{TABLE.expand(curie)}>" for curie in (
    "MONDO:0000001", "HP:0000118", "rarekg:statement/0123456789abcdef", "rarekg:term/factor/x-1",
    "rkg:unit-percent", "rkg:comparator-range", "rkg:certainty-ruled_out", "rkg:status-standard",
    "biolink:treats", "biolink:has_phenotype")))
CLASSES = tuple(f"<{TABLE.expand(curie)}>" for curie in (
    "rkg:Page", "rkg:Statement", "rkg:Evidence", "rkg:Measurement", "rkg:Grounding",
    "rkg:Citation", "rkg:TherapyStatement", "rkg:FigureStatement", "rkg:UnknownStatement",
    "oa:TextQuoteSelector", "oa:TextPositionSelector", "biolink:Disease", "biolink:Drug",
    "biolink:Publication", "biolink:NamedThing", "biolink:Association"))
FLAGS = tuple(f'<{TABLE.expand(name)}> "{value}"^^<{XSD}boolean>' for name in (
    "biolink:negated", "rkg:doubtful") for value in ("true", "false"))


def cut(line: str) -> tuple[str, str, str]:
    """Subject, predicate and object."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[:-3]


def joined(subject: str, predicate: str, value: str) -> str:
    """A line."""
    return f"{subject} {predicate} {value} .\n"


def chosen(lines: Lines, random: Random) -> int:
    """A line, each property as likely as any other: spans are many, negations few."""
    predicates = sorted({cut(line)[1] for line in lines})
    wanted = random.choice(predicates)
    return random.choice([place for place, line in enumerate(lines) if cut(line)[1] == wanted])


def of_class(lines: Lines, name: str) -> list[str]:
    """The nodes of a class, or one that is nowhere."""
    kind = f"<{TABLE.expand(name)}>"
    return [cut(line)[0] for line in lines if cut(line)[1:] == (TYPE, kind)] or [NODES[0]]


def _replaced(lines: Lines, place: int, value: str) -> Lines:
    subject, predicate, _ = cut(lines[place])
    return [*lines[:place], joined(subject, predicate, value), *lines[place + 1:]]


def deleted(lines: Lines, random: Random) -> Lines:
    """Without one triple."""
    place = chosen(lines, random)
    return lines[:place] + lines[place + 1:]


def bared(lines: Lines, random: Random) -> Lines:
    """A node without one of its properties."""
    start = " ".join(cut(lines[chosen(lines, random)])[:2]) + " "
    return [line for line in lines if not line.startswith(start)]


def forgotten(lines: Lines, random: Random) -> Lines:
    """Without a node that others lead to."""
    start = cut(lines[chosen(lines, random)])[0] + " "
    return [line for line in lines if not line.startswith(start)]


def swapped(lines: Lines, random: Random) -> Lines:
    """The objects of one property changed places."""
    one = chosen(lines, random)
    others = [place for place, line in enumerate(lines) if cut(line)[1] == cut(lines[one])[1]]
    other = random.choice(others)
    first, second = cut(lines[one])[2], cut(lines[other])[2]
    return _replaced(_replaced(lines, one, second), other, first)


def reworded(lines: Lines, random: Random) -> Lines:
    """Another literal: its type, its language, its number or its words."""
    return _replaced(lines, chosen(lines, random), random.choice(LITERALS))


def retagged(lines: Lines, random: Random) -> Lines:
    """The same words with another type or language."""
    texts = [place for place, line in enumerate(lines) if cut(line)[2][0] == '"']
    place = random.choice(texts)
    words = cut(lines[place])[2]
    tail = random.choice(["", "@en", "@fr", *(f"^^<{XSD}{kind}>" for kind in (
        "integer", "decimal", "boolean", "gYear", "duration", "anyURI"))])
    return _replaced(lines, place, words[:words.rindex('"') + 1] + tail)


def misled(lines: Lines, random: Random) -> Lines:
    """A link that leads elsewhere, or nowhere."""
    return _replaced(lines, chosen(lines, random), random.choice(NODES))


def doubled(lines: Lines, random: Random) -> Lines:
    """A property with a value more."""
    subject, predicate, _ = cut(lines[chosen(lines, random)])
    return [*lines, joined(subject, predicate, random.choice(LITERALS + NODES))]


def retyped(lines: Lines, random: Random) -> Lines:
    """A node of another class, or of one more."""
    places = [place for place, line in enumerate(lines) if cut(line)[1] == TYPE]
    place, name = random.choice(places), random.choice(CLASSES)
    if random.random() < 0.5:
        return _replaced(lines, place, name)
    return [*lines, joined(cut(lines[place])[0], TYPE, name)]


def renamed(lines: Lines, random: Random) -> Lines:
    """A node under another name, wherever it stands."""
    old = cut(lines[chosen(lines, random)])[0]
    new = random.choice([*NODES, f"{old[:-2]}g>"])
    return [line.replace(f"{old} ", f"{new} ") for line in lines]


def unproven(lines: Lines, random: Random) -> Lines:
    """A statement without its evidence."""
    node = random.choice(of_class(lines, "rkg:Statement"))
    start = f"{node} <{TABLE.expand('biolink:has_evidence')}>"
    return [line for line in lines if not line.startswith(start)]


def denied(lines: Lines, random: Random) -> Lines:
    """A statement that is denied or doubted, or says that it is not."""
    node = random.choice(of_class(lines, "rkg:Statement"))
    return [*lines, f"{node} {random.choice(FLAGS)} .\n"]


def affirmed(lines: Lines, random: Random) -> Lines:
    """No statement is denied, doubted or contradicted any more."""
    flag = f" <{TABLE.expand(random.choice(['biolink:negated', 'rkg:doubtful']))}> "
    return [line for line in lines if flag not in line]


def contradicted(lines: Lines, random: Random) -> Lines:
    """Two statements that contradict each other."""
    one, other = (random.choice(of_class(lines, "rkg:Statement")) for _ in range(2))
    return [*lines, joined(one, f"<{TABLE.expand('rkg:contradicts')}>", other)]


def unasserted(lines: Lines, random: Random) -> Lines:
    """Without what a statement asserts, or with what none does."""
    disease = random.choice(of_class(lines, "biolink:Disease"))
    wanted = [line for line in lines if disease in (cut(line)[0], cut(line)[2])]
    if wanted and random.random() < 0.5:
        gone = random.choice(wanted)
        return [line for line in lines if line != gone]
    ends = [disease, random.choice(NODES[2:])]
    random.shuffle(ends)
    verb = random.choice(["biolink:treats", "biolink:has_phenotype", "rkg:hasUnknown"])
    return [*lines, joined(ends[0], f"<{TABLE.expand(verb)}>", ends[1])]


MUTATIONS: tuple[Callable[[Lines, Random], Lines], ...] = (
    deleted, bared, forgotten, swapped, reworded, retagged, misled, doubled, retyped, renamed,
    unproven, denied, affirmed, contradicted, unasserted,
)


def parted(quads: bytes) -> list[bytes]:
    """N-Quads as the N-Triples of each of their graphs."""
    found: dict[bytes, list[bytes]] = {}
    for line in quads.splitlines(keepends=True):
        graph = line[line.rindex(b" <"):]
        found.setdefault(graph, []).append(line[:-len(graph)] + b" .\n")
    return [b"".join(found[graph]) for graph in sorted(found)]


def agreed(found: Iterable[Raw]) -> list[tuple[str, ...]]:
    """Results as engines must agree on them: the names of blank nodes are their own."""
    return sorted(tuple("_:" if BLANK.fullmatch(cell) else cell for cell in structs.astuple(raw))
                  for raw in found)


def mutants(graphs: Sequence[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` graphs as N-Triples, each broken once or twice, with what was done; by turns."""
    random = Random(seed)
    for number in range(count):
        lines = random.choice(graphs).decode().splitlines(keepends=True)
        done = [MUTATIONS[number % len(MUTATIONS)]]
        done += [random.choice(MUTATIONS)] if random.random() < 0.3 else []
        for mutate in done:
            lines = mutate(lines, random)
        yield " ".join(one.__name__ for one in done), "".join(sorted(set(lines))).encode()
