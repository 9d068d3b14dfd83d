"""Writing a bag (BagIt 1.0, RFC 8493): the same payload, tags and date give the same bytes.

Only names of plain ASCII are written, so that manifests are read by `sha256sum -c` without any escaping.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.atomic import write_bytes
from countermark.errors import DossierError, OutputError
from countermark.evidence.dossier.bag_files import digests_of, list_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*")


def plain_name(path: str) -> str:
    """`path`, if every system reads it alike. Raises DossierError."""
    if not _NAME.fullmatch(path) or len(path) > 240:
        raise DossierError(
            f"{path!r}: a file of a dossier is named with letters, digits, '.', '_', '+' and '-' only"
        )
    return path


def manifest_bytes(digests: Mapping[str, str]) -> bytes:
    """Lines `<digest>  <path>` in the order of paths, as `sha256sum` writes them."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode("ascii")


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below `folder`, which is not a bag yet. Raises OutputError, DossierError."""
    for path in sorted(files):
        target = folder / plain_name(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files[path])
        except OSError as error:
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from error


def finish_bag(
    folder: Path, date: str, info: Iterable[tuple[str, str]] = (), algorithms: Sequence[str] = ("sha256",)
) -> None:
    """Make the bag of what lies in `folder`: payload in `data/`, tag files beside it.

    Writes `bagit.txt`, `bag-info.txt`, a manifest and a tag manifest for each algorithm; old ones are replaced.
    `date` (YYYY-MM-DD) becomes Bagging-Date. SHA-256 alone is the default, because one tool then verifies every file.
    """
    for old in [*folder.glob("manifest-*.txt"), *folder.glob("tagmanifest-*.txt")]:
        old.unlink()
    sizes = _sound_files(folder)
    payload = [path for path in sizes if path.startswith("data/")]
    oxum = f"{sum(sizes[path] for path in payload)}.{len(payload)}"
    fields = sorted([("Bagging-Date", date), ("Payload-Oxum", oxum), *info])
    lines = "".join(f"{label}: {' '.join(value.split())}\n" for label, value in fields)
    write_bytes(folder / "bagit.txt", DECLARATION)
    write_bytes(folder / "bag-info.txt", lines.encode())
    _write_manifests(folder, "manifest", payload, algorithms)
    finish_tags(folder, algorithms)


def finish_tags(folder: Path, algorithms: Sequence[str] = ("sha256",)) -> None:
    """Write the tag manifests anew: after a tag file, such as a time stamp, came to the bag."""
    tags = [path for path in _sound_files(folder) if not path.startswith(("data/", "tagmanifest-"))]
    _write_manifests(folder, "tagmanifest", tags, algorithms)


def _sound_files(folder: Path) -> dict[str, int]:
    listing = list_files(folder)
    if listing.refused:
        path, reason = sorted(listing.refused.items())[0]
        raise DossierError(f"{folder / path}: {reason}")
    return {plain_name(path): size for path, size in listing.sizes.items()}


def _write_manifests(folder: Path, kind: str, paths: Iterable[str], algorithms: Sequence[str]) -> None:
    found = {path: digests_of(folder, path, algorithms) for path in paths}
    for name in algorithms:
        lines = manifest_bytes({path: digests[name] for path, digests in found.items()})
        write_bytes(folder / f"{kind}-{name}.txt", lines)
