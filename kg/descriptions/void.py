"""VoID: the graph in numbers, its partitions and its links (W3C Interest Group Note, 2011)."""

from __future__ import annotations

from ..ntriples import Shortener
from ..text import digest
from . import parts
from .counting import Class, Link, Property, targets
from .dataset import Dataset
from .terms import Triples, english, number, plain


def triples(dataset: Dataset) -> Triples:
    """The description document, the graph with its partitions, and its linksets."""
    found, graph, counts = Triples(dataset.prefixes), dataset.node("graph"), dataset.statistics
    document = f"{dataset.base}void"
    found.about(document, rdf_type="void:DatasetDescription", foaf_primaryTopic=graph,
                dcterms_title=english(f"Description of {dataset.about.title}"))
    parts.shared(found, dataset, graph)
    parts.made(found, dataset, graph)
    found.about(
        graph, rdf_type=("void:Dataset", "sd:Graph"), void_inDataset=parts.version(dataset),
        void_uriSpace=plain(dataset.base), void_sparqlEndpoint=parts.endpoint(dataset),
        void_triples=number(counts.triples), void_entities=number(counts.subjects),
        void_distinctSubjects=number(counts.subjects), void_classes=number(len(counts.classes)),
        void_distinctObjects=number(counts.objects),
        void_properties=number(len(counts.properties)),
        void_vocabulary=tuple(_namespaces(dataset)), idot_preferredPrefix=plain("rarekg"),
        void_dataDump=tuple(dataset.download(one.path) for one in dataset.files
                            if parts.is_rdf(one)))
    _Partitions(found, dataset).all(graph)
    for one in counts.links:
        _link(found, dataset, one)
    return found


def _namespaces(dataset: Dataset) -> list[str]:
    """The vocabularies whose terms are properties and classes of the graph."""
    terms = {*(one.iri for one in dataset.statistics.properties),
             *(one.iri for one in dataset.statistics.classes)}
    curies = {dataset.prefixes.contract(iri) or "" for iri in terms}
    names = {curie.partition(":")[0] for curie in curies} - {"rarekg", "d", ""}
    return sorted(dataset.prefixes.table[name] for name in names)


class _Partitions:
    """Writes partitions, whose IRIs tell what they are of."""

    def __init__(self, found: Triples, dataset: Dataset) -> None:
        self._found, self._dataset = found, dataset
        self._name = Shortener(dataset.prefixes).curie

    def _node(self, *terms: str) -> str:
        words = [parts.slug(self._name(one) or digest(one)) if "://" in one else one
                 for one in terms]
        return self._dataset.node("-".join(words))

    def all(self, graph: str) -> None:
        """The partitions by property and by class."""
        for one in self._dataset.statistics.properties:
            node = self._node("property", one.iri)
            self._found.about(graph, void_propertyPartition=node)
            self._property(node, one)
        for kind in self._dataset.statistics.classes:
            node = self._node("class", kind.iri)
            self._found.about(graph, void_classPartition=node)
            self._class(node, kind)

    def _class(self, node: str, kind: Class) -> None:
        self._found.about(node, rdf_type="void:Dataset", void_class=kind.iri,
                          void_entities=number(kind.entities))
        for one in kind.properties:
            inner = self._node("class", kind.iri, one.iri)
            self._found.about(node, void_propertyPartition=inner)
            self._property(inner, one, kind.iri)

    def _property(self, node: str, one: Property, within: str = "") -> None:
        """A property; within a class also what classes and datatypes are at its end."""
        self._found.about(node, rdf_type="void:Dataset", void_property=one.iri,
                          void_triples=number(one.triples),
                          void_distinctSubjects=number(one.subjects))
        if not within:
            self._found.about(node, void_distinctObjects=number(one.objects))
            return
        for share in one.classes:
            end = self._node("class", within, one.iri, "to", share.iri)
            self._found.about(node, void_classPartition=end)
            self._found.about(end, void_class=share.iri, void_triples=number(share.triples))
        for share in one.datatypes:
            end = self._node("class", within, one.iri, "to", share.iri)
            self._found.about(node, **{"void-ext_datatypePartition": end})
            self._found.about(end, **{"void-ext_datatype": share.iri},
                              void_triples=number(share.triples))


def _link(found: Triples, dataset: Dataset, one: Link) -> None:
    """A linkset, whose ends are our graph or the vocabularies that the nodes belong to."""
    verb = Shortener(dataset.prefixes).curie(one.property) or digest(one.property)
    node = dataset.node(parts.slug(f"links-{one.source}-{verb}-{one.target}"))
    found.about(dataset.node("graph"), void_subset=node)
    found.about(node, rdf_type="void:Linkset", void_linkPredicate=one.property,
                void_triples=number(one.triples),
                void_subjectsTarget=_target(found, dataset, one.source),
                void_objectsTarget=_target(found, dataset, one.target))


def _target(found: Triples, dataset: Dataset, prefix: str) -> str:
    """The data set of a prefix; for that of our own nodes the graph itself."""
    if prefix == "rarekg":
        return dataset.node("graph")
    node = dataset.node(f"target-{prefix}")
    space = plain(dataset.prefixes.table[prefix])
    found.about(node, rdf_type="void:Dataset", dcterms_title=english(prefix),
                foaf_homepage=targets()[prefix], void_uriSpace=space,
                idot_preferredPrefix=plain(prefix))
    return node
