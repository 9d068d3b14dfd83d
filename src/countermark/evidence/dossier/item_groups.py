"""Files of one item that go together: a list names them, and of that list the seal states the digest.

A picture or a sound holds no salt, and that of a data set can be guessed from its digest. Hence such files are not
committed to one by one: beside each group stands a file of salt, and a list of all (`picture-001.sha256`). What is
withheld is the list with all that it names.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier.bag import manifest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.evidence.dossier.commitments import Salts
    from countermark.findings import Grade

LISTED: Final = re.compile(r"(data/items/[^/]+/(?:picture|recording|work)-[0-9]{3,})\.sha256")
"""The list of a group of files of one item; all that it names begins as itself, with a dot."""


def grouped(stem: str, files: dict[str, bytes], salts: Salts) -> dict[str, bytes]:
    """Files with the salt and the list that the seal commits to."""
    salted = files | {f"{stem}.salt": f"{salts.salt(f'{stem}.salt')}\n".encode()}
    digests = {path: sha256_of(data) for path, data in salted.items()}
    return salted | {f"{stem}.sha256": manifest_bytes(digests)}


def listed_in(files: Mapping[str, bytes]) -> set[str]:
    """The files of an item that its lists name, and that the seal does not commit to by themselves."""
    stems = {found[1] for path in files if (found := LISTED.fullmatch(path))}
    return {
        path
        for path in files
        if any(path.startswith(f"{stem}.") for stem in stems) and not path.endswith((".sha256", ".json"))
    }


def file_said(path: str | None, files: Mapping[str, bytes]) -> dict[str, str | None]:
    """The name and the digest of a file; both null where it is not there."""
    if path is None:
        return {"file": None, "sha256": None}
    return {"file": path.rsplit("/", 1)[-1], "sha256": sha256_of(files[path])}


def chosen_first(
    rows: Iterable[Mapping[str, Any]], most: int, strength: Sequence[Grade]
) -> list[tuple[str, str]]:
    """The findings of a work that are shown, as (run, finding): the strongest, each file once while others are.

    `rows` are findings with the name of their run as `dossier_run`; a grade that is not in `strength` is not shown.
    """
    ordered = sorted(
        (row for row in rows if row["grade"] in strength),
        key=lambda row: (
            strength.index(row["grade"]),
            -row["share_of_work"],
            row["dossier_run"],
            row["shard"],
            row["row"],
            row["finding_id"],
        ),
    )
    seen: set[str] = set()
    first: list[tuple[str, str]] = []
    again: list[tuple[str, str]] = []
    for row in ordered:
        (again if row["record_digest"] in seen else first).append((row["dossier_run"], row["finding_id"]))
        seen.add(row["record_digest"])
    return list(dict.fromkeys([*first, *again]))[:most]


def sha256_of(data: bytes) -> str:
    """The SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()
