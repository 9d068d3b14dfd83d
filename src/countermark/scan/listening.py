"""How a scan listens: what only a search among recordings is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError
from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan.search import IndexFacts


@dataclass(frozen=True, slots=True)
class AskedListening:
    """What the user asks: two windows of each track first, melody and harmony too.

    `notes` is the model that transcribes notes, where melody and harmony are asked for.
    """

    quick: bool = False
    compositions: bool = False
    notes: Path | None = None

    def planned(self, facts: IndexFacts) -> ListeningSettings:
        """The same as the run folder has it. Raises InputError where the index cannot give it."""
        self.require_fitting(facts.medium, compositions=facts.compositions)
        if facts.medium != Medium.AUDIO:
            return ListeningSettings()
        return ListeningSettings(self.quick, self.compositions, self._notes(facts))

    def require_fitting(self, medium: str, *, compositions: bool) -> None:
        """Raise InputError where an index of a medium, with or without `compositions`, cannot give what is asked."""
        if medium != Medium.AUDIO:
            self._require_nothing()
        elif self.compositions and not compositions:
            raise InputError(
                "--compositions: the index was built without melody and harmony; build it again with --compositions"
            )

    def _require_nothing(self) -> None:
        asked = {
            "--quick": self.quick, "--compositions": self.compositions, "--notes": self.notes is not None,
        }  # fmt: skip
        for option, given in asked.items():
            if given:
                raise InputError(f"{option} is for an index of recordings; this one is not")

    def _notes(self, facts: IndexFacts) -> str | None:
        """The digest of the model, which must be the one that the index was built with."""
        digest = None
        if self.notes is not None:
            try:
                with self.notes.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise InputError(f"--notes {self.notes}: cannot be read: {error.strerror}") from error
            if not self.compositions:
                raise InputError("--notes is for --compositions: give both, or neither")
        if self.compositions and digest != facts.notes:
            with_what = f"with a model ({facts.notes:.12}…)" if facts.notes else "without a model"
            raise InputError(
                f"--notes: the index was built {with_what}; give the same one as --notes, or none"
            )
        return digest


@dataclass(frozen=True, slots=True)
class ListeningSettings:
    """How recordings are searched; `notes` is the SHA-256 of the model of notes."""

    quick: bool = False
    compositions: bool = False
    notes: str | None = None

    def facts(self) -> dict[str, Any]:
        """As `run.json` has it."""
        return asdict(self)

    @property
    def identity(self) -> str | None:
        """What of it decides the findings; None where nothing was asked for."""
        said = ["quick"] * self.quick + ["compositions"] * self.compositions
        said += [f"notes:{self.notes}"] if self.notes else []
        return " ".join(said) or None
