"""Which disease an article is about: one that its title names, or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from vocab_files import OBO, index_of, write

from kg.errors import SourceError
from kg.sources.subject import Heading, subject
from kg.vocab.index import Index, open_index

SIGN = """
[Term]
id: HP:0000118
name: Phenotypic abnormality

[Term]
id: HP:0000900
name: Duct carcinoma
is_a: HP:0000118 ! Phenotypic abnormality
"""


def about(title: str, *headings: Heading, index: Index | None = None) -> str:
    """The label of the disease and where it was found: its words in the title, or "heading"."""
    index = index or open_index()
    found = subject("p", title, headings, index)
    term = index.term(found.id)
    assert term is not None
    return f"{term.label}: {title[found.span.start:found.span.end] if found.span else 'heading'}"


def refusal(title: str, *headings: Heading, index: Index | None = None) -> str:
    """Why the article is about no single disease."""
    with pytest.raises(SourceError, match="no single disease") as caught:
        subject("p", title, headings, index or open_index())
    return caught.value.reason


def test_the_disease_that_the_title_names() -> None:
    """With the words that name it there."""
    assert about("Survival in Huntington's disease") == "Huntington disease: Huntington's disease"


def test_a_broader_name_does_not_count() -> None:
    """"Lysosomal storage disorders such as Gaucher disease" is about Gaucher disease."""
    title = "Enzyme replacement in lysosomal storage disorders such as Gaucher disease"
    assert about(title) == "Gaucher disease: Gaucher disease"


def test_a_sign_does_not_count_beside_a_disease() -> None:
    """A stroke in Fabry disease is one of its signs."""
    assert about("Stroke in Fabry disease", Heading("Stroke"), Heading("Fabry Disease")) == (
        "Fabry disease: Fabry disease")


def test_a_sign_alone_counts_where_a_heading_names_it() -> None:
    """Neuroblastoma is a disease, and a sign of others."""
    assert "names none" in refusal("Neuroblastoma in infants")
    assert about("Neuroblastoma in infants", Heading("Neuroblastoma")) == (
        "neuroblastoma: Neuroblastoma")


@pytest.mark.parametrize(("title", "headings"), [
    ("Gaucher disease and Fabry disease compared", ()),
    ("Fabry and Gaucher diseases", ()), ("Bilateral and unilateral retinoblastoma", ()),
    ("Adrenoleukodystrophy and adrenomyeloneuropathy in three generations", ()),
    ("Duchenne/Becker muscular dystrophy", ()),
    ("Lessons from Fabry disease", (Heading("Fabry Disease"), Heading("Gaucher Disease"))),
    ("A family with Fabry disease", (Heading("Gaucher Disease", exact=True),)),
])
def test_several_are_refused(title: str, headings: tuple[Heading, ...]) -> None:
    """With what they are, in order."""
    assert refusal(title, *headings).startswith("no single disease: the article is about ")
    assert " and " in refusal(title, *headings)


@pytest.mark.parametrize("title", [
    "Infections in children", "Lysosomal storage disorders", "Metabolic diseases"])
def test_a_group_of_diseases_is_refused(title: str) -> None:
    """What has more than a hundred classes below it is no one disease."""
    assert "is a group of diseases" in refusal(title)


@pytest.mark.parametrize("title", [
    "A quarry survey", "", "A novel GLA mutation", "Renal failure"])
def test_none_is_refused(title: str) -> None:
    """A short form or a sign names no disease."""
    assert "the title names none" in refusal(title)


@pytest.mark.parametrize("title", [
    "Pseudo-Fabry disease", "Anti-Gaucher disease-like cells",
    "Fabry disease misdiagnosed as familial Mediterranean fever",
    "A deletion of 8q without Langer-Giedion syndrome",
    "The Wiskott-Aldrich syndrome protein binds actin",
    "Mucopolysaccharidosis type I, II and VI compared"])
def test_a_name_in_passing_is_refused(title: str) -> None:
    """A protein, what mimics the disease, half a word, the first of several types."""
    assert "in passing" in refusal(title)


def test_animals_are_refused() -> None:
    """Unless the title speaks of people too, or the disease is called after an animal."""
    with pytest.raises(SourceError, match="a study of animals"):
        subject("p", "Gene therapy of Fabry disease in mice", (), open_index())
    assert about("Fabry disease in mice and in patients") == "Fabry disease: Fabry disease"
    assert about("Course of cat eye syndrome") == "cat-eye syndrome: cat eye syndrome"


def test_a_descriptor_alone_is_too_broad() -> None:
    """MeSH files rare tumours under broad headings; only supplementary records are exact."""
    assert "the title names none" in refusal("Survival after excision", Heading("Skin Neoplasms"))
    exact = Heading("Hidradenocarcinoma", "MESH:C900001", exact=True)
    assert about("Survival after excision", exact) == "hidradenocarcinoma: heading"
    assert about("Tumours of the skin", Heading("Sweat Gland Neoplasms"), exact) == (
        "hidradenocarcinoma: heading")


@pytest.fixture
def numbered(tmp_path: Path) -> Index:
    """A vocabulary with the numbers of GARD, Orphanet and MeSH, and a sign."""
    text = OBO.replace("name: bright carcinoma\n", "name: bright carcinoma\nxref: MESH:D900001\n")
    return index_of(tmp_path, write(tmp_path, "mondo.obo", text),
                    write(tmp_path, "hp.obo", SIGN))


def test_only_a_rare_disease_counts_where_that_is_known(numbered: Index) -> None:
    """The glimmer syndrome has a number of GARD, bright carcinoma has none."""
    title = "Bright carcinoma in glimmer syndrome"
    assert about(title, index=numbered) == "glimmer syndrome: glimmer syndrome"
    assert "names none" in refusal("Outcome of bright carcinoma", index=numbered)


def test_a_heading_is_found_by_its_number(numbered: Index) -> None:
    """Whatever it is called."""
    found = subject("p", "Glimmer syndrome", [Heading("Neoplasms, Bright", "MESH:D900001")],
                    numbered)
    assert found.id == "MONDO:0000010"
