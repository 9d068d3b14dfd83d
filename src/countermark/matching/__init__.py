"""Matching: hits become aligned spans, spans become findings."""
