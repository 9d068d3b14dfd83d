"""Keys and envelopes: what is refused, and that others verify what we sign."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from pymerkle import InmemoryTree

from countermark.errors import InputError
from countermark.evidence.dossier.commitments import Salts, merkle_root, read_commitments
from countermark.evidence.dossier.envelope import pre_authentication_encoding, signed_files, wrong_with
from countermark.evidence.dossier.keys import load_key, new_key


def test_a_key_is_its_owners_alone_and_is_read_back(tmp_path: Path) -> None:
    """Mode 0600; the fingerprint is what openssl and sha256sum print; nothing secret is shown."""
    path = tmp_path / "key.pem"
    key = new_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path).fingerprint == key.fingerprint
    command = ["openssl", "pkey", "-in", str(path), "-pubout", "-outform", "DER"]
    der = subprocess.run(command, capture_output=True, check=True).stdout
    assert hashlib.sha256(der).hexdigest() == key.fingerprint
    assert key.seed.hex() not in repr(key)
    with pytest.raises(InputError, match="never overwritten"):
        new_key(path)


def test_a_passphrase_locks_the_key(tmp_path: Path) -> None:
    """Without it, with another one, and with one that is not needed."""
    path = tmp_path / "key.pem"
    key = new_key(path, "correct horse")
    assert load_key(path, "correct horse").seed == key.seed
    with pytest.raises(InputError, match="locked"):
        load_key(path)
    with pytest.raises(InputError, match="passphrase is wrong"):
        load_key(path, "battery")
    plain = tmp_path / "plain.pem"
    new_key(plain)
    with pytest.raises(InputError, match="needs no passphrase"):
        load_key(plain, "correct horse")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """With one message, which says the mode and what helps."""
    path = tmp_path / "key.pem"
    new_key(path)
    path.chmod(mode)
    with pytest.raises(InputError, match=rf"others can read this key \(mode {mode:04o}\): chmod 600"):
        load_key(path)


def test_what_is_no_key_of_ours_is_refused(tmp_path: Path) -> None:
    """Other kinds, other files, links, folders; the message never holds the file's content."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(*form)
    for number, pem in enumerate((curve, ed448.Ed448PrivateKey.generate().private_bytes(*form))):
        path = tmp_path / f"{number}.pem"
        path.write_bytes(pem)
        path.chmod(0o600)
        with pytest.raises(InputError, match="another kind"):
            load_key(path)
    secret = tmp_path / "notes"
    secret.write_text("my diary")
    secret.chmod(0o600)
    with pytest.raises(InputError, match="no private key") as caught:
        load_key(secret)
    assert "diary" not in str(caught.value)
    new_key(tmp_path / "key.pem")
    (tmp_path / "link.pem").symlink_to(tmp_path / "key.pem")
    with pytest.raises(InputError, match="is a link"):
        load_key(tmp_path / "link.pem")
    with pytest.raises(InputError, match="no plain file"):
        load_key(tmp_path)
    with pytest.raises(InputError, match="no such key"):
        load_key(tmp_path / "absent.pem")


def test_the_encoding_is_the_published_one() -> None:
    """The example of the specification (protocol.md): `http://example.com/HelloWorld` and `hello world`."""
    encoded = pre_authentication_encoding(b"hello world", "http://example.com/HelloWorld")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_an_envelope_holds_together(tmp_path: Path) -> None:
    """Each of the five files, changed, is found; so is an envelope with a second signature."""
    files = signed_files(b'{"a":1}\n', new_key(tmp_path / "key.pem"))
    assert wrong_with(files) == []
    other = signed_files(b'{"a":2}\n', new_key(tmp_path / "other.pem"))
    for path in files:
        assert wrong_with({**files, path: other[path]}), path
        assert wrong_with({**files, path: b""}), path
        assert wrong_with({**files, path: b"[" * 100_000}), path
    envelope = json.loads(files["seal/dossier.dsse.json"])
    envelope["signatures"] *= 2
    assert wrong_with({**files, "seal/dossier.dsse.json": json.dumps(envelope).encode()})


def test_the_root_is_that_of_another_implementation() -> None:
    """RFC 6962, against pymerkle."""
    lines = [f"{number:064x}  data/{number}".encode() for number in range(11)]
    for size in (1, 2, 7, 8, 11):
        tree = InmemoryTree(algorithm="sha256")
        for line in lines[:size]:
            tree.append_entry(line)
        assert merkle_root(lines[:size]) == tree.get_root().hex()


def test_salts_depend_on_key_inputs_and_path() -> None:
    """And on nothing else."""
    salts = Salts(b"k" * 32, "inputs")
    assert salts.salt("a") == Salts(b"k" * 32, "inputs").salt("a")
    others = [Salts(b"l" * 32, "inputs").salt("a"), Salts(b"k" * 32, "other").salt("a"), salts.salt("b")]
    assert len({salts.salt("a"), *others}) == 4
    assert salts.identity not in salts.salt("a")


@pytest.mark.parametrize(
    "data",
    [b"x", b"f" * 64 + b"  data/a", b"f" * 64 + b" data/a\n", b"f" * 64 + b"  /etc/passwd\n",
     b"f" * 64 + b"  data/../../a\n", (b"f" * 64 + b"  data/a\n") * 2, b"f" * 64 + b"  seal/a\n"],
)  # fmt: skip
def test_lists_of_commitments_are_read_strictly(data: bytes) -> None:
    """No line is passed over."""
    assert isinstance(read_commitments(data), str)
