"""Fingerprints of pictures: hashes of the whole, and features of its parts."""
