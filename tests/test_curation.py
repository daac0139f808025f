"""People's decisions: read, applied with provenance, reported, and made on a terminal."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from kg import jsonl, pipeline
from kg.cli import cli
from kg.curation import reports
from kg.curation.applying import curation
from kg.curation.decisions import DECISIONS, HEADER, parse
from kg.curation.session import append
from kg.curation.waiting import REASONS, waiting
from kg.errors import DataError, UsageError
from kg.files import shipped
from kg.model import Document, Statement
from kg.sources import read
from kg.validate import validate
from kg.verifying import Asked, verify

ME = "https://orcid.org/0000-0002-1825-0097"
PAGE = "hidradenocarcinoma.txt"


def line(**cells: str) -> str:
    """One row of a curation file."""
    row = {"by": ME, "on": "2026-11-22"} | cells
    return "\t".join(row.get(name, "") for name in HEADER)


def file(*lines: str) -> bytes:
    """A curation file."""
    return ("\n".join(("\t".join(HEADER), *lines)) + "\n").encode()


@pytest.fixture(scope="module")
def page() -> Document:
    """The first example page."""
    return read(PAGE, (shipped("data/pages") / PAGE).read_bytes())


def kit(*lines: str) -> pipeline.Tools:
    """The tools of a run with these decisions, checked by the reference engine."""
    return pipeline.tools(pipeline.Settings(engine="pyshacl", curation=file(*lines)))


def said(page: Document, *lines: str) -> tuple[Statement, ...]:
    """What the page states after these decisions."""
    made = kit(*lines)
    return pipeline.stated(made, page, pipeline.claimed(made, page)[0])


def one(found: tuple[Statement, ...], kind: str, label: str) -> Statement:
    """The statement of a kind about a node."""
    return next(s for s in found if s.kind == kind and s.object and s.object.label == label)


def lines_of(page: Document, *lines: str) -> str:
    """The page's graph after these decisions; it conforms."""
    outcome = pipeline.published(kit(*lines), page)
    assert not outcome.skipped, outcome.skipped
    assert validate(outcome.files["graph.nq"], "pyshacl").conforms
    return outcome.files["graph.nq"].decode()


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize(("row", "problem"), [
    (line(statement="0" * 16, decision="keep"), "accepted: accept, reject, id, value, add"),
    (line(statement="0" * 16, decision="id"), "id needs the column to"),
    (line(statement="xyz", decision="accept"), "16 hexadecimal digits"),
    (line(statement="0" * 16, decision="id", to="Gaucher"), "no CURIE"),
    (line(statement="0" * 16, decision="accept", by="me"), "give an ORCID"),
    (line(statement="0" * 16, decision="accept", by="0000-0002-1825-0098"), "typing error"),
    (line(statement="0" * 16, decision="accept", on="22.11.2026"), "write the day as"),
    (line(decision="add", page="p", kind="therapy", name="x"), "add needs the column quote"),
    (line(statement="0" * 16, decision="accept") + "\tmore", "12 cells where the header has 11"),
])
def test_a_wrong_line_is_named_with_what_would_do(row: str, problem: str) -> None:
    """The error has the file, the line and what is accepted."""
    with pytest.raises(DataError, match=f"c.tsv:3: .*{problem}"):
        parse(file("# a comment", row), "c.tsv")


def test_a_header_that_is_none_is_refused() -> None:
    """Columns are called what they are called."""
    with pytest.raises(DataError, match=r"c.tsv:1: the header is statement, decision"):
        parse(b"id\tverdict\n", "c.tsv")
    with pytest.raises(DataError, match=r"c\.tsv:2: not UTF-8"):
        parse(b"statement\tdecision\tby\ton\n\xff\n", "c.tsv")


def test_an_orcid_may_be_bare_and_ids_may_be_iris() -> None:
    """People paste what they have at hand."""
    found, = parse(file(line(statement=f"https://w3id.org/x/statement/{'a' * 16}",
                             decision="accept", by="0000-0002-1825-0097")))
    assert (found.by, found.statement, found.line) == (ME, "a" * 16, 2)


def test_every_sort_of_decision_is_applied_somewhere() -> None:
    """The tests below cover the table."""
    assert set(DECISIONS) == {"accept", "reject", "id", "value", "add"}


# ---------------------------------------------------------------- applied to a page


def test_without_decisions_nothing_changes(page: Document) -> None:
    """The empty file is no file."""
    bare = pipeline.tools(pipeline.Settings())
    assert said(page) == pipeline.stated(bare, page, pipeline.claimed(bare, page)[0])


def test_an_accepted_statement_says_who_checked_it(page: Document) -> None:
    """Its content and id stay; the agent becomes a person who validated the program's work."""
    before = one(said(page), "therapy", "wide local excision")
    row = line(statement=before.id, decision="accept", note="read the review")
    after = one(said(page, row), "therapy", "wide local excision")
    assert structs.replace(after, review=None) == before
    graph = lines_of(page, row)
    node = f"statement/{before.id}>"
    about = [text for text in graph.splitlines() if text.split()[0].endswith(node)]
    assert sum("manual_validation_of_automated_agent" in text for text in about) == 1
    assert any(f"curatedBy> <{ME}>" in text for text in about)
    assert any('curatedOn> "2026-11-22"^^' in text for text in about)
    assert any('curationNote> "read the review"' in text for text in about)
    assert not any("revises" in text for text in about)


def test_a_rejected_statement_is_nowhere_but_in_the_list(page: Document) -> None:
    """No node, no plain triple; what was taken out is told."""
    before = one(said(page), "therapy", "wide local excision")
    row = line(statement=before.id, decision="reject", note="not in adults")
    outcome = pipeline.published(kit(row), page)
    assert before.id not in outcome.files["graph.nq"].decode()
    assert before.id in lines_of(page)
    assert [gone.statement for gone in outcome.decided.rejected] == [before]
    told, = reports.rejected_rows(outcome.decided.rejected)
    assert told[:3] == (PAGE, before.id, "therapy")
    assert told[-1] == "not in adults"


def test_a_corrected_identifier_gives_the_id_of_what_is_now_said(page: Document) -> None:
    """The same fact from another page would have the same id; the old one is named."""
    before = one(said(page), "therapy", "wide local excision")
    found = said(page, line(statement=before.id, decision="id", to="MAXO:0000004"))
    after = next(s for s in found if s.review)
    assert after.object is not None
    assert (after.object.id, after.grounding and after.grounding.tier) == ("MAXO:0000004",
                                                                         "curated")
    assert after.review is not None
    assert after.review.was == before.id != after.id
    assert before.id not in {s.id for s in found}
    assert f"revises> <https://w3id.org/rarekg/statement/{before.id}>" in lines_of(
        page, line(statement=before.id, decision="id", to="MAXO:0000004"))


def test_two_statements_that_become_one_keep_all_evidence(page: Document) -> None:
    """A correction that says what another statement says joins it."""
    plain = said(page)
    excision, drug = (one(plain, "therapy", name) for name in ("radiation therapy", "chemotherapy"))
    same = next(s for s in plain if s.object == drug.object and s.value == excision.value)
    found = said(page, line(statement=same.id, decision="id",
                            to=excision.object.id if excision.object else ""))
    joined = next(s for s in found if s.review)
    assert joined.id == excision.id
    assert {e.span for e in joined.evidence} >= {e.span for e in excision.evidence}


def test_a_corrected_value_moves_the_hedge_with_it(page: Document) -> None:
    """A doubtful value makes a doubtful statement, a sure one takes the doubt away."""
    unsure = next(s for s in said(page) if s.kind == "cause" and s.value == "suspected")
    found = said(page, line(statement=unsure.id, decision="value", to="stated"))
    after = next(s for s in found if s.review)
    assert (after.value, after.doubtful) == ("stated", False)
    with pytest.raises(DataError, match=r"curation.tsv:2: unknown cause certainty 'sure'"):
        said(page, line(statement=unsure.id, decision="value", to="sure"))


@pytest.mark.parametrize(("to", "problem"), [
    ("MAXO:9999999", "no vocabulary has MAXO:9999999"),
    ("MONDO:0006245", "is a disease, not a therapy"),
])
def test_an_identifier_that_does_not_fit_is_refused(page: Document, to: str, problem: str) -> None:
    """The line is named; nothing is published with it."""
    before = one(said(page), "therapy", "wide local excision")
    with pytest.raises(DataError, match=f"curation.tsv:2: .*{problem}"):
        said(page, line(statement=before.id, decision="id", to=to))


def test_the_page_s_own_disease_can_be_corrected(page: Document) -> None:
    """All statements are then about the other disease."""
    first = said(page)[0]
    row = line(statement=first.id, decision="id", to="MONDO:0018150")
    assert {s.disease.id for s in said(page, row)} == {"MONDO:0018150"}
    assert "MONDO_0018150" in lines_of(page, row)
    with pytest.raises(DataError, match="takes only accept and id"):
        said(page, line(statement=first.id, decision="reject"))


def test_what_a_person_adds_needs_its_sentence(page: Document) -> None:
    """A quote that stands in the page makes a statement by a manual agent; another is refused."""
    row = line(decision="add", page=PAGE, kind="site", to="", name="lungs",
               quote="reach the lymph nodes, the lungs or the bones")
    added = [s for s in said(page, row) if s.review and s.review.decision == "add"]
    assert [s.names for s in added] == [("lungs",)]
    assert '"manual_agent"' in lines_of(page, row)
    wrong = line(decision="add", page=PAGE, kind="site", to="", name="liver",
                 quote="it often reaches the liver")
    claims, refused = pipeline.claimed(kit(wrong), page)
    assert refused == ("curation.tsv:2: its quote is not in the page",)
    assert not [c for c in claims if c.name == "liver"]


def test_a_decision_for_one_page_leaves_the_others(page: Document) -> None:
    """The column page restricts it; a later line overrules an earlier one."""
    before = one(said(page), "therapy", "wide local excision")
    other = line(statement=before.id, decision="reject", page="another.txt")
    assert before in said(page, other)
    later = line(statement=before.id, decision="accept")
    kept = said(page, line(statement=before.id, decision="reject"), later)
    assert next(s for s in kept if s.id == before.id).review


def test_decisions_that_apply_nowhere_are_reported(page: Document) -> None:
    """Stale, overruled and applied ones, each with the reason."""
    before = one(said(page), "therapy", "wide local excision")
    made = curation(file(
        line(statement=before.id, decision="reject"),
        line(statement=before.id, decision="accept"),
        line(statement="f" * 16, decision="reject"),
        line(statement="e" * 16, decision="reject", page="gone.txt"),
    ))
    rows = list(reports.rows(made, Counter({made.decisions[1].mark: 1}), frozenset({PAGE})))
    assert [(row[5], row[7]) for row in rows] == [
        ("overruled", "line 3 decides on the same statement"), ("applied", ""),
        ("stale", "no page that was read states this any more"),
        ("stale", "this page was not read")]


# ---------------------------------------------------------------- on a terminal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a run over the first example page."""
    out = tmp_path_factory.mktemp("run")
    done = CliRunner().invoke(cli, ["run", str(shipped("data/pages") / PAGE), "-o", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_every_reason_is_told_and_sorted(folder: Path) -> None:
    """The queue has each statement once, by reason and then by how often it is stated."""
    queue = list(waiting(folder))
    ids = [one.statement.id for one in queue]
    assert len(ids) == len(set(ids)) > 5
    doubtful = list(waiting(folder, ["doubtful"]))
    assert doubtful
    assert all(one.statement.doubtful for one in doubtful)
    assert set(REASONS) >= {"contradicted", "ambiguous", "denied", "doubtful", "minted"}


def walk(folder: Path, out: Path, answers: str, *more: str) -> str:
    """What `kg review` prints when it is given these answers."""
    done = CliRunner().invoke(cli, ["review", str(folder), "-o", str(out), "--by",
                                    "0000-0002-1825-0097", "--on", "2026-11-22", *more],
                              input=answers, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_person_walks_through_and_stops(folder: Path, tmp_path: Path) -> None:
    """Each answer is one line; what was decided is not asked again."""
    out = tmp_path / "c.tsv"
    told = walk(folder, out, "a\nfine\nx\nr\n\ns\nq\n", "--only", "doubtful")
    assert "1 of " in told
    assert "^^^" in told
    assert "1 accept, 1 reject" in told
    first, second = parse(out.read_bytes())
    assert (first.decision, first.note, second.decision) == ("accept", "fine", "reject")
    left = [one.statement.id for one in waiting(folder, ["doubtful"], (first, second))]
    assert first.statement not in left
    assert second.statement not in left


def test_wrong_answers_are_asked_again(folder: Path, tmp_path: Path) -> None:
    """An identifier that does not fit is refused on the spot, and nothing is written."""
    out = tmp_path / "c.tsv"
    told = walk(folder, out, "i\nMONDO:0006245\n\ni\nMAXO:0000004\n\nq\n", "--only", "doubtful")
    assert "MONDO:0006245 is a disease" in told
    assert [one.to for one in parse(out.read_bytes())] == ["MAXO:0000004"]


def test_the_decisions_of_a_walk_are_applied(folder: Path, tmp_path: Path) -> None:
    """From the terminal into the next stage files."""
    out = tmp_path / "c.tsv"
    walk(folder, out, "r\n\na\n\nq\n", "--only", "doubtful")
    rejected, accepted = parse(out.read_bytes())
    done = CliRunner().invoke(cli, ["ground", str(folder), "-o", str(tmp_path), "--curation",
                                    str(out)])
    assert done.exit_code == 0, done.output
    found = {s.id: s for s in jsonl.read(tmp_path / "statements.jsonl", Statement)}
    assert rejected.statement not in found
    assert found[accepted.statement].review is not None


def test_nobody_decides_without_a_name(folder: Path, tmp_path: Path) -> None:
    """--list needs nobody; a walk does."""
    for arguments, code in ((["--list"], 0), (["--json"], 0), ([], 2),
                            (["--by", "somebody"], 2), (["--only", "ugly"], 2)):
        done = CliRunner().invoke(cli, ["review", str(folder), "-o", str(tmp_path / "n.tsv"),
                                        *arguments])
        assert (done.exit_code == 0) == (code == 0), (arguments, done.output)


def test_a_file_with_fewer_columns_keeps_its_own(tmp_path: Path) -> None:
    """A decision that needs a column it lacks is refused, others fit in."""
    path = tmp_path / "c.tsv"
    path.write_text("statement\tdecision\tby\ton\n", encoding="utf-8")
    found, = parse(file(line(statement="a" * 16, decision="accept")))
    append(path, found)
    written = path.read_text(encoding="utf-8").splitlines()[1]
    assert written == f"{'a' * 16}\taccept\t{ME}\t2026-11-22"
    with pytest.raises(UsageError, match="has no column note"):
        append(path, structs.replace(found, note="why"))




# ---------------------------------------------------------------- a whole run


def ran(out: Path, *more: str) -> Path:
    """A run over the first example page with these options."""
    done = CliRunner().invoke(cli, ["run", str(shipped("data/pages") / PAGE), "-o", str(out),
                                    "-j", "1", "--format", "turtle", *more])
    assert done.exit_code == 0, done.output
    return out


def test_a_run_with_decisions_is_told_and_verified(folder: Path, tmp_path: Path) -> None:
    """What was decided is in the folder, and kg verify makes the same of it."""
    out = tmp_path / "c.tsv"
    walk(folder, out, "r\n\na\n\nq\n", "--only", "doubtful")
    append(out, parse(file(line(statement="f" * 16, decision="reject")))[0])
    new = ran(tmp_path / "new", "--curation", str(out))
    assert (new / reports.FILE).read_bytes() == out.read_bytes()
    report = (new / reports.REPORT).read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split("\t")[5] for row in report] == ["applied", "applied", "stale"]
    assert len((new / reports.REJECTED).read_text(encoding="utf-8").splitlines()) == 2
    assert verify(Asked(new, again=True)).findings == ()
    text = (new / "statements.jsonl").read_text(encoding="utf-8")
    (new / "statements.jsonl").write_text(text.replace('"by":"https://orcid.org/0000-0002',
                                                       '"by":"https://orcid.org/0000-0003', 1),
                                          encoding="utf-8")
    assert any(one.check == "claim" for one in verify(Asked(new)).findings)


def test_a_walk_and_a_run_do_one_page_of_all_examples_again(tmp_path: Path) -> None:
    """What a person decides on a page costs that page, also where no decision was before."""
    out, decisions = tmp_path / "out", tmp_path / "c.tsv"
    plain = ["run", "-o", str(out), "-j", "1", "--format", "turtle", "--json"]
    told = [CliRunner().invoke(cli, plain, catch_exceptions=False)]
    for answers in ("r\n\nq\n", "a\nfine\nq\n"):
        walk(out, decisions, answers, "--only", "doubtful")
        told.append(CliRunner().invoke(cli, [*plain, "--curation", str(decisions)],
                                       catch_exceptions=False))
    done = [json.loads(one.stdout)["pages_done"] for one in told]
    assert done == [len(list(shipped("data/pages").iterdir())), 1, 1]
    assert verify(Asked(out)).findings == ()


def test_a_run_without_decisions_takes_the_tables_away(tmp_path: Path) -> None:
    """They would speak of another run."""
    decisions = tmp_path / "c.tsv"
    decisions.write_bytes(file(line(statement="f" * 16, decision="reject")))
    out = ran(tmp_path / "out", "--curation", str(decisions))
    assert (out / reports.REPORT).is_file()
    ran(out)
    assert not (out / reports.REPORT).exists()
    assert not (out / reports.FILE).exists()


def test_a_page_without_a_licence_is_not_published_under_one(tmp_path: Path) -> None:
    """The example that states CC0 goes out, the one that states nothing does not."""
    pages = shipped("data/pages")
    done = CliRunner().invoke(cli, [
        "run", str(pages / PAGE), str(pages / "fibrodysplasia-ossificans-progressiva.md"),
        "-o", str(tmp_path), "-j", "1", "--format", "turtle",
        "--licence-compatible", "CC-BY-4.0"])
    assert done.exit_code == 0, done.output
    skipped = (tmp_path / "skipped.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert skipped == [f"pages/{PAGE}\tlicence: the page states none, so it is not published under "
                       "CC-BY-4.0"]
    entries = [json.loads(row) for row in (tmp_path / "licences.jsonl").read_bytes().splitlines()]
    assert entries
    assert all("CC-BY-4.0" in entry["under"] for entry in entries)
    assert verify(Asked(tmp_path)).findings == ()


def test_what_a_vocabulary_keeps_back_is_listed(tmp_path: Path) -> None:
    """Under CC0 nothing that needs attribution goes out; kg verify knows why it is not there."""
    pages = shipped("data/pages")
    done = CliRunner().invoke(cli, [
        "run", str(pages / "fibrodysplasia-ossificans-progressiva.md"), "-o", str(tmp_path),
        "-j", "1", "--format", "turtle", "--licence-compatible", "CC0-1.0"])
    assert done.exit_code == 0, done.output
    rows = (tmp_path / reports.UNLICENSED).read_text(encoding="utf-8").splitlines()[1:]
    gone = {row.split("\t")[1] for row in rows}
    left = {one.id for one in jsonl.read(tmp_path / "statements.jsonl", Statement)}
    assert not gone & left
    assert verify(Asked(tmp_path)).findings == ()
