"""Therapies: every row of their tables, their standing, and whole sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.extract import frames
from kg.extract.frames import macros
from kg.extract.gates import opened
from kg.extract.page import Page
from kg.extract.segment import FOCUS, Sentence, segment
from kg.extract.status import THERAPY, carried, clause_of, status
from kg.extract.therapies import therapies
from kg.extract.therapy_forms import forms
from kg.extract.therapy_mentions import mentions
from kg.extract.therapy_phrases import listed
from kg.files import rows, shipped
from kg.model import Block, Claim, Document, Span
from kg.vocab.lexicon import Names

LEXICON = Names({
    "drug": {name: f"DRUGBANK:{number}" for number, name in enumerate(
        ["aspirin", "trastuzumab", "prednisone", "imiquimod", "sirolimus", "methotrexate",
         "venlafaxine", "colchicine", "calcium", "glucose", "vismodegib", "pembrolizumab",
         "capsaicin"])},
    "therapy": {"plasma exchange": "MAXO:1"},
    "phenotype": {"dehydration": "HP:1"},
})


def _table(name: str) -> list[dict[str, str]]:
    return [cells for _, cells in rows(shipped(f"data/{name}"))]


def _id(cells: dict[str, str]) -> str:
    return cells.get("rule") or f"{cells.get('role', '')}-{cells['pattern'][:30]}"


def _sentence(text: str, kind: str = "treatment") -> Sentence:
    masked = text.replace("FOCUS", FOCUS * 5)
    return Sentence(Span(0, len(text)), text, masked, 0, kind, "prose", "", ())


def _page(*texts: str, kind: str = "treatment", forms_: tuple[str, ...] = ()) -> Page:
    text = "\n\n".join(texts)
    blocks, start = [], 0
    for number, part in enumerate(texts):
        form = forms_[number] if forms_ else "prose"
        blocks.append(Block(kind, form, "", Span(start, start + len(part))))
        start += len(part) + 2
    document = Document("0" * 16, "page", "text", "Foo disease", Span(0, 0), text, "", "", "", (),
                        tuple(blocks), ())
    return Page(document, segment(document), LEXICON, ("Foo disease",))


def _said(
    *texts: str, kind: str = "treatment", forms_: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    claims = _ordered(_page(*texts, kind=kind, forms_=forms_))
    return [(claim.name, claim.value) for claim in claims]


def _ordered(page: Page) -> list[Claim]:
    return sorted(therapies(page), key=lambda claim: claim.evidence.exact)


def _of_row(cells: dict[str, str], text: str) -> list[str]:
    frame = next(f for f in frames.load("therapies") if f.rule == cells["rule"])
    kind = cells["sections"].split()[0] if cells["sections"] else "treatment"
    sentence = _sentence(text, kind)
    return [therapy.name for match in frames.matches(sentence, (frame,)) for slot, _ in match.slots
            for therapy in listed(sentence.masked, slot, LEXICON, any_head=frame.kind == "therapy")]


@pytest.mark.parametrize("cells", _table("frames/therapies.tsv"), ids=_id)
def test_frame_finds_its_example_and_not_its_counterexample(cells: dict[str, str]) -> None:
    """Each row of data/frames/therapies.tsv does what its own columns say."""
    assert _of_row(cells, cells["example"]) == cells["expects"].split("; ")
    assert not _of_row(cells, cells["counterexample"])


def _marked(text: str) -> tuple[str, Span]:
    start, end = text.index("["), text.index("]") - 1
    return text.replace("[", "").replace("]", "").replace("FOCUS", FOCUS * 5), Span(start, end)


@pytest.mark.parametrize("cells", _table("status.tsv"), ids=_id)
def test_status_cue_holds_in_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/status.tsv decides its example and not its counterexample."""
    for column, expected in (("example", True), ("counterexample", False)):
        if cells["scope"] == "previous":
            cue = carried(cells[column])
        else:
            text, therapy = _marked(cells[column])
            cue = status(text, therapy)
        assert (cue is not None and cue.rule == cells["rule"]) is expected


@pytest.mark.parametrize("cells", _table("therapy_forms.tsv"), ids=_id)
def test_form_matches_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/therapy_forms.tsv matches its example, which holds one of its literals."""
    form = next(form for form in forms() if form.rule == cells["rule"])
    assert form.pattern.search(cells["example"].replace("FOCUS", FOCUS * 5))
    assert form.gate & opened(cells["example"].lower()) == form.gate
    assert not form.pattern.search(cells["counterexample"])


def test_a_form_with_two_ways_to_say_it_has_words_for_its_mention() -> None:
    """The mention is the group that found something, never the one that stayed out."""
    page = _page("Doctors treat it, surgically removing the cyst.", "A surgeon removes the cyst.")
    found = [claim for claim in _ordered(page) if claim.evidence.rule == "surgeon-removes"]
    mentions = [page.document.text[claim.evidence.exact.start:claim.evidence.exact.end]
                for claim in found]
    assert mentions == ["removing", "removes"]


def test_patterns_use_known_macros_only() -> None:
    """The tables name no macro that data/macros.tsv lacks."""
    for name in ("frames/therapies.tsv", "frames/advice.tsv", "therapy_forms.tsv"):
        for cells in _table(name):
            assert set(re.findall(r"\{([A-Z_]+)\}", cells["pattern"])) <= set(macros())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The usual treatment is surgical removal of the lump, often followed by brachytherapy.",
         [("surgical removal of the lump", "standard"), ("brachytherapy", "option")]),
        ("Treatment may include aspirin, methotrexate (or prednisone), and a knee brace.",
         [("aspirin", "option"), ("methotrexate", "option"), ("prednisone", "option"),
          ("knee brace", "option")]),
        ("Treatment includes physical and occupational therapy.",
         [("physical therapy", "standard"), ("occupational therapy", "standard")]),
        ("Reuptake inhibitors (venlafaxine and others) have been tried.",
         [("reuptake inhibitors", "option"), ("venlafaxine", "option")]),
        ("Management is mostly symptomatic and supportive.",
         [("symptomatic treatment", "standard"), ("supportive treatment", "standard")]),
        ("Prednisone has not been shown to help.", [("prednisone", "unproven_or_ineffective")]),
        ("Trials of antiviral drops were ineffective.",
         [("antiviral drops", "unproven_or_ineffective")]),
        ("Special diets have been tried, but none have been proven effective.",
         [("special diets", "unproven_or_ineffective")]),
        ("Radiation therapy should be avoided.", [("radiation therapy", "to_avoid")]),
        ("Sirolimus is being studied in a clinical trial.", [("sirolimus", "investigational")]),
        ("In some cases, surgery is needed.", [("surgery", "option")]),
        ("Treatment includes rest and, in some cases, surgery.",
         [("rest", "standard"), ("surgery", "option")]),
        ("Colchicine is the treatment of choice, but plasma exchange may be tried.",
         [("colchicine", "standard"), ("plasma exchange", "option")]),
        ("The lump may come back after surgery.", []),
        ("Damage caused by radiation therapy cannot be undone.", []),
        ("A pediatric neurologist should be involved in treatment.", []),
        ("Visit our website for information about surgery.", []),
        ("The best treatment depends on the stage.", []),
    ],
)
def test_sentences_of_a_treatment_section(sentence: str, expected: list[tuple[str, str]]) -> None:
    """What a sentence states, item by item with its standing."""
    assert _said(sentence) == expected


def test_a_lost_separator_is_repaired_and_the_quote_is_not() -> None:
    """A drug's name that ran into the next word becomes a name of its own; the quote stays."""
    text = "Options such as sirolimusinhaled interferons may be offered."
    claims = _ordered(_page(text))
    assert [c.name for c in claims] == ["sirolimus", "inhaled interferons"]
    assert {c.evidence.quote for c in claims} == {text}
    assert [text[c.evidence.exact.start:c.evidence.exact.end] for c in claims] == [
        "sirolimus", "inhaled interferons"]


def test_two_drugs_that_ran_together_are_two() -> None:
    """The rest of a cut word may be a drug as well."""
    assert _said("Vismodegibpembrolizumab have been tried.") == [
        ("vismodegib", "option"), ("pembrolizumab", "option")]


def test_the_next_sentence_can_decide_the_standing() -> None:
    """ "These drugs" are the therapies just named; what is said of them becomes their context."""
    first = "Antiandrogens and sirolimus may be offered."
    second = "Nearly all of these drugs are known from single case reports alone."
    claims = list(therapies(_page(f"{first} {second}")))
    assert {(c.name, c.value) for c in claims} == {
        ("antiandrogens", "investigational"), ("sirolimus", "investigational")}
    there = Span(len(first) + 1, len(first) + 1 + len(second))
    assert all(c.evidence.context == (there,) for c in claims)


def test_doubt_about_a_benefit_is_a_statement_of_its_own() -> None:
    """It stands beside what the page says elsewhere."""
    texts = ("Chemotherapy may be given.",
             "It is unclear if the addition of chemotherapy improves survival.")
    claims = list(therapies(_page(*texts)))
    assert {(c.name, c.value, c.doubtful) for c in claims} == {
        ("chemotherapy", "option", False), ("chemotherapy", "unproven_or_ineffective", True)}


def test_list_items_stand_as_their_lead_says() -> None:
    """Items below "may include:" are options; the lead is their context."""
    said = _said("Treatment may include the following:", "Splenectomy.", "Warm baths.",
                 "Surgery with prednisone.", forms_=("prose", "item", "item", "item"))
    assert said == [("splenectomy", "option"), ("warm baths", "option"), ("surgery", "option"),
                    ("prednisone", "option")]


def test_sentences_of_their_own_below_a_colon_are_measures() -> None:
    """Where bullets were lost, each measure that a colon announced stands by itself."""
    said = _said("Your doctor may advise lifestyle changes, such as:", "Standing up slowly.",
                 "Drinking plenty of water, such as two litres.", "The term slow is relative.")
    assert said == [("lifestyle changes", "option"), ("standing up slowly", "option"),
                    ("drinking plenty of water", "option")]


def test_one_therapy_with_another_is_two_where_the_other_is_a_known_drug() -> None:
    """What the lexicon has as no drug stays a part of the name."""
    assert _said("Treatment is chemotherapy with radiation.") == [
        ("chemotherapy with radiation", "standard")]


@pytest.mark.parametrize(("text", "found"), [
    ("Removal of the spleen helps.", ["removal of the spleen"]),
    ("It needs surgical removal of the tumor and rest.", ["surgical removal of the tumor", "rest"]),
    ("Management of pain with drugs.", ["management of pain"]),
])
def test_what_is_removed_or_managed_belongs_to_the_name(text: str, found: list[str]) -> None:
    """Heads of this sort go on with "of" and what they do something to."""
    assert [mention.name for mention in mentions(text, LEXICON)] == found


def test_medicines_with_several_purposes_are_several() -> None:
    """A verb that goes on from a purpose belongs to the same medicines."""
    said = _said("Doctors may prescribe drugs to treat gout, lower blood pressure or ease pain.")
    assert said == [("drugs to treat gout", "option"),
                    ("drugs to lower blood pressure", "option"),
                    ("drugs to ease pain", "option")]


def test_a_condition_in_front_does_not_part_a_list() -> None:
    """The verb of "When it is severe, …" is not that of the list behind it."""
    said = _said("When it is severe, sirolimus, methotrexate, and colchicine may help.")
    assert said == [("sirolimus", "option"), ("methotrexate", "option"), ("colchicine", "option")]


def test_a_list_of_factors_is_no_list_of_therapies() -> None:
    """What treatment depends on is not treatment."""
    assert not _said("Treatment options depend on the following:", "The stage of the cancer.",
                     "Previous surgery.", forms_=("prose", "item", "item"))


def test_a_list_that_announces_no_treatment_holds_known_therapies_only() -> None:
    """What people will feel is no measure, though it stands in a treatment section."""
    said = _said("In time you will", "be less tired.", "Splenectomy.",
                 forms_=("prose", "item", "item"))
    assert said == [("splenectomy", "standard")]


def test_the_explanation_of_an_item_is_not_the_item() -> None:
    """A term ends at its colon where a definition follows."""
    said = _said("Treatment may include the following:",
                 "Total excision: Surgery to remove all of it.", forms_=("prose", "item"))
    assert said == [("total excision", "option")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Aspirin (Imiquimod) is given.", ["aspirin"]),
        ("Steroids (prednisone) are given.", ["prednisone", "steroids"]),
        ("It is treated with aspirin, a blood-thinning medication.", ["aspirin"]),
        ("Drugs that widen the vessels may help.", ["drugs that widen the vessels"]),
        ("Aspirin is a drug that widens the vessels.", ["aspirin"]),
        ("Following surgery, speech therapy is needed.", ["speech therapy"]),
        ("The side effects of surgery include speech therapy.", []),
        ("It is treated with medicines that slow or stop the growth.", []),
    ],
)
def test_what_only_explains_a_therapy_is_none(sentence: str, expected: list[str]) -> None:
    """Brands, appositions and definitions add no therapy; what a drug does may name it."""
    assert sorted(name for name, _ in _said(sentence)) == expected


def test_other_sections_need_a_cue() -> None:
    """A cause section speaks of other things, unless a frame says that this is treatment."""
    assert not _said("Surgery and prednisone raise the pressure.", kind="cause")
    assert _said("Foo disease is treated with prednisone.", kind="cause") == [
        ("prednisone", "standard")]


def test_a_substance_of_the_body_is_no_therapy() -> None:
    """Calcium is one only where it is said to help or is listed."""
    assert not _said("The drug lowers calcium and glucose.")
    assert _said("Calcium may improve cramps.") == [("calcium", "option")]


def test_a_sign_can_be_avoided_but_not_given() -> None:
    """A name of the phenotype vocabulary is no item of a treatment list."""
    assert _said("Treatment includes warm baths and dehydration.") == [("warm baths", "standard")]
    assert _said("Dehydration should be avoided.") == [("dehydration", "to_avoid")]


def test_clause_ends_where_a_new_statement_begins() -> None:
    """A comma and "and" divide only what has a verb on each side."""
    text = f"Rest helps and is safe, and {THERAPY * 4} may harm; baths are given."
    clause = clause_of(text, Span(text.index(THERAPY), text.index(THERAPY) + 4))
    assert text[clause.start:clause.end] == f"{THERAPY * 4} may harm"
    listing = f"Rest, ice, and {THERAPY * 4} may help."
    assert clause_of(listing, Span(15, 19)) == Span(0, len(listing))


GOLD = Path(__file__).parents[2] / "shared" / "gold"


@pytest.mark.skipif(not GOLD.is_dir(), reason="the shared gold pages are not here")
def test_the_first_page() -> None:
    """The therapies of the first page with their standing; other wordings of a few of them."""
    from kg import sources  # noqa: PLC0415 - only where the shared pages are
    from kg.extract.names import disease_names  # noqa: PLC0415

    line = next(line for line in (GOLD / "dev.jsonl").read_text(encoding="utf-8").splitlines()
                if "corpus/hidradenocarcinoma.txt" in line)
    gold = {item["name"]: item["status"] for item in json.loads(line)["therapies"]}
    path = GOLD.parent / "corpus" / "hidradenocarcinoma.txt"
    document = sources.read(path.name, path.read_bytes())
    names = tuple(disease_names(document))
    found = list(therapies(Page(document, segment(document, names), LEXICON, names)))
    said: dict[str, set[str]] = {}
    for claim in found:
        said.setdefault(claim.name, set()).add(claim.value)
    known = gold.keys() & said.keys()
    assert len(known) >= len(gold) - 3
    assert all(gold[name] in said[name] for name in known)


@pytest.mark.parametrize(("text", "said"), [
    ("Methotrexate is used when sirolimus is contraindicated.", [("methotrexate", "option")]),
    ("Methotrexate is given if sirolimus cannot be used.", [("methotrexate", "option")]),
    ("In those who cannot take prednisone, methotrexate is used.", [("methotrexate", "option")]),
    ("Sirolimus is contraindicated in infants.", [("sirolimus", "to_avoid")]),
    ("Aspirin, which cures mild cases, does not help.", [("aspirin", "unproven_or_ineffective")]),
    ("Sirolimus is recommended as first-line therapy.", [("sirolimus", "standard")]),
])
def test_what_a_condition_names_is_not_stated(text: str, said: list[tuple[str, str]]) -> None:
    """What fails or cannot be had only says when the other is used, and lends it no standing."""
    assert _said(text) == said
