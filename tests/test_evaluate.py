"""kg evaluate: its matching rules, measures, intervals and floors, and how our own pages fare."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import DataError, UnknownName
from kg.evaluate import Count, Evaluation, below, evaluate, floor, intervals, read, score
from kg.files import shipped
from kg.matching import RULES, content
from kg.pipeline import Input, Settings, publish
from kg.text import collapse

OWN = Path(__file__).parent / "gold" / "own.jsonl"
SCORER = Path(__file__).parents[2] / "shared" / "gold" / "score.py"
PAGES = shipped("data/pages")

# F1 and (where the kind has one) attribute on the seven pages that come with the package.
FLOORS = {
    "synonyms": (0.97, None), "risk_factors": (0.88, 0.95), "causes": (0.76, 0.90),
    "therapies": (0.95, 0.93), "prognostic_factors": (0.85, 0.95), "figures": (0.94, None),
    "genes": (0.97, None), "inheritance": (0.97, None), "publications": (0.97, 0.97),
}


def therapy(name: str, status: str = "standard", **more: object) -> dict[str, object]:
    """A therapy as annotations and records write it."""
    return {"name": name, "status": status, "quote": f"{name} is used.", **more}


def scored(gold: list[object], found: list[object], kind: str = "therapies") -> Count:
    """The counts of one kind on one page."""
    made = evaluate([{"page": "a/b.txt", kind: gold}], [{"page": "x/a/b.txt", kind: found}])
    return made.pages[0].counts[kind]


@pytest.mark.parametrize(("gold", "found"), [
    ("surgery", "Surgeries"), ("the use of statins", "statin"),
    ("wide local excision", "local excision"), ("Crohn's disease", "Crohn disease"),
])
def test_names_that_match(gold: str, found: str) -> None:
    """Number, case, empty words and some missing words do not part two names."""
    assert scored([therapy(gold)], [therapy(found)]).right == 1


def test_a_name_within_the_other_needs_one_place() -> None:
    """A short form counts only where both were read from the same words."""
    long, short = "gradual and careful exposure therapy in groups", "exposure"
    assert scored([therapy(long, quote="A b c.")], [therapy(short, quote="d e f")]).right == 0
    assert scored([therapy(long, quote="A b c.")], [therapy(short, quote="b c")]).right == 1


def test_a_duplicate_is_spurious() -> None:
    """Each annotated item is found once."""
    assert scored([therapy("rest")], [therapy("rest"), therapy("rest")]) == Count(
        1, 1, 0, 1, 1)


def test_optional_items_count_neither_way() -> None:
    """Neither a miss nor a false alarm."""
    optional = therapy("rest", optional=True)
    assert scored([optional], []) == scored([optional], [therapy("rest")]) == Count()


def test_attributes_and_citations() -> None:
    """Another accepted value is right, and so are the citations of the paragraph's end."""
    gold = therapy("rest", alt_status=["option"], cites=[1], alt_cites=[2, 3])
    right = scored([gold], [therapy("rest", "option", cites=[3, 2])])
    wrong = scored([gold], [therapy("rest", "to_avoid", cites=[2])])
    assert (right.attributes_right, right.cites_right) == (1, 1)
    assert (wrong.attributes_right, wrong.cites_right, wrong.right) == (0, 0, 1)


def test_figures_match_by_numbers() -> None:
    """Two percent of tolerance; another kind only where both stand in one place."""
    gold = {"kind": "survival", "low": 50, "high": None, "quote": "half live"}
    for found, right in (({**gold, "low": 50.5}, 1), ({**gold, "low": 60}, 0),
                         ({**gold, "kind": "mortality"}, 1),
                         ({**gold, "kind": "mortality", "quote": "elsewhere entirely"}, 0)):
        assert scored([gold], [found], "figures").right == right, found


def test_a_kind_that_is_not_annotated_is_left_out() -> None:
    """A page may be annotated for some kinds only."""
    made = evaluate([{"page": "p", "genes": ["AB1"]}],
                    [{"page": "p", "genes": [{"name": "AB1"}], "therapies": [therapy("rest")]}])
    assert set(made.pages[0].counts) == {"genes"}
    assert made.scores()["therapies"].predicted == 0


def test_a_page_without_record_is_missed_and_named() -> None:
    """Everything on it counts as missed."""
    made = evaluate([{"page": "gone.txt", "genes": ["AB1"]}], [])
    assert made.missing == ("gone.txt",)
    assert made.scores()["genes"].recall == 0
    assert [fault.what for fault in made.faults] == ["missed"]


def sample() -> Evaluation:
    """Six pages in two folders, some right and some wrong."""
    gold = [{"page": f"{folder}/{n}.txt", "therapies": [therapy("rest"), therapy("salt")]}
            for folder in "ab" for n in range(3)]
    found = [{"page": one["page"], "therapies": [therapy("rest", "option" if n % 2 else "standard"),
                                                 therapy("bed" if n % 3 else "salt")]}
             for n, one in enumerate(gold)]
    return evaluate(gold, found)


def test_intervals_hold_the_measure_and_are_the_same_each_time() -> None:
    """The seed is fixed; another one gives other draws."""
    made = sample()
    spread = intervals(made, 200)["therapies"]
    for measure, (low, high) in spread.items():
        assert low <= getattr(made.scores()["therapies"], measure) <= high
    assert spread == intervals(made, 200)["therapies"]
    assert spread != intervals(made, 200, seed=7)["therapies"]


def test_sources_are_the_folders() -> None:
    """The pages of each folder are measured apart, and add up."""
    made = sample()
    apart = made.sources()
    assert set(apart) == {"a", "b"}
    assert sum(one["therapies"].gold for one in apart.values()) == made.scores()["therapies"].gold


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7))
def test_measures_stay_between_nothing_and_all(numbers: list[int]) -> None:
    """No count gives a measure outside 0 to 1."""
    right, spurious, missed, attributes, rest, cites, more = numbers
    made = score(Count(right, spurious, missed, attributes + rest, attributes, cites + more, cites))
    for value in (made.precision, made.recall, made.f1, made.attribute, made.cites):
        assert value is None or 0 <= value <= 1


@given(st.text(max_size=40))
def test_content_words_are_stable(name: str) -> None:
    """What counts of a name does not depend on the case or on being taken apart before."""
    assert content(name) == content(name.lower())


def test_floors() -> None:
    """F1 unless a measure is named; what is below is told with what was reached."""
    scores = sample().scores()
    fine, short = floor("therapies=0.1"), floor("therapies.precision=0.99")
    assert [one for one, _ in below(scores, [fine, short])] == [short]
    assert not list(below(scores, [floor("genes.cites=1")]))
    for bad in ("therapy=1", "therapies.speed=1"):
        with pytest.raises(UnknownName):
            floor(bad)


def test_a_line_without_page_is_named(tmp_path: Path) -> None:
    """The message has file and line."""
    bad = tmp_path / "gold.jsonl"
    bad.write_text('{"page": "a"}\n{"name": "b"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"gold.jsonl:2"):
        read(bad)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of the example pages."""
    made = tmp_path_factory.mktemp("own") / "records.jsonl"
    outcomes = [publish(Settings(), Input(path.name, str(path)))
                for path in sorted(PAGES.iterdir())]
    made.write_bytes(b"".join(one.files["records.jsonl"] for one in outcomes))
    return made


@pytest.mark.parametrize("kind", sorted(RULES))
def test_our_own_pages_keep_their_floors(kind: str, records: Path) -> None:
    """On the annotated example pages no kind falls below its floors."""
    made = evaluate(read(OWN), read(records))
    least, attribute = FLOORS[kind]
    reached = made.scores()[kind]
    shown = [fault for fault in made.faults if fault.kind == kind]
    assert reached.f1 >= least, shown
    assert attribute is None or (reached.attribute or 0) >= attribute, shown


def test_our_own_pages_have_their_citations(records: Path) -> None:
    """Citation numbers are those of the annotation in 95 of 100 items."""
    for kind, one in evaluate(read(OWN), read(records)).scores().items():
        assert one.cites is None or one.cites >= 0.95, kind


def test_every_quote_of_the_annotation_stands_in_its_page() -> None:
    """The annotation is verbatim, and covers every example page."""
    pages = read(OWN)
    assert {one["page"] for one in pages} == {path.name for path in PAGES.iterdir()}
    for one in pages:
        outcome = publish(Settings(), Input(one["page"], str(PAGES / one["page"])))
        text = collapse(json.loads(outcome.files["documents.jsonl"])["text"])
        for kind in RULES:
            for item in one[kind] if kind not in ("genes", "inheritance", "publications") else ():
                assert item["quote"] in text, (one["page"], item)


def test_the_command_reports_and_fails_below_a_floor(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Table, error list, JSON; exit code 1 below a floor and 2 for a floor that is none."""
    def run(*more: str) -> object:
        with pytest.raises(SystemExit) as ended:
            main(["evaluate", str(OWN), str(records), "--resamples", "20", *more])
        return ended.value.code

    assert run("--errors", str(tmp_path / "errors.tsv")) == 0
    assert "therapies" in capsys.readouterr().out
    header = (tmp_path / "errors.tsv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split("\t")[:3] == ["page", "kind", "what"]
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out)["scores"]["genes"]["intervals"]["f1"]
    assert run("--floor", "therapies=1.01") == 1
    assert run("--floor", "therapies=much") == 2
    assert "therapies=0.75" in capsys.readouterr().err


@pytest.mark.skipif(not SCORER.is_file(), reason="the annotated pages are not here")
def test_the_numbers_are_those_of_the_shared_scorer(tmp_path: Path) -> None:
    """Every figure that score.py prints, on records of its own annotation made worse."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join((SCORER.parent / f"{name}.jsonl").read_text(encoding="utf-8")
                            for name in ("dev", "seedlike")), encoding="utf-8")
    found = tmp_path / "records.jsonl"
    found.write_text("".join(json.dumps(worse(n, one)) + "\n" for n, one in enumerate(read(gold))),
                     encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        scorer.main([str(gold), str(found), "--json"])
    theirs = json.loads(said.getvalue())
    ours = evaluate(read(gold), read(found))
    assert list(ours.missing) == theirs["missing_pages"] == [ours.pages[5].page]
    for kind, one in ours.scores().items():
        assert rounded(one) == theirs["scores"][kind], kind


def rounded(one: Any) -> dict[str, object]:
    """A score as score.py writes it."""
    def plain(value: float | None) -> float | None:
        return None if value is None else round(value, 3)

    return {"gold": one.gold, "predicted": one.predicted, "precision": plain(one.precision),
            "recall": plain(one.recall), "f1": plain(one.f1),
            "attribute_accuracy": plain(one.attribute), "cites_accuracy": plain(one.cites)}


def worse(number: int, gold: dict[str, Any]) -> dict[str, Any]:
    """An annotation as a bad record: items lost, doubled, renamed, moved to another value."""
    if number == 5:
        return {"page": "elsewhere"}
    record: dict[str, Any] = {"page": f"somewhere\\{gold['page']}"}
    for kind in RULES:
        items = [dict(one) if isinstance(one, dict) else {"name": one}
                 for one in gold.get(kind) or ()]
        for place, one in enumerate(items):
            step = (place + number) % 5
            if step == 1:
                one["name"] = " ".join((one.get("name") or "").split()[-2:])
            elif step == 2:
                one |= {"status": "option", "effect": "none", "certainty": "suspected", "cites": []}
            elif step == 3 and one.get("low"):
                one["low"] *= 1.015
        record[kind] = [one for place, one in enumerate(items) if (place + number) % 7]
        record[kind] += items[:1] if number % 2 else []
    return record
