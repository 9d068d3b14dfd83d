"""Damaged ONIX: whatever is cut or changed, there are entries, refusals or one CatalogError, and nothing is missing."""

from __future__ import annotations

import random

import pytest

from countermark.errors import CatalogError
from countermark.works.importers.onix.seen import Seen
from works.importers.onix_messages import FULL, OLD, message, product, read, short

MESSAGE = message(product(ref="A"), FULL, product(ref="C"))


@pytest.mark.parametrize("data", [MESSAGE, short(MESSAGE), OLD], ids=["reference", "short", "2.1"])
def test_a_cut_file_gives_its_whole_records_and_says_that_it_is_cut(data: bytes) -> None:
    ends = [at for at in range(len(data)) if data[:at].lower().endswith(b"</product>")]
    for at in range(0, len(data) - 1, 17):
        try:
            entries, refusals = read(data[:at])
        except CatalogError:
            assert not ends or at < ends[0]
            continue
        assert len(entries) == sum(end <= at for end in ends)
        assert refusals[-1].reason in {"truncated", "malformed", "encoding"}


@pytest.mark.parametrize("data", [MESSAGE, short(MESSAGE), OLD], ids=["reference", "short", "2.1"])
def test_changed_bytes_never_end_in_another_error(data: bytes) -> None:
    draw = random.Random(4)
    for _ in range(400):
        damaged = bytearray(data)
        for _ in range(draw.choice((1, 1, 2, 8))):
            damaged[draw.randrange(len(damaged))] = draw.choice((draw.randrange(256), *b"<>&;\"'/ \0\xff"))
        try:
            entries, refusals = read(bytes(damaged))
        except CatalogError:
            continue
        assert len(entries) + len(refusals) >= 1
        assert len(entries) <= 3


def test_elements_in_wrong_places_do_no_harm() -> None:
    pieces = list(message(FULL).decode().replace("><", ">\0<").split("\0"))[2:-2]
    draw = random.Random(5)
    for _ in range(100):
        body = "".join(
            f"<{name}>{draw.choice(('', '01', '9', 'x' * 300, '🙂', '<i>a</i>'))}</{name}>"
            for name in _names(pieces, draw)
        )
        try:
            read(
                f"<ONIXMessage><Product>{body}<TitleDetail><TitleElement>{body}<TitleText>T</TitleText></TitleElement>"
                f"</TitleDetail><Contributor>{body}</Contributor><DescriptiveDetail>{body}</DescriptiveDetail></Product>"
                "</ONIXMessage>".encode()
            )
        except CatalogError:
            pytest.fail("a well-formed message is read")


def _names(pieces: list[str], draw: random.Random) -> list[str]:
    names = {piece[1:].split(">")[0].split(" ")[0] for piece in pieces if piece[1:2].isalpha()}
    return draw.sample(sorted(names), 12)


def test_seen_references_are_found_again_over_many_runs() -> None:
    seen = Seen()
    assert not any(seen.add(f"R{number}") for number in range(200_000))
    assert all(seen.add(f"R{number}") for number in range(0, 200_000, 999))
    assert not seen.add("other")
