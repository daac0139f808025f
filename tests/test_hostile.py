"""What people with bad intentions would send: bombs, paths, injections, disguises."""

from __future__ import annotations

import ast
import bz2
import gzip
import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import msgspec
import pyoxigraph as ox
import pytest
import sample_release
import vocab_files
from click.testing import CliRunner
from fuzz_contract import watched

from kg import evaluate, explain, explaining, files, jsonl, opening, prefixes, queries, query
from kg import show as showing
from kg.cli.naming import _names
from kg.cli.screen import shown
from kg.errors import DataError, KgError, SourceError, UsageError
from kg.exports import MANIFEST, read_manifest
from kg.exports.tables import guarded
from kg.model import Document
from kg.ntriples import nodes
from kg.sources import html, medquad, read
from kg.vocab import pickled, unpacking
from kg.vocab.forms import spelt_out, telling
from kg.vocab.readers import reader_of
from kg.vocab.resolve import resolve
from kg.vocab.tagging import table, tag
from kg.vocab.update import Remote, fetch

TABLE = prefixes.load()
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release."""
    return sample_release.write(tmp_path_factory.mktemp("release"))


def quickly(work: Callable[[], object]) -> None:
    """`work` is done, or refused with an error of ours, within five seconds of processor time."""
    started = time.process_time()
    with suppress(KgError):
        work()
    assert time.process_time() - started < 5


# ---------------------------------------------------------------- XML and HTML

LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?>{{}}<!DOCTYPE Document [<!ENTITY l0 "lol">{LOL}]>' \
       "<Document><Focus>&l9;</Focus></Document>"
FILE = '<?xml version="1.0"?>{}<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>' \
       "<Document><Focus>&x;</Focus></Document>"
REMOTE = '<?xml version="1.0"?>{}<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">' \
         "<Document><Focus>Foo</Focus></Document>"
PARAMETER = '<?xml version="1.0"?>{}<!DOCTYPE Document [<!ENTITY % x SYSTEM "file:///etc/passwd">' \
            "%x;]><Document><Focus>Foo</Focus></Document>"


@pytest.mark.parametrize("page", [BOMB, FILE, REMOTE, PARAMETER])
@pytest.mark.parametrize("before", ["", f"<!--{' ' * 5_000}-->"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(page: str, before: str, encoding: str) -> None:
    """Whatever stands before them, in any encoding that a parser knows."""
    with pytest.raises(SourceError, match=r"document type or entities|malformed|not|binary"):
        medquad.read("x", page.format(before).encode(encoding))


def test_xinclude_is_only_an_element() -> None:
    """Nothing of another file is in the text."""
    page = ('<Document xmlns:xi="http://www.w3.org/2001/XInclude"><Focus>Foo disease</Focus>'
            '<QAPairs><QAPair><Question qtype="treatment">What?</Question><Answer>It is treated. '
            '<xi:include href="file:///etc/passwd" parse="text"/></Answer></QAPair></QAPairs>'
            "</Document>")
    assert "root:" not in medquad.read("x", page.encode()).text


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<sup>", "<dl>",
                                   "<blockquote>", "<a href='#'>", "<h2>", "<p>", "<svg>", "<x:y>"])
def test_deep_nesting(piece: str) -> None:
    """Ten thousand elements in one another are read or refused at once."""
    page = "<h1>Foo disease</h1><h2>Treatment</h2><p>Foo disease is treated.</p>" + piece * 10_000
    quickly(lambda: html.read("x", page.encode()))
    quickly(lambda: medquad.read("x", f"<Document>{piece * 10_000}".encode()))


def test_huge_attributes() -> None:
    """Megabytes in one attribute, and thousands of attributes."""
    start = "<h1>Foo disease</h1><h2>Treatment</h2><p "
    end = ">Foo disease is treated.</p>"
    for attributes in (f"class='{'a ' * 2_000_000}'", f"style='{'display:' * 400_000}'",
                       " ".join(f"a{n}=''" for n in range(100_000)),
                       "".join(f"a{n}='>'" for n in range(100_000)),
                       " ".join(f"a{n}" for n in range(100_000)), "<a" * 200_000, "'" * 300_001,
                       f"src='data:{'A' * 2_000_000}'",
                       f"id='{'breadcrumb-' * 200_000}'"):
        quickly(lambda attributes=attributes: html.read(  # type: ignore[misc]
            "x", (start + attributes + end).encode()))


@pytest.mark.parametrize("data", [
    "Foo disease".encode("utf-16"), b"\xff\xfeF\x00o\x00", "Foo disease".encode("utf-32"),
    b"Foo\xed\xa0\x80disease", b"Foo\xc0\x80disease", b"\xf5\x80\x80\x80", b"Foo\x00disease"])
def test_bytes_that_are_no_text(data: bytes) -> None:
    """UTF-16, UTF-32, surrogates, overlong forms, what is beyond Unicode, NUL: refused."""
    with pytest.raises(SourceError):
        read("x", data + b"\n\nTreatment\n\nFoo disease is treated with surgery.")


# ---------------------------------------------------------------- files that grow


@pytest.mark.parametrize(("name", "packed"), [
    ("x.obo.gz", lambda data: gzip.compress(b"format-version: 1.2\n" + data)),
    ("x.json.gz", lambda data: gzip.compress(b'{"graphs": [' + data)),
    ("drug_ner_dictionary.pkl.bz2", bz2.compress)])
def test_bombs_are_not_unpacked(
    tmp_path: Path, name: str, packed: Callable[[bytes], bytes]
) -> None:
    """What grows a thousand times is refused long before the end, with the reason."""
    path = tmp_path / name
    path.write_bytes(packed(b" " * 100_000_000))
    with pytest.raises(DataError, match=r"refused: it unpacks|a line of more than"):
        list(reader_of(path).read(path, lambda _line, _problem: None))


def test_a_zstandard_bomb(tmp_path: Path) -> None:
    """As well."""
    zstandard = pytest.importorskip("zstandard")
    path = tmp_path / "MONDO-ontology-v2026-01-02.json.zst"
    path.write_bytes(zstandard.compress(b" " * 100_000_000))
    with pytest.raises(DataError, match="refused: it unpacks"):
        list(reader_of(path).read(path, lambda _line, _problem: None))


@pytest.mark.parametrize("cut", [1, 8, 20, 60])
def test_damaged_files_are_told(tmp_path: Path, cut: int) -> None:
    """Half a gzip file, and one with other bytes in the middle."""
    whole = gzip.compress(vocab_files.OBO.encode())
    for data in (whole[:-cut], whole[:30] + b"\xff" * cut + whole[30 + cut:]):
        path = tmp_path / "x.obo.gz"
        path.write_bytes(data)
        with pytest.raises((DataError, UsageError)):
            list(reader_of(path).read(path, lambda _line, _problem: None))


def test_what_is_sound_may_be_large(tmp_path: Path) -> None:
    """Ten thousand classes in a small file are read: they grow less than an attack."""
    text = "format-version: 1.2\n" + "".join(
        f"\n[Term]\nid: MONDO:{n:07d}\nname: disease {n}\n" for n in range(10_000))
    path = tmp_path / "x.obo.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert len(list(reader_of(path).read(path, lambda _line, _problem: None))) == 10_000
    assert unpacking.content(path) == text.encode()


# ---------------------------------------------------------------- JSON

DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("line", [
    b'{"page":' + DEEP + b"}", b'{"page":NaN}', b'{"page":1e999}',
    b'{"page":' + b"9" * 5_000 + b"}",
    b'{"page":"\xff"}', b'{"page":"\\ud800"}', b'{"page":"a"', b"\xef\xbb\xbf{}", b"null", b"[]"])
def test_json_that_is_none(tmp_path: Path, line: bytes) -> None:
    """Nesting, numbers and bytes beyond reason name the file and the line."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"page":"a"}\n' + line + b"\n")
    with pytest.raises(DataError, match=r"x\.jsonl:2"):
        list(jsonl.read(path, dict))
    with pytest.raises(DataError, match=r"x\.jsonl:2"):
        evaluate.read(path)
    with pytest.raises(DataError):
        list(jsonl.read(path, Document))


@pytest.mark.parametrize("field", [
    '"figures":[{"low":30,"high":[]}]', '"figures":[{"low":1' + "0" * 400 + "}]", '"figures":5',
    '"therapies":[{"name":"x","cites":[null,1]}]', '"therapies":[5]', '"genes":[{"name":["x"]}]',
    '"synonyms_optional":{"a":1}', '"causes":[{"name":"x","quote":[1]}]'])
def test_annotations_of_another_shape(tmp_path: Path, field: str) -> None:
    """A field that holds something else than is compared names the file, the line and the field."""
    path = tmp_path / "x.jsonl"
    path.write_text('{"page":"a"}\n{"page":"b",' + field + "}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"x\.jsonl:2: {field[1:4]}"):
        evaluate.read(path)


@pytest.mark.parametrize(("name", "text"), [
    ("x.sssom.tsv", "subject_id\tpredicate_id\tobject_id\robject_label\na:1\tb:2\tc:3\n"),
    ("x.tsv", "id\tcategory\tname\rsynonym\nMONDO:1\tbiolink:Disease\tFoo\n")])
def test_a_carriage_return_in_a_header_ends_no_line(tmp_path: Path, name: str, text: str) -> None:
    """What a vocabulary is taken for and how it is read are decided by the same lines."""
    path = tmp_path / name
    path.write_bytes(text.encode())
    with pytest.raises(UsageError):
        list(reader_of(path).read(path, lambda _line, _problem: None))


def test_of_equal_keys_the_last_counts(tmp_path: Path) -> None:
    """In every reader the same, so that no two stages see another value (RFC 8259, section 4)."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"page":"a","page":"b"}\n')
    assert list(jsonl.read(path, dict)) == evaluate.read(path) == [{"page": "b"}]
    assert msgspec.json.decode(path.read_bytes()) == json.loads(path.read_bytes())


# ---------------------------------------------------------------- paths and names

NAMES = ("a\nb.txt", "a\tb.txt", "a\x1b[2Jb.txt", "a\u202eb.txt", "=cmd.txt", "-o.txt", "..a.txt",
         "a'\"<script>.txt", "\udcff.txt")


def test_odd_file_names(tmp_path: Path) -> None:
    """Each is one row of skipped.tsv, with nothing that a terminal would obey."""
    from kg.cli import cli  # noqa: PLC0415 - imports click's commands

    for name in NAMES:
        (tmp_path / os.fsdecode(os.fsencode(name))).write_bytes(b"no page")
    out = tmp_path / "out"
    CliRunner().invoke(cli, ["parse", str(tmp_path), "-o", str(out)])
    lines = (out / "skipped.tsv").read_bytes().decode().split("\n")
    assert len(lines) == len(NAMES) + 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", "".join(lines))
    assert all(line.count("\t") == 1 for line in lines[:-1])


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "..", "", "C:\\evil",
                                  "a\\..\\evil"])
def test_a_manifest_names_only_its_own(tmp_path: Path, name: str) -> None:
    """Paths out of the folder are no part of a manifest: nobody serves, links or removes them."""
    row = {"path": name, "format": "turtle", "media_type": "text/turtle", "bytes": 1,
           "sha256": "a", "unit": "triples", "count": 1}
    good = row | {"path": "kgx/nodes.tsv"}
    (tmp_path / MANIFEST).write_text(json.dumps({"graph": "a", "files": [row, good]}))
    found = read_manifest(tmp_path)
    assert found is not None
    assert [file.path for file in found.files] == ["kgx/nodes.tsv"]


def test_a_site_stays_in_its_folder(folder: Path, tmp_path: Path) -> None:
    """Nodes whose IRIs climb, a manifest that climbs: every file is below the site."""
    pytest.importorskip("jinja2")
    from kg import site  # noqa: PLC0415
    from kg.web.prepared import prepare  # noqa: PLC0415

    release = tmp_path / "release"
    release.mkdir()
    for name in ("documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl"):
        if (folder / name).exists():
            (release / name).write_bytes((folder / name).read_bytes())
    graph = (folder / "graph.nq").read_bytes()
    climbing = graph.replace(b"term/factor/sunlight-1f35a5b1", b"term/../../../../climbed")
    climbing = climbing.replace(b"term/factor/early-stage-3f35a5b1", b"term/%2e%2e/%2e%2e/%2e%2e/c")
    assert climbing != graph
    (release / "graph.nq").write_bytes(climbing)
    (release / "exports").mkdir()
    row = {"path": "../../../stolen", "format": "turtle", "media_type": "text/turtle", "bytes": 1,
           "sha256": "a", "unit": "triples", "count": 1}
    (release / "exports" / MANIFEST).write_text(json.dumps({"graph": "a", "files": [row]}))
    out = tmp_path / "a" / "b" / "site"
    prepared = prepare(release)
    with watched(tmp_path) as seen:
        site.write(prepared, out)
    assert not [one for one in seen if "writing" in one.place or one.place.startswith("os.")]
    above = [path for path in tmp_path.rglob("*") if path.is_file()
             and not path.is_relative_to(out) and not path.is_relative_to(release)]
    assert not above, above
    assert list(out.rglob("climbed*.html"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/..", "http://127.0.0.1:9/.downloads.json"])
def test_an_address_without_a_file_name(tmp_path: Path, address: str) -> None:
    """It is refused before anybody is asked."""
    file = address.rpartition("/")[2]
    with pytest.raises(UsageError, match="names no file"):
        fetch(tmp_path, Remote(file, file, address))


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                                  "＝1", "＋1", "－1", "＠x", '=HYPERLINK("http://x","y")',
                                  "=cmd|'/c calc'!A0"])
def test_formulas_in_tables(cell: str) -> None:
    """A spreadsheet shows the words; the apostrophe is all that was added."""
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("number", ["-5", "+5", "-5.25"])
def test_numbers_are_no_formulas(number: str) -> None:
    """They stay numbers."""
    assert guarded(number) == number


def test_cells_of_our_tables_are_one_line(tmp_path: Path) -> None:
    """No cell ends its row or another cell, and data stay as they are: no apostrophe in a TSV."""
    path = tmp_path / "x.tsv"
    files.write_tsv(path, ("a", "b"), [("x\ty\nz\x00\x1b[1m\u2028w", "=1+1"), ("\udc80", "\u202e")])
    assert path.read_bytes().decode().split("\n") == [
        "a\tb", "x y z\ufffd\ufffd[1m w\t=1+1", "?\t\ufffd", ""]
    assert next(row for _, row in files.rows(path))["b"] == "=1+1"


def test_tables_that_are_none(tmp_path: Path) -> None:
    """A line end in a cell, a cell of megabytes: the line is reported, or the file is refused."""
    path, problems = tmp_path / "drugs.csv", list[int]()
    path.write_bytes(b"DrugBank ID,Common name,Synonyms\nDB00001,a\rb,\nDB00002,Brandol,\n"
                     b"DB00003," + b"x" * 200_000 + b",\n")
    found = reader_of(path).read(path, lambda line, _problem: problems.append(line))
    assert [term.label for term in found] == ["Brandol"]
    assert problems == [2, 4]
    names = tmp_path / "names.csv"
    names.write_bytes(b"name\n" + b"x" * 200_000 + b"\n")
    with pytest.raises(DataError, match="not a table"):
        _names(names, "name")


# ---------------------------------------------------------------- disguises


@pytest.mark.parametrize("name", [
    "glimmer syndrome\u0430", "gl\u0456mmer syndrome", "glimmer syndrome 汗", "β-glimmer syndrome",
    "\u202eglimmer syndrome", "glim\u2066mer syndrome", "glim\u200dmer syndrome",
    "glimmer\u2060 syndrome", "glimmer syndrome\U000e0041", "glimmer syndrome ٣",
    "glimmer ѕyndrome"])
def test_disguised_names_match_nothing(tmp_path: Path, name: str) -> None:
    """A name with letters of another script, or with characters that hide, is another name."""
    index = vocab_files.small(tmp_path)
    assert resolve(name, ("disease",), index).id == ""
    assert not index.find(name, "disease")
    assert telling(name)


@pytest.mark.parametrize("name", [
    "glimmer\xad syndrome", "Ｇlimmer syndrome", "glimmer\u200b syndrome", "glímmer syndrome",
    "Grünwald glimmer disease"])
def test_what_only_looks_odd_still_matches(tmp_path: Path, name: str) -> None:
    """Accents, wide letters, and where a line may break, are no disguise."""
    assert resolve(name, ("disease",), vocab_files.small(tmp_path)).id == "MONDO:0000010"


def test_greek_letters_are_words_or_themselves(tmp_path: Path) -> None:
    """β-thalassemia is never plain thalassemia; it is beta-thalassemia."""
    obo = ("format-version: 1.2\n\n[Term]\nid: MONDO:0000001\nname: thalassemia\n\n[Term]\n"
           "id: MONDO:0000002\nname: beta-thalassemia\n")
    index = vocab_files.index_of(tmp_path, vocab_files.write(tmp_path, "x.obo", obo))
    assert resolve("thalassemia", ("disease",), index).id == "MONDO:0000001"
    assert resolve("β-thalassemia", ("disease",), index).id == "MONDO:0000002"
    assert resolve("δ-thalassemia", ("disease",), index).id == ""
    assert spelt_out("TGF-β and Ω") == "TGF-beta and omega"


def test_disguised_words_are_not_tagged() -> None:
    """Nor in running text."""
    names = table([("glimmer syndrome", "glimmer syndrome", "MONDO:1")], "disease")
    assert len(tag("a glimmer syndrome", names)) == 1
    assert not tag("a gl\u0456mmer syndrome", names)
    assert not tag("a glimmer\u0430 syndrome", names)


# ---------------------------------------------------------------- SPARQL

INJECTIONS = (
    'x" } DROP ALL #', "x> } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #", "} UNION { ?s ?p ?o",
    "MONDO:1 } ?x ?y ?z . #", "\\u0022 }", "x\n} SERVICE <x:y> {", "MONDO:0006245>", "MONDO:",
    "http://x/ y", "http://x/>", 'http://x/"', "http://x/{}", "\x00", "\udcff", "'''", '"""',
    "?disease", "_:b", "(1 2)", "UNDEF")


@pytest.mark.parametrize("value", INJECTIONS)
def test_parameters_stay_values(folder: Path, value: str) -> None:
    """Whatever is given: an error of ours, or the same query with one value."""
    store = query.open_store(folder)
    for one in queries.named().values():
        for parameter in one.parameters:
            given = {other.name: other.example for other in one.parameters if other.required}
            try:
                text = queries.text(one, given | {parameter.name: value}, TABLE)
                found = query.ask(store, text, TABLE)
            except KgError:
                continue
            assert isinstance(found, ox.QuerySolutions)
            plain = query.ask(store, queries.text(one, given, TABLE), TABLE)
            assert isinstance(plain, ox.QuerySolutions)
            assert found.variables == plain.variables
            list(found)


@pytest.mark.parametrize("text", [
    "ASK " + "{" * 40_000 + "}" * 40_000, "SELECT ?a" + "{" * 99_000,
    "ASK { FILTER(" + "(" * 40_000 + "1" + ")" * 40_000 + ") }",
    "ASK { FILTER(" + "!" * 90_000 + "true) }", "ASK { ?a ?b " + "<<( ?a ?b " * 5_000 + "1",
    "ASK {" + "BIND(1 AS ?v) " * 6_000 + "}", "ASK { ?a " + "(" * 40_000 + " ?b }",
    "SELECT * { " + "SERVICE" * 10_000, "A" * 200_000, "\udc80"])
def test_queries_that_would_end_the_process(tmp_path: Path, text: str) -> None:
    """An answer or an error in the process that asks, which a parser without limits would end."""
    (tmp_path / "graph.nt").write_text("<x:a> <x:b> <x:c> .\n")
    (tmp_path / "q.rq").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = subprocess.run(
        [sys.executable, "-m", "kg", "query", str(tmp_path / "graph.nt"), f"@{tmp_path / 'q.rq'}"],
        capture_output=True, check=False, cwd=ROOT, timeout=120)
    assert done.returncode in {0, 2}, done.stderr[-300:]
    assert b"Traceback" not in done.stderr


# ---------------------------------------------------------------- RDF

RDF_HEAD = ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">')


@pytest.mark.parametrize(("name", "text"), [
    ("a.nt", "<x:a> <x:b> " + "<<( <x:a> <x:b> " * 30_000 + '"1"' + " )>>" * 30_000 + " ."),
    ("a.ttl", "<x:a> <x:b> " + "<<(\n<x:a> <x:b> " * 30_000 + '"1"' + " )>>" * 30_000 + " ."),
    ("a.jsonld", '{"@id":"x:a","x:b":' * 30_000 + "1" + "}" * 30_000),
    ("a.rdf", RDF_HEAD + "<x:a><x:b>" * 30_000 + "</x:b></x:a>" * 30_000 + "</rdf:RDF>"),
    ("b.rdf", f'<!DOCTYPE rdf:RDF [<!ENTITY l0 "lol">{LOL}]>{RDF_HEAD}<rdf:Description '
              'rdf:about="x:a"><x:b>&l9;</x:b></rdf:Description></rdf:RDF>'),
    ("c.owl", f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"a" * 5_000}">]>{RDF_HEAD}</rdf:RDF>')])
def test_rdf_bombs_are_refused(tmp_path: Path, name: str, text: str) -> None:
    """Nesting that ends the parser, its time or its memory; entities that grow."""
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match="refused"):
        list(opening.quads(tmp_path / name))


@pytest.mark.parametrize(("name", "text", "count"), [
    ("a.nt", '<x:a> <x:b> <<( <x:a> <x:b> "<<( <<( )>>" )>> .\n' * 500, 500),
    ("a.rdf", '<!DOCTYPE rdf:RDF [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]>' + RDF_HEAD
     + '<rdf:Description rdf:about="&owl;Class"><x:b>1 &lt; 2</x:b></rdf:Description>'
     + "</rdf:RDF>", 1),
    ("a.jsonld", "[" * 100 + '{"@id":"x:a","x:b":1}' + "]" * 100, 1),
    ("empty.jsonld", "[]", 0), ("a.rdf", RDF_HEAD + "<x:a/>" * 20_000 + "</rdf:RDF>", 20_000)])
def test_sound_rdf_is_read(tmp_path: Path, name: str, text: str, count: int) -> None:
    """What only resembles an attack is none."""
    (tmp_path / name).write_text(text)
    assert sum(1 for _ in opening.quads(tmp_path / name)) == count


def test_a_line_that_is_no_triple() -> None:
    """It is named, also where the lines around it hid it from the first look."""
    with pytest.raises(DataError, match="no triple"):
        list(nodes(["<x:a> <x:b> <x:c> .\n", "<x:b> .\n"]))


# ---------------------------------------------------------------- terminals

EVIL = "x\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u200b\u2066y"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def evil(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with sequences for a terminal in words, names and quotes."""
    made = tmp_path_factory.mktemp("evil")
    word = json.dumps(EVIL)[1:-1].encode()
    for path in folder.iterdir():
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".jsonl":
                data = data.replace(b"main treatment", b"main " + word).replace(
                    b'"label":"', b'"label":"' + word)
            elif path.suffix == ".nq":
                data = data.replace(b'rdf-schema#label> "', b'rdf-schema#label> "'
                                    + EVIL.encode())
            (made / path.name).write_bytes(data)
    return made


def test_what_is_shown_cannot_be_obeyed(evil: Path) -> None:
    """kg explain and kg show, at any width."""
    lines = (evil / "statements.jsonl").read_bytes().splitlines()
    for line in lines:
        for limit in (20, 80):
            text = explaining.text(explain.explain(evil, json.loads(line)["id"]), limit)
            assert not OBEYED.search(text)
    for found in showing.overviews(evil, "MONDO:0006245", TABLE):
        assert not OBEYED.search(showing.text(found, 60))


def on_a_terminal(*arguments: str) -> bytes:
    """What a command prints on a terminal of its own, with its errors."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "kg", *arguments], stdout=follower,
                               stderr=follower, stdin=subprocess.DEVNULL, cwd=ROOT)
    os.close(follower)
    found = b""
    try:
        while part := os.read(leader, 65_536):
            found += part
    except OSError:  # Linux tells the end of a terminal so
        pass
    process.wait()
    os.close(leader)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="opens a terminal")
@pytest.mark.parametrize("arguments", [
    ("query", "DIR", "SELECT ?l { ?s rdfs:label ?l }"),
    ("query", "DIR", "SELECT ?l { ?s rdfs:label ?l }", "--format", "csv"),
    ("query", "DIR", "CONSTRUCT WHERE { ?s rdfs:label ?l }", "--format", "nt"),
    ("show", "DIR", "MONDO:0006245"), ("show", "DIR", EVIL.replace("\x00", "")),
    ("show", "DIR", "MONDO:0006245", "--json"), ("show", "DIR", "MONDO:0006245", "--format", "ttl"),
    ("validate", "DIR"), ("explain", "DIR", f"rarekg:{EVIL}")])
def test_terminals_are_safe(evil: Path, arguments: tuple[str, ...]) -> None:
    """No command lets a page's words move the cursor, in any format, nor does an error."""
    found = on_a_terminal(*(one.replace("DIR", str(evil)) for one in arguments))
    text = found.decode("utf-8", "replace").replace("\r\n", "\n")
    assert text.strip()
    assert not OBEYED.search(text), text[:500]


def test_a_file_gets_all_as_it_is(evil: Path) -> None:
    """Only terminals are guarded: what is piped is the data."""
    done = subprocess.run([sys.executable, "-m", "kg", "query", str(evil), "--format", "json",
                           "SELECT ?l { ?s rdfs:label ?l }"], capture_output=True, check=True,
                          cwd=ROOT)
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert any(EVIL in row["l"]["value"] for row in rows)


def test_what_is_told_of_a_page_is_one_line(tmp_path: Path) -> None:
    """The name of a page that is skipped cannot move the cursor, nor look like another message."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / f"{EVIL}\nkg: skipped nothing.txt").write_bytes(b"%PDF-1.7 \x00\x01")
    for arguments in (("run", str(pages)), ("parse", str(pages))):
        found = on_a_terminal(*arguments, "-o", str(tmp_path / arguments[0]))
        text = found.decode("utf-8", "replace").replace("\r\n", "\n")
        assert not OBEYED.search(text), text
        assert "\nkg: skipped nothing" not in text
    assert "kg: skipped " in on_a_terminal(
        "run", str(pages), "-o", str(tmp_path / "again")).decode("utf-8", "replace")


def test_an_option_that_is_wrong_is_shown_plainly() -> None:
    """The words of a command are repeated in its error, without what a terminal obeys."""
    text = on_a_terminal("query", ".", "--param", EVIL, "--name", "therapies").decode()
    assert "NAME=VALUE" in text
    assert not OBEYED.search(text.replace("\r\n", "\n"))


def test_what_a_screen_keeps() -> None:
    """Lines and tabs stay, and so do the letters of every script."""
    assert shown("a\tb\n汗é\r\x1b[0m") == "a\tb\n汗é  [0m"
    assert isinstance(click.UsageError("x"), click.ClickException)


# ---------------------------------------------------------------- injection into formats


def test_hostile_words_in_every_format(folder: Path, tmp_path: Path) -> None:
    """Words that end a string, a tag or a comment elsewhere are words in every RDF export."""
    from kg.exports import chosen, write  # noqa: PLC0415

    evil = ("\\\"\\\"\\\" . <x:a> <x:b> <x:c> . ''' ]]> --> </script><script>alert(1)</script> "
            "&lt; &#60; {} } @prefix \\\\n \\\\u0022 <!ENTITY")
    graph = tmp_path / "graph.nq"
    graph.write_bytes((folder / "graph.nq").read_bytes().replace(
        b'rdf-schema#label> "', b'rdf-schema#label> "' + evil.encode()))
    names = ("turtle", "jsonld", "ntriples", "rdfxml", "trig", "nquads")
    write(graph, tmp_path / "out", chosen(names), TABLE)
    wanted = {quad.triple for quad in ox.parse(path=graph)}
    for name in ("graph.ttl", "graph.jsonld", "graph.nt", "graph.rdf", "graph.trig", "graph.nq"):
        found = {quad.triple for quad in ox.parse(path=tmp_path / "out" / name)}
        assert found == wanted, name


# ---------------------------------------------------------------- our own code

# Modules and calls that run what they read.  Allowed: where, and why.
DANGEROUS = frozenset({"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml", "jsonpickle"})
CALLS = frozenset({"eval", "exec", "compile", "__import__", "os.system", "os.popen"})
STARTS = {"releasing.py": "the signing command that the user names, without a shell"}


def test_nothing_read_is_run() -> None:
    """No pickle, marshal or YAML, no eval or exec, no shell, and no process but the signer's."""
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module if isinstance(node, ast.ImportFrom) else None
                names = {(module or one.name).partition(".")[0] for one in node.names}
                assert not names & DANGEROUS, place
                assert "subprocess" not in names or path.name in STARTS, place
            elif isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name not in CALLS, place
                assert not any(word.arg == "shell" for word in node.keywords), place


def test_a_pickle_runs_nothing(tmp_path: Path) -> None:
    """The one format that is a pickle is read as data: what it would call is refused."""
    ran = tmp_path / "ran"
    for data in (b"cos\nsystem\n(S'touch %b'\ntR." % str(ran).encode(),
                 b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x08touch %b\x85R.",
                 b"\x80\x04\x82\x01.", b"(lp0\n0p1\n.", b"\x80\x04h\x05.", b"", b"\x80",
                 b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fx."):
        with pytest.raises(ValueError, match=r".*"):
            pickled.loads(data)
    assert not ran.exists()
    assert pickled.loads(b"\x80\x04]\x94r\xff\xff\xff\x7f.") == []  # a memo of any size
    assert pickled.loads(b"\x80\x04}\x94(\x8c\x01a]\x94(\x8c\x01bK\x01eu.") == {"a": ["b", 1]}
