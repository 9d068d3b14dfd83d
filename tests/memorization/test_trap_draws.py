"""What would make a test of traps unfair: draws that can be chosen, shared or learnt from the wrong texts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from countermark.errors import PlanError
from countermark.memorization.study.plan import Plan
from countermark.memorization.traps.candidates import Trap, passages, published, published_texts
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.judging import judge
from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.ranking import Scores
from countermark.memorization.traps.residual import Background
from countermark.memorization.traps.testing import Text, background_of, contests_in, contests_of, earlier_of
from countermark.probability.binomial import clopper_pearson
from countermark.probability.ranks import rank_p
from memorization.study_fakes import FakeScorer, weigh
from memorization.test_trap_test import WORKS, outcome_of, planned, the_ledger
from memorization.trapped import KEY, variants

if TYPE_CHECKING:
    from pathlib import Path


def keys(count: int) -> list[TrapKey]:
    """Fresh keys, the same in each run."""
    return [TrapKey((number + 1).to_bytes(32)) for number in range(count)]


def test_who_approves_after_seeing_the_draw_gets_another_draw() -> None:
    """An editor sees what is published (--dry-run), and picks places until the draw leaves the work as it was.

    Every model that knows the work as it was would prefer that candidate, and nothing was drawn any more.
    """
    ps = []
    for number, key in enumerate(keys(300)):
        trap = variants(f"w{number}", sites=40, candidates=20)
        coins = [
            site["renderings"].index(text)
            for site, text in zip(trap.payload["sites"], published_texts(trap, key), strict=True)
        ]
        kept: list[dict[str, Any]] = []
        written: list[str] = []  # as the work says it: the first rendering and the second by turns
        for place, site in enumerate(trap.payload["sites"]):
            if place % 2 == coins[len(kept)]:
                kept.append(site)
                written.append(site["renderings"][place % 2])
        second = replace(trap, payload={"sites": kept})
        known = [
            float(sum(site.text == text for site, text in zip(one.sites, written, strict=True)))
            for one in passages(second, key)
        ]
        ps.append(rank_p(known, published(second, key)))
    for level in (0.05, 0.25):
        low, _ = clopper_pearson(sum(p <= level for p in ps), len(ps), 0.999)
        assert low <= level


def test_forms_and_editions_under_one_key_share_no_draw() -> None:
    """A second form in a channel, or a later edition of a work, is drawn anew: the pick, and every candidate."""
    passphrase = {**passphrases.payload_of("en"), "before": "The end.\n\n", "after": ""}
    later = passphrase | {"before": "The very end.\n\n"}
    reference = {**slots.payload_of("further-reading", "en"), "before": "The end.\n\n", "after": ""}
    alike = [0, 0]
    for number in range(300):
        one = Trap(f"w{number}", "T", "web", "passphrase", "en", 20, passphrase)
        others = (replace(one, payload=later), replace(one, form="further-reading", payload=reference))
        for place, other in enumerate(others):
            alike[place] += published(one, KEY) == published(other, KEY)
        texts = [
            {site.text for passage in passages(trap, KEY) for site in passage.sites}
            for trap in (one, others[0])
        ]
        assert texts[0].isdisjoint(texts[1])
    assert all(count < 35 for count in alike)  # 15 are expected by chance


def test_the_title_decides_nothing() -> None:
    """A catalogue may write it otherwise by the time of the test."""
    trap = WORKS[0]
    assert published(trap, KEY) == published(replace(trap, title="Another"), KEY)
    assert passages(trap, KEY) == passages(replace(trap, title="Another"), KEY)


def test_a_background_that_holds_a_planted_copy_is_refused(tmp_path: Path) -> None:
    """Its words would tell the features which candidate was published; so would the work without traps, beside it."""
    trap = variants("w0", sites=20, candidates=200)
    drawn = published_texts(trap, KEY)
    pairs = zip(trap.payload["sites"], drawn, strict=True)
    copy = "\n".join(site["before"] + text + site["after"] for site, text in pairs)
    passphrase = {**passphrases.payload_of("en"), "before": "The end.\n\n", "after": ""}
    line = Trap("w1", "T", "web", "passphrase", "en", 20, passphrase)
    for one, said in (
        (trap, copy),
        (line, "The end.\n\n" + published_texts(line, KEY)[0].replace(" ", "\n")),
    ):
        contests = contests_of([one], KEY)
        text = Text("copies/a.txt", "sha256:1", "Other words. " * 30 + said)
        plan = Plan("trap", {"background": [{"name": text.name, "sha256": text.digest}]})
        with pytest.raises(PlanError, match=rf"copies/a\.txt: .*work {one.work}"):
            background_of(plan, contests, [text])
        clean = text._replace(text="Other words, which stand in no work. " * 30)
        assert background_of(plan, contests, [clean])


def test_a_plan_made_again_draws_the_same_numbers(tmp_path: Path) -> None:
    """Nobody can plan until Monte Carlo is lucky: the seed hangs on the key, the traps and the score alone."""
    drawer = np.random.Generator(np.random.PCG64(1))
    contests = contests_of(WORKS, KEY)
    scores = [Scores(drawer.standard_normal(200), np.ones(200)) for _ in contests]
    found = set()
    for alpha in (0.01, 0.011, 0.012):
        plan = planned(tmp_path, WORKS, alpha=alpha, claims="channels", draws=5000)
        (claim,) = judge(plan, contests, scores, Background(["a"]))["claims"]
        assert not claim["raw"]["all_counted"]
        found.add(claim["raw"]["at_least"])
    assert len(found) == 1


def test_a_test_counts_once_among_the_earlier_ones(tmp_path: Path) -> None:
    """A good one that is named again and again would raise the mean."""
    plan = planned(tmp_path, WORKS, claims="channels")
    outcome_of(tmp_path, plan, FakeScorer(), run="one")
    again = [earlier_of(tmp_path / "one"), earlier_of(tmp_path / "one")]
    other = planned(tmp_path, WORKS, claims="channels", alpha=0.05)
    with pytest.raises(PlanError, match="earlier test is given twice"):
        outcome_of(tmp_path, other, FakeScorer(), run="two", earlier=again)


@pytest.mark.parametrize(
    "wrong",
    [
        {"alpha": "x"}, {"alpha": None}, {"draws": 10**12}, {"draws": 2.5}, {"statistic": "best"}, {"claims": []},
        {"ranked": 5}, {"ranked": None}, {"background": 5}, {"background": [1]}, {"traps": [5]}, {"traps": {}},
    ],
)  # fmt: skip
def test_a_plan_written_by_hand_with_its_digest_is_refused_in_words(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    """Whoever can compute a SHA-256 can write a plan that fits its digest; what it says is checked all the same."""
    plan = Plan("trap", dict(planned(tmp_path, WORKS).members) | wrong)
    with pytest.raises(PlanError):
        background_of(plan, contests_in(plan, KEY, the_ledger(tmp_path)), [])
    for field, value in (("candidates", "x"), ("payload", 5), ("work", 5)):
        traps = [dict(trap) | {field: value} for trap in planned(tmp_path, WORKS).members["traps"]]
        with pytest.raises(PlanError):
            contests_in(Plan("trap", dict(plan.members) | {"traps": traps}), KEY, the_ledger(tmp_path))


def test_a_result_written_by_hand_is_no_earlier_test(tmp_path: Path) -> None:
    """A p that is none is refused before it is turned into an e-value."""
    outcome_of(tmp_path, planned(tmp_path, WORKS, claims="channels"), FakeScorer(), run="one")
    for p in ("0.5", 0, 2.0, None, True):
        result = json.loads((tmp_path / "one" / "result.json").read_bytes())
        result["claims"][0]["p"] = p
        data = json.dumps(result).encode()
        (tmp_path / "one" / "result.json").write_bytes(data)
        run = json.loads((tmp_path / "one" / "run.json").read_bytes())
        run["result"] = "sha256:" + hashlib.sha256(data).hexdigest()
        (tmp_path / "one" / "run.json").write_text(json.dumps(run))
        with pytest.raises(PlanError, match="not the test of traps"):
            earlier_of(tmp_path / "one")


def test_a_log_without_texts_does_not_give_the_secret_words_away(tmp_path: Path) -> None:
    """Whoever has the model and the log would try each word of the list, and know it by its log-probability."""
    payload = {
        **passphrases.payload_of("en"),
        "before": "So it ended, and that was all of it.\n\n",
        "after": "",
    }
    trap = Trap("w", "T", "web", "passphrase", "en", 20, payload)
    outcome_of(tmp_path, planned(tmp_path, [trap]), FakeScorer())
    log = [json.loads(line) for line in (tmp_path / "run" / "runlog.jsonl").read_text().splitlines()]
    answers = [answer for line in log if line["event"] == "answered" for answer in line["answers"]]
    assert len(answers) == 20
    assert all(len(set(answer["logprobs"])) == 1 and len(answer["tokens"]) == 5 for answer in answers)
    secret = [
        round(weigh(payload["before"], (" " if n else "") + word), 6)
        for one in passages(trap, KEY)
        for n, word in enumerate(one.sites[0].text.split())
    ]
    told = {round(value, 6) for answer in answers for value in answer["logprobs"]}
    assert not told & set(secret)
