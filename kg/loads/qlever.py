"""QLever: N-Quads and the Qleverfile that indexes and serves them."""

from __future__ import annotations

QLEVERFILE = """# In this folder: qlever index && qlever start && qlever query "$(cat check.rq)"
[data]
NAME        = rarekg
DESCRIPTION = Rare-disease pages as linked data, one named graph a page
FORMAT      = nq

[index]
INPUT_FILES     = graph.nq
CAT_INPUT_FILES = cat ${INPUT_FILES}
SETTINGS_JSON   = { "ascii-prefixes-only": false, "num-triples-per-batch": 1000000 }

[server]
PORT               = 7015
ACCESS_TOKEN       = ${data:NAME}
MEMORY_FOR_QUERIES = 2G

[runtime]
SYSTEM = docker
IMAGE  = docker.io/adfreiburg/qlever:latest

[ui]
UI_CONFIG = default
"""
SETTINGS = {"Qleverfile": QLEVERFILE}
