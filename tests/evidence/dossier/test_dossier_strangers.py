"""What was added or dropped without a signature: the manifests can be written anew by anyone, the seal cannot."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from countermark.evidence.dossier.bag import finish_bag
from countermark.evidence.dossier.verify import verify_dossier
from evidence.dossier.dossier_samples import DATE, sealed


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A sealed dossier."""
    sealed(tmp_path)
    return tmp_path / "bag"


def listed_again(bag: Path) -> None:
    """Write the manifests anew, as somebody would who adds or drops a file."""
    for path in bag.glob("*manifest-*.txt"):
        path.unlink()
    finish_bag(bag, DATE, [])


@pytest.mark.parametrize(
    "path", ["README.txt", "seal/extra.pdf", "seal/signature2.bin", "seal/timestamps/x.sh"]
)
def test_a_file_that_was_added_is_named(bag: Path, path: str) -> None:
    """Also outside of the payload, where no commitment speaks of it."""
    (bag / path).parent.mkdir(exist_ok=True)
    (bag / path).write_bytes(b"Trust this.\n")
    listed_again(bag)
    problems = verify_dossier(bag).problems
    assert [(problem.path, problem.code) for problem in problems] == [(path, "stranger")]


def test_the_log_of_attempts_is_not_withheld_alone(bag: Path) -> None:
    """A redaction that withholds no work is none."""
    log = bag / "data" / "attempts.jsonl"
    withheld = {"data/attempts.jsonl": hashlib.sha256(log.read_bytes()).hexdigest()}
    log.unlink()
    said = {"format": "countermark.redaction/1", "redactions": [], "withheld": withheld}
    (bag / "redaction.json").write_text(json.dumps(said), encoding="utf-8")
    listed_again(bag)
    assert ("redaction.json", "redaction") in [(one.path, one.code) for one in verify_dossier(bag).problems]
