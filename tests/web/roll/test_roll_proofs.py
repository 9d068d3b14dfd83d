"""What is served: key, heads, proofs, the export, and the verifier that verifies them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from countermark.roll.verify import examine
from countermark.web.roll import export, heads
from countermark.web.roll.changes import empty_entry, request_change
from countermark.web.roll.export import export_document
from countermark.web.roll.proofs import proof_document, public_proof
from countermark.web.roll.sequencer import tick

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from web.roll.roll_signers import Signers

pytestmark = pytest.mark.django_db
NAMES = ("roll_key", "roll_head", "roll_heads", "roll_export", "roll_verifier")


def got(client: Client, address: str, status: int = 200) -> Any:
    """The JSON at an address."""
    response = client.get(address)
    assert response.status_code == status
    return json.loads(response.getvalue())


def test_all_of_it_is_open_to_programs(client: Client, signers: Signers) -> None:
    """CORS, a short time in caches, no cookie, GET only."""
    signers.sign("Somebody")
    tick([signers])
    addresses = [reverse(name) for name in NAMES]
    for address in (*addresses, reverse("roll_proof", args=[1]), reverse("roll_consistency") + "?first=1"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"].startswith("public, max-age=")
        assert not response.cookies
        response.getvalue()
        assert client.post(address).status_code == 405
    assert addresses[0] == "/roll/key.json"


def test_before_the_first_tick(client: Client) -> None:
    """Nothing is there yet, and that is said."""
    for name in ("roll_head", "roll_export", "roll_consistency"):
        assert got(client, reverse(name), 404) == {"error": "the roll has no head yet"}
    assert got(client, reverse("roll_proof", args=[1]), 404)["error"]
    assert got(client, reverse("roll_heads")) == {"heads": [], "next_after": None}


def test_every_proof_verifies(client: Client, signers: Signers) -> None:
    """For each number of a roll with changes, the signatory's and the public proof verify with the pinned key."""
    for i in range(9):
        signers.sign(f"Person {i}", display=1 + i % 3)
    tick([signers])
    for number in (1, 2, 3):
        signers.show(number, "Another", display=number)
        request_change("amendment", number)
    request_change("invalidation", 4)
    empty_entry(5)
    request_change("withdrawal", 5)
    tick([signers])
    pinned = got(client, reverse("roll_key"))["log"]
    standings = {4: "invalidated", 5: "withdrawn"}
    for number in range(1, 10):
        own = proof_document(number)
        assert own is not None
        found = examine(own, pinned)
        assert found["standing"] == standings.get(number, "listed")
        assert found["opened"] == (number not in standings)
        public = got(client, reverse("roll_proof", args=[number]))
        assert public == public_proof(number)
        assert examine(public, pinned)["opened"] == (number not in standings and number % 3 != 0)


def test_unnamed_ones_are_opened_for_themselves_only(client: Client, signers: Signers) -> None:
    """The export and the public proof of an unnamed signatory hold the commitment and no salt."""
    signers.sign("Hidden Name", display=3)
    tick([signers])
    text = b"".join(export_document()).decode() + json.dumps(public_proof(1))
    assert "salt" not in text
    assert "Hidden" not in text
    own = proof_document(1)
    assert own is not None
    assert "opening" in own


@pytest.mark.parametrize("number", ["0", "2", "99999999999", "9" * 30])
def test_numbers_that_are_not_there(client: Client, signers: Signers, number: str) -> None:
    """404 in JSON, however large the number."""
    signers.sign("Somebody")
    tick([signers])
    assert "no such number" in got(client, f"/roll/proof/{number}.json", 404)["error"]


def test_consistency_from_every_size(client: Client, signers: Signers) -> None:
    """Whoever kept a head can ask whether the log only grew."""
    kept = []
    for i in range(7):
        signers.sign(f"Person {i}")
        tick([signers])
        kept.append(got(client, reverse("roll_head")))
    for head in kept:
        document = got(client, f"{reverse('roll_consistency')}?first={head['size']}")
        assert examine(document, head["log"], head)["since"] == head["size"]
    assert "second should be" in got(client, f"{reverse('roll_consistency')}?first=1&second=3", 404)["error"]


@pytest.mark.parametrize(
    "query", ["", "first=0", "first=x", "first=9", "first=1&second=9", "first=²", "first=-1"]
)
def test_wrong_sizes_are_told(client: Client, signers: Signers, query: str) -> None:
    """The answer names what is accepted."""
    signers.sign("Somebody")
    tick([signers])
    assert "1 ≤ first ≤ second ≤ 1" in got(client, f"{reverse('roll_consistency')}?{query}", 400)["error"]


def test_heads_come_in_pages(client: Client, signers: Signers, monkeypatch: pytest.MonkeyPatch) -> None:
    """`next_after` leads from page to page; a wrong one is told."""
    monkeypatch.setattr("countermark.web.roll.views.HEADS_A_PAGE", 2)
    monkeypatch.setattr("countermark.web.roll.heads._slot", lambda at: at.timestamp())
    for i in range(5):
        signers.sign(f"Person {i}")
        tick([signers])
        assert heads.publish_due(timezone.now())
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        page = got(client, f"{reverse('roll_heads')}?after={after}")
        found += [head["size"] for head in page["heads"]]
        after = page["next_after"]
    assert found == [1, 2, 3, 4, 5]
    assert "after should be" in got(client, f"{reverse('roll_heads')}?after=x", 400)["error"]


def test_an_export_stands_still_while_the_roll_grows(
    signers: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries, amendments, withdrawals and new heads between two pages leave the file that is written valid."""
    monkeypatch.setattr(export, "PAGE", 3)
    for i in range(20):
        signers.sign(f"Person {i}")
    tick([signers])
    pieces = []
    for step, piece in enumerate(export_document()):
        pieces.append(piece)
        signers.sign(f"Meanwhile {step}")
        signers.show(20 - step % 20, "Amended", display=2)
        request_change("amendment", 20 - step % 20)
        if step % 4 == 0:
            empty_entry(1 + step % 20)
            request_change("withdrawal", 1 + step % 20)
        if step % 5 == 0:
            request_change("invalidation", 3 + step % 15)
        tick([signers])
    found = examine(json.loads(b"".join(pieces)))
    assert (found["numbers"], found["listed"], found["size"]) == (20, 20, 20)
    assert 0 < found["openings"] < 20
    assert examine(json.loads(b"".join(export_document())))["numbers"] > 30


def test_a_reader_verifies_with_what_the_site_serves(
    client: Client, signers: Signers, tmp_path: Path
) -> None:
    """Download the program and the roll; run the program alone; change one letter, and it says so."""
    signers.sign("Zoé « Ŧ » \u2028 <script>")
    tick([signers])
    program = client.get(reverse("roll_verifier"))
    assert program.headers["Content-Disposition"] == 'attachment; filename="verify_roll.py"'
    (tmp_path / "verify_roll.py").write_bytes(program.content)
    exported = client.get(reverse("roll_export"))
    assert exported.headers["Content-Disposition"] == 'attachment; filename="roll-1.json"'
    whole = exported.getvalue()
    (tmp_path / "export.json").write_bytes(whole)
    (tmp_path / "changed.json").write_bytes(whole.replace("Zoé".encode(), b"Zoe"))
    log = got(client, reverse("roll_key"))["log"]
    codes = [
        subprocess.run(
            [sys.executable, "-I", "verify_roll.py", name, "--key", log],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        ).returncode
        for name in ("export.json", "changed.json", "verify_roll.py")
    ]
    assert codes == [0, 1, 2]
