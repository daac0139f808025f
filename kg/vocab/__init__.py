"""Vocabularies: readers for published formats, one compiled index, exact look-ups."""
