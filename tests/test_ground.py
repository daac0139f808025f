"""Grounding: tiers, guards, ties, minted nodes, and the merge into statements."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from msgspec import structs
from vocab_files import OBO, TABLE, index_of, small, write

from kg.ground import disease, ground, synonyms, ungrounded
from kg.model import Claim, Document, Evidence, Grounding, Quantity, Span, Statement
from kg.ontology import kinds
from kg.text import normalise
from kg.vocab.forms import contradicts, guard
from kg.vocab.index import Index, open_index
from kg.vocab.packages import packaged
from kg.vocab.resolve import resolve

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """The small vocabularies of the tests."""
    return small(tmp_path)


def page(title: str, xrefs: tuple[str, ...] = ()) -> Document:
    """A page that is nothing but its title."""
    return Document(id="0" * 16, page="p.txt", format="text", title=title,
                    title_span=Span(0, len(title)), text=title, sha256="0" * 64, url="", license="",
                    xrefs=xrefs, blocks=(), references=())


def claim(kind: str, name: str, value: str, start: int = 0, **more: object) -> Claim:
    """A claim with evidence at `start`."""
    span = Span(start, start + 5)
    evidence = Evidence("0" * 16, span, "words", span, "treatment", (1,), f"rule.{kind}")
    return Claim(f"{kind}{start}", kind, name, value, bool(more.get("negated")),
                 bool(more.get("doubtful")), evidence, more.get("quantity"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "curie", "tier"), [
    ("Glimmer Syndrome", "MONDO:0000010", "label"),
    ("Grünwald’s glimmer disease", "MONDO:0000010", "exact"),
    ("glimmer syndromes", "MONDO:0000010", "singular"),
    ("shimmer disorder", "MONDO:0000010", "other"),
    ("Grnwald glimmer disease", "MONDO:0000010", "other"),
    ("old glimmer", "MONDO:0000010", "other"),
    ("syndrome, glimmer", "MONDO:0000010", "stem"),
    ("type I glimmer syndrome", "MONDO:0000011", "stem"),
    ("glimmer syndrome (GS)", "MONDO:0000010", "variant"),
])
def test_each_tier_finds_its_wording(index: Index, name: str, curie: str, tier: str) -> None:
    """The tier and the source are told with the answer."""
    answer = resolve(name, ("disease",), index)
    assert (answer.id, answer.grounding.tier) == (curie, tier)
    assert answer.grounding.source == "some.obo"


def test_a_plain_word_is_no_gene(tmp_path: Path) -> None:
    """Where a risk factor may be a gene, "rest" is not REST; the symbol itself is."""
    table = "id\tlabel\tsynonyms\tcategory\nHGNC:9966\tREST\tNRSF\tgene\n"
    index = index_of(tmp_path, write(tmp_path, "genes.tsv", table))
    for name, found in (("rest", ""), ("Rest", ""), ("REST", "HGNC:9966")):
        (one,) = ground(page("X"), [claim("risk_factor", name, "increases")], index, kinds())
        assert one.object is not None
        assert one.object.id.startswith(found or "rarekg:term/factor/")


@pytest.mark.parametrize("name", [
    "glimmer syndrome, dominant intermediate, type B",   # the vocabulary has only type A
    "hand oddity, X-linked 2",                           # only 1
    "leaf dysplasia",                                    # only 4
    "chronic glimmer syndrome",                          # only without "chronic"
    "glimmer syndrome type 2",
    "leaf disease type 9 and more",
    "glimmer spectrum",                                  # a broader name is of another class
    "glimer syndrome",                                   # similar is not equal
])
def test_nothing_similar_is_asserted(index: Index, name: str) -> None:
    """A name without an equal gets no class."""
    assert resolve(name, ("disease",), index).id == ""


def test_a_class_whose_own_label_has_another_number_is_refused(index: Index) -> None:
    """Even where a vocabulary has the name as a synonym by mistake."""
    assert contradicts("sialidosis type I", "sialidosis type 2")
    assert not contradicts("leaf disease type 9", "leaf dysplasia 4")
    assert resolve("leaf disease type 9", ("disease",), index).id == "MONDO:0000014"


@pytest.mark.parametrize(("name", "other", "tier"), [
    ("glow", "glows", "singular"), ("glows", "glow", "singular"), ("glo", "glos", "minted"),
    ("dust II", "dust IIs", "minted"), ("glow", "glow", "label")])
def test_one_and_several_are_the_same_name(
    tmp_path: Path, name: str, other: str, tier: str
) -> None:
    """A name of the other number is found, but for short words: a letter or a number has none."""
    head = "id\tlabel\tsynonyms\tcategory\n"
    table = write(tmp_path, "table.tsv", f"{head}DRUGBANK:1\t{other}\t\tdrug\n")
    answer = resolve(name, ("drug",), index_of(tmp_path, table))
    assert answer.grounding.tier == tier
    assert answer.id == ("" if tier == "minted" else "DRUGBANK:1")


def test_a_tie_is_refused_and_its_classes_become_candidates(index: Index) -> None:
    """Neither of two classes with one name is guessed."""
    answer = resolve("twin name", ("disease",), index)
    assert answer.id == ""
    assert answer.grounding.candidates == ("MONDO:0000013", "MONDO:0000014")


def test_the_guard_sees_numbers_letters_and_inheritance() -> None:
    """What two names of one disease must share."""
    assert guard("CMT, dominant intermediate type 2B") == {"2", "b", "dominant", "intermediate"}
    assert guard("glimmer type IV") == guard("glimmer 4") == {"4"}


def test_the_title_outranks_the_page_s_synonyms(index: Index) -> None:
    """A synonym may be the name of another class."""
    entity, grounding = disease(page("Bright carcinoma"), index, ["malignant brightoma"])
    assert (entity.id, grounding.tier) == ("MONDO:0000015", "label")


def test_synonyms_vote_where_the_title_is_unknown_and_the_guard_allows(index: Index) -> None:
    """A voted class must have a name with the title's numbers and guard words."""
    entity, grounding = disease(page("Gleaming disease"), index, ["shimmer disorder"])
    assert (entity.id, grounding.tier) == ("MONDO:0000010", "vote")
    entity, grounding = disease(page("Gleaming disease"), index, ["glimmer syndrome type 1"])
    assert grounding.tier == "minted"
    entity, grounding = disease(page("Unheard of"), index, ["bright carcinoma", "duct carcinoma"])
    assert grounding.tier == "minted"


def test_synonyms_break_a_tie_between_the_title_s_classes(index: Index) -> None:
    """Only the tied classes stand for election."""
    entity, grounding = disease(page("Twin name"), index, ["leaf dysplasia 4", "bright carcinoma"])
    assert entity.id == "MONDO:0000014"
    assert grounding.tier == "vote"
    assert "MONDO:0000013" in grounding.candidates


def test_the_page_s_own_cross_reference_comes_first_and_the_name_s_class_is_kept(
    index: Index
) -> None:
    """A page that names itself by number is believed; the other class is a candidate."""
    entity, grounding = disease(page("Bright carcinoma", ("UMLS:X", "GARD:0000123")), index)
    assert entity.id == "MONDO:0000010"
    assert grounding == Grounding("xref", 1.0, index.source_of("MONDO:0000010"),
                                  ("MONDO:0000015",))
    assert grounding.source


def test_a_disease_without_a_class_gets_a_node_of_its_own(index: Index) -> None:
    """Its id and label depend on the normal form of the title only."""
    one, grounding = disease(page("Wholly Unknown's-Disease"), index)
    two, _ = disease(page("wholly unknown disease"), index)
    assert one == two
    assert one.id.startswith("rarekg:term/disease/wholly-unknown-disease-")
    assert grounding.tier == "minted"


def test_claims_that_say_the_same_become_one_statement(index: Index) -> None:
    """Two names of one therapy; the evidence is in page order, the same place once."""
    claims = [claim("therapy", *said) for said in (
        ("Herceptin", "option", 50), ("trastuzumab", "option", 9), ("trastuzumab", "option", 9),
        ("trastuzumab", "standard", 70))]
    found = ground(page("Glimmer syndrome"), claims, index, kinds())
    assert [(s.object.id if s.object else "", s.value) for s in found] == [
        ("DRUGBANK:DB00072", "option"), ("DRUGBANK:DB00072", "standard")]
    assert found[0].names == ("Herceptin", "trastuzumab")
    assert [evidence.span.start for evidence in found[0].evidence] == [9, 50]


def test_a_statement_s_id_does_not_depend_on_page_order_or_evidence(index: Index) -> None:
    """It hashes what is said."""
    first = claim("therapy", "trastuzumab", "option", 9)
    second = claim("therapy", "surgery", "standard", 3)
    moved = claim("therapy", "Herceptin", "option", 80)
    denied = claim("therapy", "trastuzumab", "option", 9, negated=True)

    def of(*claims: Claim) -> tuple[Statement, ...]:
        return ground(page("Glimmer syndrome"), claims, index, kinds())

    assert of(first, second) == of(second, first)
    assert of(first)[0].id == of(moved)[0].id
    assert of(first)[0].id != of(denied)[0].id


def test_a_statement_s_id_depends_on_all_that_is_said(index: Index) -> None:
    """Kind, value, denial, doubt and each part of a figure."""
    amount = Quantity(Decimal(20), Decimal(30), "%", "range", "people", "P5Y", "women")
    parts: tuple[dict[str, object], ...] = (
        {"low": Decimal(21)}, {"high": Decimal(31)}, {"unit": "years"}, {"comparator": "~"},
        {"about": "families"}, {"horizon": "P9Y"}, {"subject": "men"})
    claims = [
        claim("therapy", "trastuzumab", "option", 9), claim("therapy", "trastuzumab", "standard"),
        claim("therapy", "trastuzumab", "option", doubtful=True),
        claim("therapy", "trastuzumab", "option", negated=True),
        claim("risk_factor", "trastuzumab", "increases"),
        claim("figure", "survival", "survival", quantity=amount),
        *(claim("figure", "survival", "survival", quantity=structs.replace(amount, **part))
          for part in parts)]
    each = [ground(page(title), [one], index, kinds())[0].id for one in claims
            for title in ("Glimmer syndrome", "Bright carcinoma")]
    assert len(set(each)) == 2 * len(claims)


def test_the_best_grounding_of_the_names_is_kept(index: Index) -> None:
    """Whichever of a statement's names comes first on the page."""
    names = ("treatment with trastuzumab", "trastuzumab", "Herceptin")
    for order in permutations(names):
        claims = [claim("therapy", name, "option", 9 * at) for at, name in enumerate(order)]
        (found,) = ground(page("Glimmer syndrome"), claims, index, kinds())
        assert found.grounding is not None
        assert (found.grounding.tier, found.grounding.score) == ("exact", 1.0)
        assert found.names == tuple(sorted(names))


def test_vocabularies_that_differ_on_what_a_class_is_give_none(tmp_path: Path) -> None:
    """A sign that the better vocabulary calls a mode of inheritance becomes a node of ours."""
    table = write(tmp_path, "table.tsv", f"{TABLE}HP:0001250\tGlow mode\t\tinheritance\n")
    made = index_of(tmp_path, table, write(tmp_path, "some.obo", OBO))
    (one,) = ground(page("Glimmer syndrome"), (claim("phenotype", "Seizures", "present"),), made,
                    kinds())
    assert one.object is not None
    assert one.object.id.startswith("rarekg:term/phenotype/")
    assert (one.object.label, one.object.category) == ("seizures", "phenotype")
    assert one.grounding == Grounding("minted", 0.0, "", ("HP:0001250",))


def test_the_page_s_synonyms_are_what_its_claims_say() -> None:
    """Claims of other kinds name other things."""
    claims = [claim("synonym", "Shimmer disorder", "exact"), claim("therapy", "dust", "option")]
    assert synonyms(claims) == ("Shimmer disorder",)


@pytest.mark.parametrize(("name", "category", "curie"), [
    ("shimmer disorder", "disease", "MONDO:0000010"), ("epileptic fit", "phenotype", ""),
    ("glimmer spectrum", "disease", "")])
def test_related_names_are_asserted_of_diseases_only(
    index: Index, name: str, category: str, curie: str
) -> None:
    """Of a sign it is often another thing, and a broader name is another thing by definition."""
    assert resolve(name, (category,), index).id == curie


def test_figures_and_synonyms_name_no_node(index: Index) -> None:
    """They are told apart by their quantity and their words."""
    low = Quantity(None, Decimal(30), "%", "<", horizon="P5Y")
    high = Quantity(None, Decimal(50), "%", "<=")
    found = ground(page("Glimmer syndrome"), [
        claim("figure", "survival", "survival", 1, quantity=low),
        claim("figure", "recurrence", "recurrence", 8, quantity=high),
        claim("synonym", "Shimmer disorder", "exact", 20),
        claim("synonym", "shimmer disorder", "exact", 30),
    ], index, kinds())
    assert [statement.object for statement in found] == [None, None, None]
    assert found[2].names == ("Shimmer disorder", "shimmer disorder")
    assert len({statement.id for statement in found}) == 3


@pytest.mark.parametrize(("name", "curie"), [
    ("treatment with trastuzumab", "DRUGBANK:DB00072"),
    ("Trastuzumab therapy", "DRUGBANK:DB00072"),
    ("antihistamines", "CHEBI:37956"),
    ("antihistamine medications", "CHEBI:37956"),
    ("surgical removal of the tumor", "MAXO:0000447"),
    ("surgery to remove the lesion", "MAXO:0000447"),
])
def test_other_wordings_of_a_therapy(index: Index, name: str, curie: str) -> None:
    """The head is kept."""
    assert resolve(name, ("therapy", "drug"), index).id == curie


def test_a_name_in_our_overlay_without_an_id_keeps_its_wordings_together(index: Index) -> None:
    """"WLE" and "wide excision" are one minted node, and both are listed as ungrounded."""
    found = ground(page("Glimmer syndrome"), [
        claim("therapy", "WLE", "standard", 1), claim("therapy", "wide excision", "standard", 9),
        claim("therapy", "moon dust", "option", 20),
        claim("risk_factor", "twin name", "increases", 40),
    ], index, kinds())
    rows = {row.name: row for row in ungrounded(found)}
    assert rows["WLE"].id == rows["wide excision"].id
    assert rows["WLE"].why == "no vocabulary has an identifier for it"
    assert rows["moon dust"].why == "no vocabulary has this name"
    assert rows["twin name"].candidates == ("MONDO:0000013", "MONDO:0000014")


def test_a_minted_label_is_the_same_on_every_page(index: Index) -> None:
    """Pages that write a name differently must not give one node two labels."""
    labels = set()
    for name in ("Moon Dust", "moon-dust", "moon dust"):
        found = ground(page("Glimmer syndrome"), [claim("therapy", name, "option")], index, kinds())
        assert found[0].object is not None
        labels.add((found[0].object.id, found[0].object.label))
    assert len(labels) == 1
    assert normalise("Moon Dust") == "moon dust"


@pytest.fixture(scope="module")
def whole() -> Index:
    """The index of the installed vocabularies."""
    if not packaged():
        pytest.skip("the vocab extra is not installed")
    return open_index()


def test_hidradenocarcinoma_is_not_its_synonym_s_class(whole: Index) -> None:
    """"Malignant acrospiroma" is a name of another MONDO class."""
    entity, _ = disease(page("Hidradenocarcinoma"), whole, ["Malignant acrospiroma"])
    assert entity.id == "MONDO:0006245"


@pytest.mark.parametrize(("name", "never"), [
    ("Charcot-Marie-Tooth disease dominant intermediate type B", "MONDO:0011603"),
    ("acromesomelic dysplasia", "MONDO:0030067"),
])
def test_real_names_are_never_given_to_a_sibling(whole: Index, name: str, never: str) -> None:
    """Types are not mixed up."""
    assert resolve(name, ("disease",), whole).id != never


def test_focus_grounding_of_the_gard_pages(whole: Index) -> None:
    """By name alone with the packaged vocabularies: coverage and agreement with MONDO's xrefs."""
    mapping = SHARED / "vocab" / "sssom" / "mondo_hasdbxref_gard.sssom.tsv"
    folder = SHARED / "corpus" / "medquad" / "gard"
    if not mapping.exists() or not folder.exists():
        pytest.skip("shared/ is not here")
    gold: dict[str, set[str]] = {}
    for line in mapping.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[0].startswith("MONDO:"):
            gold.setdefault(cells[3], set()).add(cells[0])
    covered = right = pages = 0
    for path in sorted(folder.glob("*.xml"))[::4]:
        text = path.read_text(encoding="utf-8")
        number = re.search(r"/gard/(\d+)", text)
        title = re.search(r"<Focus>(.*?)</Focus>", text)
        wanted = gold.get(f"GARD:{int(number[1]):07d}", set()) if number else set()
        if not (title and wanted):
            continue
        names = [html.unescape(name) for name in re.findall(r"<Synonym>(.*?)</Synonym>", text)]
        entity, grounding = disease(page(html.unescape(title[1])), whole, names)
        pages += 1
        covered += grounding.tier != "minted"
        right += entity.id in wanted
    assert covered / pages >= 0.85
    assert right / covered >= 0.93


def test_a_kind_of_one_class_takes_no_other(whole: Index) -> None:
    """A retired phenotype whose replacement is a mode of inheritance becomes a node of ours."""
    (one,) = ground(page("Testosis"), (claim("phenotype", "Heterogeneous", "present"),), whole,
                    kinds())
    assert one.object is not None
    assert one.grounding is not None
    assert (one.object.category, one.grounding.tier) == ("phenotype", "minted")


def test_two_spellings_of_a_name_are_two_statements(index: Index) -> None:
    """The name is the object, so an id stands for one spelling; on one page they are one."""
    claims = [claim("synonym", "Foo syndrome", "exact"), claim("synonym", "foo syndrome", "exact")]
    apart = {ground(page("Glimmer syndrome"), [one], index, kinds())[0].id for one in claims}
    assert len(apart) == 2
    (both,) = ground(page("Glimmer syndrome"), claims, index, kinds())
    assert both.names == ("Foo syndrome", "foo syndrome")
    assert both.id in apart
