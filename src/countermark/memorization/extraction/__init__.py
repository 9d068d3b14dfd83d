"""Extraction: the exact probability with which a model continues a work word for word, held against control works."""
