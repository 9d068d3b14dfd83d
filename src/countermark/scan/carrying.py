"""Carrying the result of an earlier run over to a new one, where scanning would give it again.

A shard is carried when its bytes are those of a shard of the last run and everything else that decides the result is
the same: both indices, the scheme, the engine's version, the captures of robots.txt. What names the run in the rows
(corpus, snapshot date, name of the shard, and with the date which works serve as controls) is written anew, so that
findings and receipt are byte for byte what scanning the shard anew gives. In doubt a shard is scanned.

These are scanned again whatever their bytes are, for the digest in a receipt does not cover all that decides what is
read of them: shards of many small files (the number of a file depends on its neighbours), parts of Parquet files (the
names of the columns stand in the footer), of plain texts (a passage may end in the next part) and of token ids
without an index of their own, pictures and recordings (files stand beside their findings). Of a file that is cut into
parts, all are carried or none: the first lines can decide how the others are read. A shard with another name is
carried where its format gives records no name from the file's, and nothing of it was refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from countermark.corpus.tokens.formats import FORMATS
from countermark.errors import CorpusError, RunError
from countermark.media import Medium
from countermark.scan.attempts import run_digest
from countermark.scan.carried_rows import carried_findings
from countermark.scan.carrying_tokens import why_read_anew
from countermark.scan.folder import RunFolder
from countermark.scan.receipt import json_bytes, read_receipt, shard_facts
from countermark.scan.runners.base import Completed
from countermark.scan.shard import FINDINGS, RECEIPTS, findings_path, receipt_path
from countermark.scan.source import digest_source, require_unchanged, source_state
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.scan.receipt import Receipt, ScanIdentity, Source
    from countermark.scan.runners.base import Failed, Runner, Scan, Watch
    from countermark.scan.shard import ScanTask

T = TypeVar("T")

RENAMED: Final = frozenset({"jsonl", "parquet", "delimited", "warc", "tar", "zip", "arrow", *FORMATS})
"""Formats in which no record takes its name from the file's."""

REACHING: Final = frozenset({"parquet", "text", "arrow", *FORMATS}) - {"megatron"}
"""Formats in which what is read of a part depends on bytes past its end: a footer, or the end of a passage.

That of a Megatron file depends on its index, which the digest covers."""

WRITING: Final = 8
"""Shards whose files are written at the same time, for each core."""

_UNREAD: Final = frozenset({"unreadable", "tokenizer-unclear"})
GATHERED: Final = "files"
"""The unit of a source that is many files."""

_IN_WORDS: Final = {
    "index": "the index",
    "controls": "the controls",
    "scheme": "the scheme",
    "engine": "the version of Countermark",
    "reservations": "the captures of robots.txt, or who is asked about,",
    "embedding": "the model of --embedding",
    "listening": "what is listened for",
    "excerpts": "what is kept of the records found",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a carried result comes from: the last run, its digest, and its receipt with the digest of its file."""

    run: str
    run_digest: str
    receipt: str
    receipt_sha256: str
    shard: str

    def facts(self) -> dict[str, Any]:
        """As the log says it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Receipted:
    """What is kept in memory of a receipt of the last run."""

    name: str
    shard: str
    source: Source
    refused: bool


@dataclass(slots=True)
class LastRun:
    """A run to carry from. `files` are its shards, by what is the same of a file under any name."""

    path: Path
    digest: str
    identity: ScanIdentity | None = None
    files: dict[bytes, list[tuple[_Receipted, ...]]] = field(default_factory=dict)

    def why_nothing(self, identity: ScanIdentity, medium: str) -> str | None:
        """Why nothing can be carried into a search with this identity, in words; None where something can."""
        if medium != Medium.TEXT:
            return "what stands beside findings in pictures and recordings is made by scanning only"
        if self.identity is None:
            return "the last run has no receipts"
        was, now = asdict(self.identity), asdict(identity)
        other = [_IN_WORDS.get(key, key) for key in now if was[key] != now[key]]
        return f"{' and '.join(other)} changed since the last run" if other else None

    def candidates(self, shards: Sequence[Shard]) -> list[tuple[_Receipted, ...]]:
        """Files of the last run that these shards of one file may be; those of the same name first."""
        if shards[0].format in REACHING and _is_part(shards[0]):
            return []
        names = tuple(shard.name for shard in shards)
        found = self.files.get(_key([shard_facts(shard) for shard in shards]), [])
        same = [file for file in found if tuple(one.shard for one in file) == names]
        renamed = shards[0].format in RENAMED
        other = [file for file in found if renamed and file not in same and not any(x.refused for x in file)]
        return same + other


def last_run(path: Path) -> LastRun:
    """Read the receipts of a finished run. Raises RunError where one is damaged, or the run has not ended."""
    last = LastRun(path, run_digest(path))
    kept: list[tuple[dict[str, Any], _Receipted]] = []
    spoilt: set[str] = set()
    for file in _json_files(path / "receipts"):
        receipt = read_receipt(file)
        if last.identity not in (None, receipt.identity):
            raise RunError(f"{file}: a receipt of another run than the others")
        last.identity = receipt.identity
        name, refused = str(receipt.shard["name"]), receipt.refused
        if receipt.source.unit == GATHERED or not _UNREAD.isdisjoint(
            refused
        ):  # the same bytes may be readable now
            spoilt.add(file_of(name))
        kept.append((receipt.shard, _Receipted(receipt.name, name, receipt.source, bool(refused))))
    _require_ended(path, len(kept) + len(_json_files(path / "quarantine")))
    for found in _whole_files(pair for pair in kept if file_of(pair[1].shard) not in spoilt):
        key = _key([shard for shard, _ in found])
        last.files.setdefault(key, []).append(tuple(one for _, one in found))
    return last


def _json_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*.json"))


def _require_ended(path: Path, done: int) -> None:
    settings = RunFolder(path).settings()
    if settings is None:
        raise RunError(f"{path}: not a run folder: run.json is missing")
    shards = settings.get("shards")
    planned = shards.get("count") if isinstance(shards, dict) else None
    if not isinstance(planned, int) or done < planned:
        raise RunError(
            f"{path}: this run has not ended ({done} of {planned} shards); give its command again first"
        )


class CarryingRunner:
    """A runner that carries what it can from the last run, and lets another runner scan the rest.

    `carried` says afterwards what was carried, by the name of its receipt. Hashing is done here, by `cores` at a time:
    it costs a small part of what scanning does. Most of the rest is waiting for the disk, which takes the files of
    several shards about as fast as those of one. Where nothing is left to scan, the other runner starts nothing.
    """

    def __init__(self, inner: Runner, last: LastRun, cores: int = 1) -> None:
        self.carried: dict[str, Carried] = {}
        self.nothing: str | None = None
        self._inner, self._last = inner, last
        self._threads, self._hashing = cores * WRITING, threading.BoundedSemaphore(cores)

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task; see `Runner.map`. What can be carried comes first."""
        waiting = list(tasks)
        done: set[str] = set()
        if waiting:
            search = waiting[0].search
            self.nothing = self._last.why_nothing(search.identity, search.medium)
            self.nothing = self.nothing or self._read_anew(waiting[0])
            said = {"last_run": self._last.path.resolve().name, "run_digest": self._last.digest}
            watch.note("carrying", {**said, "nothing": self.nothing})
        if self.nothing is None:
            for outcome in self._carry(waiting, watch):
                done.add(outcome.task.name)
                yield outcome
        left = (task for task in waiting if task.name not in done)
        if not watch.stop.requested and (first := next(left, None)) is not None:
            yield from self._inner.map(scan, chain((first,), left), watch)

    def _read_anew(self, task: ScanTask) -> str | None:
        """Why nothing can be carried of token ids, from what both runs say of the whole, not of what is left of it."""
        with suppress(CorpusError, OSError, ValueError):  # then it is found shard by shard, and not told
            now = json.loads(store_of(task.run).read("run.json"))
            return why_read_anew(RunFolder(self._last.path).settings() or {}, now)
        return None

    def _carry(self, tasks: list[ScanTask], watch: Watch) -> Iterator[Completed]:
        listed = [
            [task for _, task in file] for file in _whole_files((shard_facts(t.shard), t) for t in tasks)
        ]
        files = iter([(file, found) for file in listed if (found := self._candidates(file))])
        with ThreadPoolExecutor(self._threads) as pool:
            # as many at a time as there are threads: a stop is then noticed soon
            while batch := list(islice(files, self._threads)):
                if watch.stop.requested:
                    return
                for results in pool.map(lambda pair: self._file(*pair), batch):
                    for task, receipt, carried in results:
                        self.carried[task.name] = carried
                        yield Completed(task, receipt, 0.0, carried.facts())

    def _candidates(self, tasks: list[ScanTask]) -> list[tuple[_Receipted, ...]]:
        return self._last.candidates([task.shard for task in tasks])

    def _file(
        self, tasks: list[ScanTask], candidates: list[tuple[_Receipted, ...]]
    ) -> list[tuple[ScanTask, Receipt, Carried]]:
        """Carry all shards of one file; nothing where its bytes are not those of a candidate.

        What goes wrong is met again when the file is scanned, and told there.
        """
        with suppress(CorpusError, RunError, OSError):
            state = source_state(tasks[0].shard)
            for position, task in enumerate(tasks):
                with self._hashing:
                    digest = digest_source(task.shard)
                candidates = [file for file in candidates if file[position].source == digest]
                if not candidates:
                    return []
            require_unchanged(tasks[0].shard, state)
            made = [self._shard(task, kept) for task, kept in zip(tasks, candidates[0], strict=True)]
            return [one for one in made if one is not None]
        return []

    def _shard(self, task: ScanTask, kept: _Receipted) -> tuple[ScanTask, Receipt, Carried] | None:
        """Write findings and receipt of one shard; None where the result of the last run is not sound."""
        old_path = receipt_path(self._last.path, kept.name)
        old, old_bytes = read_receipt(old_path), old_path.read_bytes()
        data = carried_findings(findings_path(self._last.path, kept.name), old, task)
        if data is None:
            return None
        receipt = replace(
            old,
            name=task.name,
            corpus=task.search.corpus,
            snapshot_date=task.search.snapshot_date,
            shard=shard_facts(task.shard),
            findings_sha256=hashlib.sha256(data).hexdigest(),
        )
        store = store_of(task.run)
        store.write(f"{FINDINGS}/{task.name}.parquet", data)
        store.write(f"{RECEIPTS}/{task.name}.json", receipt.to_bytes())
        proof = hashlib.sha256(old_bytes).hexdigest()
        return (
            task,
            receipt,
            Carried(self._last.path.resolve().name, self._last.digest, kept.name, proof, kept.shard),
        )


def carriable(shards: Iterable[Shard], last: LastRun) -> list[Shard]:
    """The shards that may be carried by their names, formats and sizes; their bytes are not looked at."""
    files = _whole_files((shard_facts(shard), shard) for shard in shards)
    listed = [[shard for _, shard in file] for file in files]
    return [shard for file in listed if last.candidates(file) for shard in file]


def carried_in(events: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many shards a run's log says were carried, by the last run's digest."""
    return Counter(str(event["carried"]["run_digest"]) for event in events if event.get("carried"))


def file_of(shard: str) -> str:
    """The name of the file that a shard is of, for one that may be a part: `a.jsonl#0-67108864` is of `a.jsonl`."""
    return re.sub(r"#[0-9]+-[0-9]+$", "", shard)


def _is_part(shard: Shard) -> bool:
    return shard.begin != 0 or shard.end != -1


def _whole_files(shards: Iterable[tuple[dict[str, Any], T]]) -> list[list[tuple[dict[str, Any], T]]]:
    """The shards of each file, in order, where none is missing before the last; what stands with each goes along."""
    files: dict[str, list[tuple[dict[str, Any], T]]] = defaultdict(list)
    for facts, beside in shards:
        whole = facts["begin"] == 0 and facts["end"] == -1
        files[facts["name"] if whole else file_of(facts["name"])].append((facts, beside))
    ordered = [sorted(file, key=lambda pair: int(pair[0]["begin"])) for file in files.values()]
    return [file for file in ordered if _joins([facts for facts, _ in file])]


def _joins(shards: Sequence[Mapping[str, Any]]) -> bool:
    ends = [0, *(shard["end"] for shard in shards[:-1])]
    return [shard["begin"] for shard in shards] == ends


def _key(shards: Sequence[Mapping[str, Any]]) -> bytes:
    """What is the same of a file under any name."""
    facts = [{name: fact for name, fact in shard.items() if name != "name"} for shard in shards]
    return hashlib.sha256(b"".join(json_bytes(shard) for shard in facts)).digest()
