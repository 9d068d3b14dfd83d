"""Fingerprints of recordings: spectral peaks, dense codes, harmony and notes."""
