"""The evidence of one found picture in an item: both pictures, the evidence picture, and what was measured.

    data/items/00001/picture-001.json          what was seen, where, and the digests of the files
    data/items/00001/picture-001.found.jpg     the picture as it stood in the data set, byte for byte
    data/items/00001/picture-001.evidence.jpg  both side by side, the matched part outlined
    data/items/00001/work-001.jpg              the work for print, once for each of its files

Beside each group of files stand a list and a file of salt (see `item_groups`): `picture-001.sha256`, `work-001.sha256`.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import DossierError
from countermark.evidence.dossier.item_groups import file_said, grouped
from countermark.findings import Grade
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from countermark.evidence.dossier.commitments import Salts
    from countermark.evidence.gallery.sheet import SheetMaker

UNIT: Final = "pixel"
STRENGTH: Final = (Grade.IDENTICAL, Grade.COPY, Grade.SHARED)
_MEASURED: Final = (
    "finding_id", "grade", "method", "scheme", "matched", "unit", "share_of_work", "share_of_record", "mirrored",
    "rotation", "inliers", "agreement", "hash_distance",
)  # fmt: skip
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
LARGEST: Final = 256 << 20
"""Bytes of a picture that a run keeps."""
_FILES: Final = {"jpeg": "jpg", "tiff": "tif"}


def stores_digest(runs: Mapping[str, Path]) -> str:
    """The SHA-256 over names and sizes of what runs of pictures and recordings keep; empty where there is nothing."""
    stored = sorted(
        (f"{name}/{store}/{path.name}", path.stat().st_size)
        for name, run in runs.items()
        for store, kept in (("pictures", "*/*"), ("works", "*/*"), ("excerpts", "*"))
        for path in (run / store).glob(kept)
    )
    told = "".join(f"{size} {path}\n" for path, size in stored)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest() if stored else ""


class PictureFiles:
    """Makes the files of the found pictures of one item after the other."""

    def __init__(self, runs: Mapping[str, Path], salts: Salts) -> None:
        self._runs = runs
        self._salts = salts
        self._makers: dict[str, SheetMaker] = {}

    def of_item(
        self, item: str, first: int, rows: Iterable[Mapping[str, Any]]
    ) -> tuple[dict[str, bytes], dict[tuple[str, str], str]]:
        """The files, and the name of each finding's own; `rows` are findings with their captions.

        Raises DossierError where a picture that the run keeps is not the one that its finding names.
        """
        place, files, names = f"data/items/{item}", dict[str, bytes](), {}
        works: dict[str, str] = {}
        for count, row in enumerate(rows, first):
            work = works.get(row["asset_digest"])
            if work is None:
                work = works[row["asset_digest"]] = f"{place}/work-{len(works) + 1:03}"
                files |= self._work(work, row)
            stem = f"{place}/picture-{count:03}"
            group = grouped(stem, self._pictures(stem, row), self._salts)
            print_ = next((path for path in files if path.startswith(f"{work}.") and _is_picture(path)), None)
            said = _said(row, files, print_, group) | {"item": item, "picture": count}
            files |= group
            files[f"{stem}.json"] = json_bytes({**said, "salt": self._salts.salt(f"{stem}.json")})
            names[(row["dossier_run"], row["finding_id"])] = f"{stem}.json".rsplit("/", 1)[-1]
        return files, names

    def _work(self, stem: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        from countermark.evidence.gallery.stored import work_prints  # noqa: PLC0415  Pillow is an extra

        run, digest = self._runs[row["dossier_run"]], row["asset_digest"]
        data = _stored(run / "works", digest)
        prints = work_prints(run)
        if data and prints and hashlib.sha256(data).hexdigest() not in prints.get(digest, ()):
            raise DossierError(
                f"{run}: works/{digest[:2]}/{digest} was changed since it was copied from the index; "
                "search again into a new folder"
            )
        return grouped(stem, {f"{stem}.{_suffix(data)}": data}, self._salts) if data else {}

    def _pictures(self, stem: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        from countermark.evidence.gallery.sheet import SheetMaker  # noqa: PLC0415  Pillow is an extra

        name = row["dossier_run"]
        if name not in self._makers:
            self._makers[name] = SheetMaker.of(self._runs[name])
        files = {f"{stem}.evidence.jpg": self._makers[name].picture(row)}
        data = self._found(row)
        return files | ({f"{stem}.found.{_suffix(data)}": data} if data else {})

    def _found(self, row: Mapping[str, Any]) -> bytes:
        data = _stored(self._runs[row["dossier_run"]] / "pictures", row["record_digest"])
        if data and hashlib.sha256(data).hexdigest() != row["record_digest"]:
            raise DossierError(
                f"{self._runs[row['dossier_run']]}: pictures/{row['record_digest'][:2]}/{row['record_digest']} was "
                "changed since it was found; search again into a new folder"
            )
        return data


def _stored(store: Path, digest: str) -> bytes:
    """The bytes of a file of a store; empty where the run does not keep it. A digest that is none names no file."""
    path = store / digest[:2] / digest
    if not _DIGEST.fullmatch(digest) or path.is_symlink() or not path.is_file():
        return b""
    if path.stat().st_size > LARGEST:
        raise DossierError(f"{path}: has more than {LARGEST:,} bytes, and no picture that was searched has")
    return path.read_bytes()


def _said(
    row: Mapping[str, Any], files: Mapping[str, bytes], work: str | None, group: Mapping[str, bytes]
) -> dict[str, Any]:
    """What was seen and where; `file` is null where the run does not keep the picture."""
    found = next((path for path in group if ".found." in path), None)
    evidence = next(path for path in group if path.endswith(".evidence.jpg"))
    return {
        "format": "countermark.picture/1",
        "run": row["dossier_run"],
        **{name: row[name] for name in _MEASURED},
        "work": {
            "path": row["asset_path"],
            "digest": row["asset_digest"],
            "box": row["asset_box"],
            **file_said(work, files),
        },
        "record": {
            "corpus": row["corpus"],
            "shard": row["shard"],
            "row": row["row"],
            "id": row["record_id"],
            "url": row["record_url"],
            "digest": row["record_digest"],
            "caption": row["record_excerpt"],
            "frame": row["record_frame"],
            "width": row["record_width"],
            "height": row["record_height"],
            "box": row["record_box"],
            "outline": row["record_outline"],
            **file_said(found, group),
        },
        "evidence": file_said(evidence, group),
    }


def _is_picture(path: str) -> bool:
    return not path.endswith((".salt", ".sha256", ".json"))


def _suffix(data: bytes) -> str:
    from countermark.images.sniffing import looks_like_picture  # noqa: PLC0415

    name = looks_like_picture(data[:4096])
    return _FILES.get(name, name) if name.isalnum() else "bin"
