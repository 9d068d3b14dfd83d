"""Small TOML files that people write (rules, respondents, tariffs), read strictly: unknown keys are errors."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST: Final = 1 << 20
"""Bytes; such a file is a page of text."""


def read_bytes(file: Path) -> bytes:
    """The bytes of a small file. Raises InputError."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error


def parse_toml(data: bytes, name: str) -> Table:
    """The table of a whole file; `name` is what messages call it. Raises InputError."""
    if len(data) > LARGEST:
        raise InputError(f"{name}: is too long; at most {LARGEST:,} bytes are accepted")
    try:
        return Table(tomllib.loads(data.decode("utf-8")), name)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name}: is no TOML in UTF-8: {error}") from error


class Table:
    """One table of a TOML file that knows where it stands, and refuses what it does not know."""

    def __init__(self, values: dict[str, Any], file: str, path: str = "") -> None:
        self.values, self.file, self.path = values, file, path

    def wrong(self, key: str, accepted: str) -> InputError:
        """The error for a key."""
        return InputError(f"{self.file}: key {self.path}{key}: {accepted}")

    def only(self, known: Iterable[str], needed: Iterable[str] = ()) -> None:
        """Refuse unknown keys and missing ones."""
        known = tuple(known)
        for key in self.values:
            if key not in known:
                raise self.wrong(key, f"is unknown; accepted are {', '.join(known)}")
        for key in needed:
            if key not in self.values:
                raise self.wrong(key, "is missing")

    def text(self, key: str, *, may_lack: bool = False) -> str:
        """A line of text."""
        value = self.values.get(key, "")
        if not isinstance(value, str) or not (value.strip() or may_lack):
            raise self.wrong(key, f"{value!r} is no text")
        return value

    def both(self, key: str) -> dict[str, str]:
        """A table with `en` and `fr`."""
        table = self.table(key)
        table.only(("en", "fr"), ("en", "fr"))
        return {code: table.text(code) for code in ("en", "fr")}

    def one_of(self, key: str, accepted: Iterable[str]) -> str:
        """One of some words."""
        words = [str(word) for word in accepted]
        value = self.values.get(key)
        if value not in words:
            raise self.wrong(key, f"{value!r}; accepted are {', '.join(words)}")
        return str(value)

    def day(self, key: str, *, may_lack: bool = False) -> str:
        """A day, written YYYY-MM-DD, as text or as a TOML date."""
        value = self.values.get(key, "")
        if value == "" and may_lack:
            return ""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise self.wrong(key, f"{value!r} is no day; YYYY-MM-DD is accepted") from None

    def count(self, key: str, default: int | None = None, largest: int = 100_000) -> int:
        """A whole number from 0."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
            raise self.wrong(key, f"{value!r}; a whole number from 0 to {largest} is accepted")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"{value!r}; true or false is accepted")
        return value

    def amount(self, key: str) -> Decimal:
        """An amount of money: a whole number, or text such as "0.35"; never a float."""
        value = self.values.get(key)
        try:
            amount = (
                Decimal(value)
                if isinstance(value, int | str) and not isinstance(value, bool)
                else Decimal("NaN")
            )
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise self.wrong(
                key, f'{value!r} is no amount; a whole number or text such as "0.35" is accepted'
            )
        return amount

    def words(self, key: str) -> list[str]:
        """A list of texts; empty where it lacks."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, f"{value!r}; a list of texts is accepted")
        return value

    def table(self, key: str) -> Table:
        """A table below this one."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a table is accepted")
        return Table(value, self.file, f"{self.path}{key}.")

    def tables(self, key: str) -> list[Table]:
        """A list of tables below this one."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.wrong(key, f"a list of tables [[{self.path}{key}]] is accepted")
        return [Table(entry, self.file, f"{self.path}{key}[{at}].") for at, entry in enumerate(value)]
