"""Queries answer what they should, refuse what they must, and say where a mistake is."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample_release
from click.testing import CliRunner, Result
from rdflib import URIRef

import kg
from kg import answers, exports, opening, prefixes, queries, query, terminal
from kg.cli.ask import query as command
from kg.deadline import within
from kg.errors import KgError, UnknownName, UsageError
from kg.opening import source
from kg.prefixes import DEFAULT_BASE
from kg.web.answering import Answered, Asked, Failed, answer

EXPECTED = Path(__file__).parent / "queries"
TABLE = prefixes.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's stage files with its RDF exports."""
    where = sample_release.write(tmp_path_factory.mktemp("asked"))
    exports.write(where / "graph.nq", where / "exports",
                  exports.chosen(["turtle", "jsonld", "trig", "rdfxml"]))
    return where


@pytest.fixture(scope="module")
def store(folder: Path) -> ox.Store:
    """The sample in memory, merged and by page."""
    return query.open_store(folder)


def asked(store: ox.Store, text: str, form: str = "csv") -> str:
    """The answer to a query as text."""
    return answers.rendered(query.ask(store, text, TABLE), form, TABLE).decode()


def named(name: str, **given: str) -> str:
    """The text of a named query with these values."""
    return queries.text(queries.find(name), given, TABLE)


def run(*arguments: object, **options: object) -> Result:
    """The command's result."""
    return CliRunner().invoke(command, [str(one) for one in arguments], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(queries.named()))
def test_competency(store: ox.Store, name: str) -> None:
    """Each named query gives exactly the expected rows, in order."""
    given = {one.name: one.example for one in queries.find(name).parameters if one.required}
    expected = (EXPECTED / f"{name}.csv").read_text(encoding="utf-8")
    assert asked(store, named(name, **given)).replace("\r\n", "\n") == expected


def test_every_answer_has_a_query() -> None:
    """No expected answer is left without its query."""
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(queries.named())


@pytest.mark.parametrize(("name", "given", "rows"), [
    ("therapies", {"disease": "MONDO:0006245"}, 3),
    ("therapies", {"disease": "http://purl.obolibrary.org/obo/MONDO_0019142"}, 1),
    ("therapies", {"status": "standard"}, 1),
    ("therapies", {"disease": "MONDO:0019142", "status": "standard"}, 0),
    ("synonyms", {"scope": "abbreviation"}, 1),
    ("figures", {"kind": "onset_age"}, 1),
    ("prognostic-factors", {"direction": "favourable"}, 1),
    ("disease", {"disease": "MONDO:0006245", "kind": "figure"}, 2),
    ("genes", {"disease": "MONDO:0006245"}, 0),
    ("negated", {"disease": "MONDO:0019142"}, 0),
    ("shared-therapies", {"disease": "MONDO:0019142", "therapy": "MAXO:0000004"}, 1),
])
def test_parameters(store: ox.Store, name: str, given: dict[str, str], rows: int) -> None:
    """A parameter that is given narrows the answer; one left out leaves it open."""
    assert len(asked(store, named(name, **given)).splitlines()) == rows + 1


def test_everything_about_one_node(store: ox.Store) -> None:
    """A gene is found with the diseases that pages name it for, and the sentence."""
    rows = asked(store, named("entity", entity="HGNC:4982")).splitlines()
    assert rows[0].startswith("kind,value,disease,diseaseName")
    assert [row.split(",")[:4:3] for row in rows[1:]] == [["Gene", "porphyria"]]


@pytest.mark.parametrize(("text", "told"), [
    ("SELECT ?s { ?s foo:bar ?o }", "unknown prefix 'foo'; accepted: CHEBI"),
    ("SELECT ?s {\n ?s a Biolink:Disease }", "line 2.*unknown prefix 'Biolink'; accepted: biolink"),
])
def test_an_unknown_prefix_is_named(store: ox.Store, text: str, told: str) -> None:
    """The prefix, where it stands, and those that there are; not the parser's expectations."""
    with pytest.raises(UsageError, match=told):
        query.ask(store, text, TABLE)


@pytest.mark.parametrize("value", ["hidradenocarcinoma", "a934340a"])
def test_a_name_where_an_identifier_belongs(value: str) -> None:
    """A name or the beginning of an id is no prefix that is missing: it says where ids are told."""
    with pytest.raises(UsageError, match=r"no CURIE or IRI .*kg show FOLDER NAME"):
        named("therapies", disease=value)


def test_statement_parameter(store: ox.Store) -> None:
    """The publications and sentences of one statement can be asked for by its id."""
    statement = sample_release.pages()[0][2][5].id
    rows = asked(store, named("publications", statement=statement)).splitlines()[1:]
    assert len(rows) == 2
    assert all(statement.rpartition("/")[2] in row for row in rows)
    assert len(asked(store, named("evidence", statement=statement)).splitlines()) == 3


@pytest.mark.parametrize("value", [
    "MONDO:1> } UNION { ?s ?p ?o", "http://x.example/> } #", "MONDO:1 2", "nonsense", "",
    'MONDO:"', "MONDO:\\u003e", "http://x.example/\n"])
def test_values_stay_values(value: str) -> None:
    """A value that is no IRI is refused; it can never become a part of the query."""
    with pytest.raises(KgError):
        named("therapies", disease=value)


def test_wrong_parameters() -> None:
    """Unknown, missing and impossible parameters are told with what is accepted."""
    with pytest.raises(UnknownName, match="disease"):
        named("therapies", disase="MONDO:1")
    with pytest.raises(UnknownName, match="standard"):
        named("therapies", status="best")
    with pytest.raises(UsageError, match="--param disease=MONDO:0006245"):
        named("disease")
    with pytest.raises(UnknownName, match="therapies"):
        queries.find("therapy")
    with pytest.raises(UnknownName, match="none at all"):
        named("ungrounded", disease="MONDO:1")


def test_headers() -> None:
    """Every parameter's example is a value that the parameter takes."""
    for one in queries.named().values():
        examples = {parameter.name: parameter.example for parameter in one.parameters}
        queries.text(one, examples, TABLE)
        assert one.description.endswith(".")


def test_each_triple_once(store: ox.Store, folder: Path) -> None:
    """The default graph is the merge of the pages; GRAPH still sees each page."""
    parsed = ox.parse(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    merged = len({str(quad.triple) for quad in parsed})
    assert asked(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").split() == ["n", str(merged)]
    pages = asked(store, "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert pages.split() == ["n", "3"]


@pytest.fixture
def listener() -> socket.socket:
    """A port on this machine that answers nobody."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    return server


@pytest.mark.parametrize("text", [
    "SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?s<?p)SERVICE#>\n<{at}> {{ ?a ?b ?c }} }}",
    "SELECT * {{ BIND(<{at}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT ?service {{ ?service ?p '''SERVICE''' . SERVICE <{at}> {{ ?s ?p ?o }} }}",
])
def test_service_is_refused(store: ox.Store, listener: socket.socket, text: str) -> None:
    """However SERVICE is hidden, it is refused and no connection is made."""
    with listener:
        host, port = listener.getsockname()
        with pytest.raises(UsageError, match="SERVICE"):
            query.ask(store, text.format(at=f"http://{host}:{port}/sparql"), TABLE)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("text", [
    "SELECT ?service { ?service ?p ?o }",
    "ASK { ?s ?p 'SERVICE <http://x> {}' } # SERVICE",
    "ASK { <http://x.example/SERVICE#service> ?p ?o }",
    "PREFIX service: <http://x.example/> ASK { service:service ?p ?o }",
])
def test_the_word_service(store: ox.Store, text: str) -> None:
    """The word may stand in variables, text, comments and IRIs."""
    query.ask(store, text, TABLE)


@pytest.mark.parametrize("text", [
    "INSERT DATA { <http://a> <http://b> <http://c> }", "DELETE WHERE { ?s ?p ?o }",
    "# a remark\nPREFIX a: <http://a/>\nload <http://a/>", "CLEAR ALL", "DROP ALL"])
def test_updates_are_refused(store: ox.Store, text: str) -> None:
    """An update is called one, and changes nothing."""
    before = len(store)
    with pytest.raises(UsageError, match="updates are refused"):
        query.ask(store, text, TABLE)
    assert len(store) == before


def test_syntax_error(store: ox.Store) -> None:
    """A mistake is shown with its line, column and a mark below it."""
    with pytest.raises(UsageError) as caught:
        query.ask(store, "SELECT *\nWHERE { ?s ?p ?o .\n  FILTER(nope(?s)) }", TABLE)
    lines = str(caught.value).splitlines()
    assert "line 3" in lines[0]
    assert lines[1] == "    FILTER(nope(?s)) }"
    assert lines[2].strip() == "^"


@pytest.mark.parametrize(("text", "form", "start"), [
    ("SELECT ?s { ?s a biolink:Gene }", "table", "s\n"),
    ("SELECT ?s { ?s a biolink:Gene }", "csv", "s\r\n"),
    ("SELECT ?s { ?s a biolink:Gene }", "tsv", "?s\n"),
    ("SELECT ?s { ?s a biolink:Gene }", "json", "{"),
    ("SELECT ?s { ?s a biolink:Gene }", "xml", "<?xml"),
    ("ASK { ?s a biolink:Gene }", "table", "yes\n"),
    ("ASK { ?s a biolink:Nothing }", "", "no\n"),
    ("ASK { ?s a biolink:Gene }", "json", "{"),
    ("CONSTRUCT { ?s a rkg:X } WHERE { ?s a biolink:Gene }", "ttl", "@base"),
    ("DESCRIBE HGNC:4982", "", "@base"),
    ("DESCRIBE HGNC:4982", "nt", "<http"),
    ("DESCRIBE HGNC:4982", "jsonld", '{"@context"'),
])
def test_formats(store: ox.Store, text: str, form: str, start: str) -> None:
    """Every form of query can be had in the formats that fit it."""
    assert asked(store, text, form).startswith(start)


@pytest.mark.parametrize(("text", "form", "hint"), [
    ("SELECT ?s { ?s ?p ?o }", "ttl", "csv"), ("ASK {}", "jsonld", "json"),
    ("DESCRIBE HGNC:4982", "csv", "ttl"), ("DESCRIBE HGNC:4982", "table", "jsonld")])
def test_wrong_format(store: ox.Store, text: str, form: str, hint: str) -> None:
    """A format that does not fit the query is refused with those that do."""
    with pytest.raises(UsageError, match=f"accepted: .*{hint}"):
        asked(store, text, form)


def test_described_turtle(store: ox.Store) -> None:
    """A described node is a readable paragraph."""
    assert asked(store, "DESCRIBE HGNC:4982", "ttl").endswith(
        'HGNC:4982\n    a biolink:Gene ;\n    rdfs:label "HMBS"@en ;\n'
        "    biolink:causes MONDO:0019142 .\n")


@pytest.mark.parametrize("name", ["graph.ttl", "graph.jsonld", "graph.trig", "graph.rdf"])
def test_any_rdf_file(folder: Path, name: str) -> None:
    """A query runs over any RDF file, known by its extension."""
    found = query.open_store(folder / "exports" / name)
    assert "4" in asked(found, "SELECT (COUNT(*) AS ?n) { ?s a rkg:TherapyStatement }")


@pytest.mark.parametrize(("start", "expected"), [
    ("https://x.org/rare/", "https://x.org/rare/"), ("https://x.org/a#", DEFAULT_BASE),
    ("https://x.org/?q=", DEFAULT_BASE)])
def test_base_of_a_graph(tmp_path: Path, start: str, expected: str) -> None:
    """The base is read off our graphs and binds our prefix; a foreign graph has none."""
    path = tmp_path / "graph.nq"
    path.write_text(f"<http://a> <http://b> <http://c> <{start}graph/0123456789abcdef> .\n")
    assert opening.base(path) == expected
    assert dict(kg.load(path).namespaces())["rarekg"] == URIRef(expected)


def test_bad_files(tmp_path: Path) -> None:
    """A file that is not there, has no RDF name or is not RDF is named."""
    with pytest.raises(UsageError, match="no output of kg run"):
        source(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UsageError, match=r"accepted: \.ttl"):
        source(tmp_path / "a.txt")
    (tmp_path / "a.ttl").write_text("<http://a> nonsense")
    with pytest.raises(UsageError, match=r"a\.ttl"):
        query.open_store(tmp_path / "a.ttl")


def test_table_fits() -> None:
    """A table on a terminal is cut to its width, wide letters counted as two columns."""
    shown = terminal.table(("a", "b"), [("汗腺癌" * 20, "x"), ("y" * 60, "z" * 30)], 40)
    assert all(terminal.width(line) <= 40 for line in shown.splitlines())
    assert "…" in shown


def test_nothing_moves_the_cursor_or_turns_the_line() -> None:
    """Control characters become blanks, what hides or turns becomes U+FFFD, one for one."""
    assert terminal.plain("a\x1b[2Jb\u202ec\u2066d\ne\u2028f") == "a [2Jb\ufffdc\ufffdd e f"
    assert terminal.plain("a\u200bb\U000e0041\xadc\x9b") == "a\ufffdb\ufffd\xadc "
    assert terminal.plain("Guillain\u2013Barr\xe9 \u6c57") == "Guillain\u2013Barr\xe9 \u6c57"


def test_command(folder: Path) -> None:
    """The command prints CSV where there is no terminal, and what it was asked for otherwise."""
    result = run(folder, "--name", "synonyms", "--param", "scope=exact")
    assert result.exit_code == 0
    assert result.output.splitlines()[1].startswith("http://purl.obolibrary.org/obo/MONDO_0006245,")
    result = run(folder, "SELECT ?s { ?s a biolink:Gene }", "--format", "json")
    assert json.loads(result.output)["results"]["bindings"][0]["s"]["value"].endswith("/4982")
    assert run(folder, "-", input="ASK {}").output == "true\n"


def test_query_from_a_file(folder: Path, tmp_path: Path) -> None:
    """@FILE is a query in a file."""
    (tmp_path / "a.rq").write_text("ASK { ?s a biolink:Gene }")
    assert run(folder, f"@{tmp_path / 'a.rq'}", "--format", "table").output == "yes\n"
    assert isinstance(run(folder, "@nowhere.rq").exception, UsageError)


def test_list() -> None:
    """The list names every query with its parameters; one of them can be read in full."""
    listing = run("--list").output
    assert all(name in listing for name in queries.named())
    one = run("--list", "--name", "therapies").output
    assert "[status=investigational|option|standard" in one
    assert "SELECT" in one


@pytest.mark.parametrize("arguments", [
    ["{}"], ["{}", "ASK {}", "--name", "genes"], ["{}", "ASK {}", "--param", "a=b"], [],
    ["{}", "--name", "genes", "--param", "disease"]])
def test_bad_usage(folder: Path, arguments: list[str]) -> None:
    """A command line that asks nothing, or two things, is explained."""
    assert run(*(one.format(folder) if one == "{}" else one for one in arguments)).exit_code == 2


# ---------------------------------------------------------------- limits

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_that_takes_too_long_is_ended(folder: Path) -> None:
    """Its process is killed, nothing is printed, and the error says what can be done."""
    found = run(folder, ENDLESS, "--timeout", "0.5")
    assert isinstance(found.exception, UsageError)
    assert "took longer than 0.5 s" in str(found.exception)
    assert "--timeout" in str(found.exception)
    assert not found.output
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_answer_that_is_too_large_is_refused(folder: Path, form: str) -> None:
    """At most --rows rows, in every format; as many as that are printed."""
    text = "SELECT ?s { ?s a rkg:Page }"
    assert run(folder, text, "--format", form, "--rows", "3").exit_code == 0
    found = run(folder, text, "--format", form, "--rows", "2")
    assert "more than 2 rows: use LIMIT, or more --rows" in str(found.exception)
    assert not found.output


def test_a_graph_that_is_too_large_is_refused(folder: Path) -> None:
    """CONSTRUCT and DESCRIBE give at most --rows triples."""
    text = "CONSTRUCT { ?s a rkg:Page } { ?s a rkg:Page }"
    assert run(folder, text, "--rows", "3").exit_code == 0
    assert "more than 2 triples" in str(run(folder, text, "--rows", "2").exception)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("cell", ["?o", "?nothing", "?nothing ?o"])
def test_rows_are_counted_whatever_they_hold(form: str, cell: str) -> None:
    """Quotes and line ends in a cell make no row, and an empty cell is one: two are two."""
    known = ox.Store()
    known.extend(ox.Quad(ox.NamedNode("x:a"), ox.NamedNode("x:p"), ox.Literal(text))
                 for text in ('a"b\nc\r\n\td', 'q\n"'))
    text = f"SELECT {cell} {{ ?s ?p ?o }}"
    assert answers.rendered(query.ask(known, text, TABLE), form, TABLE, most=answers.Most(2))
    with pytest.raises(UsageError, match="more than 1 rows"):
        answers.rendered(query.ask(known, text, TABLE), form, TABLE, most=answers.Most(1))


def test_the_server_counts_the_rows_of_csv_too(store: ox.Store) -> None:
    """Oxigraph parses no CSV: an answer that is long for its rows was taken for a wrong query."""
    text = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 9"
    found = answer(store, Asked(text, "csv", ""), TABLE, 9, 1 << 20)
    assert isinstance(found, Answered)
    assert found.body.count(b"\r\n") == 10
    less = answer(store, Asked(text, "csv", ""), TABLE, 8, 1 << 20)
    assert isinstance(less, Failed)
    assert (less.why, less.message) == ("size", "the answer has more than 8 rows: use LIMIT")


def test_long_cells_count_as_well(store: ox.Store) -> None:
    """Few rows can be large: the bytes of an answer have a limit of their own."""
    text = 'SELECT ?long { BIND("' + "x" * 500 + '" AS ?long) }'
    for form in ("csv", "json"):
        with pytest.raises(UsageError, match="more than 400 bytes"):
            answers.rendered(query.ask(store, text, TABLE), form, TABLE,
                             most=answers.Most(9, 400))
    for form in ("ttl", "nt"):
        found = query.ask(store, "CONSTRUCT WHERE { ?s a rkg:Page }", TABLE)
        with pytest.raises(UsageError, match="more than 40 bytes"):
            answers.rendered(found, form, TABLE, most=answers.Most(9, 40))


@pytest.mark.parametrize("options", [("--timeout", "0"), ("--rows", "0")])
def test_limits_can_be_lifted(folder: Path, options: tuple[str, str]) -> None:
    """With 0 there is none, and the answer is the same."""
    text = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    assert run(folder, text, *options).output == run(folder, text).output


def _killed(_: None) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def _too_much(_: None) -> bytes:
    raise MemoryError


def _nothing() -> None:
    return None


@pytest.mark.parametrize(("work", "message"), [(_killed, "ended"), (_too_much, "memory")])
def test_a_process_that_ends_is_told(work: Callable[[None], bytes], message: str) -> None:
    """Killed or out of memory: an error in words, not a wait for ever."""
    with pytest.raises(UsageError, match=message):
        within(60, _nothing, work, late="")
