"""Explanations and overviews: found by what people have at hand, readable in any width."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample_release
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kg import explaining, files, prefixes, terminal
from kg.cli.ask import explain as explain_command
from kg.cli.ask import show as show_command
from kg.errors import DataError, UnknownName, UsageError
from kg.explain import explain
from kg.extract.rows import rule_rows
from kg.model import Span
from kg.show import overviews, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's stage files."""
    return sample_release.write(tmp_path_factory.mktemp("explained"))


def id_of(page: int, position: int) -> str:
    """The bare id of a statement of the sample."""
    return sample_release.pages()[page][2][position].id.rpartition("/")[2]


SURGERY = id_of(0, 5)


@pytest.mark.parametrize("wanted", [
    SURGERY, SURGERY[:10], SURGERY[:10].upper(), f"rarekg:statement/{SURGERY}",
    f"https://w3id.org/rarekg/statement/{SURGERY}", f"<https://x.example/statement/{SURGERY}>"])
def test_found_by(folder: Path, wanted: str) -> None:
    """A statement is found by its id, a prefix, its CURIE or its IRI, with all its pages."""
    found = explain(folder, wanted)
    assert found.statement == f"rarekg:statement/{SURGERY}"
    assert [passage.page for passage in found.passages] == ["a/first.txt", "b/second.txt"]
    assert [one.number for one in found.passages[0].citations] == [1, 2]
    assert found.passages[0].citations[0].ids == ("PMC:4370612",)


def test_passages_quote_the_page(folder: Path) -> None:
    """Spans point into the page and the mention into the quote."""
    for page, _, statements in sample_release.pages():
        for statement in statements:
            for one in explain(folder, statement.id).passages:
                if one.page == page.page:
                    assert page.text[one.span.start:one.span.end] == one.quote
                    assert one.quote[one.mention.start:one.mention.end].strip()


def test_ambiguous(folder: Path) -> None:
    """A prefix of several ids lists them; one of none says so."""
    with pytest.raises(UsageError, match="begins 3 ids") as caught:
        explain(folder, "6")
    assert str(caught.value).count("rarekg:statement/6") == 3
    with pytest.raises(UsageError, match="no statement 'ffff'"):
        explain(folder, "ffff")
    with pytest.raises(UsageError, match="not a statement"):
        explain(folder, "/")


def test_no_run(tmp_path: Path) -> None:
    """A folder without stage files, or with a broken one, is named."""
    with pytest.raises(UsageError, match="kg run"):
        explain(tmp_path, "1")
    (tmp_path / "statements.jsonl").write_text('{"id": "rarekg:statement/12"}\n')
    with pytest.raises(DataError, match=r"statements\.jsonl:1"):
        explain(tmp_path, "1")


@pytest.mark.parametrize("limit", [30, 80, 200])
def test_lines_fit(folder: Path, limit: int) -> None:
    """No line is wider than the terminal, but for single words that are."""
    for _, _, statements in sample_release.pages():
        for statement in statements:
            shown = explaining.text(explain(folder, statement.id), limit)
            assert all(terminal.width(line) <= limit for line in shown.splitlines())


def test_underline_below_wide_letters() -> None:
    """The carets stand below the mention, with wide letters, tabs and accents before it."""
    quote = "汗腺癌\tis e\u0301tudied and treated"
    start = quote.index("treated")
    sentence, mark = explaining.underlined(quote, Span(start, start + 7), 80)
    assert "\t" not in sentence
    before = sentence[:sentence.index("treated")]
    assert mark == " " * terminal.width(before) + "^" * 7


def test_underline_over_two_lines() -> None:
    """A mention that is cut is underlined in both lines."""
    lines = list(explaining.underlined("some words and then two words", Span(15, 29), 24))
    assert [line.strip("^ ") == "" for line in lines] == [False, True, False, True]
    assert sum(line.count("^") for line in lines) == 13


@given(st.text(max_size=60), st.integers(min_value=3, max_value=40))
def test_breaks(words: str, limit: int) -> None:
    """Cutting loses nothing but the blanks at the cuts, and every piece fits."""
    shown = terminal.plain(words)
    pieces = [shown[start:end] for start, end in terminal.breaks(shown, limit)]
    assert "".join(pieces).replace(" ", "") == shown.replace(" ", "")
    assert all(terminal.width(piece) <= limit for piece in pieces)
    assert terminal.width(terminal.clipped(shown, limit)) <= limit


def test_explained_in_words(folder: Path) -> None:
    """The text has the sentence, the deciding one, the grounding and the works cited."""
    shown = explaining.text(explain(folder, id_of(0, 7)), 100)
    assert "hidradenocarcinoma · therapy · investigational: Trastuzumab" in shown
    assert "    Trastuzumab has helped in single reports.[2]\n    ^^^^^^^^^^^\n" in shown
    assert "decided by “Wide surgery is the main treatment" in shown
    assert "[2] Cases (2007) PMID:17214855" in shown
    denied = explaining.text(explain(folder, id_of(0, 3)), 100)
    assert "(denied)" in denied
    assert "no vocabulary has this name" in denied


def test_rule_rows() -> None:
    """A rule leads to its row in the data files, a composed one to the rows of its parts."""
    path = files.shipped("data/frames/therapies.tsv")
    line, cells = next(files.rows(path))
    found = rule_rows(cells["rule"])[0]
    assert (found.file, found.line) == ("frames/therapies.tsv", line)
    assert found.pattern == cells["pattern"]
    assert found in rule_rows(f"mention:{cells['rule']}")
    assert rule_rows("no such rule") == ()


def run(command: object, *arguments: object) -> Result:
    """The command's result."""
    return CliRunner().invoke(command, [str(one) for one in arguments])  # type: ignore[arg-type]


def test_explain_as_json(folder: Path) -> None:
    """--json gives the same facts to a program."""
    found = json.loads(run(explain_command, folder, id_of(0, 8), "--json").output)
    assert found["quantity"]["high"] == 30
    assert found["passages"][0]["rule"] == "figure.survival"


@pytest.mark.parametrize("wanted", [
    "hidradenocarcinoma", "Hidradenocarcinoma", "MONDO:0006245",
    "http://purl.obolibrary.org/obo/MONDO_0006245"])
def test_show_by_disease(folder: Path, wanted: str) -> None:
    """A disease is found by name, CURIE or IRI; its pages are merged."""
    one, = overviews(folder, wanted, prefixes.load())
    assert [page.page for page in one.pages] == ["a/first.txt", "b/second.txt"]
    shown = text(one, 100)
    assert f"{SURGERY[:8]}  surgical procedure  MAXO:0000004  2 sentences" in shown
    assert shown.index("standard") < shown.index("option") < shown.index("investigational")
    assert "< 30 % within P5Y, people after surgery alone" in shown
    assert "family history (denied)" in shown


def test_show_by_page(folder: Path) -> None:
    """A page is found by its path or the end of it; only its own statements are shown."""
    for wanted in ("b/second.txt", "second.txt"):
        one, = overviews(folder, wanted, prefixes.load())
        assert len(one.statements) == 3
    with pytest.raises(UnknownName, match="porphyria"):
        overviews(folder, "porphyra", prefixes.load())


def test_show_as_json(folder: Path) -> None:
    """--json prints the records as they are."""
    found = json.loads(run(show_command, folder, "porphyria", "--json").output)
    assert [one["page"] for one in found] == ["c/third.txt"]


def test_show_as_turtle(folder: Path) -> None:
    """--format ttl prints exactly the named graphs of the pages."""
    shown = run(show_command, folder, "porphyria", "--format", "ttl").output
    page = sample_release.pages()[2][0].id
    graph = ox.NamedNode(f"https://w3id.org/rarekg/graph/{page}")
    quads = ox.parse(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
    expected = {quad.triple for quad in quads if quad.graph_name == graph}
    assert {one.triple for one in ox.parse(shown, format=ox.RdfFormat.TURTLE)} == expected


def test_show_fits(folder: Path) -> None:
    """The overview fits the terminal."""
    result = run(show_command, folder, "hidradenocarcinoma")
    assert result.exit_code == 0
    assert all(terminal.width(line) <= 80 for line in result.output.splitlines())
