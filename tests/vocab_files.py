"""Small vocabularies written for the tests, and an index of them."""

from __future__ import annotations

from pathlib import Path

from kg.vocab import build, packages
from kg.vocab.index import Index

OBO = """format-version: 1.2
data-version: test/2026-01-02

[Term]
id: MONDO:0000001
name: disease

[Term]
id: MONDO:0000010
name: glimmer syndrome
synonym: "Grünwald glimmer disease" EXACT []
synonym: "shimmer disorder" RELATED []
synonym: "glimmer spectrum" BROAD []
xref: GARD:0000123
xref: ORPHA:77
is_a: MONDO:0000001 ! disease

[Term]
id: MONDO:0000011
name: glimmer syndrome type 1
is_a: MONDO:0000010 ! glimmer syndrome

[Term]
id: MONDO:0000012
name: glimmer syndrome, dominant intermediate, type A
is_a: MONDO:0000010 ! glimmer syndrome

[Term]
id: MONDO:0000013
name: hand oddity, X-linked 1
synonym: "twin name" EXACT []
is_a: MONDO:0000001 ! disease

[Term]
id: MONDO:0000014
name: leaf dysplasia 4
synonym: "twin name" EXACT []
synonym: "leaf disease type 9" EXACT []
is_a: MONDO:0000001 ! disease

[Term]
id: MONDO:0000015
name: bright carcinoma
is_a: MONDO:0000001 ! disease

[Term]
id: MONDO:0000016
name: duct carcinoma
synonym: "malignant brightoma" EXACT []
is_a: MONDO:0000001 ! disease

[Term]
id: MONDO:0000099
name: obsolete old glimmer
is_obsolete: true
replaced_by: MONDO:0000098

[Term]
id: MONDO:0000098
name: obsolete older glimmer
is_obsolete: true
replaced_by: MONDO:0000010

[Term]
id: HP:0000005
name: Mode of inheritance

[Term]
id: HP:0000007
name: Autosomal recessive inheritance
alt_id: HP:0001416
is_a: HP:0000005 ! Mode of inheritance

[Term]
id: HP:0001250
name: Seizure
synonym: "Epileptic fit" RELATED []

[Term]
id: MAXO:0000004
name: surgical procedure
synonym: "surgery" EXACT []

[Term]
id: MAXO:0000447
name: surgical excision
synonym: "surgical removal" EXACT []
"""

TABLE = """id\tlabel\tsynonyms\tcategory
DRUGBANK:DB00072\tTrastuzumab\tHerceptin\tdrug
CHEBI:37956\thistamine antagonist\tantihistamine\tdrug
\twide local excision\twide excision|WLE\ttherapy
NCBIGene:6473\tSHOX\t\tgene
"""


def write(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def index_of(folder: Path, *files: Path) -> Index:
    """An index of these files, the first ranking highest."""
    path = folder / "index.sqlite"
    path.unlink(missing_ok=True)
    build.build(path, [packages.given(file) for file in files], lambda _name: None)
    return Index(path)


def small(folder: Path) -> Index:
    """An index of OBO and TABLE."""
    return index_of(folder, write(folder, "table.tsv", TABLE), write(folder, "some.obo", OBO))
