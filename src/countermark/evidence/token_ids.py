"""What a run says of token ids, added up over its receipts: one entry a tokeniser."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from countermark.scan.tokenizers import TABLES

if TYPE_CHECKING:
    from countermark.evidence.run_folder import RunFolder

COUNTED = ("ids", "special", "unknown", "bad_bytes", "fragments")


def token_facts(run: RunFolder) -> list[dict[str, Any]]:
    """How ids were read, as `run.json` says it, and what the receipts counted; empty where the data set is text.

    `shards` and `counts` are of what was searched, and not of what was planned.
    """
    chosen = run.settings.get(TABLES)
    if not isinstance(chosen, list):
        return []
    shards: Counter[tuple[str, str]] = Counter()
    counts: dict[tuple[str, str], Counter[str]] = {}
    for receipt in run.receipts:
        if receipt.tokens is not None:
            key = str(receipt.tokens.get("table")), str(receipt.tokens.get("ids"))
            shards[key] += 1
            counted = receipt.tokens.get("counts", {})
            counts.setdefault(key, Counter()).update({name: int(counted.get(name, 0)) for name in COUNTED})
    return [
        {**one, "shards": shards[key], "counts": {name: counts.get(key, Counter())[name] for name in COUNTED}}
        for one in chosen
        for key in [(str(one.get("table")), str(one.get("ids")))]
    ]
