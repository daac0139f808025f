"""A published folder as a SPARQL endpoint, linked data and pages that people read."""
