"""Replay: one finding of a dossier searched again in the file of the data set, step by step."""
