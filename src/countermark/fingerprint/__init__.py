"""Fingerprints: what is computed from an asset, and the kernels that compute it."""
