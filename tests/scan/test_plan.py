"""The plan: parts cover the whole, names are unique, and the facts do not depend on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.corpus.base import Shard
from countermark.errors import InputError
from countermark.media import Refusal
from countermark.scan.plan import WHOLE, Part, corpus_name, plan_of

SHARDS = [Shard(f"{number}.jsonl", f"/c/{number}.jsonl", "jsonl", 10 + number) for number in range(7)]


@settings(deadline=None)
@given(count=st.integers(1, 40), parts=st.integers(1, 50))
def test_parts_cover_every_shard_once(count: int, parts: int) -> None:
    """All parts together are the whole plan, and no shard is in two."""
    shards = [Shard(str(number), str(number), "plain", 1) for number in range(count)]
    plans = [plan_of(shards, "c", Part(number + 1, parts)) for number in range(parts)]
    taken = [shard.name for plan in plans for shard in plan.mine]
    assert sorted(taken) == sorted(shard.name for shard in shards)
    assert len({plan.facts()["sha256"] for plan in plans}) == 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/2", "1/2/3", "", "١/٢"])
def test_bad_parts_are_told(text: str) -> None:
    """Anything but i/n with 1 ≤ i ≤ n is refused, with an example."""
    with pytest.raises(InputError, match="for instance 3/100"):
        Part.parse(text)


def test_part_is_read_and_written() -> None:
    """A part is written as it is read."""
    assert str(Part.parse(" 3 / 100 ")) == "3/100"


def test_facts_do_not_hold_the_path() -> None:
    """The same corpus in another place has the same facts; another size has not."""
    moved = [Shard(shard.name, "/elsewhere/" + shard.name, shard.format, shard.size) for shard in SHARDS]
    grown = [*SHARDS[:-1], Shard(SHARDS[-1].name, SHARDS[-1].path, "jsonl", 99)]
    facts = plan_of(SHARDS, "c", WHOLE).facts()
    assert facts == plan_of(moved, "c", WHOLE).facts()
    assert facts["sha256"] != plan_of(grown, "c", WHOLE).facts()["sha256"]
    assert (facts["count"], facts["bytes"]) == (7, 91)


def test_two_shards_of_one_name_are_refused() -> None:
    """Two files that would share one receipt are an error, not a loss."""
    with pytest.raises(InputError, match=r"a second shard is named '0\.jsonl'"):
        plan_of([*SHARDS, Shard("0.jsonl", "/d/0.jsonl", "jsonl", 10)], "c", WHOLE)


def test_nothing_to_scan_is_told() -> None:
    """An empty listing is an error that says what was refused."""
    with pytest.raises(InputError, match=r"nothing to scan; not read: unknown_format \(2\)"):
        plan_of(
            [Refusal("a.png", -1, "unknown_format", ""), Refusal("b", -1, "unknown_format", "")], "c", WHOLE
        )
    with pytest.raises(InputError, match="nothing to scan: no files"):
        plan_of([], "c", WHOLE)


def test_corpus_is_named_after_what_was_given(tmp_path: Path) -> None:
    """One path gives its name, many give three names and a count."""
    assert corpus_name([tmp_path / "dump.jsonl.zst"]) == "dump.jsonl.zst"
    assert corpus_name([Path("a"), Path("b"), Path("c"), Path("d"), Path("e")]) == "a + b + c + 2 more"
