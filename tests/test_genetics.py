"""Genes and modes of inheritance."""

from __future__ import annotations

from itertools import product

import pytest
from small_pages import Knows, page, sentence

from kg.extract.axes import axes
from kg.extract.frames import compiled, load, matches
from kg.extract.genetics import genes, inheritance
from kg.files import rows, shipped
from kg.model import Claim

TABLES = list(product(("genes", "inheritance"), (False, True)))


@pytest.mark.parametrize(("table", "counter"), TABLES)
def test_frame_rows_fire_on_their_example_only(table: str, counter: bool) -> None:
    """Every row finds something in its example and nothing in its counterexample."""
    for line, row in rows(shipped(f"data/frames/{table}.tsv")):
        frame = next(frame for frame in load(table) if frame.rule == row["rule"])
        text = row["counterexample" if counter else "example"]
        assert bool(list(matches(sentence(text), (frame,)))) is not counter, (line, text)


@pytest.mark.parametrize(("line", "row"), list(rows(shipped("data/genetics.tsv"))))
def test_word_rows_fit_their_example_only(line: int, row: dict[str, str]) -> None:
    """Every row of genetics.tsv fits its example and not its counterexample."""
    pattern = compiled(row["pattern"], shipped("data/genetics.tsv"), line)
    example, counterexample = (_looked_at(row["axis"], row[cell])
                               for cell in ("example", "counterexample"))
    assert pattern.search(sentence(example).masked), line
    assert not pattern.search(sentence(counterexample).masked), line
    assert row["axis"] in axes("genetics")


_AFTER = frozenset({"denied_after", "another"})


def _looked_at(axis: str, text: str) -> str:
    """What stands before the mention in square brackets (behind it for _AFTER), else all."""
    if "[" not in text:
        return text
    return text[text.index("]") + 1:] if axis in _AFTER else text[:text.index("[")]


def symbols(claims: list[Claim]) -> list[tuple[str, str, bool, bool]]:
    """Name, relation, negated and doubtful of each claim."""
    return [(claim.name, claim.value, claim.negated, claim.doubtful) for claim in claims]


@pytest.mark.parametrize(("text", "expected"), [
    ("Sweatoma is caused by mutations in the ABCD1, EFGH and IJK2 genes.",
     [("ABCD1", "causal"), ("EFGH", "causal"), ("IJK2", "causal")]),
    ("Mutations in either the ABCD1 or EFGH2 gene cause sweatoma.",
     [("ABCD1", "causal"), ("EFGH2", "causal")]),
    ("Changes in any of three genes, ABCD1, EFGH, and IJK2, can result in sweatoma.",
     [("ABCD1", "causal"), ("EFGH", "causal"), ("IJK2", "causal")]),
    ("Sweatoma is due to a repeat in the grey-1 gene (ATXN9).", [("ATXN9", "causal")]),
    ("A gene called ABCD1 is linked to sweatoma.", [("ABCD1", "associated")]),
    ("Variants in ABCD1 and EFGH2 raise the risk of sweatoma.",
     [("ABCD1", "associated"), ("EFGH2", "associated")]),
    ("Sweatoma results from changes in FLCX, a gene for a growth brake.", [("FLCX", "causal")]),
    ("Sweatoma is caused by mutations in the ABCD1 gene (also known as the CSBX gene).",
     [("ABCD1", "causal")]),
])
def test_genes(text: str, expected: list[tuple[str, str]]) -> None:
    """Genes are found one by one with their relation."""
    found = list(genes(page("Sweatoma", text)))
    assert [(claim.name, claim.value) for claim in found] == expected
    assert not any(claim.negated or claim.doubtful for claim in found)


@pytest.mark.parametrize("text", [
    "Other inherited forms of tumour are caused by mutations in the ABCD1 gene.",
    "Sweatoma changes the DNA of the gene.",
    "An MRI shows changes in sweatoma.",
    "The p.R4810K variant is frequent in sweatoma.",
    "Changes in other genes (such as ABCD1 syndrome) resemble sweatoma.",
    "Unlike sweatoma, grey oma is caused by mutations in the ABCD1 gene.",
])
def test_no_genes(text: str) -> None:
    """Genes of other diseases, protein changes and other capitals are left out."""
    assert not list(genes(page("Sweatoma", text)))


def test_denied_gene() -> None:
    """A denial is kept as such, unless the page ties the gene to the disease elsewhere."""
    denied = "No mutations in the ABCD1 gene have been found in sweatoma."
    assert symbols(list(genes(page("Sweatoma", denied)))) == [("ABCD1", "associated", True, False)]
    both = f"Mutations in the ABCD1 gene cause sweatoma. {denied}"
    assert symbols(list(genes(page("Sweatoma", both)))) == [("ABCD1", "causal", False, False)]


def test_doubtful_gene() -> None:
    """Doubt about a gene is kept."""
    text = "Sweatoma is thought to be caused by mutations in the ABCD1 gene."
    assert symbols(list(genes(page("Sweatoma", text)))) == [("ABCD1", "causal", False, True)]


def test_descriptions_give_way() -> None:
    """A gene that is only described counts where no gene is tied to the disease."""
    described = "In sweatoma the EFGH2 gene provides instructions for making a protein."
    tied = "Mutations in the ABCD1 gene cause sweatoma."
    assert [c.name for c in genes(page("Sweatoma", described))] == ["EFGH2"]
    assert [c.name for c in genes(page("Sweatoma", f"{tied} {described}"))] == ["ABCD1"]


def test_bare_symbol_needs_the_vocabulary() -> None:
    """A word of capitals without digit or the word gene is a gene where the vocabulary has it."""
    text = "Mutations in FLCX cause sweatoma."
    known = Knows({("flcx", "gene"): "HGNC:1"})
    assert [c.name for c in genes(page("Sweatoma", text, lexicon=known))] == ["FLCX"]
    assert not list(genes(page("Sweatoma", text)))


def test_the_diseases_abbreviation_is_no_gene() -> None:
    """The disease's own abbreviation is a gene only where the word gene follows."""
    known = Knows({("swo", "gene"): "HGNC:1"})
    text = "Sweatoma (SWO) is rare. Most SWO-related changes are mild."
    assert not list(genes(page("Sweatoma", text, lexicon=known)))
    text = "Sweatoma (SWO) is rare. It is caused by mutations in the SWO gene."
    assert [c.name for c in genes(page("Sweatoma", text, lexicon=known))] == ["SWO"]


def modes(*texts: str) -> list[tuple[str, bool, bool]]:
    """Name, negated and doubtful of each mode found on a page about sweatoma."""
    return [(claim.name, claim.negated, claim.doubtful)
            for claim in inheritance(page("Sweatoma", *texts))]


@pytest.mark.parametrize(("text", "expected"), [
    ("Sweatoma is inherited in an autosomal dominant manner.", ["autosomal dominant"]),
    ("Sweatoma can be inherited in an autosomal dominant, autosomal recessive or X-linked "
     "recessive pattern.", ["autosomal dominant", "autosomal recessive", "X-linked recessive"]),
    ("Both autosomal dominant and recessive inheritance of sweatoma has been reported.",
     ["autosomal dominant", "autosomal recessive"]),
    ("Sweatoma is inherited in an autosomal recessive pattern, which means both copies of the "
     "gene in each cell are changed.", ["autosomal recessive"]),
    ("Most cases of sweatoma are sporadic.", ["sporadic"]),
    ("This condition is inherited in a mitochondrial pattern.", ["mitochondrial"]),
    ("Sweatoma is a multifactorial disease.", ["multifactorial"]),
])
def test_modes(text: str, expected: list[str]) -> None:
    """Each mode that a sentence states of the disease is claimed once."""
    assert modes(text) == [(name, False, False) for name in expected]


@pytest.mark.parametrize("text", [
    "Autosomal recessive inheritance means that both copies are changed.",
    "In an autosomal recessive condition both parents carry one copy.",
    "Parents of a child with an autosomal recessive condition each carry one copy.",
    "A condition is considered X-linked if the gene is on the X chromosome.",
    "A characteristic of X-linked inheritance is that fathers cannot pass it to their sons.",
    "Sporadic means that it happened for the first time and was not inherited.",
    "All of these genetic conditions follow an autosomal dominant pattern.",
    "Doctors tell it from X-linked grey cell syndrome.",
    "Autosomal dominant inheritance Approximate number of patients (when available)",
])
def test_lessons_state_no_mode(text: str) -> None:
    """Lessons, tables and other diseases state no mode of the page's disease."""
    assert not modes(text)


def test_not_inherited() -> None:
    """That it is not inherited is the denied mode; in doubt it stays in doubt."""
    assert modes("Sweatoma is not inherited.") == [("inherited", True, False)]
    assert modes("Sweatoma is not thought to be inherited.") == [("inherited", True, True)]


def test_some_cases_not_inherited() -> None:
    """Beside a stated mode, cases that are not inherited deny nothing."""
    assert modes("Sweatoma is inherited in an autosomal dominant manner.",
                 "About 60% of cases are not inherited from a parent.") == [
        ("autosomal dominant", False, False)]


def test_general_mode_gives_way() -> None:
    """"X-linked" is left out where the page says which kind."""
    assert modes("Sweatoma follows an X-linked pattern.",
                 "Sweatoma is X-linked recessive.") == [("X-linked recessive", False, False)]


def test_denied_mode() -> None:
    """A mode can be denied."""
    assert modes("Sweatoma is not inherited in an autosomal dominant manner.")[0] == (
        "autosomal dominant", True, False)
