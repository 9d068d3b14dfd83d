"""The sequencer: contiguous numbers, changes in order, nothing twice, and a log that verifies after each tick."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countermark.roll.verify import examine
from countermark.web.roll import sequencer
from countermark.web.roll.appending import Appender, DamagedRollError
from countermark.web.roll.changes import empty_entry, request_change
from countermark.web.roll.export import export_document
from countermark.web.roll.heads import latest
from countermark.web.roll.models import Change, Entry, Head, Leaf, Node
from countermark.web.roll.sequencer import tick

if TYPE_CHECKING:
    from web.roll.roll_signers import Signers

pytestmark = pytest.mark.django_db


def verified() -> dict[str, Any]:
    """The export as it stands, verified."""
    return examine(json.loads(b"".join(export_document())))


def exported() -> Any:
    """The export as it stands."""
    return json.loads(b"".join(export_document()))


def test_the_first_tick_signs_the_empty_log() -> None:
    """A site without signatories has a roll that verifies; further ticks add nothing."""
    with pytest.raises(LookupError, match="no head yet"):
        export_document()
    assert tick([]) == 0
    assert verified()["numbers"] == 0
    tick([])
    assert Head.objects.count() == 1


def test_numbers_are_contiguous_across_ticks_and_sources(signers: Signers, houses: Signers) -> None:
    """Persons and organisations share one row of numbers, in the order in which they came."""
    for i in range(3):
        signers.sign(f"Person {i}")
    houses.sign("Union")
    assert tick([signers, houses]) == 4
    signers.sign("Late")
    assert tick([signers, houses]) == 1
    assert tick([signers, houses]) == 0
    assert signers.numbers == {1: 1, 2: 2, 3: 3, 4: 5}
    assert houses.numbers == {1: 4}
    found = verified()
    assert (found["persons"], found["organisations"], found["openings"]) == (4, 1, 5)
    assert Node.objects.filter(level=0).count() == Leaf.objects.count() == 5


def test_a_batch_has_an_end(signers: Signers, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a batch is entered in several ticks."""
    monkeypatch.setattr(sequencer, "BATCH", 4)
    for i in range(10):
        signers.sign(f"Person {i}")
    assert [tick([signers]) for _ in range(4)] == [4, 4, 2, 0]
    assert verified()["numbers"] == 10


def test_withdrawal_forgets_and_the_log_stays(signers: Signers) -> None:
    """Salt, record and name are gone at once; the tree is whole; the withdrawal follows; no number is used again."""
    signers.sign("Gone Soon")
    signers.sign("Stays")
    tick([signers])
    before = exported()
    assert empty_entry(1)
    request_change("withdrawal", 1)
    row = Entry.objects.filter(number=1).values().get()
    assert "Gone" not in repr(row)
    assert (row["salt"], row["record"], row["signature_id"], row["organisation_id"]) == (None, "", None, None)
    assert verified()["openings"] == 1, "between withdrawing and the tick the export verifies too"
    assert tick([signers]) == 1
    signers.sign("New")
    tick([signers])
    found = examine(exported(), None, before)
    assert (found["withdrawn"], found["listed"], found["since"]) == (1, 2, 2)
    assert "Gone" not in json.dumps(exported())
    assert signers.numbers[3] == 3


def test_what_was_withdrawn_is_final(signers: Signers) -> None:
    """A second withdrawal, and whatever was asked before or after it, append nothing and wait for nothing."""
    signers.sign("Gone")
    tick([signers])
    for kind in ("amendment", "withdrawal", "withdrawal", "invalidation", "reinstatement"):
        request_change(kind, 1)
    empty_entry(1)
    assert tick([signers]) == 1
    request_change("withdrawal", 1)
    request_change("withdrawal", 99)
    assert tick([signers]) == 0
    assert list(Change.objects.values_list("kind", "leaf")) == [("withdrawal", 1)]
    assert verified()["withdrawn"] == 1
    assert not empty_entry(99)


def test_amendment_takes_the_newest_face(signers: Signers) -> None:
    """A signatory who hides is amended: new salt, new record, and the old ones are nowhere."""
    signers.sign("Full Name")
    tick([signers])
    salt = bytes(Entry.objects.get(number=1).salt or b"")
    signers.show(1, "Full Name", 3)
    request_change("amendment", 1)
    assert tick([signers]) == 1
    entry = Entry.objects.get(number=1)
    assert bytes(entry.salt or b"") != salt
    assert (entry.name, entry.record, entry.committed) == ("", "{}", 1)
    assert exported()["openings"] == []
    assert verified()["listed"] == 1
    signers.show(1, "Pen Name", 2)
    request_change("amendment", 1)
    tick([signers])
    assert [one["record"] for one in exported()["openings"]] == [{"name": "Pen Name"}]
    assert verified()["openings"] == 1


def test_invalidation_and_reinstatement(signers: Signers, houses: Signers) -> None:
    """What moderation takes off has no opening left; what it puts back is committed to anew."""
    signers.sign("Somebody")
    houses.sign("Union")
    tick([signers, houses])
    request_change("invalidation", 1, "Trending domain")
    request_change("invalidation", 2, "<b>free text</b>")
    assert tick([signers, houses]) == 2
    assert [leaf.get("reason") for leaf in exported()["leaves"][2:]] == ["trending-domain", "other"]
    assert "Somebody" not in repr(Entry.objects.filter(number=1).values().get())
    assert verified()["invalidated"] == 2
    request_change("reinstatement", 1)
    request_change("reinstatement", 2)
    assert tick([signers, houses]) == 2
    found = verified()
    assert (found["invalidated"], found["openings"]) == (0, 2)
    del signers.faces[1]
    request_change("amendment", 1)
    assert tick([signers, houses]) == 0, "of a face that is gone nothing is committed"
    request_change("invalidation", 1)
    empty_entry(1)
    request_change("withdrawal", 1)
    assert tick([signers, houses]) == 1
    assert verified()["withdrawn"] == 1


def test_changes_of_another_kind_are_refused() -> None:
    """A change that the log does not know is the caller's mistake."""
    with pytest.raises(ValueError, match="accepted are withdrawal"):
        request_change("erasure", 1)


@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_leaves_the_tick_before(signers: Signers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it breaks at the nodes, at the head, or when numbers are written back: all or nothing."""
    signers.sign("First")
    tick([signers])
    kept = exported()
    signers.sign("Second")
    request_change("invalidation", 1)

    class BrokenError(Exception):
        pass

    def broken(*_: object, **__: object) -> None:
        raise BrokenError

    for target in ("countermark.web.roll.heads.sign", "countermark.web.roll.appending.insert"):
        with monkeypatch.context() as patched:
            patched.setattr(target, broken)
            numbers = dict(signers.numbers)
            with pytest.raises(BrokenError):
                tick([signers])
            signers.numbers = numbers
    with monkeypatch.context() as patched:
        patched.setattr(signers, "entered", broken)
        with pytest.raises(BrokenError):
            tick([signers])
    assert exported() == kept
    assert Change.objects.get().leaf is None
    assert tick([signers]) == 2
    assert examine(exported(), None, kept)["numbers"] == 2


def test_a_damaged_log_is_not_signed_over(signers: Signers) -> None:
    """A lost line, or a node that was changed, stops the sequencer with a message."""
    for i in range(3):
        signers.sign(f"Person {i}")
    tick([signers])
    Node.objects.filter(level=1, offset=0).update(digest=bytes(32))
    signers.sign("More")
    with pytest.raises(DamagedRollError, match="restore the database"):
        tick([signers])
    Leaf.objects.filter(position=2).delete()
    with pytest.raises(DamagedRollError, match="has 2 lines"):
        Appender()
    assert latest() is not None


def test_a_record_that_cannot_be_hashed_holds_up_nobody(signers: Signers) -> None:
    """One broken record is passed over; the others are entered."""
    signers.sign("Broken \ud800")
    signers.sign("Whole")
    assert tick([signers]) == 1
    assert signers.numbers == {2: 1}


def test_ticks_are_fast(signers: Signers) -> None:
    """A thousand are entered in less than half a second of processor time, with few statements."""
    for i in range(1_000):
        signers.sign(f"Person {i}")
    tick([])
    begin = time.process_time()
    with CaptureQueriesContext(connection) as statements:
        assert tick([signers]) == 1_000
    assert time.process_time() - begin < 0.5
    assert len(statements) < 30
    assert verified()["numbers"] == 1_000
