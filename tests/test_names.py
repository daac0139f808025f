"""What a page calls its disease."""

from __future__ import annotations

import re

import pytest
from small_pages import Knows, document, page, sentence

from kg.extract.abbreviations import abbreviations, fits, is_short_form
from kg.extract.aliases import Alias, framed, key
from kg.extract.axes import axes
from kg.extract.frames import load, matches
from kg.extract.names import disease_names, synonyms
from kg.extract.page import Page
from kg.extract.segment import FOCUS
from kg.files import rows, shipped
from kg.model import Span


def names_of(made: Page) -> list[tuple[str, str]]:
    """Names and scopes of the synonyms, each once, in order."""
    return list(dict.fromkeys((claim.name, claim.value) for claim in synonyms(made)))


@pytest.mark.parametrize(("line", "row"), list(rows(shipped("data/frames/synonyms.tsv"))))
def test_frame_rows_fire_on_their_example_only(line: int, row: dict[str, str]) -> None:
    """Every row of synonyms.tsv finds a name in its example and none in its counterexample."""
    frame = next(frame for frame in load("synonyms") if frame.rule == row["rule"])
    assert list(matches(sentence(row["example"]), (frame,))), line
    assert not list(matches(sentence(row["counterexample"]), (frame,))), line


@pytest.mark.parametrize(("line", "row"), list(rows(shipped("data/synonyms.tsv"))))
def test_word_rows_fit_their_example_only(line: int, row: dict[str, str]) -> None:
    """Every row of data/synonyms.tsv fits its example and not its counterexample."""
    pattern = re.compile(row["pattern"], re.IGNORECASE)
    assert pattern.search(row["example"]), line
    assert not pattern.search(row["counterexample"]), line
    assert row["axis"] in axes("synonyms")


@pytest.mark.parametrize(("text", "expected"), [
    ("Slow grey palsy (SGP) is rare.", [("Slow grey palsy", "SGP")]),
    ("The SGP (slow grey palsy) is rare.", [("slow grey palsy", "SGP")]),
    ("Known (since 1990) as slow grey palsy (SGP).", [("slow grey palsy", "SGP")]),
    ("It hurts (see below).", []),
    ("A rash (in 1990) came.", []),
    ("Grey palsy of the arm (GPA, or arm palsy)", [("Grey palsy of the arm", "GPA")]),
])
def test_abbreviations(text: str, expected: list[tuple[str, str]]) -> None:
    """Long and short forms are paired as Schwartz and Hearst do."""
    found = [(text[a.long.start:a.long.end], text[a.short.start:a.short.end])
             for a in abbreviations(text)]
    assert found == expected


@pytest.mark.parametrize("text", ["AI", "SCA2", "MPS III", "ccTGA", "A-T", "NMDs"])
def test_short_forms(text: str) -> None:
    """Capitals and digits make a short form."""
    assert is_short_form(text)


@pytest.mark.parametrize("text", ["Klumpke", "type", "2015", "A", "a rare disease", ""])
def test_not_short_forms(text: str) -> None:
    """Ordinary words, years and phrases are no short forms."""
    assert not is_short_form(text)


def test_fits_begins_with_the_first_letter() -> None:
    """An abbreviation that begins within the name abbreviates something broader."""
    assert fits("AAG", "autoimmune autonomic ganglionopathy")
    assert not fits("MD", "Duchenne muscular dystrophy")


def test_list_of_names() -> None:
    """Entries of the list are claimed once each, with the entry itself as the quote."""
    made = page("Sweatoma", ("names", "Other Names:\nMalignant slow/clear oma; SWO; malignant "
                             "slow/clear oma; Grey tumour (type); Sweatomas See More"))
    assert names_of(made) == [
        ("Malignant slow/clear oma", "exact"), ("SWO", "abbreviation"), ("Grey tumour", "narrow")]
    for claim in synonyms(made):
        evidence = claim.evidence
        assert evidence.section == "names"
        assert evidence.quote == made.document.text[evidence.span.start:evidence.span.end]


@pytest.mark.parametrize(("text", "expected"), [
    ("Sweatoma, also known as Mercer disease, is rare.", ["Mercer disease"]),
    ("Sweatoma (SWO), which is also called Mercer disease or grey oma, is rare.",
     ["Mercer disease", "SWO", "grey oma"]),
    ("Sweatoma (also called grey oma) is rare.", ["grey oma"]),
    ("Sweatoma, also known as hereditary grey oma (HGO), slow oma with blue rims, and Mercer "
     "disease, is rare.", ["HGO", "Mercer disease", "hereditary grey oma",
                             "slow oma with blue rims"]),
    ("Sweatoma is a rare tumour. It is sometimes referred to as grey oma.", ["grey oma"]),
    ("Sweatoma, which older reports call grey oma, is rare.", ["grey oma"]),
    ("Sweatoma or grey tumour is a rare cancer.", ["grey tumour"]),
    ("Sweatoma (SWO, also called Mercer disease) is rare.", ["Mercer disease", "SWO"]),
    ("Another name for sweatoma is grey oma.", ["grey oma"]),
    ("Sweatoma - also known as grey oma - is rare.", ["grey oma"]),
    ("Sweatoma also is called infective grey oma (IGO).", ["IGO", "infective grey oma"]),
    ("Sweatoma, also called a prolapsed or dropped gland, is rare.", ["dropped gland"]),
    ("Sweatoma (SWET-oh-ma), or SWO, is a rare tumour.", ["SWO"]),
    ("This condition is also called grey oma because of its colour.", ["grey oma"]),
])
def test_names_in_prose(text: str, expected: list[str]) -> None:
    """The page's other names are found with their cue, single or in lists."""
    assert sorted({claim.name for claim in synonyms(page("Sweatoma", text))}) == expected


@pytest.mark.parametrize("text", [
    "Sweatoma causes inflammation of the liver, also called hepatitis.",
    "Sweatoma is often incorrectly called grey oma.",
    "A severe form of sweatoma, also called grey oma, is rarer still.",
    "Type II sweatoma is also known as grey oma.",
    "These tumors, which are also called grey omas, cause pain.",
    "Sweatoma is a rare form of cancer, also known as grey oma.",
    "The disease is referred to as generalized grey oma when it spreads.",
    "When its cause is unknown, this condition is often called idiopathic grey oma.",
    "Sweatoma is also known as type I.",
    "Grey skin cancer (GSC) is not sweatoma.",
    "A skin disease related to sweatoma, which they call grey oma, was found.",
])
def test_names_of_other_things(text: str) -> None:
    """Names of symptoms, kinds and other diseases are no synonyms."""
    assert not list(synonyms(page("Sweatoma", text)))


def test_abbreviation_masks_the_disease() -> None:
    """An abbreviation that the page defines stands for the disease in later sentences."""
    made = page("Autoimmune autonomic ganglionopathy",
                "Autoimmune autonomic ganglionopathy (AAG) is rare. AAG causes fainting.")
    assert made.names == ("AAG",)
    assert made.sentences[1].masked.startswith(FOCUS * 3 + " causes")


@pytest.mark.parametrize(("title", "text", "short"), [
    ("Acquired grey cell ache", "Acquired grey cell ache (GCA) is rare.", "GCA"),
    ("Slow grey palsy type V", "Slow grey palsy type V (SGP5) is rare.", "SGP5"),
    ("Slow grey palsy", "Slow (SLOH) grey palsy (SGP) is rare.", "SGP"),
])
def test_abbreviations_of_the_title(title: str, text: str, short: str) -> None:
    """A modifier may be passed over, a roman numeral be a figure, a pronunciation intervene."""
    assert (short, "abbreviation") in names_of(page(title, text))


def test_broader_abbreviation_is_no_synonym() -> None:
    """What abbreviates a broader listed name does not abbreviate the disease."""
    made = page("Familial grey ache type 2", ("names", "Familial grey ache"),
                "Familial grey ache (FGA) runs in families.")
    assert names_of(made) == [("Familial grey ache", "exact")]


@pytest.mark.parametrize(("title", "names"), [
    ("Slow grey palsy (SGP)", {"Slow grey palsy", "SGP"}),
    ("Mercer syndrome disorder", {"Mercer syndrome"}),
    ("Upper-Mercer and Lower-Mercer Palsies", {"Upper-Mercer Palsy", "Lower-Mercer Palsy"}),
    ("Mercer's disease", {"Mercers disease", "Mercer disease"}),
    ("Slow grey (SG) palsy", {"Slow grey palsy", "SG palsy"}),
    ("Sweatoma", set()),
])
def test_names_from_the_title(title: str, names: set[str]) -> None:
    """A title with an abbreviation, a doubled head or two diseases stands for its parts."""
    assert set(disease_names(document(title))) == names


def test_bracket_before_the_last_word() -> None:
    """"Upper-Mercer (Ito's) palsy" gives "Ito's palsy" and is itself masked."""
    made = page("Upper-Mercer and Lower-Mercer Palsies",
                "Upper-Mercer (Ito's) palsy is a weak arm.")
    assert "Ito's palsy" in {claim.name for claim in synonyms(made)}
    assert made.sentences[0].masked.startswith(FOCUS * 26)


def test_general_words_stand_for_nothing() -> None:
    """A listed name that is only a class word is not masked."""
    made = document("Sweatoma", ("names", "Tumor; Mercer tumor"))
    assert disease_names(made) == ("Mercer tumor",)


def test_definition_by_a_known_name() -> None:
    """The subject of the first definition is a synonym where the vocabulary says so."""
    table = {("dystonia 9", "disease"): "X:1", ("jerky palsy", "disease"): "X:1",
             ("palsy", "disease"): "X:2"}
    text = "Jerky palsy is a disorder of the nerves."
    assert names_of(page("Dystonia 9", text, lexicon=Knows(table))) == [("Jerky palsy", "exact")]
    assert not names_of(page("Dystonia 9", "Palsy is a disorder.", lexicon=Knows(table)))


def test_alias_name_is_clean() -> None:
    """Articles, quotation marks and the bracket that a name broke are not part of it."""
    made = sentence('FOCUS (slow) palsy, the "grey ache"')
    assert Alias(made, Span(7, 18), "exact", "x").name == "slow palsy"
    assert Alias(made, Span(20, 35), "exact", "x").name == "grey ache"
    assert key("Grey Aches") == key("grey ache")


def test_conditional_name() -> None:
    """A name that holds only for some is not taken."""
    assert not list(framed(sentence("FOCUS is also called cradle rash when babies have it.")))


def test_a_title_of_two_diseases() -> None:
    """A title in capitals that joins two diseases names each; a syndrome of two signs does not."""
    made = disease_names(document("Vellen Insufficiency and Corran's Disease", "It is rare."))
    assert {"Vellen Insufficiency", "Corran's Disease", "Corrans Disease"} <= set(made)
    assert "Vellosis" not in disease_names(document("Vellosis and male correnism", "It is rare."))
    assert "Vellen Tumors" in disease_names(
        document("Vellen Tumors (Including Corroma)", "It is rare."))


@pytest.mark.parametrize(("title", "text", "named"), [
    ("Slow Hand Palsy In Adults", "An SHP is rare. SHPs hurt. Rest helps an SHP.", True),
    ("Slow Hand Palsy", "An SHP is rare. SHPs hurt.", False),
    ("Slow Hand Palsy", "Some have SHP (small hip pain). SHP hurts. SHP is rare.", False),
    ("Vellen-Hand palsy", "VHP hurts. VHP is rare. Rest helps in VHP.", False),
])
def test_initials_that_are_never_defined(title: str, text: str, named: bool) -> None:
    """The title's initials name the disease where the page uses them often and undefined."""
    initials = "".join(word[0] for word in title.replace("-", " ").split()[:3]).upper()
    assert (initials in disease_names(document(title, text))) is named


@pytest.mark.parametrize(("text", "names"), [
    ("Also known as: grey palsy, Mercer disease, MGP", ["grey palsy", "Mercer disease", "MGP"]),
    ("Also known as: grey palsy, juvenile type", ["grey palsy, juvenile type"]),
    ("Other names: grey palsy, mercer; Ito palsy", ["grey palsy, mercer", "Ito palsy"]),
    ("Grey palsy, Mercer disease", ["Grey palsy", "Mercer disease"]),
    ("Grey palsy, pale dysplasia and red fever", ["Grey palsy, pale dysplasia and red fever"]),
    ("Ataxia, deafness syndrome", ["Ataxia, deafness syndrome"]),
])
def test_names_between_commas(text: str, names: list[str]) -> None:
    """Commas part names that stand alone; an inverted name stays whole."""
    assert [name for name, _ in names_of(page("Slow ache", ("names", text)))] == names
