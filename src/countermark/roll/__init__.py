"""The verifiable roll without a site: a Merkle log (RFC 6962), its proofs, and a verifier of one file."""
