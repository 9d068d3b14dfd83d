"""Structured logs: one JSON object a line on stderr, without personal data.

Addresses of pages are logged by the name of their route, never with tokens, queries or the reader's address.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

FIELDS: Final = ("route", "status", "method", "job", "count", "seconds", "kind", "reason", "state")
# mail addresses, tokens and digests; and what PostgreSQL tells of a row that it refused
SECRETS: Final = re.compile(r"[^\s\"<>(),;:]+@[\w.-]+|[A-Za-z0-9_-]{32,}|(?<=DETAIL:)[^\n]*")


class JsonLines(logging.Formatter):
    """A record as one JSON object; mail addresses and long tokens in messages are struck out."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger, message, and the known fields given with `extra`."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": struck(record.getMessage()),
        }
        given = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        line.update({name: struck(v) if isinstance(v, str) else v for name, v in given.items()})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = struck(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def struck(text: str) -> str:
    """`text` with mail addresses and long tokens replaced by a dash."""
    return SECRETS.sub("–", text)


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "countermark.web.config.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "countermark": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # names of hosts that strangers try: nothing to mend here, and much to read
        "django.security.DisallowedHost": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
