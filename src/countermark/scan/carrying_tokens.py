"""Why nothing of token ids can be carried: in the last run they were read with another tokeniser, or it was not named.

What a shard of token ids says depends on how they are read, which stands in its options: it is carried only where that
is as it was. A tokeniser that is named reads files, too, that trial would refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.scan.tokenizers import tokenizers_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Reading = Mapping[str, Any]

_TABLE: Final = "table"
_DECIDING: Final = (_TABLE, "ids", "named")


def why_read_anew(last: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Why no shard can be carried, in words, from what `run.json` says in the last run and now.

    None where a shard may be carried: one that is no token ids, or that is read as some were in the last run; and where
    the last run had no token ids, so that there is nothing that could have changed.
    """
    was, new = tokenizers_in(last), tokenizers_in(now)
    others = _count(now.get("shards"), "count") - sum(_count(one, "shards") for one in new)
    if not was or not new or others or {_deciding(one) for one in was} & {_deciding(one) for one in new}:
        return None
    if not _all(_TABLE, was) & _all(_TABLE, new):
        names = _listed("tokenizer", was), _listed("tokenizer", new)
        return f"the token ids were read with {names[0]} in the last run, and now with {names[1]}"
    if _all("named", was) != _all("named", new):
        name, given = _listed("tokenizer", new), any(one.get("named") for one in new)
        how = ("found by trial", "is named") if given else ("named", "is found by trial")
        return f"the tokeniser of the token ids ({name}) was {how[0]} in the last run, and now {how[1]}"
    types = _listed("ids", was), _listed("ids", new)
    return f"the token ids were read as numbers of the type {types[0]} in the last run, and now of {types[1]}"


def _deciding(one: Reading) -> tuple[str, ...]:
    return tuple(str(one.get(name)) for name in _DECIDING)


def _all(name: str, readings: Sequence[Reading]) -> set[str]:
    return {str(one.get(name)) for one in readings}


def _listed(name: str, readings: Sequence[Reading]) -> str:
    return ", ".join(sorted(_all(name, readings)))


def _count(said: Any, name: str) -> int:
    count = said.get(name) if isinstance(said, dict) else None
    return count if isinstance(count, int) else 0
