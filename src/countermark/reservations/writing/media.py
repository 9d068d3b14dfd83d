"""Copies of a folder's files with the reservation in each: pictures, PDF, EPUB; sidecars for the others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import DocumentError, InputError
from countermark.reservations.writing.embed import Embedded, Embedding, Signing, embed
from countermark.reservations.writing.everything import address_path
from countermark.reservations.writing.sidecar import sidecar_path
from countermark.reservations.writing.tdmrep_json import POLICY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.reservations.policy.model import Policy

__all__ = ["Copied", "Signing", "copies"]

_SIDECAR: Final = ".xmp"
_TAKEN: Final = (
    "where its copy goes, there is a file that countermark did not write, or that was changed since; move it away, or "
    "give --replace"
)


@dataclass(frozen=True, slots=True)
class Copied:
    """One file, by its name in the folder: what was written of it, or `error`, the message why nothing was."""

    name: str
    embedded: Embedded | None
    error: str = ""


def copies(
    policy: Policy,
    originals: Path,
    out: Path,
    signing: Signing | None = None,
    *,
    served_at: str = "/",
    may_replace: Callable[[str], bool] = lambda _: True,
) -> Iterator[Copied]:
    """Write a copy of every file under `originals` to the same place under `out`.

    `served_at` is the path under which the folder is served: it decides which rule of the policy holds for a file.
    `may_replace` is asked, by a name under `out`, whether what stands there may go. Raises InputError where the folders
    cannot be used; a file that cannot be written is told, and the others go on.
    """
    if not originals.is_dir():
        raise InputError(f"{originals}: is no folder; --media expects the folder of the originals")
    inner, outer = originals.resolve(), out.resolve()
    if inner == outer or outer.is_relative_to(inner) or inner.is_relative_to(outer):
        raise InputError(
            f"{out}: the copies go to a folder outside of {originals}, which is never written to"
        )
    for path in _files(originals):
        name = path.relative_to(originals).as_posix()
        if not all(may_replace(taken) for taken in (name, sidecar_path(Path(name)).as_posix())):
            yield Copied(name, None, f"{name}: {_TAKEN}")
            continue
        answers = policy.rule(served_at.rstrip("/") + address_path(name)).answers
        tdm_policy = f"{policy.site}/{POLICY_NAME}" if policy.licence else ""
        embedding = Embedding(answers, policy.licence, policy.holder, tdm_policy)
        try:
            yield Copied(name, embed(path, out / name, embedding, signing))
        except (DocumentError, InputError) as error:
            yield Copied(name, None, str(error))


def _files(folder: Path) -> list[Path]:
    found = []
    for inside, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(inside, name)
            for name in sorted(names)
            if not name.startswith(".")
            and not name.lower().endswith(_SIDECAR)
            and Path(inside, name).is_file()
        ]
    return found
