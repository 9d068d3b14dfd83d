"""Identifiers in texts: what is uniform is found with its bits, what is not is refused with a reason."""

from __future__ import annotations

import hashlib
import math
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import PlanError
from countermark.memorization.traps.formats import made_by_hand
from countermark.memorization.traps.identifiers import (
    Identifiers,
    contest_of,
    facts_of,
    found_of,
    identifiers_in,
)
from countermark.memorization.traps.key import Draw

V4 = "3f0c9d52-7a1e-4b68-9c3d-2e5f80a7b614"
V7 = "018f3b2a-6c10-7d4e-a5b1-93c7e2f08d46"
DIGEST = hashlib.sha256(b"a work").hexdigest()


def looked(text: str) -> Identifiers:
    """What is found in one work."""
    return identifiers_in([("w", "A work", text)])


@pytest.mark.parametrize(
    ("text", "found", "name", "bits"),
    [
        (f"Photo: agency / asset {V4}.", V4, "uuid4", 122),
        (f"Asset {V4.upper()}", V4.upper(), "uuid4", 122),
        (f"Asset {V7}", V7, "uuid7", 62),
        (f"sha256 {DIGEST}", DIGEST, "hex-64", 256),
        ("commit 3a9f1c7.", "3a9f1c7", "hex-7", 28),
        ("see https://bit.ly/3xK9pQz for more", "3xK9pQz", "bit.ly-7", 7 * math.log2(62)),
        ("https://t.co/a8Zk2Lq9Xw", "a8Zk2Lq9Xw", "t.co-10", 10 * math.log2(62)),
        ("https://youtu.be/dQ4w9WgXcQ8 today", "dQ4w9WgXcQ8", "video", 64),
        ("https://www.youtube.com/watch?v=dQ4w9WgXcQ8", "dQ4w9WgXcQ8", "video", 64),
        ("ref: 01J9ZQ4K7M2XW8T5RB3NVC6YHD", "01J9ZQ4K7M2XW8T5RB3NVC6YHD", "ulid", 80),
        ("id: MZ2W4Y3PNB5Q7T", "MZ2W4Y3PNB5Q7T", "base32-14", 70),
        ("https://example.org/a/x7Kq2Zp9Rm4T", "x7Kq2Zp9Rm4T", "base62-12", 12 * math.log2(62)),
    ],
)
def test_what_is_uniform_is_found(text: str, found: str, name: str, bits: float) -> None:
    """The identifier, its format, and how many bits of it were drawn."""
    (one,) = looked(text).found
    assert (one.text, one.format.name) == (found, name)
    assert one.bits == pytest.approx(bits)
    assert text.startswith(one.before) or one.before in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (str(uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")), "time and a machine"),
        (str(uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org")), "digest of a name"),
        (str(uuid.UUID(int=0)), "nil"),
        ("flic.kr/p/2nXq7Rb", "counts up"),
        ("tinyurl.com/y7k2p9q", "chosen by hand"),
        ("https://bit.ly/SummerBooks", "chosen by hand"),
        ("asset 20240115", "counts up"),
        ("photo no 4711993", None),
        ("65a4f1c79b3e2d8f01a6c4b7", "ObjectId"),
        ("ref: 7Kq2Zp9Rm4Tx3Wc8Yd5Ve6Gb1N", "check characters"),
        ("asset QW12XY89", "not known"),
    ],
)
def test_what_is_not_uniform_is_refused(text: str, why: str | None) -> None:
    """With the reason, so that nobody wonders."""
    seen = looked(text)
    assert seen.found == []
    assert len(seen.refused) == (why is not None)
    assert all((why or "") in one.why for one in seen.refused)


@pytest.mark.parametrize(
    "text",
    [
        "ISBN 978-2-07-036822-8 and 2070368228",
        "+33 1 42 68 53 00, 0142685300, 555-867-5309",
        "defaced facade effaced decade decade2 acceded",
        "in 2024-01-15, 20240115, 20240115a3f, 1984",
        "id: iPhone15 ref: McDonalds2024 image: Figure12 id: iPhone15Pro https://a.example/iPhone15Pro",
        "1e1000000 6.02e23 #ff00ff 0xdeadbeef",
        "https://example.org/2024/01/a-long-title-of-an-article",
        "AF447 BA2490 Boeing747 A4 B52",
        "l’été à Évreux, 1789–1794",
    ],
)
def test_false_friends_are_none(text: str) -> None:
    """Numbers of books and telephones, words, dates, years, names with a number."""
    assert looked(text).found == []


@pytest.mark.parametrize(
    "text",
    [
        "asset a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
        "asset 12345678-1234-4123-8123-123456789abc",
        "asset 00000000-0000-4000-8000-000000000001",
        "asset DEADBEEF-CAFE-4B5E-9F0D-7A1C3E5B9D20",
        "commit 1a2b3c4d5e6f",
        "commit c0ffee12",
        "https://example.org/a/aA1bB2cC3dD4",
    ],
)
def test_what_a_hand_made_is_refused(text: str) -> None:
    """Examples of documentation pass for draws by their form, and every model prefers them to drawn ones."""
    seen = looked(text)
    assert seen.found == []
    assert ["by hand" in one.why for one in seen.refused] == [True]


def test_little_that_was_drawn_is_taken_for_made_by_hand() -> None:
    """At most three in a hundred of the shortest, one in a hundred of UUIDs."""
    draw = Draw(b"hand")
    short = ["".join(draw.choice("0123456789abcdef") for _ in range(7)) for _ in range(2000)]
    long = [
        str(uuid.UUID(int=draw.below(1 << 64) << 64 | draw.below(1 << 64), version=4)) for _ in range(2000)
    ]
    assert sum(map(made_by_hand, short)) <= 60
    assert sum(map(made_by_hand, long)) <= 20


def test_one_draw_counts_once() -> None:
    """The same identifier again, its beginning, or without hyphens: tested once."""
    text = f"{V4} and {V4} and {V4.replace('-', '')}; {DIGEST} and {DIGEST[:12]}"
    seen = identifiers_in([("w", "W", text), ("v", "V", text)])
    assert len(seen.found) == 2
    assert len(seen.refused) == 2
    assert all("beginning" in one.why for one in seen.refused)


def test_what_counts_up_is_refused() -> None:
    """Digests that begin alike are none; two that share as much as chance allows stay."""
    counting = " ".join(f"4fa9c2e7b1d0{number:02x}" for number in range(8))
    seen = looked(counting)
    assert seen.found == []
    assert all("counts up" in one.why for one in seen.refused)
    assert len(looked("3a9f1c72 3a9e1b05").found) == 2


def test_the_context_does_not_tell_the_answer() -> None:
    """What stands before is begun after the last place that holds a part of the identifier."""
    (one,) = looked(f"Short: {DIGEST[:5]}. The whole is {DIGEST}").found
    assert one.before == ". The whole is "


@pytest.mark.parametrize("text", [V4, V7, DIGEST[:7], DIGEST, "bit.ly/3xK9pQz", "youtu.be/dQ4w9WgXcQ8"])
def test_fresh_ones_are_found_as_the_same_format(text: str) -> None:
    """Whatever is drawn would have been found, and taken, in the same place: the filter is on both sides."""
    (one,) = looked(text).found
    contest = contest_of(one, 200)
    drawn = [passage.sites[0].text for passage in contest.passages]
    assert len(set(drawn)) == 200
    assert drawn[contest.published] == one.text
    for fresh in drawn:
        (other,) = looked(text.replace(one.text, fresh)).found
        assert (other.text, other.format.name) == (fresh, one.format.name)
    more = [passage.sites[0].text for passage in contest_of(one, 300).passages]
    assert [text for text in drawn if text != one.text] == [text for text in more if text != one.text][:199]
    assert contest_of(found_of(facts_of(one)), 200) == contest
    assert contest.form == f"identifier {one.format.name}"


@pytest.mark.parametrize(
    "facts", [{}, {"work": "w", "title": "", "text": "word", "before": "", "format": "hex-4"}]
)
def test_a_plan_of_what_is_no_identifier_is_refused(facts: dict[str, str]) -> None:
    """Not there, or a word."""
    with pytest.raises(PlanError, match="the plan holds"):
        found_of(facts)


def test_the_place_among_the_fresh_ones_is_drawn() -> None:
    """Not always the first one that is asked: a model that answers in an order may favour a place."""
    digests = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200)]
    places = [contest_of(looked(digest).found[0], 4).published for digest in digests]
    assert all(30 < places.count(place) < 70 for place in range(4))


def test_the_time_in_a_uuid_stays() -> None:
    """Only what is drawn is drawn again."""
    (one,) = looked(V7).found
    fresh = one.format.draw(Draw(b"x"))
    assert fresh[:19] == V7[:19]
    assert uuid.UUID(fresh).version == 7
    assert uuid.UUID(fresh).variant == uuid.RFC_4122


@given(st.text(alphabet="0123456789abcdefABCDEFxyzXYZ-_/:. \n", max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever stands there is read, and what is found stands there."""
    assert all(one.text in text for one in looked(text).found)
