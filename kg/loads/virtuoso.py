"""Virtuoso: N-Quads for its bulk loader, and the commands for isql."""

from __future__ import annotations

# The loader tells of an error only in its table of files: the last line shows that it is empty.
LOAD = """-- isql-vt 1111 dba PASSWORD -u "DIR=/folder/of/these/files" < load.sql
log_enable(2, 1);
ld_dir('$U{DIR}', 'graph.nq', 'urn:rarekg:default');
rdf_loader_run();
checkpoint;
SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_state <> 2 OR ll_error IS NOT NULL;
"""
SETTINGS = {"load.sql": LOAD}
