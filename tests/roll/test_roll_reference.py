"""The worked example of docs/reference/roll.md is true, byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countermark.roll.hashing import HEAD_PREFIX, canonical, commitment, hash_leaf
from countermark.roll.verify import LEAVES, examine

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "roll.md").read_text(encoding="utf-8")
EXPORT, PROOF = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def said(name: str) -> str:
    """A value that the page writes out."""
    found = re.search(rf"^    {name}: (.+)$", PAGE, re.MULTILINE)
    assert found is not None
    return found.group(1)


def test_the_files_of_the_example_verify() -> None:
    """The export and the proof, with the key that the page names."""
    log = EXPORT["head"]["log"]
    found = examine(EXPORT, log)
    assert (found["numbers"], found["listed"], found["withdrawn"], found["earlier_heads"]) == (3, 2, 1, 1)
    assert examine(PROOF, log)["number"] == 3
    assert examine(EXPORT, log, PROOF)["since"] == 4


def test_each_step_of_the_example() -> None:
    """Record, commitment, leaf, hash and signed bytes are those that the page writes out."""
    opening = EXPORT["openings"][0]
    record = canonical(opening["record"])
    assert opening["salt"] == bytes(range(16)).hex()
    assert said("record") == record.decode()
    assert said("commitment") == commitment(bytes(range(16)), record) == EXPORT["leaves"][0]["commitment"]
    assert said("leaf") == canonical(EXPORT["leaves"][0]).decode()
    assert said("leaf hash") == hash_leaf(said("leaf").encode()).hex()
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert EXPORT["key"] == key.public_key().public_bytes_raw().hex()
    assert EXPORT["head"]["signature"] == key.sign(HEAD_PREFIX + said("signed").encode()).hex()


def test_the_page_lists_every_kind_of_line() -> None:
    """Types and fields of the table are those of the verifier."""
    rows = re.findall(r"^\| `(\{.*?\})` \|", PAGE, re.MULTILINE)
    listed = {
        re.search(r'"type":"(\w+)"', row).group(1): set(re.findall(r'"(\w+)":', row))  # type: ignore[union-attr]
        for row in rows
    }
    assert listed == {name: fields for name, (fields, _, _) in LEAVES.items()}
