"""Candidates: distinct, alike, pure functions of the key, and nothing in them tells which is published."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import PlanError
from countermark.memorization.traps.candidates import Trap, passages, published, published_texts
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.key import TrapKey

KEY = TrapKey(bytes(range(32)))


def site(*renderings: str, group: str = "") -> dict[str, Any]:
    return {"before": "It was ", "after": " then.", "renderings": list(renderings), "group": group}


def variants(*sites: dict[str, Any], candidates: int, work: str = "w1", channel: str = "web") -> Trap:
    return Trap(work, "T", channel, "variants", "en", candidates, {"sites": list(sites)})


def passphrase(work: str = "w1", channel: str = "web", candidates: int = 1000) -> Trap:
    payload = {**passphrases.payload_of("en"), "before": "The end.\n\n", "after": ""}
    return Trap(work, "T", channel, "passphrase", "en", candidates, payload)


def test_the_published_candidate_is_the_one_of_traps_v1() -> None:
    """Fixed for ever, with the word list and the templates."""
    assert published(passphrase(), KEY) == 878
    assert published_texts(passphrase(), KEY) == ("carrot snail enamel jewel jacket",)
    payload = {**slots.payload_of("photo-credit", "fr"), "before": "x", "after": ""}
    credit = Trap("w1", "T", "web", "photo-credit", "fr", 1000, payload)
    assert published_texts(credit, KEY) == ("139, vue 2392-L, série cirque-phoque",)


def test_all_candidates_are_distinct_and_in_one_context() -> None:
    """The fixed head of a sentence is context; nothing but the drawn text differs."""
    payload = {**slots.payload_of("archive-reference", "en"), "before": "…so it ended.\n\n", "after": ""}
    trap = Trap("w1", "T", "web", "archive-reference", "en", 1000, payload)
    found = passages(trap, KEY)
    assert len({one.sites[0].text for one in found}) == len(found) == 1000
    assert {(one.sites[0].before, one.sites[0].after) for one in found} == {
        ("…so it ended.\n\nFiled in our archive under ", ".")
    }
    assert found[published(trap, KEY)].sites[0].text == published_texts(trap, KEY)[0]


def test_fewer_candidates_are_a_beginning_of_more() -> None:
    """Candidate j hangs on j alone."""
    assert passages(passphrase(candidates=1000), KEY)[:50] == passages(passphrase(candidates=50), KEY)


def test_works_channels_and_keys_have_other_candidates() -> None:
    """A trap survives deduplication, and tells which copy leaked."""
    drawn = [
        *(
            passages(passphrase(work, channel), KEY)
            for work in ("w1", "w2")
            for channel in ("web", "licensee")
        ),
        passages(passphrase(), TrapKey(bytes(32))),
    ]
    texts = [one.sites[0].text for candidates in drawn for one in candidates]
    assert len(set(texts)) == len(texts)


def test_a_poor_form_gives_every_candidate_that_there_is() -> None:
    """Three coins make eight texts: all of them, once each."""
    trap = variants(site("a", "b"), site("c", "d"), site("e", "f"), candidates=8)
    texts = {"".join(s.text for s in one.sites) for one in passages(trap, KEY)}
    assert texts == {a + c + e for a in "ab" for c in "cd" for e in "ef"}


def test_more_candidates_than_there_are_is_a_changed_sheet() -> None:
    """Bounded work, and an error by name."""
    with pytest.raises(PlanError, match=r"work w1, channel web: 2 distinct .* says 3"):
        passages(variants(site("a", "b"), candidates=3), KEY)


@pytest.mark.parametrize("count", [-1, 0, 1, 100_001])
def test_a_number_of_candidates_that_is_none_is_refused(count: int) -> None:
    """One candidate proves nothing."""
    with pytest.raises(PlanError, match="from 2 to 100,000"):
        published(variants(site("a", "b"), candidates=count), KEY)


def test_sites_of_a_group_share_their_coin() -> None:
    """A work spells a word in one way throughout."""
    grouped = [site("key", "KEY", group="k") for _ in range(3)]
    trap = variants(*grouped, site("c", "d"), candidates=4)
    for one in passages(trap, KEY):
        assert len({s.text for s in one.sites[:3]}) == 1


def test_variants_ask_in_the_context_of_the_editors_text() -> None:
    """A site is asked alike whatever the other sites say: two queries a site are enough for all candidates."""
    trap = variants(*(site("a", "b") for _ in range(12)), candidates=500)
    asked = {s for one in passages(trap, KEY) for s in one.sites}
    assert len(asked) == 2


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(max_size=5), st.integers(2, 60))
def test_candidates_are_a_function_of_key_work_and_number(secret: bytes, work: str, count: int) -> None:
    """Twice the same; the published one is one of them."""
    trap, key = passphrase(work, candidates=count), TrapKey(secret)
    assert passages(trap, key) == passages(trap, key)
    assert 0 <= published(trap, key) < count


def test_the_pick_is_uniform_and_independent_of_the_candidates() -> None:
    """Over 4,000 works: each number as often as chance has it; the first coin of the published text too."""
    traps = [variants(site("a", "b"), site("c", "d"), candidates=4, work=f"w{n}") for n in range(4000)]
    picks = Counter(published(trap, KEY) for trap in traps)
    assert sum((picks[n] - 1000) ** 2 / 1000 for n in range(4)) < 16.3  # 0.999 of 3 degrees of freedom
    first = sum(published_texts(trap, KEY)[0] == "a" for trap in traps)
    assert abs(first - 2000) < 3.3 * 31.7  # four thousand coins: a standard deviation of 31.6


def test_nothing_of_a_trap_is_secret() -> None:
    """Its fields hold neither the published text nor the key."""
    trap = passphrase()
    said = repr(trap)
    assert published_texts(trap, KEY)[0] not in said
    assert KEY.secret.hex() not in said
