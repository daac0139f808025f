"""Where else an identifier has a page: Monarch, the Ontology Lookup Service and its own source."""

from __future__ import annotations

# The prefix of a CURIE, what the site is called, and its address with the CURIE or its number.
PLACES = (
    ("MONDO", "Monarch", "https://monarchinitiative.org/{curie}"),
    ("MONDO", "OLS", "https://www.ebi.ac.uk/ols4/ontologies/mondo/classes?obo_id={curie}"),
    ("HP", "Monarch", "https://monarchinitiative.org/{curie}"),
    ("HP", "HPO", "https://hpo.jax.org/browse/term/{curie}"),
    ("HGNC", "HGNC", "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{curie}"),
    ("HGNC", "Monarch", "https://monarchinitiative.org/{curie}"),
    ("MAXO", "OLS", "https://www.ebi.ac.uk/ols4/ontologies/maxo/classes?obo_id={curie}"),
    ("UBERON", "OLS", "https://www.ebi.ac.uk/ols4/ontologies/uberon/classes?obo_id={curie}"),
    ("CHEBI", "ChEBI", "https://www.ebi.ac.uk/chebi/{curie}"),
    ("DRUGBANK", "DrugBank", "https://go.drugbank.com/drugs/{number}"),
    ("NCIT", "OLS", "https://www.ebi.ac.uk/ols4/ontologies/ncit/classes?obo_id={curie}"),
)


def places(curie: str) -> tuple[tuple[str, str], ...]:
    """The name and address of every site that has a page about the identifier.

    >>> places("MAXO:0000004")[0][0]
    'OLS'
    """
    prefix, _, number = curie.partition(":")
    return tuple((name, address.format(curie=curie, number=number))
                 for known, name, address in PLACES if known == prefix)
