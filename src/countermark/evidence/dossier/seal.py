"""Sealing: from run folders, a claim and a log of attempts to a signed bag. Same inputs, key and date: same bytes.

The bag is written beside its place and moved there whole; nothing is left behind when sealing fails.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark import __version__
from countermark.atomic import make_folder, write_bytes
from countermark.errors import DossierError, OutputError
from countermark.evidence.dossier import rocrate, verify_text
from countermark.evidence.dossier.attempts_check import require_attempts
from countermark.evidence.dossier.bag import finish_bag, manifest_bytes, write_files
from countermark.evidence.dossier.bag_files import digests_of, list_files
from countermark.evidence.dossier.commitments import (
    COMMITMENTS,
    WHOLE_SET,
    WHOLE_SET_SALT,
    Salts,
    merkle_root,
    split_by_group,
)
from countermark.evidence.dossier.contents import Contents, SealInputs, gather, run_names
from countermark.evidence.dossier.envelope import signed_files, statement_bytes
from countermark.evidence.dossier.item_pictures import stores_digest
from countermark.evidence.dossier.items import Item, Items
from countermark.evidence.dossier.naming import Names
from countermark.evidence.dossier.run_check import wrong_with_run
from countermark.evidence.dossier.software import software_list
from countermark.evidence.dossier.texts import WorkTexts, require_same_index
from countermark.evidence.run_folder import read_json
from countermark.scan.attempts import log_beside, run_digest
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.evidence.dossier.keys import SigningKey

LARGEST_SEARCHED: Final = 1 << 26
"""Bytes of a file that is searched for names of works; a larger one counts as speaking of the whole set."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be sealed: the files from elsewhere, the runs, and what the statement will say of them."""

    inputs: SealInputs
    contents: Contents
    runs: dict[str, Path]
    run_facts: list[dict[str, Any]]
    attempts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A dossier that was sealed (or would be): where, and the facts of its statement."""

    path: Path
    identity: str
    facts: dict[str, Any] = field(default_factory=dict)


def prepare(inputs: SealInputs) -> Prepared:
    """Check everything that a dossier needs, and write nothing. Raises DossierError, and says what to do."""
    if not inputs.runs:
        raise DossierError("a dossier is made of one run folder at least")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", inputs.date):
        raise DossierError(f"{inputs.date!r}: the date of a dossier is YYYY-MM-DD")
    runs = run_names(inputs.runs)
    facts = [_run_facts(name, run) for name, run in sorted(runs.items())]
    log = inputs.attempts or log_beside(inputs.runs[0])
    attempts = require_attempts(
        log,
        {fact["name"]: fact["run_digest"] for fact in facts},
        {fact["name"]: runs[fact["folder"]] for fact in facts},
    )
    return Prepared(inputs, gather(inputs, log), runs, facts, attempts)


def _run_facts(folder: str, run: Path) -> dict[str, Any]:
    settings = read_json(run / "run.json", missing=f"{run}: not a run folder: run.json is missing")
    wrong = wrong_with_run(run)
    if wrong:
        path, said = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise DossierError(f"{run / path}: cannot be sealed: {said}{more}; search again into a new folder")
    facts = {key: settings[key] for key in ("corpus", "snapshot_date") if isinstance(settings.get(key), str)}
    kind = settings.get("kind") if isinstance(settings.get("kind"), str) else "scan"
    return {
        "folder": folder,
        "name": run.resolve().name,
        "kind": kind,
        "run_digest": run_digest(run),
        **facts,
    }


def seal(inputs: SealInputs, key: SigningKey, out: Path) -> Sealed:
    """Seal a dossier into the folder `out`, which must not be there yet. Raises DossierError, OutputError."""
    if out.exists() or out.is_symlink():
        raise DossierError(f"{out}: is there already, and a dossier is never overwritten; give another --out")
    prepared = prepare(inputs)
    texts = WorkTexts(inputs.indices)
    for run in prepared.runs.values():
        require_same_index(texts, read_json(run / "run.json"), run)
    settings = f"{inputs.date} {inputs.passages} {prepared.contents.digest()} {len(texts.identities)}"
    if stored := stores_digest(prepared.runs):
        settings += f" {stored}"
    salts = Salts(key.seed, settings)
    with beside(out) as folder:
        facts = _write(folder, prepared, salts, texts, key)
        finish_bag(folder, inputs.date, _bag_info(salts.identity))
        folder.rename(out)
    return Sealed(out, salts.identity, facts)


def _bag_info(identity: str) -> list[tuple[str, str]]:
    return [("Bag-Software-Agent", f"countermark {__version__}"), ("External-Identifier", identity)]


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, which is gone afterwards unless it was moved."""
    make_folder(out.absolute().parent)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.absolute().parent))
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(
    folder: Path, prepared: Prepared, salts: Salts, texts: WorkTexts, key: SigningKey
) -> dict[str, Any]:
    contents = prepared.contents
    items = Items(prepared.runs, prepared.inputs.claim, salts, prepared.inputs.passages)
    names: list[str] = []
    catalog = []
    listed: set[str] = set()
    for item in items.make(texts):
        write_files(folder, item.files)
        names += item.names
        listed |= item.listed
        catalog.append(_listed(item))
    contents.add("data/catalog.json", json_bytes(_catalog(prepared, catalog)), whole=True)
    contents.add("data/software.txt", software_list())
    contents.add(verify_text.FILE, verify_text.verify_text())
    _name_whole_set(contents, names)
    _copy(folder, contents)
    write_files(folder, {WHOLE_SET_SALT: f"{salts.salt(WHOLE_SET_SALT)}\n".encode()})
    return _sign(folder, prepared, salts, items, frozenset(listed), key)


def _listed(item: Item) -> dict[str, str]:
    number = next(iter(item.files)).split("/")[2]
    return {"work_id": item.work_id, "item": number}


def _catalog(prepared: Prepared, items: list[dict[str, str]]) -> dict[str, Any]:
    claim = prepared.inputs.claim
    said = read_json(claim / "claim.json") if claim is not None and (claim / "claim.json").is_file() else {}
    by_work = sorted(items, key=lambda item: item["work_id"])
    return {"format": "countermark.dossier-catalog/1", "catalog": said.get("catalog"), "items": by_work}


def _name_whole_set(contents: Contents, names: Sequence[str]) -> None:
    """Files that name a work speak of the whole set, and are withheld with the works lists."""
    wanted = Names(names)
    for path in sorted(set(contents.files) - contents.whole):
        if path in (verify_text.FILE, "data/software.txt") or path.startswith("data/rules/"):
            continue  # the same in every dossier; a title that stands in them tells nothing
        content = contents.files[path]
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        data = (
            content
            if isinstance(content, bytes)
            else content.read_bytes()
            if size <= LARGEST_SEARCHED
            else b""
        )
        if size > LARGEST_SEARCHED or wanted.stand_in(data):
            contents.whole.add(path)


def _copy(folder: Path, contents: Contents) -> None:
    for path, content in sorted(contents.files.items()):
        if isinstance(content, bytes):
            write_files(folder, {path: content})
            continue
        target = folder / path
        make_folder(target.parent)
        try:
            shutil.copyfile(content, target, follow_symlinks=False)
        except OSError as error:
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from error


def _sign(
    folder: Path, prepared: Prepared, salts: Salts, items: Items, listed: frozenset[str], key: SigningKey
) -> dict[str, Any]:
    """Write the lists of commitments, the statement and the signature; returns what the statement says.

    `listed` are files of items that their own lists name.
    """
    paths = [path for path in list_files(folder).sizes if path.startswith("data/")]
    crate = rocrate.metadata(salts.identity, prepared.inputs.date, [*paths, WHOLE_SET])
    write_files(folder, {rocrate.FILE: crate})
    digests = {path: digests_of(folder, path, ["sha256"])["sha256"] for path in [*paths, rocrate.FILE]}
    own = {path: digest for path, digest in digests.items() if path not in listed}
    alone, whole = split_by_group(own, {*prepared.contents.whole, WHOLE_SET_SALT})
    write_bytes(folder / WHOLE_SET, manifest_bytes(whole))
    alone[WHOLE_SET] = digests_of(folder, WHOLE_SET, ["sha256"])["sha256"]
    commitments = manifest_bytes(alone)
    write_files(folder, {COMMITMENTS: commitments})
    facts = {
        "format": "countermark.dossier/1",
        "dossier": salts.identity,
        "date": prepared.inputs.date,
        "engine": __version__,
        "key_fingerprint": key.fingerprint,
        "merkle_root": merkle_root(commitments.splitlines()),
        "files": {
            "committed": len(alone),
            "whole_set": len(whole),
            **({"in_items": len(listed)} if listed else {}),
        },
        "items": items.counts.facts(),
        "passages_per_work": prepared.inputs.passages,
        "runs": prepared.run_facts,
        "attempts": prepared.attempts,
    }
    digest = digests_of(folder, COMMITMENTS, ["sha256"])["sha256"]
    write_files(folder, signed_files(statement_bytes(digest, facts), key))
    return facts
