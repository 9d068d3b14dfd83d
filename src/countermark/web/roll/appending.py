"""Append lines to the log in the database: leaves, the nodes that become complete, and the signed head over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max

from countermark.errors import CountermarkError
from countermark.roll import tree
from countermark.roll.hashing import canonical, fold, hash_leaf
from countermark.web.roll import heads
from countermark.web.roll.models import Leaf, Node
from countermark.web.roll.nodes import digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Model


class DamagedRollError(CountermarkError):
    """The log in the database is not the one that the newest head was signed over; nothing is appended to it."""


class Appender:
    """The log within one transaction: lines are appended, then written and signed together."""

    def __init__(self) -> None:
        self.before = heads.latest()
        last = Leaf.objects.aggregate(last=Max("position"))["last"]
        self.size: int = 0 if last is None else last + 1
        found = digests(tree.peaks(self.size))
        self._stack = [found[place] for place in tree.peaks(self.size) if place in found]
        self._contents: list[bytes] = []
        signed = (0, fold([])) if self.before is None else (self.before.size, bytes(self.before.root))
        if (self.size, fold(self._stack)) != signed:
            raise DamagedRollError(
                f"the roll has {self.size} lines that its newest head, of {signed[0]}, does not sign; "
                "restore the database from a backup"
            )

    def append(self, line: Mapping[str, object]) -> int:
        """Append a line; returns its position."""
        self._contents.append(canonical(line))
        return self.size + len(self._contents) - 1

    def write(self) -> int:
        """Write what was appended and sign the head; returns how many lines. An empty log gets its first head."""
        count = len(self._contents)
        if not count and self.before is not None:
            return 0
        new, stack = tree.grow(self.size, self._stack, map(hash_leaf, self._contents))
        insert(Leaf, ("position", "content"), enumerate(self._contents, self.size))
        insert(Node, ("level", "offset", "digest"), ((*place, digest) for place, digest in new))
        heads.sign(self.size + count, fold(stack), self.before)
        return count


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows by plain SQL: several times faster than objects."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    _each(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  names of our own columns


def update(model: type[Model], columns: Sequence[str], key: str, rows: Iterable[Sequence[Any]]) -> None:
    """Update many rows by plain SQL; the last value of each row is that of the column `key`."""
    quote = connection.ops.quote_name
    values = ", ".join(f"{quote(column)} = %s" for column in columns)
    _each(f"UPDATE {quote(model._meta.db_table)} SET {values} WHERE {quote(key)} = %s", rows)  # noqa: S608


def _each(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    listed = list(rows)
    if listed:
        with connection.cursor() as cursor:
            cursor.executemany(statement, listed)
