"""The lines of a log as JSON objects; `hashing.canonical` makes the bytes that are hashed."""

from __future__ import annotations


def entry(number: int, kind: str, commitment: str) -> dict[str, object]:
    """A number enters; `kind` is "person" or "organisation", `commitment` hexadecimal."""
    return {"type": "entry", "number": number, "kind": kind, "commitment": commitment}


def withdrawal(of: int) -> dict[str, object]:
    """The signatory took number `of` back, for good."""
    return {"type": "withdrawal", "of": of}


def amendment(of: int, commitment: str) -> dict[str, object]:
    """The signatory of number `of` shows something else of themselves."""
    return {"type": "amendment", "of": of, "commitment": commitment}


def invalidation(of: int, reason: str) -> dict[str, object]:
    """Moderation took number `of` off the roll; `reason` is a code of a-z, 0-9 and -."""
    return {"type": "invalidation", "of": of, "reason": reason}


def reinstatement(of: int, commitment: str) -> dict[str, object]:
    """Moderation put number `of` back."""
    return {"type": "reinstatement", "of": of, "commitment": commitment}


def unsigned_head(log: str, size: int, root: bytes, time: str) -> dict[str, object]:
    """A head before it is signed; `log` is the fingerprint of the key, `time` RFC 3339 in UTC with seconds."""
    return {"log": log, "size": size, "root": root.hex(), "time": time}
