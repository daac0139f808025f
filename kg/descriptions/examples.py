"""The named queries as SHACL executables, with the prefixes that they need declared."""

from __future__ import annotations

import re

from ..prefixes import Prefixes
from ..queries import Named, named, text
from . import parts
from .dataset import Dataset
from .terms import Triples, english, plain, typed

_USED = re.compile(r"(?<![\w:<])([A-Za-z][\w-]*):(?=[A-Za-z0-9_])")


def triples(dataset: Dataset) -> Triples:
    """Every named query, ready to run anywhere, and the declarations of all our prefixes."""
    return described(dataset.prefixes, dataset.base, dataset.about.endpoint)


def described(prefixes: Prefixes, base: str, endpoint: str) -> Triples:
    """The queries, for the endpoint at this address if there is one."""
    found, declared = Triples(prefixes), f"{base}void#prefixes"
    ours = {name: start for name, start in prefixes.table.items() if name != "d"}
    found.about(declared, rdf_type="owl:Ontology",
                rdfs_label=english("Prefixes of rarekg"))
    for name, start in ours.items():
        node = f"{declared}-{name}"
        found.about(declared, sh_declare=node)
        found.about(node, rdf_type="sh:PrefixDeclaration", sh_prefix=plain(name),
                    sh_namespace=typed(start, "anyURI"))
    for query in named().values():
        node = f"{base}void#query-{parts.slug(query.name)}"
        _query(found, query, prefixes, node)
        found.about(node, sh_prefixes=declared, schema_target=(endpoint,) if endpoint else ())
    return found


def _query(found: Triples, query: Named, prefixes: Prefixes, node: str) -> None:
    found.about(node, rdf_type=("sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"),
                rdfs_label=english(query.title), rdfs_comment=english(query.description),
                sh_select=plain(runnable(query, prefixes)),
                schema_keywords=(plain("rare diseases"), plain(query.name)))


def runnable(query: Named, prefixes: Prefixes) -> str:
    """The query with its prefixes declared, and the example in place of what it cannot do without.

    >>> from ..prefixes import load
    >>> print(runnable(named()["genes"], load()).splitlines()[0])
    PREFIX biolink: <https://w3id.org/biolink/vocab/>
    """
    given = {one.name: one.example for one in query.parameters if one.required}
    body = text(query, given, prefixes)
    lines = [line for line in body.splitlines() if not line.startswith("#")]
    used = sorted(set(_USED.findall("\n".join(lines))) & prefixes.table.keys())
    heads = [f"PREFIX {name}: <{prefixes.table[name]}>" for name in used]
    return "\n".join([*heads, *lines]) + "\n"
