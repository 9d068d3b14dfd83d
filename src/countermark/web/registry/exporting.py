"""The works of members as the engine takes them: a catalogue folder, and the deposited indices with their salts.

Names and mail addresses of members stay here. Texts are what their authors wrote, and may say who that was.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError, OutputError
from countermark.web.accounts.log import record
from countermark.web.registry import storage
from countermark.web.registry.models import Deposit, Work
from countermark.web.signing.models import State

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: Final = ("path", "title", "published", "licence", "work_id")

README: Final = """\
# Works of members, to be looked for in data sets

Everything in this folder is private. Keep it on one machine, and delete it when the scans are done.

## Uploaded works: {texts:,}

{texts_commands}
## Deposited fingerprints: {deposits:,}

Each is an index of its own, with its own salt, and needs a scan of its own.

{deposits_commands}
## Then

    countermark site import-run runs/DATA-SET/works --data-set "DATA SET"

for each run folder; then look at it, and publish its summary:

    countermark site publish-run DIGEST

CORPUS is the folder of the data set, DATA-SET a short name of it, YYYY-MM-DD the day it was made.
"""
_TEXTS_COMMANDS: Final = """\
    countermark index build catalogue/works.csv --out works.index
    countermark scan works.index CORPUS --out runs/DATA-SET/works --corpus-name DATA-SET --snapshot-date YYYY-MM-DD
"""
_DEPOSIT_COMMAND: Final = """\
    countermark scan deposits/{uid}.index CORPUS --out runs/DATA-SET/{uid} --salt-file deposits/{uid}.salt \
--corpus-name DATA-SET --snapshot-date YYYY-MM-DD
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: uploaded works, deposits, and works whose file is missing on the disk."""

    texts: int
    deposits: int
    missing: tuple[str, ...]


def export_catalogue(folder: Path) -> Exported:
    """Write uploaded works and deposits of members whose signature stands into a new folder, readable by its owner.

    Raises InputError when the folder exists and is not empty, OutputError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} exists and is not empty; name a new folder")
    try:
        _private(folder)
        texts, missing = _write_texts(folder / "catalogue")
        deposits = _write_deposits(folder / "deposits")
        _write_readme(folder / "README.md", texts, deposits)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    record("command line", "works exported", "", texts=texts, deposits=len(deposits))
    return Exported(texts, len(deposits), tuple(missing))


def _private(folder: Path) -> Path:
    folder.mkdir(mode=storage.PRIVATE_FOLDER, parents=True, exist_ok=True)
    return folder


def _write_texts(folder: Path) -> tuple[int, list[str]]:
    files = _private(_private(folder) / "files")
    works = Work.objects.filter(deposit=None, member__signature__state=State.CONFIRMED)
    written, missing = 0, []
    with (folder / "works.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        for work in works.select_related("member").order_by("uid").iterator():
            name = f"{work.uid}.{work.format}"
            source = storage.work_path(work)
            if not source.is_file():
                missing.append(work.uid)
                continue
            shutil.copyfile(source, files / name)
            (files / name).chmod(storage.PRIVATE_FILE)
            table.writerow([f"files/{name}", work.title, work.published, work.licence, work.uid])
            written += 1
    return written, missing


def _write_deposits(folder: Path) -> list[str]:
    """Copy each index and its salt; of an index that two members deposited, one copy."""
    _private(folder)
    deposits = Deposit.objects.filter(member__signature__state=State.CONFIRMED).select_related("member")
    written: dict[str, str] = {}
    for deposit in deposits.order_by("uid").iterator():
        if deposit.identity in written:
            continue
        target = _private(folder / f"{deposit.uid}.index")
        for file in storage.deposit_path(deposit).iterdir():
            shutil.copyfile(file, target / file.name)
        salt = folder / f"{deposit.uid}.salt"
        shutil.copyfile(storage.salt_path(deposit), salt)
        salt.chmod(storage.PRIVATE_FILE)
        written[deposit.identity] = deposit.uid
    return sorted(written.values())


def _write_readme(path: Path, texts: int, deposits: list[str]) -> None:
    commands = "".join(_DEPOSIT_COMMAND.format(uid=uid) for uid in deposits)
    text = README.format(
        texts=texts,
        texts_commands=_TEXTS_COMMANDS if texts else "None.\n",
        deposits=len(deposits),
        deposits_commands=commands or "None.\n",
    )
    path.write_text(text, encoding="utf-8")
