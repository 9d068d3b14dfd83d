"""Logs are one JSON object a line, and tell nobody who signed."""

from __future__ import annotations

import json
import logging
from typing import Any

from countermark.web.config.logs import FIELDS, LOGGING, JsonLines
from countermark.web.config.tokens import make_token

MAIL = "ada.lovelace+x@example.org"


def line(message: str, *arguments: object, **extra: object) -> dict[str, Any]:
    """What is written of a record."""
    record = logging.LogRecord("countermark.web.mail", logging.WARNING, __file__, 1, message, arguments, None)
    for name, value in extra.items():
        setattr(record, name, value)
    written = JsonLines().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def test_fields_that_are_known_are_written_and_others_are_not() -> None:
    """What a programmer adds by mistake does not reach the log."""
    assert "email" not in FIELDS
    found = line("a mail did not go", kind="confirm", count=3, email=MAIL, name_shown="Ada")
    assert (found["kind"], found["count"], found["level"]) == ("confirm", 3, "warning")
    assert {"email", "name_shown"}.isdisjoint(found)


def test_addresses_and_tokens_are_struck_out_wherever_they_stand() -> None:
    """In the message, in its arguments, in a field, as a mail server's words, and in a traceback."""
    token = make_token("mine", bytes(16))
    found = json.dumps([line("%s went to %s", token, MAIL), line("no", reason=f"550 {MAIL} {token}")])
    assert MAIL not in found
    assert token not in found
    error = ValueError(MAIL)
    written = JsonLines().format(
        logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (ValueError, error, None))
    )
    assert "ValueError" in written
    assert MAIL not in written


def test_every_logger_writes_such_lines() -> None:
    """Ours, Django's and those of libraries: one handler, one form."""
    loggers = [LOGGING["root"], *LOGGING["loggers"].values()]
    assert all(logger["handlers"] == ["stderr"] for logger in loggers)
    assert LOGGING["handlers"]["stderr"]["formatter"] == "lines"
    assert "Lines" in LOGGING["formatters"]["lines"]["()"]
