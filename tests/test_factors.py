"""Risk factors, causes and prognostic factors of pages written for these tests."""

from __future__ import annotations

import re

import pytest
from sentences import page_of

from kg.extract.factors import factors
from kg.extract.page import Page
from kg.files import rows, shipped

Fact = tuple[str, str, str]


def facts(page: Page) -> list[Fact]:
    """Kind, name and value of every claim of the page."""
    return [(claim.kind, claim.name, claim.value) for claim in factors(page)]


def said(text: str) -> list[Fact]:
    """The facts of a page that says one thing."""
    return facts(page_of(text))


@pytest.mark.parametrize(("text", "expected"), [
    ("Risk factors for testosis include smoking, old age, and having gout.",
     [("smoking", "increases"), ("old age", "increases"), ("gout", "increases")]),
    ("People who have diabetes are at higher risk of testosis.", [("diabetes", "increases")]),
    ("It is not clear if coffee increases the risk of testosis.", [("coffee", "uncertain")]),
    ("Studies show that smoking does not increase the risk of testosis.", [("smoking", "none")]),
    ("Vaccination lowers the risk of testosis.", [("vaccination", "decreases")]),
    ("There is no evidence that testosis runs in families.", [("family history", "none")]),
    ("Testosis is more common in women than in men.", [("female sex", "increases")]),
    ("Men and women are affected equally.", [("sex", "none")]),
])
def test_risk_factors(text: str, expected: list[tuple[str, str]]) -> None:
    """Risk factors keep their direction; "not" and "not clear" are values of their own."""
    assert said(text) == [("risk_factor", *fact) for fact in expected]


def test_a_cause_has_one_name_on_its_page() -> None:
    """An abbreviation that the page explains is the cause that it stands for."""
    assert said("Human grey virus (HGV) causes Testosis. HGV also causes Testosis in adults.") == [
        ("cause", "human grey virus", "stated")] * 2


@pytest.mark.parametrize(("text", "expected"), [
    ("Testosis is caused by mutations in the ABC1, DEF2 and GHI3 genes.",
     [("ABC1 gene mutation", "stated"), ("DEF2 gene mutation", "stated"),
      ("GHI3 gene mutation", "stated")]),
    ("Testosis is thought to be caused by a virus.", [("virus", "suspected")]),
    ("Testosis is not caused by stress.", [("stress", "ruled_out")]),
    ("A deficiency of an enzyme causes testosis.", [("deficiency of an enzyme", "stated")]),
    ("Testosis may result from a blow to the head or neck.",
     [("blow to the head or neck", "suspected")]),
    ("Causes include: gout, such as tophi; lupus; and cold, viral or bacterial infections.",
     [("gout", "stated"), ("tophi", "stated"), ("lupus", "stated"), ("cold", "stated"),
      ("viral infections", "stated"), ("bacterial infections", "stated")]),
])
def test_causes(text: str, expected: list[tuple[str, str]]) -> None:
    """Causes are split, genes named one by one, hedges and negations kept as certainty."""
    assert said(text) == [("cause", *fact) for fact in expected]


@pytest.mark.parametrize(("text", "expected"), [
    ("Factors which predict a better outcome include small size and early treatment.",
     [("small size", "favourable"), ("early treatment", "favourable")]),
    ("The outlook is worse for older adults.", [("older age", "unfavourable")]),
    ("Large tumors have a poorer outlook, while the outlook for recurrent tumors is difficult to "
     "predict.", [("large tumors", "unfavourable"), ("recurrent tumors", "uncertain")]),
    ("The prognosis depends on age and stage.", [("age", "uncertain"), ("stage", "uncertain")]),
    ("Early diagnosis and treatment provide the best chance of recovery.",
     [("early diagnosis", "favourable"), ("treatment", "favourable")]),
    ("Testosis is deadly if not treated immediately.", [("prompt treatment", "favourable")]),
])
def test_prognostic_factors(text: str, expected: list[tuple[str, str]]) -> None:
    """Subject first or object first, an outlook's direction is that of its words."""
    assert sorted(said(text)) == sorted(("prognostic_factor", *fact) for fact in expected)


@pytest.mark.parametrize("text", [
    "Testosis increases the risk of stroke.",
    "People with testosis are at higher risk of falls.",
    "Testosis causes fever and pain.",
    "Blindness may result from testosis.",
    "The cause of testosis is unknown.",
    "Researchers hope that new drugs will improve the outlook.",
    "It is unclear if radiation therapy improves the long-term outlook.",
    "Testosis is a tumor caused by the abnormal growth of cells.",
    "The prognosis for people with testosis is poor.",
    "Most tumours are caused by mutations acquired in life.",
])
def test_what_is_no_factor(text: str) -> None:
    """The disease as a cause, hopes, definitions and the unknown give no factor."""
    assert not said(text)


@pytest.mark.parametrize(("text", "expected"), [
    ("Testosis most often affects young men of Finnish descent between the ages of 30 and 70.",
     ["male sex", "age 30 to 70 years", "young age", "Finnish ancestry"]),
    ("Testosis is more common in children under 5 years of age.", ["age under 5 years"]),
    ("Women who smoke are more likely to develop testosis.", ["smoking"]),
    ("The risk of testosis is 2 to 3 times higher in smokers.", ["smoking"]),
    ("People who are HIV-positive and those with gout are more likely to develop testosis.",
     ["HIV infection", "gout"]),
])
def test_populations(text: str, expected: list[str]) -> None:
    """The words for a population give its sex, age and ancestry; a history gives itself."""
    assert said(text) == [("risk_factor", name, "increases") for name in expected]


@pytest.mark.parametrize(("text", "expected"), [
    ("Testosis may be caused by any of the following : Eating disorders (e.g. anorexia, bulimia) "
     "Tumors (e.g. gliomas) Head trauma",
     ["eating disorders", "anorexia", "bulimia", "tumors", "gliomas", "head trauma"]),
    ("Drugs associated with testosis include sedatives, which slow the heart; statins; and "
     "antibiotics.", ["sedatives", "statins", "antibiotics"]),
    ("Testosis can be caused by systemic diseases, which harm many organs, such as gout or lupus.",
     ["systemic diseases", "gout", "lupus"]),
    ("Testosis is due to problems with signals between the nerve and the muscle.",
     ["problems with signals between the nerve and the muscle"]),
    ("Testosis can occur if bile is not made.", ["bile is not made"]),
    ("In some people, it's triggered by an infection.", ["infection"]),
])
def test_items_of_long_lists(text: str, expected: list[str]) -> None:
    """Lost separators, examples in brackets, semicolons and clauses keep the items apart."""
    found = [(kind, name.lower(), value) for kind, name, value in said(text)]
    assert found == [("cause", name, "stated") for name in expected]


def test_a_long_name_of_the_disease_hides_no_fact() -> None:
    """The gaps of a pattern do not count the letters of the disease's name."""
    title = "Very long and winding congenital testosis of the upper and lower spleen"
    text = f"{title}, which is rare, is caused by a virus."
    assert facts(page_of(text, title=title)) == [("cause", "virus", "stated")]


def test_genes_of_other_diseases() -> None:
    """A gene behind another form of disease is no cause of this one."""
    assert not said("Other hereditary forms of gout are caused by mutations in the ABC1 gene.")


def test_a_list_below_its_lead() -> None:
    """List items are claims of the line that announces them, which stays as context."""
    page = page_of("The prognosis of testosis depends on the following:",
                   "- The size of the tumor.", "- Whether the tumor has spread.", "- Age.")
    found = list(factors(page))
    assert [claim.name for claim in found] == ["size of the tumor", "tumor has spread", "age"]
    assert all(claim.evidence.context for claim in found)


def test_a_clause_within_an_item_is_not_split() -> None:
    """"Diseases that harm nerves and muscles" is one item, with what a comma sets apart."""
    found = facts(page_of(
        "Causes of testosis include", "- diseases that harm nerves, muscles, or skin, such as gout",
        "- dizziness caused by conditions such as stroke or injury",
        "- germs from spoiled food or water. Cook all food.", kind="cause"))
    assert [name for _, name, _ in found] == [
        "diseases that harm nerves, muscles, or skin", "gout", "dizziness",
        "germs from spoiled food or water"]


@pytest.mark.parametrize("row", [row for _, row in rows(shipped("data/examples.tsv"))])
def test_a_row_of_examples(row: dict[str, str]) -> None:
    """After a sentence on a class of things the example lists what causes the disease."""
    def listed(text: str) -> list[str]:
        page = page_of(f"Some medicines and diseases can cause testosis. {text}")
        return [c.name for c in factors(page) if c.evidence.rule.startswith(row["rule"])]

    assert listed(row["example"]) == row["expects"].split("; ")
    assert not listed(row["counterexample"])


@pytest.mark.parametrize("row", [row for _, row in rows(shipped("data/classes.tsv"))])
def test_a_row_of_classes(row: dict[str, str]) -> None:
    """A class is many things of a kind, not one of them."""
    assert re.search(row["pattern"], row["example"])
    assert not re.search(row["pattern"], row["counterexample"])


def test_examples_are_of_the_sentence_before() -> None:
    """What is said of a class holds of its examples, with its doubt; other examples say nothing."""
    found = facts(page_of(
        "Certain germs may cause testosis. Examples include", "- Vibrio, a germ found in fish",
        "- Listeria (L. species), which likes cheese", kind="cause"))
    assert [fact for fact in found if fact[1] != "germs"] == [
        ("cause", "vibrio", "suspected"), ("cause", "listeria", "suspected")]
    assert not facts(page_of("Testosis is rare. Examples include gout and lupus."))
    assert ("cause", "gout", "stated") not in facts(
        page_of("Drugs can cause testosis. Examples of such signs are gout and lupus."))


@pytest.mark.parametrize(("text", "expected"), [
    ("Acid can injure the lungs and lead to testosis.", ["acid"]),
    ("Smoking narrows the vessels, which can lead to testosis.", ["smoking"]),
    ("Slow down for a while if exertion triggers testosis.", ["exertion"]),
    ("Raw fish may contain germs that cause testosis.", ["germs"]),
    ("Testosis can be prevented by storing, cooking and handling foods with care.",
     ["storing foods with care", "cooking foods with care", "handling foods with care"]),
])
def test_what_a_sentence_does_before_its_cause(text: str, expected: list[str]) -> None:
    """Of a subject with two predicates only the subject is the cause; objects are shared."""
    assert [name for _, name, _ in said(text)] == expected


def test_it_is_the_disease_only_after_the_disease() -> None:
    """A leading "it" stands for the disease where the sentence before is about the disease."""
    assert facts(page_of("Testosis is rare. It mostly affects women.")) == [
        ("risk_factor", "female sex", "increases")]
    assert not facts(page_of("Gout is rare. It mostly affects women."))


PAGE = (
    "Testosis is a rare disease. It is caused by mutations in the ABC1 gene.[1] "
    "Smoking and old age increase the risk of testosis.[2]",
    "The outlook is better for young people.[3] Large tumors have a poorer outlook.",
)


def test_facts_survive_harmless_changes() -> None:
    """Another name, no citation markers, one paragraph and other hyphens give the same facts."""
    expected = facts(page_of(*PAGE))
    bare = tuple(re.sub(r"\[\d\]", "", part) for part in PAGE)
    renamed = tuple(part.replace("Testosis", "Xyz syndrome").replace("testosis", "Xyz syndrome")
                    for part in PAGE)
    assert len(expected) == 5
    assert facts(page_of(*bare)) == expected
    assert facts(page_of(*renamed, title="Xyz syndrome")) == expected
    assert facts(page_of(" ".join(PAGE))) == expected
    assert facts(page_of(*PAGE, kind="treatment")) == expected


def test_quotes_stand_in_the_page() -> None:
    """Every quote and every mention is the page's own text at its offsets."""
    page = page_of(*PAGE)
    text = page.document.text
    for claim in factors(page):
        evidence = claim.evidence
        assert text[evidence.span.start:evidence.span.end] == evidence.quote
        assert evidence.span.start <= evidence.exact.start < evidence.exact.end <= evidence.span.end
