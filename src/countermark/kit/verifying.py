"""Verifying a sealed medium outside the room: every file, every log, receipts against findings, and the root code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.evidence.dossier.attempts_check import wrong_with_attempts
from countermark.evidence.dossier.run_check import wrong_with_run
from countermark.kit import layout
from countermark.kit.checking import check_kit
from countermark.kit.seal import Seal, read_seal, sums_of
from countermark.kit.sums import is_plain, same_code, wrong_files
from countermark.scan import attempts
from countermark.scan.attempts import run_digest
from countermark.scan.ledger import RECEIPT_EVENTS
from countermark.scan.receipt import read_receipt
from countermark.scan.runlog import read_events, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.scan.receipt import Receipt

NOT_SHOWN: Final = (
    (
        "that the folder named as corpus was the whole corpus, or the one that was used (the receipts state the "
        "SHA-256 of each file read, to be compared with what the other side declares)"
    ),
    "that nothing was run and thrown away on another medium: the attempts counted are those on this one",
    (
        "that the machine was honest: who controls it can alter a programme while it runs; self-test and checksums "
        "show accidents, and a second run on another machine shows more"
    ),
    "when it was: the times in the logs are those of the machine's clock",
)
"""What no check of a medium can show; said with every outcome."""


_MOST_BYTES: Final = {"json": 256 << 20, "parquet": 4 << 30, "jsonl": 4 << 30}
_ROWS_AT_ONCE: Final = 4096
_HOSTILE: Final = (
    RunError, OSError, pa.ArrowException, RecursionError, LookupError, TypeError, ValueError, AttributeError,
    ArithmeticError, MemoryError,
)  # fmt: skip
"""What reading files can raise that anybody may have made."""


@dataclass(slots=True)
class Verified:
    """The outcome: `wrong` is empty where everything agrees. `compared` says whether a root code was given."""

    seal: Seal
    wrong: list[str] = field(default_factory=list)
    compared: bool = False
    files: int = 0
    receipts: int = 0
    rows: int = 0


def verify_medium(medium: Path, *, root: str | None = None, kit: Path | None = None) -> Verified:
    """Check everything that a medium can be checked for; `kit` is the folder of the kit, where it is at hand.

    Raises InputError where the medium has no seal, RunError where `kit` itself was changed.
    """
    done = Verified(read_seal(medium), compared=root is not None)
    if root is not None and not same_code(root, done.seal.code):
        done.wrong.append(f"the root code is {done.seal.code}, not {root}: this is not what was sealed")
    if kit is not None and check_kit(kit).sums != done.seal.facts["kit"].get("sums_sha256"):
        done.wrong.append(f"the run was made with another kit than {kit}")
    done.wrong += _wrong_files(medium, done)
    if not done.wrong:  # what is not the sealed bytes is not opened
        for check in (_too_large, _wrong_logs, _wrong_kit_log, _wrong_run):
            try:
                done.wrong += check(medium, done)
            except _HOSTILE as error:
                done.wrong.append(f"cannot be checked: {type(error).__name__}: {error}")
            if done.wrong:
                break
    return done


def _too_large(medium: Path, done: Verified) -> Iterator[str]:
    """Files that are read whole, of sizes that no run gives them."""
    for name in done.seal.files:
        most = _MOST_BYTES.get(name.rpartition(".")[2])
        if most is not None and (size := (medium / name).stat().st_size) > most:
            yield f"{name} is of {size:,} bytes, which no run writes: it was not opened"


def _wrong_files(medium: Path, done: Verified) -> list[str]:
    sealed = done.seal.files
    done.files = len(sealed)
    try:
        wrong = wrong_files(medium, sealed, beside=(layout.SEAL, layout.SUMS))
    except OSError as error:
        return [f"{error.filename}: cannot be read: {error.strerror}"]
    listed, wanted = medium / layout.SUMS, sums_of(done.seal)
    same_size = is_plain(listed) and listed.stat().st_size == len(wanted)
    if not same_size or listed.read_bytes() != wanted:
        wrong.append(f"{layout.SUMS} is not the list that the seal stands for")
    return wrong


def _wrong_logs(medium: Path, done: Verified) -> Iterator[str]:
    """Whether each log is an unbroken chain that ends where the seal says."""
    told = done.seal.facts["logs"]
    there = [*layout.kit_logs(medium), *(medium / layout.RUN).glob("runlog*.jsonl"), medium / attempts.FILE]
    names = {path.relative_to(medium).as_posix() for path in there}
    yield from (
        f"{name} is a log of which the seal does not say where it ends" for name in sorted(names - {*told})
    )
    for name, said in told.items():
        if name not in names or name not in done.seal.files:
            yield f"{name} is named as a log by the seal, and is none of this medium"
            continue
        try:
            state = verify(medium / name)
        except RunError as error:
            yield f"{name}: {error}"
            continue
        if (state.lines, state.head) != (said.get("lines"), said.get("head")):
            yield f"{name} does not end where the seal says: lines were cut off or added"


def _wrong_kit_log(medium: Path, done: Verified) -> Iterator[str]:
    """Whether one kit made all of this very run, passed its self-test each time, and closed it."""
    sums = done.seal.facts["kit"].get("sums_sha256")
    for log in layout.kit_logs(medium):
        for event in read_events(log):
            if event["event"] == "begin" and event.get("kit_sums_sha256") != sums:
                yield f"{log.name}, line {event['line'] + 1}: another kit was used than the one that the seal names"
            if event["event"] == "close" and event.get("run_digest") != done.seal.facts.get("run_digest"):
                yield f"{log.name}, line {event['line'] + 1}: another run was closed than the one that lies here"
            if event["event"] == "self_test" and event.get("expected") != event.get("seen"):
                yield f"{log.name}, line {event['line'] + 1}: the kit did not pass its self-test"


def _wrong_run(medium: Path, done: Verified) -> Iterator[str]:
    """Whether settings, receipts, findings and the log of attempts tell one story."""
    run = medium / layout.RUN
    yield from (f"{layout.RUN}/{path} {what}" for path, what in wrong_with_run(run))
    digest = run_digest(run)
    if digest != done.seal.facts.get("run_digest"):
        yield f"{layout.RUN}: its digest is not the one that the seal states"
    told = wrong_with_attempts(medium / attempts.FILE, {layout.RUN: digest}, {layout.RUN: run})
    yield from (f"the log of attempts {said}" for said in told)
    names, logged = set(), _logged(run)
    for path in sorted((run / "receipts").glob("*.json")):
        receipt = read_receipt(path)
        names.add(f"{path.stem}.parquet")
        if path.stem not in logged:
            yield f"receipts/{path.name} is of a shard that no log says was scanned"
        yield from _wrong_receipt(run, receipt, path.stem, done)
    yield from (
        f"findings/{file.name} has no receipt"
        for file in sorted((run / "findings").iterdir())
        if file.name not in names
    )
    if done.rows < int(done.seal.facts.get("findings", 0)):
        yield f"{done.rows} findings lie here; the seal says {done.seal.facts['findings']}"


def _logged(run: Path) -> set[str]:
    """The names of the receipts that the run's logs state."""
    events = (event for log in run.glob("runlog*.jsonl") for event in read_events(log))
    return {event["name"] for event in events if event["event"] in RECEIPT_EVENTS}


def _wrong_receipt(run: Path, receipt: Receipt, stem: str, done: Verified) -> Iterator[str]:
    done.receipts += 1
    where = f"receipts/{stem}.json"
    if receipt.name != stem:
        yield f"{where} is the receipt of another shard"
    if receipt.identity.index != done.seal.facts.get("index"):
        yield f"{where} is of a search with another index"
    findings = pq.ParquetFile(run / "findings" / f"{stem}.parquet", read_dictionary=["record_excerpt"])
    with findings:
        rows = findings.metadata.num_rows
        done.rows += rows
        if rows != receipt.findings:
            yield f"findings/{stem}.parquet has {rows} rows; the receipt says {receipt.findings}"
        if done.seal.facts.get("excerpts") is False and _has_excerpts(findings):
            yield f"findings/{stem}.parquet holds text of the corpus, and the seal says that none does"


def _has_excerpts(findings: pq.ParquetFile) -> bool:
    """Whether any row holds text; what repeats is kept once, so that no small file grows large."""
    for batch in findings.iter_batches(_ROWS_AT_ONCE, columns=["record_excerpt"]):
        column: Any = batch.column(0)
        texts = column.dictionary if pa.types.is_dictionary(column.type) else column
        if pc.sum(pc.binary_length(texts)).as_py():
            return True
    return False
