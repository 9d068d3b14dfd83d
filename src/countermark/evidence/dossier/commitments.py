"""What the seal commits to: a digest for each file, so arranged that files can be left out later.

`seal/commitments.sha256` has one line `<SHA-256>  <path>` for each file, in the format of `sha256sum`, ordered by path.
Files of one work hold a salt each, so that nobody can guess a withheld one from its digest. Files that speak of the
whole set (works lists, reports, tables) are listed in `data/whole-set.sha256` instead, together with a file of salt;
of that list, only its own digest is committed to. To withhold a work, all of them are left out with the list. Pictures
cannot hold a salt: those of an item have lists of the same kind (see `item_pictures`).
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from countermark.roll.hashing import hash_leaf, roots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMITMENTS: Final = "seal/commitments.sha256"
WHOLE_SET: Final = "data/whole-set.sha256"
WHOLE_SET_SALT: Final = "data/whole-set.salt"
_CONTEXT: Final = b"countermark-dossier-salt-1"
_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([A-Za-z0-9_][A-Za-z0-9._+/-]*)")


class Salts:
    """Secrets of one dossier, derived from the key: the same key and the same inputs give the same ones.

    HKDF (RFC 5869) over the Ed25519 seed; `inputs` is the digest of all that the dossier is made of.
    """

    def __init__(self, seed: bytes, inputs: str) -> None:
        self._secret = _derive(seed, f"inputs:{inputs}".encode())

    @property
    def identity(self) -> str:
        """The name of the dossier, 32 hexadecimal digits; it tells nothing of the inputs."""
        return _derive(self._secret, b"identity").hex()[:32]

    def salt(self, path: str) -> str:
        """The salt of one file, 64 hexadecimal digits."""
        return _derive(self._secret, f"salt:{path}".encode()).hex()

    def place(self, work_id: str) -> bytes:
        """What works are ordered by, so that an item's number tells nothing of its neighbours."""
        return hmac.digest(self._secret, b"place:" + work_id.encode("utf-8", "surrogatepass"), "sha256")


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=_CONTEXT, info=info).derive(secret)


def merkle_root(lines: Sequence[bytes]) -> str:
    """The root over the lines, each without its newline (RFC 6962, section 2.1), hexadecimal."""
    return roots(map(hash_leaf, lines), [len(lines)])[len(lines)].hex()


def read_commitments(data: bytes) -> dict[str, str] | str:
    """Path → SHA-256 of a list in the format of `sha256sum`; or what is wrong with it."""
    found: dict[str, str] = {}
    if data and not data.endswith(b"\n"):
        return "is cut off in mid-line"
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        entry = _LINE.fullmatch(line)
        if entry is None:
            return f"line {number} is not '<SHA-256>  <path>'"
        path = entry[2].decode("ascii")
        if path in found or not path.startswith("data/") or ".." in path.split("/"):
            return f"line {number} names a file twice, or none of data/"
        found[path] = entry[1].decode("ascii")
    if list(found) != sorted(found):
        return "is not in the order of paths"
    return found


def split_by_group(digests: Mapping[str, str], whole: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The digests that are committed to one by one, and those of the files that speak of the whole set."""
    alone = {path: digest for path, digest in digests.items() if path not in whole}
    return alone, {path: digests[path] for path in digests if path in whole}
