"""What a reader hands over: statements, and remarks on what it could not use.

    Reading
      ├── statements   one use, one answer, with the bytes and the place they stood in
      └── remarks      a malformed line, a contradiction in a specification, a step that loosened another

A statement holds for the target that the reader was asked about: scopes (paths, agents) are resolved by the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.reservations.use import Answer, Use

MAX_RAW: Final = 2048
"""Bytes of a statement that are kept as they stood."""
MAX_ALIKE: Final = 50
"""Remarks of one code that one source gets: a file of a million bad lines is told of in a few."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read, and when it stood there.

    `where` is an address or a file's name as the user knows it. `date` is the day or the second (UTC, ISO 8601) on
    which the bytes were served or the file was as it is; None where that is not known.
    """

    where: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer to one use.

    `technique` is how the protocol carried it (`robots`, `header`, `html`, `well-known`, `xmp`, `epub`, `pdf`,
    `manifest`, `record`, `terms`). `scope` is the pattern that matched as it was written (`/blog/*`, `GPTBot`), "" for
    the resource itself. `revision` is the version of the vocabulary that it was read by. `terms` is the licence, the
    policy or the words of a condition. `medium` is `image` where only images are meant. `rank` orders the statements
    of one protocol where it has an order of its own: the highest stands.
    """

    protocol: str
    technique: str
    use: Use
    answer: Answer
    place: Place
    raw: bytes = b""
    line: int = 0
    scope: str = ""
    revision: str = ""
    terms: str = ""
    medium: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth telling: `code` (`tdmrep.not-an-array`) names the sentence in `words/`, `facts` fill it.

    `doubt` is true where what could not be read might have been a reservation: the verdict then calls nothing allowed.
    """

    code: str
    place: Place
    line: int = 0
    facts: tuple[tuple[str, str], ...] = ()
    doubt: bool = False

    @property
    def protocol(self) -> str:
        """The protocol that the remark is about."""
        return self.code.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source says about one target."""

    statements: tuple[Statement, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was found at all."""
        return bool(self.statements or self.remarks)


NOTHING: Final = Reading()


@dataclass(slots=True)
class Gathering:
    """A reading in the making. Of remarks with one code `most` are kept; `source.more` tells of the others."""

    protocol: str
    place: Place
    revision: str = ""
    statements: list[Statement] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    most: int = MAX_ALIKE
    _told: dict[str, int] = field(default_factory=dict)
    _doubted: bool = False

    def say(self, technique: str, uses: Iterable[Use], answer: Answer, raw: bytes, **more: object) -> None:
        """Add the same answer for some uses; `more` are the other fields of Statement."""
        for use in uses:
            statement = Statement(
                self.protocol,
                technique,
                use,
                answer,
                self.place,
                raw[:MAX_RAW],
                revision=self.revision,
                **more,  # type: ignore[arg-type]
            )
            self.statements.append(statement)

    def remark(self, code: str, line: int = 0, *, doubt: bool = False, **facts: object) -> None:
        """Add the remark `PROTOCOL.code`."""
        number = self._told[code] = self._told.get(code, 0) + 1
        if number > self.most:
            self._doubted |= doubt
            return
        told = tuple((name, str(value)[:200]) for name, value in facts.items())
        self.remarks.append(Remark(f"{self.protocol}.{code}", self.place, line, told, doubt))

    def reading(self) -> Reading:
        """What was gathered."""
        more = sum(max(0, number - self.most) for number in self._told.values())
        left = (
            (Remark("source.more", self.place, 0, (("number", str(more)),), self._doubted),) if more else ()
        )
        return Reading(tuple(self.statements), (*self.remarks, *left))


def joined(readings: Iterable[Reading]) -> Reading:
    """Several readings as one, in order."""
    kept = list(readings)
    return Reading(
        tuple(statement for reading in kept for statement in reading.statements),
        tuple(remark for reading in kept for remark in reading.remarks),
    )
