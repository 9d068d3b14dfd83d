"""What of a version was looked at: a finding that is not there again may stand in what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from countermark.scan.carrying import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.evidence.run_folder import RunFolder


_WHOLE_SHARDS: Final = frozenset({"unreadable", "tokenizer-unclear"})


class Why(StrEnum):
    """Why a finding is in one run only, as far as it can be told."""

    FILE = "file"  # the file stands in one of the versions only
    FILE_SOME_UNREAD = "file-some-unread"  # the same, and files of this version could not be read
    CONTENT = "content"  # the file stands in both; its content is not the same
    ROWS_UNREAD = "rows-unread"  # the same, and some of its rows could not be read
    UNREAD = "unread"  # the file could not be read in the other run
    NOT_SOUGHT = "not-sought"  # the work was not looked for in the other run
    CONTROL = "control"  # the work was a control in the other run


@dataclass(slots=True)
class LookedAt:
    """The files of a version: those searched, those that could not be read, those that the listing refused.

    `rows_of` are files of which some rows could not be read; `sources` has the digest of each shard; `sought` and
    `controls` are the works that were looked for. `unnamed` is whether the listing refused more files than it names.
    """

    files: set[str] = field(default_factory=set)
    unread: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rows_of: set[str] = field(default_factory=set)
    sources: dict[str, str] = field(default_factory=dict)
    sought: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)
    unnamed: bool = False

    def why(self, row: Mapping[str, Any], *, gone: bool, other: LookedAt) -> Why:
        """Why a finding of the other run is not among those of this one; `gone` where this run is the later one."""
        work, file = row["work_id"], file_of(row["shard"])
        if work not in self.sought:
            return Why.CONTROL if work in self.controls else Why.NOT_SOUGHT
        if file in self.unread or file in self.refused:
            return Why.UNREAD
        if file not in self.files:
            strange = gone and (self.unnamed or any(name not in other.files for name in self.unread))
            return Why.FILE_SOME_UNREAD if strange else Why.FILE
        return Why.ROWS_UNREAD if file in self.rows_of else Why.CONTENT


def looked_at(run: RunFolder) -> LookedAt:
    """What the receipts, the quarantine and the listing of a run say of its files."""
    said = LookedAt()
    for receipt in run.receipts:
        shard = str(receipt.shard["name"])
        said.files.add(file_of(shard))
        said.sources[shard] = receipt.source.sha256
        for _, row, reason in _refused(receipt.refused):
            if reason in _WHOLE_SHARDS and row < 0:
                said.unread[file_of(shard)] = reason
            said.rows_of.add(file_of(shard))
    for entry in run.quarantine:
        shard = str(entry.get("shard", {}).get("name", ""))
        said.files.add(file_of(shard))
        said.unread[file_of(shard)] = "quarantine"
    refused = run.settings.get("refused", {})
    said.unnamed = any(entry["count"] > len(entry.get("examples", [])) for entry in refused.values())
    for where, _, reason in _refused(refused):
        (said.unread if reason == "unreadable" else said.refused).setdefault(where, reason)
    for asset in run.catalog.select(["work_id", "is_control"]).to_pylist():
        (said.controls if asset["is_control"] else said.sought).add(asset["work_id"])
    return said


def _refused(refused: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    for reason, entry in refused.items():
        for example in entry.get("examples", []):
            yield str(example["where"]), int(example["row"]), str(reason)


def not_read(said: LookedAt, other: LookedAt) -> dict[str, str]:
    """The files that could not be read, and why; of those that the listing refused, what the other run searched."""
    return said.unread | {name: why for name, why in said.refused.items() if name in other.files}


def shards_compared(last: LookedAt, now: LookedAt) -> dict[str, int]:
    """How many shards are the same, have other content, another name for the same content, are new, or are gone."""
    counts = dict.fromkeys(("same", "changed", "renamed", "new", "gone"), 0)
    lost = {digest for shard, digest in last.sources.items() if shard not in now.sources}
    taken: set[str] = set()
    for shard, digest in sorted(now.sources.items()):
        if shard in last.sources:
            counts["same" if last.sources[shard] == digest else "changed"] += 1
        elif digest in lost - taken:
            taken.add(digest)
            counts["renamed"] += 1
        else:
            counts["new"] += 1
    counts["gone"] = len([shard for shard in last.sources if shard not in now.sources]) - counts["renamed"]
    return counts
