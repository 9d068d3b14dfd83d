"""`ro-crate-metadata.json` (RO-Crate 1.1): what the files of a dossier are, for archives. The crate's root is `data/`.

It names no work: titles stand in the items alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE: Final = "data/ro-crate-metadata.json"
_FORMATS: Final = {
    "csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl", "pdf": "application/pdf",
    "txt": "text/plain", "toml": "application/toml", "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def metadata(identity: str, date: str, paths: Iterable[str]) -> bytes:
    """The crate of the payload `paths` (beginning with `data/`); sizes and digests stand in the manifests."""
    files = sorted(path.removeprefix("data/") for path in paths)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": identity,
        "name": f"Dossier {identity}",
        "description": "Evidence of works found in data sets: findings, receipts, logs, and what they do not show.",
        "datePublished": date,
        "license": {"@id": "#rights"},
        "hasPart": [{"@id": path} for path in files],
    }
    rights = {
        "@id": "#rights",
        "@type": "CreativeWork",
        "name": "All rights in the works quoted are reserved to their holders; quoted as evidence.",
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph = [descriptor, root, rights, *(_file(path) for path in files)]
    return json_bytes({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def _file(path: str) -> dict[str, Any]:
    kind = _FORMATS.get(path.rsplit(".", 1)[-1], "application/octet-stream")
    return {"@id": path, "@type": "File", "name": path.rsplit("/", 1)[-1], "encodingFormat": kind}
