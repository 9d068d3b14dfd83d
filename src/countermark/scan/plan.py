"""The plan of a run: which shards there are, which are this part's, and the settings that must not change.

The same corpus gives the same plan on every machine: a part takes every n-th shard in the order of the
listing, and `run.json` describes the whole plan, so that all parts can share one folder.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import InputError
from countermark.media import Medium, Refusal
from countermark.scan.receipt import RefusalTally, json_bytes, shard_facts
from countermark.scan.tokenizers import Trials, facts_of
from countermark.storage.place import name_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.choice import Choice
    from countermark.scan.tokenizers import AskedTokenizers
    from countermark.storage.place import Place


class Part(NamedTuple):
    """Part `number` (1-based) of `of` parts."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Read `i/n`. Raises InputError."""
        match = re.fullmatch(r"\s*([0-9]{1,9})\s*/\s*([0-9]{1,9})\s*", text)
        if match and 1 <= int(match[1]) <= int(match[2]):
            return cls(int(match[1]), int(match[2]))
        raise InputError(f"--part {text}: a part is i/n with 1 ≤ i ≤ n, for instance 3/100")

    def __str__(self) -> str:
        """As it is written on the command line."""
        return f"{self.number}/{self.of}"

    def count(self, shards: int) -> int:
        """How many of so many shards are this part's."""
        return len(range(self.number - 1, shards, self.of))

    def takes(self, position: int) -> bool:
        """Whether the shard at `position` (0-based) of the listing is this part's."""
        return position % self.of == self.number - 1


WHOLE = Part(1, 1)
_WITH_COLUMNS = frozenset({"jsonl", "parquet"})
"""Formats whose pictures and recordings stand in columns; in archives and folders they are files."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a whole corpus, in the order of the listing, and what the listing refused.

    `tokenizers` are the tokenisers that shards of token ids are read with, each with how it was chosen.
    """

    corpus: str
    shards: tuple[Shard, ...]
    refused: RefusalTally
    part: Part
    medium: Medium = Medium.TEXT
    tokenizers: tuple[Choice, ...] = ()

    @property
    def mine(self) -> list[Shard]:
        """The shards of this part."""
        return list(self.iter_mine())

    def iter_mine(self) -> Iterator[Shard]:
        """The same, one after the other."""
        return islice(self.shards, self.part.number - 1, None, self.part.of)

    @property
    def bytes(self) -> int:
        """The bytes to read for the whole plan."""
        return sum(shard.size for shard in self.shards)

    def tokenizer_facts(self) -> tuple[dict[str, Any], ...]:
        """What `run.json` says of the tokenisers of token ids, each once, with the number of shards."""
        return facts_of(self.tokenizers, self.shards)

    def facts(self) -> dict[str, Any]:
        """How many shards, how many bytes, and the digest of the list."""
        digest = hashlib.sha256()
        for shard in self.shards:
            digest.update(json_bytes(shard_facts(shard)))
        return {"count": len(self.shards), "bytes": self.bytes, "sha256": digest.hexdigest()}


def make_plan(
    paths: Sequence[Place],
    *,
    text_column: str | None = None,
    corpus: str | None = None,
    part: Part = WHOLE,
    medium: Medium = Medium.TEXT,
    tokenizers: AskedTokenizers | None = None,
) -> Plan:
    """List the corpus. Raises InputError when nothing in it can be scanned or two shards have one name.

    Without `tokenizers` files of token ids are refused.
    """
    from countermark.corpus.folder import list_folder  # noqa: PLC0415
    from countermark.corpus.listing import list_shards  # noqa: PLC0415

    list_folder.cache_clear()  # a folder may have changed since this process looked last
    trials = Trials(tokenizers) if tokenizers is not None and medium is Medium.TEXT else None
    shards = list_shards(paths, text_column=text_column, medium=medium, tokenizers=trials)
    plan = plan_of(shards, corpus or corpus_name(paths), part, medium)
    if trials is not None:
        plan = replace(plan, tokenizers=trials.chosen())
    if tokenizers is not None and tokenizers.named is not None and not plan.tokenizers:
        raise InputError(
            f"--tokenizer {tokenizers.named}: {plan.corpus} holds no token ids; leave the option out"
        )
    if (
        text_column
        and medium is not Medium.TEXT
        and not any(shard.format in _WITH_COLUMNS for shard in plan.shards)
    ):
        raise InputError(
            f"--text-column {text_column}: {plan.corpus} holds no Parquet and no JSON Lines, and nothing else has "
            "columns; leave the option out"
        )
    return plan


def plan_of(
    listing: Iterable[Shard | Refusal], corpus: str, part: Part, medium: Medium = Medium.TEXT
) -> Plan:
    """The plan that a listing gives. Raises InputError as `make_plan` does."""
    shards: dict[str, Shard] = {}
    refused = RefusalTally()
    for found in listing:
        if isinstance(found, Refusal):
            refused.add([found])
        elif found.name in shards:
            raise InputError(
                f"{shown(found.path)}: a second shard is named {found.name!r} (the first is "
                f"{shown(shards[found.name].path)}); "
                "give the folder above both, or scan them in two runs"
            )
        else:
            shards[found.name] = found
    if not shards:
        raise InputError(f"{corpus}: nothing to scan{_not_read(refused, medium)}")
    return Plan(corpus, tuple(shards.values()), refused, part, medium)


def _not_read(refused: RefusalTally, medium: Medium) -> str:
    """Why there is nothing: what was met, with the first example; or that there was not a file."""
    if not refused.total:
        return ": no files"
    reasons = ", ".join(f"{reason} ({entry['count']})" for reason, entry in sorted(refused.counts.items()))
    examples = [example for entry in refused.counts.values() for example in entry["examples"]]
    said = examples[0]["detail"] if examples else ""
    named = said if said.startswith(examples[0]["where"]) else f"{examples[0]['where']}: {said}"
    kinds = {Medium.IMAGE: "pictures", Medium.AUDIO: "recordings"}
    looked_for = (
        f"{kinds[medium]} are looked for, as the index is one of {kinds[medium]}; " if medium in kinds else ""
    )
    return f"; {looked_for}not read: {reasons}; the first: {named}"


def corpus_name(paths: Sequence[Place]) -> str:
    """The name of the only file or folder, or all names joined by ` + ` (three at most, then a count)."""
    names = [name_of(path) for path in paths]
    return " + ".join(names[:3]) + (f" + {len(names) - 3} more" if len(names) > 3 else "")
