"""RDF4J and GraphDB: N-Quads and the settings of a repository without inference."""

from __future__ import annotations

RDF4J = """# curl -X PUT -H 'Content-Type: text/turtle' --data-binary @repository.ttl \\
#   http://localhost:8080/rdf4j-server/repositories/rarekg
@prefix config: <tag:rdf4j.org,2023:config/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

[] a config:Repository ;
    config:rep.id "rarekg" ;
    rdfs:label "Rare-disease pages as linked data" ;
    config:rep.impl [
        config:rep.type "openrdf:SailRepository" ;
        config:sail.impl [
            config:sail.type "openrdf:NativeStore" ;
            config:native.tripleIndexes "spoc,posc,cspo"
        ]
    ] .
"""
GRAPHDB = """# importrdf preload --force --config-file repository.ttl graph.nq
@prefix graphdb: <http://www.ontotext.com/config/graphdb#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .

[] a rep:Repository ;
    rep:repositoryID "rarekg" ;
    rdfs:label "Rare-disease pages as linked data" ;
    rep:repositoryImpl [
        rep:repositoryType "graphdb:SailRepository" ;
        sr:sailImpl [
            sail:sailType "graphdb:Sail" ;
            graphdb:ruleset "empty" ;
            graphdb:disable-sameAs "true" ;
            graphdb:enable-context-index "true" ;
            graphdb:entity-id-size "32" ;
            graphdb:repository-type "file-repository" ;
            graphdb:storage-folder "storage"
        ]
    ] .
"""
RDF4J_SETTINGS = {"repository.ttl": RDF4J}
GRAPHDB_SETTINGS = {"repository.ttl": GRAPHDB}
