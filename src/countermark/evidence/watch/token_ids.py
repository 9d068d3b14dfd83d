"""What two runs say of token ids: whether both read them in the same way, and whether this one read them rightly.

With another tokeniser the same ids say something else. A work that is then no longer found may stand there as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.report.token_ids import doubts
from countermark.scan.carrying import file_of
from countermark.scan.tokenizers import tokenizers_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.run_folder import RunFolder
    from countermark.language import Language

_OF_TRIAL: Final = ("says", "telling", "agree", "chance", "beyond", "in_range")
_OPTIONS: Final = ("table", "ids", "named")

Reading = tuple[Any, ...]


def tokenizers_of(run: RunFolder) -> list[dict[str, Any]]:
    """What changes.json says of the tokenisers of a run: each with how it was found, and what a trial says of it."""
    return [_told(one) for one in tokenizers_in(run.settings)]


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    trial = one.get("trial")
    return {
        "tokenizer": str(one.get("tokenizer")),
        "table": one.get("table"),
        "ids": one.get("ids"),
        "named": bool(one.get("named")),
        "shards": int(one.get("shards", 0)),
        "trial": {name: trial.get(name) for name in _OF_TRIAL} if isinstance(trial, dict) else None,
    }


def read_otherwise(last: RunFolder, now: RunFolder) -> bool:
    """Whether token ids that both runs looked at were read in two ways.

    That is so of a file with the same name or the same bytes; and of all where the tokeniser was named in one run, and
    in the other another one or none: then it was the search that differed, whatever the files are called.
    """
    named = [_named(run) for run in (last, now)]
    if named[0] != named[1] and all(tokenizers_of(run) for run in (last, now)):
        return True
    files, sources = _readings(last)
    again, with_bytes = _readings(now)
    return _differ(files, again) or _differ(sources, with_bytes)


def _named(run: RunFolder) -> set[Any]:
    return {one["table"] for one in tokenizers_of(run) if one["named"]}


def _readings(run: RunFolder) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """How the token ids of a run were read, by the names of their files and by the digests of their bytes."""
    files: dict[str, Reading] = {}
    sources: dict[str, Reading] = {}
    for receipt in run.receipts:
        options = receipt.shard.get("options") or {}
        if options.get(_OPTIONS[0]) is not None:
            reading = tuple(options.get(name) for name in _OPTIONS)
            files[file_of(str(receipt.shard["name"]))] = sources[receipt.source.sha256] = reading
    return files, sources


def _differ(one: Mapping[str, Reading], other: Mapping[str, Reading]) -> bool:
    return any(one[name] != other[name] for name in one.keys() & other.keys())


def doubts_of(said: Mapping[str, Any], say: Language) -> list[str]:
    """A warning for each tokeniser of a run that was named and that a trial speaks against."""
    tried = [one for one in said["tokenizers"] if one["trial"] is not None]
    return doubts({"searched": {"tokens": tried}}, say)
