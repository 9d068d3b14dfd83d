"""A small run, logged as a search would, a claim on it, and dossiers sealed from them."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from claims.catalogued import found, request, rule, work
from countermark.claims.claim import write_claim
from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.keys import SigningKey, load_key, new_key
from countermark.evidence.dossier.seal import Sealed, seal
from countermark.evidence.summary import conclude
from countermark.scan.attempts import begin, run_digest
from countermark.scan.runlog import RunLog
from countermark.works.entry import Contributor
from evidence.synthetic import SyntheticRun

DATE = "2026-11-20"
FERRY = "The ferryman never told the river’s name, and the river asked nothing of him."
LAMP = "A lamp burned all night in the lock-keeper’s window, and nobody asked for whom."
SECRETS = ("ferry-1998", "La Maison du passeur d’Éole", "Claire Delorme", FERRY, "novels/passeur.txt")


def made_run(folder: Path, name: str = "run") -> Path:
    """Write a run of four works, one of them a control, with its log and the log of attempts."""
    run = folder / name
    made = SyntheticRun(corpus="crawl-2024-10")
    made.work("ferry-1998", 50_000, title=SECRETS[1], author=SECRETS[2], path=SECRETS[4])
    made.work("lock-2004", 30_000, title="The Lock-Keeper’s Lamp", author="Jonas Weir")
    made.work("absent-2010", 20_000, title="Never Seen", author="Ada Nil")
    made.work("control-1", 9_000, control=True, title="Not Yet Written")
    for row in range(3):
        sides = {"asset_excerpt": FERRY, "record_excerpt": FERRY.upper()}
        made.find("ferry-1998", 1_000 * row, 1_000 * row + 900, row=row, **sides)
    made.find("lock-2004", 0, 5_000, row=9, asset_excerpt=LAMP, record_excerpt=LAMP)
    made.find("lock-2004", 6_000, 7_000, row=10, asset_excerpt=LAMP[:40], record_excerpt=LAMP[:40])
    attempt = begin_attempt(run, folder)
    made.write(run)
    log = RunLog(run / "runlog.jsonl", clock=lambda: "2026-11-19T08:00:00.000+00:00")
    log.append("start", {"command": ["countermark", "scan"]})
    for receipt in sorted((run / "receipts").glob("*.json")):
        digest = hashlib.sha256(receipt.read_bytes()).hexdigest()
        log.append("receipt", {"name": receipt.stem, "shard": "part", "sha256": digest})
    log.append("finish", {})
    conclude(run)
    attempt.end("finish", {"findings": 5})
    return run


def begin_attempt(run: Path, folder: Path) -> Any:
    """Log the beginning of the search, as a scan does before its folder is filled."""
    return begin(run, {"kind": "scan"}, folder / "attempts.jsonl")


def made_claim(folder: Path) -> Path:
    """Write a claim folder as `countermark claim` does, with its lists and pages."""
    claim = folder / "claim"
    author = Contributor(SECRETS[2], known_as=("Eloi Sauzet",))
    works = [
        work("ferry-1998", title=SECRETS[1], contributors=(author,)),
        work("absent-2010", title="Never Seen", contributors=(Contributor("Ada Nil"),)),
    ]
    asked = request(works, {"ferry-1998": found()}, rule("us-504"))
    asked.joined.runs[0]["digest"] = run_digest(folder / "run")
    write_claim(asked, claim)
    return claim


def made_key(folder: Path) -> SigningKey:
    """A key of its own, or the one that is there."""
    path = folder / "key.pem"
    return load_key(path) if path.exists() else new_key(path)


def sealed(folder: Path, name: str = "bag", **changes: Any) -> Sealed:
    """Seal a dossier of the sample run and claim; both are made where they are not there yet."""
    run = folder / "run" if (folder / "run").exists() else made_run(folder)
    claim = folder / "claim" if (folder / "claim").exists() else made_claim(folder)
    facts: dict[str, Any] = {
        "runs": (run,),
        "date": DATE,
        "claim": claim,
        "reports": {"report.en.pdf": b"%PDF-1.7\n"},
    }
    return seal(SealInputs(**(facts | changes)), made_key(folder), folder / name)


def files_in(bag: Path) -> dict[str, bytes]:
    """Path → bytes of every file."""
    return {
        path.relative_to(bag).as_posix(): path.read_bytes()
        for path in sorted(bag.rglob("*"))
        if path.is_file()
    }


def shell(command: str, bag: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in the bag's folder, as a reader would."""
    return subprocess.run(["sh", "-c", command], cwd=bag, capture_output=True, text=True, check=False)
