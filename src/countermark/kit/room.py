"""A run inside the room: the kit is checked, tests itself, and scans onto the medium, as often as the power allows."""

from __future__ import annotations

import fcntl
import os
import platform
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.atomic import make_folder
from countermark.errors import CountermarkError, InputError, OutputError, RunError
from countermark.kit import layout
from countermark.kit.checking import CheckedKit, check_kit
from countermark.scan.plan import WHOLE, Part
from countermark.scan.runlog import RunLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from countermark.scan import AskedTokenizers, DryRun, RunOutcome, ScanProgress, ScanSettings
    from countermark.scan.plan import Plan


@dataclass(frozen=True, slots=True)
class Room:
    """What is asked of a run: the kit, the corpus, the medium, and what may leave.

    Without `excerpts` nothing of what a record of the corpus holds comes onto the medium. `tokenizer` is the name of a
    table of the kit, by which all token ids are read; where it is None each is found by trial.
    """

    kit: Path
    corpus: tuple[Path, ...]
    medium: Path
    salt_file: Path | None = None
    excerpts: bool = False
    part: Part = WHOLE
    snapshot_date: date | None = None
    corpus_name: str | None = None
    text_column: str | None = None
    tokenizer: str | None = None
    workers: int | None = None
    command: tuple[str, ...] = ()

    @property
    def run(self) -> Path:
        """The run folder on the medium."""
        return self.medium / layout.RUN


def run_in_room(
    room: Room,
    *,
    progress: Callable[[ScanProgress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
    planned: Callable[[Plan], None] = lambda _: None,
) -> RunOutcome:
    """Check the kit, repeat its self-test, and scan, or go on where an earlier run ended; all of it is logged.

    `planned` is told the plan. Raises RunError where the kit was changed, does not pass its self-test, or the medium is
    sealed, InputError where medium, kit, corpus and salt do not lie apart; otherwise as `scan.run_scan` does.
    """
    from countermark.scan.run import failure  # noqa: PLC0415

    require_unsealed(room.medium)
    _require_apart(room)
    tell("Checking the kit")
    kit = check_kit(room.kit)
    salt = _salt(kit, room.salt_file)
    _require_tokenizer(kit, room)
    with _working(room):
        _require_same_kit(room.medium, kit)
        log = RunLog(layout.kit_log(room.medium, room.part))
        log.append("begin", _begin_facts(room, kit))
        try:
            tell("Repeating the self-test")
            _self_test(kit, log)
            _compile(kit, salt)
            tell("Scanning")
            outcome = _scan(_scan_settings(room, kit, salt), progress, planned)
        except CountermarkError as error:
            log.append("failed", {"reason": failure(error, withheld=not room.excerpts)})
            raise
        log.append("interrupted" if outcome.interrupted else "finish", _end_facts(room, outcome))
    return outcome


def plan_in_room(room: Room, *, tell: Callable[[str], None] = lambda _: None) -> DryRun:
    """What `run_in_room` would scan. The kit is checked; nothing is written, onto the medium or elsewhere.

    There may be no place for anything temporary before the medium is there: no kernel is loaded.
    """
    from countermark.scan import plan_scan  # noqa: PLC0415

    require_unsealed(room.medium)
    _require_apart(room)
    tell("Checking the kit")
    kit = check_kit(room.kit)
    salt = _salt(kit, room.salt_file)
    tell("Listing the corpus")
    return plan_scan(_scan_settings(room, kit, salt))


def require_unsealed(medium: Path) -> None:
    """Raise RunError where the medium was sealed: what is under a seal is not added to."""
    if (medium / layout.SEAL).exists():
        raise RunError(
            f"{medium}: sealed; nothing can be added. For another run, give another folder as --out"
        )


def _require_apart(room: Room) -> None:
    """Raise InputError where what leaves the room would hold the salt, the corpus or the kit, or lie within them."""
    medium = room.medium.resolve()
    if room.salt_file is not None and room.salt_file.resolve().is_relative_to(medium):
        raise InputError(
            f"{room.salt_file}: the salt lies in the folder of --out, which leaves the room; keep it elsewhere"
        )
    for name, path in (("the kit", room.kit), *(("the corpus", path) for path in room.corpus)):
        other = path.resolve()
        if other.is_relative_to(medium) or medium.is_relative_to(other):
            raise InputError(
                f"{room.medium}: --out and {name} ({path}) lie within each other; give a folder apart from it as --out"
            )


def _require_same_kit(medium: Path, kit: CheckedKit) -> None:
    """Raise RunError where a run on this medium was begun with another kit."""
    for path in layout.kit_logs(medium):
        for line in path.read_bytes().split(b"\n")[:-1]:  # the last may be another part's, half written
            if b'"begin"' in line and kit.sums.encode() not in line:
                raise RunError(
                    f"{medium}: begun with another kit than this one ({kit.code}). Go on with that one, or give "
                    "another folder as --out"
                )


def _salt(kit: CheckedKit, given: Path | None) -> bytes:
    """The salt; a wrong one is told now, not after the self-test. Raises InputError, UnusableIndexError."""
    from countermark.errors import UnusableIndexError  # noqa: PLC0415
    from countermark.index.manifest import key_check  # noqa: PLC0415

    path = kit.salt_path(given)
    try:
        salt = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: the salt file cannot be read: {error.strerror}") from None
    if key_check(salt) != kit.facts["index"]["key_check"]:
        raise UnusableIndexError(f"{path}: not the salt that the index of this kit was sealed with")
    return salt


def _require_tokenizer(kit: CheckedKit, room: Room) -> None:
    """Raise InputError where the kit has no table of the name: it is told now, not after the self-test."""
    from countermark.scan.tokenizers import Trials  # noqa: PLC0415

    Trials(_tokenizers(kit, room))


@contextmanager
def _working(room: Room) -> Iterator[None]:
    """Hold the medium for this part, with a place for kernels and temporary files on it."""
    work = room.medium / layout.WORKING
    make_folder(work)
    name = f"lock-{room.part.number}-of-{room.part.of}"
    try:
        lock = (work / name).open("a")
    except OSError as error:
        raise OutputError(f"{work / name}: cannot be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(
                f"{room.medium}: another run of part {room.part} is under way on this medium"
            ) from error
        except OSError as error:
            raise RunError(f"{room.medium}: the file system has no locks ({error.strerror})") from error
        _work_in(work)
        yield


def _work_in(folder: Path) -> None:
    """Let everything temporary lie below `folder`: the kit may be read-only, and there may be no home and no /tmp."""
    make_folder(folder / "tmp")
    os.environ["NUMBA_CACHE_DIR"] = str(folder.resolve())
    os.environ["TMPDIR"] = str((folder / "tmp").resolve())
    tempfile.tempdir = None  # what was chosen before


def _begin_facts(room: Room, kit: CheckedKit) -> dict[str, object]:
    return {
        "kit": kit.code,
        "kit_sums_sha256": kit.sums,
        "kit_files_checked": kit.files,
        "countermark": kit.facts["countermark"],
        "index": kit.facts["index"]["identity"],
        "excerpts_allowed": room.excerpts,
        "part": str(room.part),
        "command": list(room.command),
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
        },
    }


def _self_test(kit: CheckedKit, log: RunLog) -> None:
    from countermark.kit.proving import prove, require_same  # noqa: PLC0415  loads the kernels, and their cache is set

    seen = prove()
    log.append("self_test", {"expected": kit.facts["self_test"], "seen": seen})
    require_same(kit.facts["self_test"], seen)


def _compile(kit: CheckedKit, salt: bytes) -> None:
    """Compile what a search with a sealed index runs, once: otherwise every worker would."""
    from countermark.index.lookup import open_index  # noqa: PLC0415
    from countermark.matching.matcher import Matcher  # noqa: PLC0415

    Matcher(open_index(kit.index, salt)).warm_up()


def _scan(
    settings: ScanSettings, progress: Callable[[ScanProgress], None], planned: Callable[[Plan], None]
) -> RunOutcome:
    from countermark.scan import run_scan  # noqa: PLC0415

    return run_scan(settings, progress=progress, planned=planned)


def _scan_settings(room: Room, kit: CheckedKit, salt: bytes) -> ScanSettings:
    from countermark.scan import ScanSettings  # noqa: PLC0415

    return ScanSettings(
        index=kit.index,
        corpus=room.corpus,
        out=room.run,
        snapshot_date=room.snapshot_date,
        corpus_name=room.corpus_name,
        text_column=room.text_column,
        part=room.part,
        workers=room.workers,
        salt=salt,
        command=room.command,
        excerpts=room.excerpts,
        tokenizers=_tokenizers(kit, room),
    )


def _tokenizers(kit: CheckedKit, room: Room) -> AskedTokenizers:
    """The tables of the kit, and no others: those were checked."""
    from countermark.scan import AskedTokenizers  # noqa: PLC0415

    return AskedTokenizers(kit.folder / layout.TOKENIZERS, room.tokenizer, kit=True)


def _end_facts(room: Room, outcome: RunOutcome) -> dict[str, object]:
    from countermark.scan.attempts import run_digest  # noqa: PLC0415

    return {
        "run_digest": run_digest(room.run),
        "shards": outcome.shards,
        "scanned": outcome.scanned,
        "remaining": outcome.remaining,
        "findings": outcome.findings,
    }
