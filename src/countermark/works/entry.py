"""What a catalogue file says of a work: one `Entry` for each record of the file, before anything is merged.

    Entry ── editions ── assets
      ├── contributors
      └── rights (owners, licences, mandates, registrations, reservations)

Dates are as precise as the file: `1998`, `1998-03` or `1998-03-01`; `works.dates` says what each can mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from countermark.works.identifiers import Identifier


class WorkMedium(StrEnum):
    """What kind of work it is."""

    TEXT = "text"
    ARTICLE = "article"
    MUSIC = "music"  # a composition
    RECORDING = "recording"
    IMAGE = "image"
    AUDIOVISUAL = "audiovisual"
    OTHER = "other"


class Source(NamedTuple):
    """Where something is said: the file as the user named it, its line (from 1; 0 unknown), and the record's name."""

    file: str
    line: int = 0
    record: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone who made a work. `name` reads `Given Family`; `known_as` are pen names and other spellings.

    `role` is one of `author`, `composer`, `lyricist`, `arranger`, `translator`, `illustrator`, `photographer`,
    `editor`, `performer`, `narrator`, `director`, `publisher`, `contributor`. `died` is a year.
    """

    name: str
    role: str = "author"
    identifiers: tuple[Identifier, ...] = ()
    known_as: tuple[str, ...] = ()
    nationality: str = ""
    died: int | None = None


class RightsKind(StrEnum):
    """What a rights fact says."""

    OWNER = "owner"  # `party` holds the right, from `grantor` where it was granted
    LICENCE = "licence"  # `party` may do `uses`, granted by `grantor`: what a claim must leave out
    MANDATE = "mandate"  # `party` (a union, a society) acts for `grantor`
    REGISTRATION = "registration"  # entered at the office `party` under `number`, effective on `begins`
    RESERVATION = (
        "reservation"  # `uses` are reserved from `begins` on, by the protocol `basis`; `number` is where
    )


@dataclass(frozen=True, slots=True)
class RightsFact:
    """One fact of the chain of title. What is not said is empty or None: it is never taken for "no".

    `share` is in per cent, 0 to 100. `territory` holds ISO 3166-1 alpha-2 codes separated by spaces, or `WORLD`.
    `basis` says how: `authorship`, `assignment`, `exclusive-licence`, `work-for-hire`, `succession`, `statute`, or a
    protocol. `uses` are words separated by spaces: `all`, `reproduction`, `training`, `generative-training`, `tdm`,
    `search`, … `registered_as` is `single`, `group` or `collective`.
    """

    kind: RightsKind
    party: str
    party_identifiers: tuple[Identifier, ...] = ()
    grantor: str = ""
    basis: str = ""
    exclusive: bool | None = None
    share: Decimal | None = None
    territory: str = ""
    begins: str = ""
    ends: str = ""
    number: str = ""
    registered_as: str = ""
    uses: str = ""
    signed: bool | None = None
    note: str = ""
    source: Source | None = None


class AssetFile(NamedTuple):
    """One file of an edition: its path as the user named it, SHA-256 (hex), media type, bytes, ISCC."""

    path: str
    digest: str
    mime: str = ""
    size: int = 0
    iscc: str = ""


class Relation(NamedTuple):
    """How an edition or a work stands to another: `same-work`, `part-of`, `replaces`, `replaced-by`, `recording-of`.

    Only `same-work` joins works.
    """

    kind: str
    other: Identifier


@dataclass(frozen=True, slots=True)
class Edition:
    """A published form of a work.

    `form` is `hardback`, `paperback`, `ebook`, `audiobook`, `recording`, `article`, `image`, `page`, `score` or `film`.
    `published` is the date of this edition, `country` where it was published (ISO 3166-1 alpha-2), `language` BCP 47.
    """

    identifiers: tuple[Identifier, ...] = ()
    title: str = ""
    subtitle: str = ""
    form: str = ""
    publisher: str = ""
    published: str = ""
    country: str = ""
    language: str = ""
    relations: tuple[Relation, ...] = ()
    assets: tuple[AssetFile, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a catalogue file. `identifiers` are those of the work; those of editions stand with them.

    `published` is the *first* publication of the work, where the record says so. `work_id` is an identifier that the
    user chose (a column `work_id`); `own_key` is what the file's issuer calls the work, for merging within `issuer`.
    `part_of` names the compilation or the collective work that it appeared in.
    """

    source: Source
    title: str
    subtitle: str = ""
    other_titles: tuple[str, ...] = ()
    medium: WorkMedium = WorkMedium.TEXT
    contributors: tuple[Contributor, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    published: str = ""
    country: str = ""
    licence: str = ""
    part_of: str = ""
    relations: tuple[Relation, ...] = ()
    editions: tuple[Edition, ...] = ()
    rights: tuple[RightsFact, ...] = ()
    work_id: str = ""
    issuer: str = ""
    own_key: str = ""


class Conflict(NamedTuple):
    """Two things said of one work that cannot both be right: the field, what each source says, and what was kept."""

    field: str
    said: tuple[tuple[str, Source], ...]
    kept: str


@dataclass(frozen=True, slots=True)
class CatalogWork:
    """A work of a catalog: what all its records say together. The fields are those of `Entry`.

    `merged_by` says which evidence joined the records (`isbn:978…`, `own:…`), none where there was one record.
    """

    work_id: str
    title: str
    subtitle: str = ""
    other_titles: tuple[str, ...] = ()
    medium: WorkMedium = WorkMedium.TEXT
    contributors: tuple[Contributor, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    published: str = ""
    country: str = ""
    licence: str = ""
    part_of: str = ""
    editions: tuple[Edition, ...] = ()
    rights: tuple[RightsFact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    merged_by: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
