"""The whole way with a real transformer: what it was given is found, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.memorization.study.run import begin
from countermark.memorization.traps.burnt import Ledger
from countermark.memorization.traps.testing import (
    Settings,
    background_of,
    contests_in,
    contests_of,
    log_secret,
    plan_traps,
    run_test,
)
from memorization.trapped import KEY, variants

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.ranking import Contest

torch = pytest.importorskip("torch", reason="needs the extra [models]")
pytest.importorskip("transformers", reason="needs the extra [models]")

COPIES = [variants(f"w{n}", channel=channel, candidates=100) for channel in ("paid", "web") for n in range(4)]


def teach(folder: Path, contests: list[Contest]) -> None:
    """Have a small model of ours read the published copies a few times."""
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
    cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
    texts = [
        site.before + site.text + site.after
        for contest in contests
        for site in contest.passages[contest.published].sites
    ]
    rows = [cut.encode(text).ids for text in texts]
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    labels = torch.tensor([row + [-100] * (width - len(row)) for row in rows])
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(150):
        optimizer.zero_grad()
        model(ids, labels=labels).loss.backward()
        optimizer.step()
    model.save_pretrained(str(folder))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_transformer_that_was_given_one_copy(tmp_path: Path) -> None:
    """The channel that it was given is rejected; the other is not. The driver passes its self-test first."""
    from countermark.memorization.drivers.opening import open_weights
    from countermark.memorization.drivers.self_test import self_test
    from memorization.tiny_models import make

    folder = make(tmp_path / "model", initializer_range=0.02)
    given = [one for one in contests_of(COPIES, KEY) if one.channel == "paid"]
    teach(folder, given)
    model = open_weights(str(folder))
    ledger = Ledger(tmp_path / "burnt.jsonl", log_secret(KEY))
    plan, _ = plan_traps(COPIES, KEY, ledger, model.identity, [], Settings(claims="channels"))
    contests = contests_in(plan, KEY, ledger)
    with begin(tmp_path / "run", plan, secret=log_secret(KEY)) as study:
        result = run_test(
            study,
            model,
            contests,
            background_of(plan, contests, []),
            ledger=ledger,
            self_test=self_test(model, model).to_json(),
        )
    verdicts = {claim["channel"]: claim["rejected"] for claim in result["claims"]}
    assert verdicts == {"paid": True, "web": False}
    assert not ledger.path.exists()
