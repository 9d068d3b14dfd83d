"""Servers that are busy, slow, wrong or hostile; addresses and keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from countermark.errors import ModelError
from countermark.memorization.drivers import connection
from countermark.memorization.drivers.addresses import address_of, is_loopback, key_of
from countermark.memorization.drivers.connection import Patience
from countermark.memorization.drivers.driver import Decoding
from countermark.memorization.drivers.opening import open_generator
from countermark.memorization.drivers.served_writing import ServedGenerator
from countermark.memorization.drivers.server import Server
from memorization.served_models import Behaviour, serving

QUICK = Patience(answer=0.5, retries=2, longest_wait=0.01)
BUSY = (429, {"Retry-After": "0"}, b"slow down")


def generator(address: str, told: list[str] | None = None, key: str = "") -> ServedGenerator:
    """One with little patience."""
    say = told.append if told is not None else None
    return ServedGenerator(Server(address_of(address), name="toy", key=key, patience=QUICK, told=say))


def test_a_busy_server_is_asked_again() -> None:
    """As often as patience says, and the user is told each time."""
    told: list[str] = []
    with serving(Behaviour(raw=[BUSY, (503, {}, b"")])) as address:
        written = generator(address, told).complete(["the"], Decoding(3))
    assert written[0][0].text
    assert len(told) == 2
    assert "status 429; asking again" in told[0]


def test_a_server_that_stays_busy() -> None:
    """One message with the number of tries."""
    late = (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"<b>later</b>")
    with serving(Behaviour(raw=[late] * 3)) as address:
        one = generator(address)
        with pytest.raises(ModelError, match=r"still busy after 3 tries \(status 503: <b>later"):
            one.complete(["the"], Decoding(3))


HTML = {"Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ((200, HTML, b"<html>\x1b[31mLog in</html>"), "not JSON .text/html.: <html>·.31mLog in"),
        ((200, {}, b'{"choices": [{"te'), "not JSON"),
        ((200, {"Content-Length": "500"}, b'{"choices": []'), "cut off"),
        ((200, {}, b"[]"), "not a JSON object"),
        ((200, {}, b"[" * 100_000), "not JSON"),
        ((200, {}, b'{"choices": [{"text": NaN}]}'), "a number that is none"),
        ((200, {}, b'{"choices": [{"text": 5}]}'), "a completion without a text"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "a redirect .status 302., which is not followed"),
        (
            (401, {}, b"Incorrect API key: sk-secret-1"),
            r"status 401 for /v1/completions: Incorrect API key: \[key\]",
        ),
        ((500, {}, b"oh no"), "status 500"),
    ],
)
def test_answers_that_are_none(raw: tuple[int, dict[str, str], bytes], what: str) -> None:
    """Each is one ModelError that begins with the address; keys and control characters are not shown."""
    with serving(Behaviour(raw=[raw])) as address:
        one = generator(address, key="sk-secret-1")
        with pytest.raises(ModelError, match=what) as caught:
            one.complete(["the"], Decoding(3))
    assert str(caught.value).startswith(address)
    assert "sk-secret" not in str(caught.value)


def test_slow_servers_and_large_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have an end."""
    with serving(Behaviour(stall=5.0)) as address:
        one = generator(address)
        with pytest.raises(ModelError, match=r"no whole answer within 0 s|within 1 s|no answer"):
            one.complete(["the"], Decoding(3))
    monkeypatch.setattr(connection, "LARGEST_ANSWER", 1_000_000)
    with serving(Behaviour(raw=[(200, {}, b" " * 1_000_001)])) as address:
        one = generator(address)
        with pytest.raises(ModelError, match="more than 1 MB"):
            one.complete(["the"], Decoding(3))


def test_nobody_listens() -> None:
    """The address is named."""
    with pytest.raises(ModelError, match=r"http://127\.0\.0\.1:9/v1: no answer"):
        open_generator("http://127.0.0.1:9", name="toy")


def test_the_key_is_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From a variable or a file, only by name."""
    behaviour = Behaviour()
    monkeypatch.setenv("TOY_KEY", "sk-from-env")
    (tmp_path / "key").write_text("sk-from-file\n")
    with serving(behaviour) as address:
        for named in ("TOY_KEY", str(tmp_path / "key")):
            open_generator(address, name="toy", api_key=named).complete(["the"], Decoding(2))
    sent = [headers["Authorization"] for _, _, headers in behaviour.seen]
    assert sent == ["Bearer sk-from-env", "Bearer sk-from-file"]
    one = connection.Connection(address_of("https://example.org"), "sk-1", QUICK, None)
    assert "sk-1" not in repr(one)


@pytest.mark.parametrize("given", ["sk-the-key-itself", "no\0file"])
def test_a_key_given_by_itself_is_not_repeated(given: str) -> None:
    """It was meant to be a name."""
    with pytest.raises(ModelError, match="names neither") as caught:
        key_of(given)
    assert given not in str(caught.value)


def test_keys_that_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Empty, or more than one line."""
    (tmp_path / "key").write_text("one\ntwo\n")
    for named in (str(tmp_path / "key"),):
        with pytest.raises(ModelError, match="not one line"):
            key_of(named)
    monkeypatch.setenv("EMPTY_KEY", " ")
    with pytest.raises(ModelError, match="is empty"):
        key_of("EMPTY_KEY")
    assert key_of("") == ""


def test_a_key_does_not_cross_the_network_in_the_clear() -> None:
    """Plain http to another's machine is refused before anything is sent."""
    with pytest.raises(ModelError, match="not sent over plain http"):
        Server(address_of("http://models.example.org/v1"), name="toy", key="sk-1")


@pytest.mark.parametrize(
    ("given", "read", "chat"),
    [
        ("http://localhost:8000", "http://localhost:8000/v1", None),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1", None),
        ("https://example.org/api/v1/chat/completions", "https://example.org/api/v1", True),
        ("http://[::1]:80/v1/completions", "http://[::1]/v1", False),
    ],
)
def test_addresses(given: str, read: str, chat: bool | None) -> None:
    """With and without path and form."""
    address = address_of(given)
    assert str(address) == read
    assert address.chat is chat


@pytest.mark.parametrize(
    "given",
    ["http://", "http://me:secret@host/v1", "http://host:99999", "https://host/v1?key=secret", "ftp://host"],
)
def test_what_is_no_address(given: str) -> None:
    """Refused; a password is not repeated."""
    with pytest.raises(ModelError) as caught:
        address_of(given)
    assert "me:secret" not in str(caught.value)


def test_loopback() -> None:
    """Only what cannot leave the machine."""
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(is_loopback, ("10.0.0.1", "localhost.example.org", "example.org", "0.0.0.0")))  # noqa: S104
