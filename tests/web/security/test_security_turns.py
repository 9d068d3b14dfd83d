"""Slow bodies, slow servers and slow readers keep nobody waiting."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any

from countermark.web.config.turns import VARIABLE, Turns, aside, turns_of_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pytest

SECONDS = 5.0


class _Dripping:
    """A body that comes when the test lets it."""

    def __init__(self, asked: threading.Event, come: threading.Event) -> None:
        self.asked, self.come = asked, come

    def read(self, size: int = -1) -> bytes:
        """Wait, then give it."""
        self.asked.set()
        assert self.come.wait(SECONDS)
        return b"name=x"[:size]


def _start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
    return lambda _chunk: None


def _reading(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
    return [environ["wsgi.input"].read(100)]


def _ask(application: Any, body: Any, answers: list[bytes]) -> threading.Thread:
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": body}
    thread = threading.Thread(target=lambda: answers.append(b"".join(application(environ, _start))))
    thread.start()
    return thread


def test_a_body_that_drips_in_keeps_nobody_waiting() -> None:
    """With one turn, a second request is answered while the first one's body has not come."""
    application, answers = Turns(_reading, 1), list[bytes]()
    asked, come = threading.Event(), threading.Event()
    slow = _ask(application, _Dripping(asked, come), answers)
    assert asked.wait(SECONDS)
    quick = _ask(application, BytesIO(b"quick"), answers)
    quick.join(SECONDS)
    assert answers == [b"quick"]
    come.set()
    slow.join(SECONDS)
    assert answers == [b"quick", b"name=x"]


def test_work_itself_is_done_one_at_a_time() -> None:
    """Two requests that wait for nothing never run together; after a fault the turn is free again."""
    inside, most, guard = [0], [0], threading.Lock()

    def work(environ: Any, _start: Any) -> Iterable[bytes]:
        with guard:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        with guard:
            inside[0] -= 1
        if environ["wsgi.input"].read() == b"fault":
            raise ValueError
        return [b"done"]

    application, answers = Turns(work, 1), list[bytes]()
    try:
        application({"wsgi.input": BytesIO(b"fault")}, _start)
    except ValueError:
        answers.append(b"fault")
    for thread in [_ask(application, BytesIO(b""), answers) for _ in range(4)]:
        thread.join(SECONDS)
    assert answers == [b"fault", *[b"done"] * 4]
    assert most[0] == 1


def test_who_has_no_turn_stands_aside_for_nothing() -> None:
    """The worker, which has no turns, may call what stands aside."""
    with aside():
        assert threading.active_count() >= 1


def test_turns_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be a count is one."""
    for text, turns in (("3", 3), ("", 1), ("0", 1), ("x", 1), ("99999", 1)):
        monkeypatch.setenv(VARIABLE, text)
        assert turns_of_environment() == turns
