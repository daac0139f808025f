"""Subjects written by their shapes have the text of subjects that are written one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg import prefixes
from kg.exports.shapes import LONG, Shapes, node
from kg.exports.syntaxes import SYNTAXES
from kg.ntriples import LABEL, TYPE, Told, told
from kg.prefixes import Prefixes

TABLE = prefixes.load()
BASE = TABLE.table["rarekg"]
# one table has a prefix for a folder below our base, which comes before ours in JSON-LD
TABLES = (TABLE, Prefixes({**TABLE.table, "pages": f"{BASE}page/"}))
NAMES = ("graph.ttl", "graph.jsonld")
IRIS = st.sampled_from([
    *(f"<{BASE}{path}>" for path in (
        "span/0a1b-3-4", "page/77", "term/drug/a%20b", "a//b", "page/", "page/x.", "ontology#Page",
        "Ä", "")),
    "<http://purl.obolibrary.org/obo/HP_0000028>", "<urn:x>", "_:b1"])
LITERALS = st.one_of(
    st.sampled_from(['"5"^^<http://www.w3.org/2001/XMLSchema#integer>', '"x"@en', '""', '"a\\"b"',
                     f'"<{BASE}span/1>"', '"100 % of %s"', '"{}"', '"no\u00a0break"', '"\x7f"',
                     '"\t"', '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>']),
    st.text("ab \u2009é", max_size=3).map('"{}"'.format))
VERBS = st.lists(st.sampled_from([
    TYPE, LABEL, f"<{TABLE.expand('biolink:has_evidence')}>", f"<{TABLE.expand('oa:exact')}>",
    f"<{TABLE.expand('dcterms:subject')}>", "<http://x.example/100%s>"]), min_size=1, max_size=4)


@st.composite
def subjects(draw: st.DrawFn) -> list[Told]:
    """Some subjects of a few shapes, one perhaps a long one."""
    shapes = draw(st.lists(VERBS.map(sorted), min_size=1, max_size=3))
    if draw(st.booleans()):
        shapes.append([LABEL] * (LONG + 1))
    chosen = draw(st.lists(st.sampled_from(shapes), max_size=8))
    return [(draw(IRIS), tuple(verbs), tuple(draw(st.one_of(IRIS, LITERALS)) for _ in verbs))
            for verbs in chosen]


@given(subjects(), st.sampled_from(TABLES))
def test_shapes_write_what_is_written_one_by_one(found: list[Told], table: Prefixes) -> None:
    """Whatever the terms of a column are: paths of ours or not, plain or not, classes that are
    none, and marks of other templates."""
    singly = {name: SYNTAXES[name].text(table) for name in NAMES}
    moulds = {name: mould(table) for name in NAMES if (mould := SYNTAXES[name].mould)}
    assert moulds.keys() == singly.keys()
    assert Shapes(table, moulds, singly).texts(found) == {
        name: [text(node(one)) for one in found] for name, text in singly.items()}


def test_a_subject_is_read_off_its_quads() -> None:
    """A triple of two graphs is there once; what looks like the end of a quad in a text is not."""
    quads = ('<s> <p> "a <g> .\\" <s>" <g> .\n<s> <p> "a <g> .\\" <s>" <h> .\n'
             '<s> <q> <o> <g> .\n')
    assert told(quads) == ("<s>", ("<p>", "<q>"), ('"a <g> .\\" <s>"', "<o>"))
    assert told("<s> <p> <o> <g> .\n") == ("<s>", ("<p>",), ("<o>",))
