"""Orphadata's files: one page a disorder, whose sentences and rows are read as any page's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.extract import claims
from kg.ground import disease
from kg.model import Claim, Document, Quantity
from kg.sources import read
from kg.sources.containers import members
from kg.vocab.index import open_index

FOLDER = Path(__file__).parent / "literature"


def page(product: str, code: str = "324") -> Document:
    """A disorder of one of the files."""
    name = f"en_product{product}.xml"
    found = dict(members(name, FOLDER / name) or ())
    return read(f"{name}#{code}", found[f"{name}#{code}"])


def stated(product: str) -> dict[str, Claim]:
    """What a file states of the disorder, by name."""
    return {claim.name: claim for claim in claims(page(product), open_index())}


@pytest.mark.parametrize("product", ["1", "4", "6", "9_prev", "9_ages"])
def test_every_file_is_about_its_disorder(product: str) -> None:
    """By Orphanet's number, with the licence, and every claim opens its sentence."""
    found = page(product)
    assert (found.title, found.format, found.xrefs[0]) == (
        "Fabry disease", "orphadata", "Orphanet:324")
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"
    assert disease(found, open_index())[0].id == "MONDO:0010526"
    for claim in claims(found, open_index()):
        span = claim.evidence.span
        assert claim.evidence.quote == found.text[span.start:span.end]


def test_names_and_exact_numbers() -> None:
    """A number that is not Orphanet's "E" (exact) is no number of the page."""
    assert page("1").xrefs == ("Orphanet:324", "OMIM:301500", "MESH:D000795")
    assert {"Anderson-Fabry disease", "Alpha-galactosidase A deficiency",
            "shortage of an enzyme"} == set(stated("1"))
    assert "<i>" not in page("1").text


def test_signs_have_their_band() -> None:
    """An excluded sign is denied; a frequency that is not known is none."""
    found = stated("4")
    assert found["Angiokeratoma"].quantity == Quantity(Decimal(80), Decimal(99), "%", "range",
                                                       "80%-99%")
    assert found["Proteinuria"].quantity == Quantity(Decimal(30), Decimal(79), "%", "range",
                                                     "30%-79%")
    assert found["Seizure"].negated
    assert found["Hearing impairment"].quantity is None
    assert len(found) == 4


def test_genes_by_their_association() -> None:
    """What is not assessed, and an association that no sentence of ours says, is silent.

    A candidate beside a gene that is known to cause the disease is text, and no statement.
    """
    (found,) = (claim for claim in claims(page("6"), open_index()) if claim.kind == "gene")
    assert (found.name, found.value, found.evidence.cites) == ("GLA", "causal", (1, 2))
    assert [one.pmid for one in page("6").references] == ["90000077", "90000078"]
    for sentence in ("The KIF7 gene is a candidate gene for Fabry disease.",
                     "Germline mutations in the APP gene cause Fabry disease.",
                     "ATM: Role in the phenotype of Fabry disease."):
        assert sentence in page("6").text


def test_a_candidate_is_doubtful() -> None:
    """Where it is all that is known."""
    data = page_of_gene("KIF7", "Candidate gene tested in")
    (found,) = claims(read("p", data), open_index())
    assert (found.name, found.value, found.doubtful) == ("KIF7", "associated", True)


def page_of_gene(gene: str, kind: str) -> bytes:
    """A disorder with one gene."""
    return (f"<Disorder><OrphaCode>324</OrphaCode><Name>Fabry disease</Name>"
            f"<DisorderGeneAssociation><Gene><Symbol>{gene}</Symbol></Gene>"
            f"<DisorderGeneAssociationType><Name>{kind}</Name></DisorderGeneAssociationType>"
            "<DisorderGeneAssociationStatus><Name>Assessed</Name></DisorderGeneAssociationStatus>"
            "</DisorderGeneAssociation></Disorder>").encode()


def test_figures() -> None:
    """Classes are bounds; what is unknown is not written, what is not validated is silent."""
    found = {claim.value + claim.name: claim for claim in claims(page("9_prev"), open_index())
             if claim.kind == "figure"}
    shares = {name: (claim.quantity.low, claim.quantity.high) for name, claim in found.items()
              if claim.quantity}
    assert shares == {
        "prevalence1-9 in 100,000": (Decimal("0.00001"), Decimal("0.00009")),
        "incidencefewer than 1 in 1,000,000": (None, Decimal("0.000001")),
        "incidencemore than 1 in 1,000": (Decimal("0.001"), None),
        "case_count12 families": (12, 12),
    }
    assert found["case_count12 families"].evidence.cites == (3,)


def test_inheritance() -> None:
    """And the age at onset, which has no kind of statement yet, as text."""
    assert set(stated("9_ages")) == {"X-linked recessive"}
    assert "Age of onset of Fabry disease: Childhood." in page("9_ages").text


@pytest.mark.parametrize(("data", "words"), [
    (b"<JDBOR><DisorderList/></JDBOR>", "a file of 0 disorders"),
    (b"<Disorder><OrphaCode>5</OrphaCode></Disorder>", "no name or no ORPHA code"),
    (b"<Disorder><Name>Foo</Name><OrphaCode>x</OrphaCode></Disorder>", "no name or no ORPHA code"),
    (b"<Disorder><Name>Foo</Name><OrphaCode>5</OrphaCode></Disorder>", "nothing is said"),
    (b"<Disorder><Name>Foo", "malformed XML"),
    (b'<!DOCTYPE a [<!ENTITY x "y">]><Disorder/>', "declares entities"),
])
def test_what_is_no_page_says_why(data: bytes, words: str) -> None:
    """Each with its own reason."""
    with pytest.raises(SourceError) as caught:
        read("p", data)
    assert words in caught.value.reason
