"""The verifier's own Ed25519 against RFC 8032, the `cryptography` package, and what is not canonical."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.roll.ed25519 import L, P, ed25519_holds

RFC_8032 = [  # section 7.1: secret key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "key", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032(secret: str, key: str, message: str, signature: str) -> None:
    """Each signature holds, and is what the package signs; with one bit changed it does not hold."""
    values = [bytes.fromhex(text) for text in (key, message, signature)]
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(values[1]) == values[2]
    assert ed25519_holds(*values)
    assert not ed25519_holds(values[0], values[1] + b"\0", values[2])
    for bit in (0, 255, 256, 500):
        changed = (int.from_bytes(values[2], "little") ^ 1 << bit).to_bytes(64, "little")
        assert not ed25519_holds(values[0], values[1], changed)


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.binary(min_size=64, max_size=64))
def test_the_package_agrees(secret: bytes, message: bytes, noise: bytes) -> None:
    """What `cryptography` signs holds; of random bytes nothing does."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public = key.public_key().public_bytes_raw()
    assert ed25519_holds(public, message, key.sign(message))
    assert not ed25519_holds(public, message, noise)


def test_a_second_form_of_a_signature_is_refused() -> None:
    """S + L is the same scalar, and not the canonical one (RFC 8032, section 5.1.7)."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = key.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little") + L
    public = key.public_key().public_bytes_raw()
    assert ed25519_holds(public, b"message", signature)
    assert not ed25519_holds(public, b"message", signature[:32] + scalar.to_bytes(32, "little"))


def test_points_that_are_not_canonical_are_refused() -> None:
    """Coordinates from p on, minus zero, points off the curve, keys of small order, and wrong lengths."""
    small = [1, P - 1, 0, P, P + 1, 1 | 1 << 255, 2**255 - 1, 2]
    zero_signature = (1).to_bytes(32, "little") + bytes(
        32
    )  # holds for a key of order 1, whatever the message
    for value in small:
        assert not ed25519_holds(value.to_bytes(32, "little"), b"", zero_signature)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"")
    assert not ed25519_holds(public[:31], b"", signature)
    assert not ed25519_holds(public, b"", signature[:63])
    assert not ed25519_holds(public, b"", signature + b"\0")
