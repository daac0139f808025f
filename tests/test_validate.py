"""Every shape breaks when it should, in every engine, and the report says where and why."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from graphs import DISEASE, document, evidence, graph, statement
from msgspec import structs

from kg import prefixes
from kg.engines import ENGINES, Raw, available, engine, messages, shapes_text
from kg.errors import UnknownName
from kg.model import Entity
from kg.ontology import kinds
from kg.rdf import graph_lines
from kg.rdf import quads as graph_of
from kg.report import as_json, as_text, short, write
from kg.validate import Report, Result, engine_named, merged, of_page, settled, validate

FIXTURES = Path(__file__).parent / "shapes"
NAMES = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
RKG = "https://w3id.org/rarekg/ontology#"
SH = "http://www.w3.org/ns/shacl#"
SURGERY = Entity("MAXO:0000004", "surgical procedure", "therapy")


def triples(name: str, verdict: str) -> list[ox.Triple]:
    """The triples of a fixture."""
    path = FIXTURES / name / f"{verdict}.ttl"
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def lines(found: list[ox.Triple]) -> bytes:
    """Triples as N-Triples."""
    return ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b""


def shapes_store() -> ox.Store:
    """The shapes as a store."""
    store = ox.Store()
    store.load(shapes_text().encode(), format=ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("name", NAMES)
def test_broken_graph_breaks_exactly_its_shape(name: str) -> None:
    """The failing fixture breaks the shape it is named after, and no other."""
    report = validate(triples(name, "fail"))
    assert {short(result.shape) for result in report.results} == {name}
    severity = "Warning" if name.startswith("Quality") else "Violation"
    assert {result.severity for result in report.results} == {severity}
    assert report.conforms == (severity == "Warning")


@pytest.mark.parametrize("name", NAMES)
def test_sound_graph_breaks_nothing(name: str) -> None:
    """The passing fixture breaks no shape at all."""
    assert validate(triples(name, "pass")).results == ()


@pytest.mark.skipif(len(available()) < 2, reason="only one SHACL engine is installed")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_engines_agree(name: str, verdict: str) -> None:
    """The same focus node, shape, component and severity from every engine."""
    found = lines(triples(name, verdict))
    answers = [{(raw.focus, raw.shape, raw.component, raw.severity) for raw in run(found)}
               for run in ENGINES.values()]
    assert answers[0] == answers[1]
    assert bool(answers[0]) == (verdict == "fail")


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_accepts_a_whole_page(name: str) -> None:
    """A page with all kinds of statement breaks nothing."""
    if name not in available():
        pytest.skip(f"{name} is not installed")
    assert validate(graph(), name).results == ()


def test_every_message_has_fixtures() -> None:
    """Each shape that can report has its folder, and each folder its shape."""
    assert sorted(short(shape) for shape in messages()) == NAMES


def test_every_shape_that_reports_has_message_and_advice() -> None:
    """Shapes with a target, and their property shapes, say what holds and what to do."""
    rows = shapes_store().query(f"""PREFIX sh: <{SH}> SELECT DISTINCT ?shape WHERE {{
        {{ ?node sh:targetClass ?class ; sh:property ?shape }} UNION
        {{ ?shape sh:targetClass ?class . FILTER NOT EXISTS {{ ?shape sh:property ?any }} }}
    }}""")
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["shape"].value for row in rows} == set(messages())
    assert all(shape.message.endswith(".") and shape.advice.endswith(".")
               for shape in messages().values())


def test_every_shape_is_an_iri() -> None:
    """Only the lists of sh:in and sh:or are blank nodes."""
    blank = {quad.predicate.value for quad in shapes_store()
             if isinstance(quad.subject, ox.BlankNode)}
    assert {name.rpartition("#")[2] for name in blank} <= {"first", "rest"}


def test_sparql_constraints_run_once_a_page() -> None:
    """Every SPARQL constraint has the page for its focus, so that its cost does not grow."""
    rows = shapes_store().query(f"""PREFIX sh: <{SH}>
        SELECT ?class WHERE {{ ?shape sh:sparql ?any ; sh:targetClass ?class }}""")
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["class"].value for row in rows} == {"https://w3id.org/rarekg/ontology#Page"}


def test_graphs_are_checked_one_by_one() -> None:
    """A statement without its page is broken even where another graph has that page."""
    whole = list(graph())
    page = ox.NamedNode("https://w3id.org/rarekg/ontology#Page")
    moved = [quad if quad.object != page else
             ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("x:other"))
             for quad in whole]
    report = validate(moved)
    assert report.graphs == 2
    assert "Evidence-source" in {short(result.shape) for result in report.results}


def test_bytes_and_quads_give_the_same_report() -> None:
    """N-Quads are read as they were written."""
    quads = [quad for quad in graph() if quad.predicate.value != f"{RKG}rule"]
    assert validate(graph_lines(quads)) == validate(reversed(quads)) != validate(graph())


def test_a_page_is_checked_without_its_graph_name() -> None:
    """The triples of one page and its graph's name give the report that its N-Quads give."""
    broken = [quad for quad in graph() if quad.predicate.value != f"{RKG}rule"]
    found = lines([quad.triple for quad in broken])
    assert of_page(str(broken[0].graph_name)[1:-1], found) == validate(graph_lines(broken))


@pytest.mark.parametrize("name", available())
def test_result_names_page_statement_and_sentence(name: str) -> None:
    """A broken selector leads back to the sentence and the statement it supports."""
    end = "http://www.w3.org/ns/oa#end"
    quads = [quad for quad in graph()
             if not (quad.predicate.value == end and str(quad.subject).endswith("-130-165>"))]
    report = validate(quads, name)
    assert (report.engine, report.graphs) == (name, 1)
    (result,) = [one for one in report.results if "Position" in one.shape]
    assert result.page == "folder/sample page.txt"
    assert (result.path, result.value) == (end, "")
    assert result.component == f"{SH}MinCountConstraintComponent"
    assert result.graph == str(quads[0].graph_name).strip("<>")
    assert result.severity == "Violation"
    assert result.sentence == "Fewer than 30% live for five years."
    assert result.statement.startswith("https://w3id.org/rarekg/statement/")
    assert result.advice


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("Page-")])
def test_a_rule_about_a_page_says_which_of_its_statements_breaks_it(name: str) -> None:
    """What has no path is about its value, and leads to the statement and its sentence."""
    for result in validate(triples(name, "fail")).results:
        assert bool(result.statement) == bool(result.sentence) == (not result.path)
        if "/statement/" in result.value:
            assert result.statement == result.value


@pytest.mark.parametrize("name", NAMES)
def test_messages_name_the_value_that_they_speak_of(name: str) -> None:
    """A path is one property or nothing; nothing is left to fill in."""
    for result in validate(triples(name, "fail")).results:
        template = messages()[result.shape]
        assert result.message == template.message.replace("{?value}", result.value)
        assert "{" not in result.message
        assert result.advice == template.advice != ""
        assert not result.path or re.fullmatch(r"https?://[^<> ]+", result.path)


def test_a_wrong_type_is_told_once() -> None:
    """What cannot be compared is not compared; a warning about a type leaves the comparison."""
    def raw(focus: str, component: str, severity: str = "Violation") -> Raw:
        return Raw(focus, "x:shape", f"{SH}{component}ConstraintComponent", SH + severity, "v", "")

    typed, compared, other = (raw("x:a", name) for name in ("Datatype", "LessThan", "MinCount"))
    elsewhere = raw("x:b", "LessThan")
    doubtful = [raw("x:c", "Datatype", "Warning"), raw("x:c", "MaxInclusive")]
    found = [typed, compared, other, elsewhere, *doubtful]
    assert settled([*found, *found]) == sorted([typed, other, elsewhere, *doubtful])


def test_a_part_of_a_statement_has_its_own_sentence() -> None:
    """Where a statement has two sentences, a result about one of them shows that one."""
    page = document()
    first, second = (evidence(page, words, words.split()[0]) for words in (
        "Trastuzumab has been tried.", "Fewer than 30% live for five years."))
    made = structs.replace(statement("therapy", "option", first, SURGERY),
                           evidence=(first, second))
    quads = list(graph_of(page, DISEASE, (made,), prefixes.load(), kinds()))
    for one in (first, second):
        node = ox.NamedNode(f"https://w3id.org/rarekg/quote/{page.id}-{one.span.start}-"
                            f"{one.span.end}")
        again = ox.Quad(node, ox.NamedNode("http://www.w3.org/ns/oa#prefix"), ox.Literal("twice"),
                        quads[0].graph_name)
        (result,) = [one for one in validate([*quads, again]).results if "Quote" in one.shape]
        assert result.sentence == one.quote
        assert result.statement.endswith(made.id.removeprefix("rarekg:"))


def test_unknown_engine_is_named() -> None:
    """A wrong engine is an error that says what there is."""
    with pytest.raises(UnknownName, match="pyshacl"):
        engine_named("rudof")
    with pytest.raises(UnknownName, match="pyshacl"):
        engine("rudof")
    assert engine_named("auto") == available()[0]


def test_report_text_is_for_people() -> None:
    """Verdict, counts, message, CURIEs, sentence and advice."""
    report = validate(triples("Measurement-percent", "fail"))
    text = as_text(report, prefixes.load())
    assert text.startswith("The graph does not conform to the shapes.\n1 violation, no warnings")
    assert "A percentage lies between 0 and 100." in text
    assert 'sentence:   Fewer than 30% live for five years.' in text
    assert "rarekg:measurement/" in text
    assert "https://w3id.org/rarekg" not in text
    assert "what to do: " in text


def test_report_json_counts() -> None:
    """The JSON report has the verdict, the counts and every result."""
    body = json.loads(as_json(validate(triples("Evidence-rule", "fail"))))
    assert (body["conforms"], body["violations"], body["warnings"]) == (False, 1, 0)
    assert body["results"][0]["shape"].endswith("#Evidence-rule")


def test_report_turtle_is_a_validation_report_without_blank_nodes(tmp_path: Path) -> None:
    """Every node is an IRI, and each result is there once."""
    report = merged([validate(triples(name, "fail")) for name in NAMES], "any")
    turtle = write(report, tmp_path, prefixes.load())[2].read_bytes()
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.TURTLE)
    assert not any(isinstance(term, ox.BlankNode) for quad in store for term in quad.triple)
    results = store.quads_for_pattern(None, ox.NamedNode(f"{SH}result"), None, None)
    assert len(list(results)) == len(set(report.results))


class Many:
    """Results that are made anew each time that somebody goes through them."""

    def __init__(self, one: Result, count: int) -> None:
        self.one, self.count = one, count

    def __iter__(self) -> Iterator[Result]:
        return (structs.replace(self.one, focus=f"https://example.org/{number}")
                for number in range(self.count))


def test_a_report_holds_no_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its memory grows by a name for each, and what it writes is what a list would give."""
    monkeypatch.setattr("kg.report.SORTED", 20_000)
    (one,) = validate(triples("Measurement-percent", "fail")).results
    write(Report(Many(one, 5), "any"), tmp_path, prefixes.load())  # what is made once
    peaks = []
    for count in (200, 1200):
        tracemalloc.start()
        paths = write(Report(Many(one, count), "any"), tmp_path, prefixes.load())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(json.loads(paths[1].read_bytes())["results"]) == count
    assert paths[1].read_bytes() == as_json(Report(tuple(Many(one, count)), "any"))
    assert peaks[1] - peaks[0] < 1000 * 2000, "a result with its triples takes some 5,000 bytes"


def test_empty_report_conforms(tmp_path: Path) -> None:
    """Without results there is a verdict all the same, in all three files."""
    report = Report((), "shacl")
    paths = write(report, tmp_path, prefixes.load())
    assert [path.name for path in paths] == ["report.txt", "report.json", "report.ttl"]
    assert paths[0].read_text().startswith("The graph conforms to the shapes.\nno violations")
    assert b"sh:conforms true" in paths[2].read_bytes()


def test_hostile_page_is_still_a_sound_graph() -> None:
    """Control characters, lone surrogates and illegal addresses do not break a graph."""
    page = document(title="a\x00\ud800<>\"\\", url="http://exa mple/<x>", xrefs=("GARD: <x>",),
                    license="no \x07 IRI")
    assert validate(graph_lines(graph(page))).results == ()


def test_shapes_are_well_formed() -> None:
    """SHACL's own shapes for shapes find nothing wrong."""
    shapes = rdflib.Graph().parse(data=shapes_text(), format="turtle")
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_lines_of_one_page_are_judged_as_their_quads() -> None:
    """The short way over the text gives the same report, for a sound page and for a broken one."""
    sound = graph_lines(graph())
    broken = b"".join(line for line in sound.splitlines(keepends=True) if b"hasSource" not in line)
    assert validate(broken).results
    for lines in (sound, broken):
        rows = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
        for name in available():
            assert validate(lines, name) == validate(rows, name)


def test_lines_of_two_pages_are_checked_page_by_page() -> None:
    """A file of several graphs gives what its graphs give, each result with its graph."""
    sound = graph_lines(graph())
    name = sound.splitlines()[0].rsplit(b" ", 2)[1]
    broken = b"".join(line for line in sound.splitlines(keepends=True) if b"hasSource" not in line)
    broken = broken.replace(name, b"<https://example.org/broken>")
    report = validate(sound + broken)
    assert report.graphs == 2
    assert report.results == validate(broken).results
    assert {result.graph for result in report.results} == {"https://example.org/broken"}


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("end", ["", " <https://example.org/graph>", f" <{RKG}Statement>"])
def test_an_object_that_all_lines_end_with_is_no_graph(name: str, end: str) -> None:
    """Triples of one class only, alone or beside quads of a graph that bears its name."""
    kind = f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{RKG}Statement>"
    text = f"<x:a> {kind} .\n<x:b> {kind}{end} .\n".encode()
    rows = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert validate(text, name) == validate(rows, name)
    assert {result.focus for result in validate(text, name).results} == {"x:a", "x:b"}


@pytest.mark.parametrize(("name", "node"), [
    *((name, b"<https://example.org/selector>") for name in available()),
    ("pyshacl", b"_:selector"),  # the other engine gives blank nodes names of its own
])
def test_lines_that_others_write_lead_to_the_same_sentence(name: str, node: bytes) -> None:
    """Tabs where we write spaces, and a blank node, and what follows from them."""
    lines = [line for line in graph_lines(graph()).splitlines(keepends=True)
             if not (b"oa#end" in line and b"-130-165>" in line.split(b" ")[0])]
    ours = b"".join(lines)
    old = next(word for word in ours.split() if word.endswith(b"-130-165>") and b"/span/" in word)
    others = ours.replace(old, node).replace(b"> <", b">\t<")
    (found,), (wanted,) = ([result for result in validate(some, name).results
                            if "Position" in result.shape] for some in (others, ours))
    assert found.sentence == wanted.sentence == "Fewer than 30% live for five years."
    assert (found.page, found.statement) == (wanted.page, wanted.statement)
    assert found.focus == node.decode().strip("<>").removeprefix("_:") != wanted.focus
