"""What a scan needs to say what was reserved: who is asked about, and the captures of robots.txt in the run folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark.captures.robots_archive import DEFAULT_AGE
from countermark.errors import RunError
from countermark.reservations.target import ANY_AGENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.captures.judging import CaptureJudge

ROBOTS_FILE: Final = "robots.sqlite"
ASKED: Final = ("agent", "robots_age", "files")


@dataclass(frozen=True, slots=True)
class AskedReservations:
    """What a user asks: WARC files (or an archive) with captures of robots.txt, the agent, and the age in days."""

    robots: tuple[Path, ...] = ()
    agent: str = ANY_AGENT
    robots_age: int = DEFAULT_AGE

    def facts(self) -> dict[str, Any]:
        """What `run.json` says before the captures are read. Raises InputError where a file cannot be read."""
        from countermark.captures.robots_building import digest_sources  # noqa: PLC0415

        files = digest_sources(self.robots) if self.robots else None
        return {"agent": self.agent, "robots_age": self.robots_age, "files": files}


@dataclass(frozen=True, slots=True)
class ReservationSettings:
    """What the workers open; paths are strings, so that it crosses process borders."""

    robots: str | None = None
    robots_identity: str | None = None
    agent: str = ANY_AGENT
    robots_age: int = DEFAULT_AGE

    @classmethod
    def planned(cls, run: Path, facts: Mapping[str, Any]) -> ReservationSettings:
        """As `run.json` says."""
        identity = facts.get("identity")
        robots = str(run / ROBOTS_FILE) if identity else None
        return cls(robots, identity, facts["agent"], facts["robots_age"])

    @property
    def identity(self) -> str | None:
        """What decides the columns, as one digest; None for the default: no captures of robots.txt, any agent."""
        if self.robots_identity is None and self.agent == ANY_AGENT:
            return None
        whole = f"{self.robots_identity or ''}\0{self.agent}\0{self.robots_age}"
        return hashlib.sha256(whole.encode()).hexdigest()


def prepare_robots(
    run: Path, asked: AskedReservations, made_with: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Make the archive of robots.txt captures, or find it made; return what `run.json` says of it.

    Raises InputError where the captures cannot be used, RunError where the archive is not that of the run.
    """
    if not asked.robots:
        return {}
    from countermark.captures.robots_archive import RobotsArchive  # noqa: PLC0415
    from countermark.captures.robots_building import make_archive  # noqa: PLC0415
    from countermark.scan.receipt import RefusalTally  # noqa: PLC0415

    out = run / ROBOTS_FILE
    if made_with is not None and out.exists():
        said: dict[str, Any] = made_with["reservations"]
        archive = RobotsArchive(out)
        archive.close()
        if archive.identity != said.get("identity"):
            raise RunError(f"{out}: not the captures that this run began with; use a new folder")
        return said
    built = make_archive(asked.robots, out)
    if made_with is not None and made_with["reservations"].get("identity") != built.identity:
        raise RunError(f"{out}: not the captures that this run began with; use a new folder")
    tally = RefusalTally()
    tally.add(built.refused)
    return {"identity": built.identity, "captures": built.captures, "refused": tally.counts}


def open_judge(settings: ReservationSettings) -> CaptureJudge:
    """The judge of a scan. Raises RunError where the archive is not the one that the run was planned with."""
    from countermark.captures.judging import CaptureJudge  # noqa: PLC0415
    from countermark.captures.robots_archive import RobotsArchive  # noqa: PLC0415

    if settings.robots is None:
        return CaptureJudge(None, settings.agent, settings.robots_age)
    archive = RobotsArchive(Path(settings.robots))
    if archive.identity != settings.robots_identity:
        raise RunError(f"{settings.robots}: the captures were replaced while the run was on")
    return CaptureJudge(archive, settings.agent, settings.robots_age)
