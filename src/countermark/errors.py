"""Every error that Countermark raises on purpose.

    CountermarkError            shown to the user as one line, never as a traceback
    ├── InputError              a file, row or field that cannot be used (exit 2)
    │   ├── DocumentError       one document whose text cannot be read
    │   ├── PictureError        one picture that cannot be decoded
    │   ├── SoundError          one sound file that cannot be decoded
    │   ├── CatalogError        a catalogue, or a row of one
    │   ├── ModelError          a model, or a server of one, that cannot be used or fails its self-test
    │   ├── PlanError           a plan or a key of traps that was changed, is foreign or does not fit
    │   └── CorpusError         a shard of a corpus
    ├── UnusableIndexError             an index that is damaged, foreign or of another scheme (exit 3)
    ├── DossierError            a dossier that cannot be sealed, or does not verify (exit 1)
    ├── MissingExtraError       a part of Countermark that is not installed (exit 2)
    ├── RunError                a run folder that is in use, foreign or incomplete (exit 4)
    └── OutputError             something could not be written: disk full, no permission (exit 5)

A message says what is wrong, where (file, row, field), and what is accepted.
"""

from __future__ import annotations


class CountermarkError(Exception):
    """Root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class InputError(CountermarkError):
    """Something given to Countermark cannot be used."""

    exit_code = 2


class DocumentError(InputError):
    """The text of one document cannot be read; `reason` is a stable word for counting."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        """Cross process borders whole."""
        return type(self), (self.reason, str(self))


class PictureError(InputError):
    """One picture cannot be decoded; `reason` is a stable word for counting."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[PictureError], tuple[str, str]]:
        """Cross process borders whole."""
        return type(self), (self.reason, str(self))


class SoundError(InputError):
    """One sound file cannot be decoded; `reason` is a stable word for counting."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[SoundError], tuple[str, str]]:
        """Cross process borders whole."""
        return type(self), (self.reason, str(self))


class CatalogError(InputError):
    """A catalogue, or one of its rows, cannot be used."""


class ModelError(InputError):
    """A model, or a server of one, cannot be used: not a model, no answer, or wrong answers (its self-test)."""


class PlanError(InputError):
    """A plan, a key or a sheet of traps was changed by hand, belongs to another, or does not fit the works."""


class CorpusError(InputError):
    """A shard of a corpus cannot be read at all; `reason` is a stable word for counting."""

    reason: str = "unreadable"


class UnusableIndexError(CountermarkError):
    """An index is damaged, of another scheme, or not an index."""

    exit_code = 3


class DossierError(CountermarkError):
    """A dossier cannot be sealed, or does not verify."""

    exit_code = 1


class MissingExtraError(CountermarkError):
    """A library that belongs to an extra is not installed; the message says which extra."""

    exit_code = 2


class RunError(CountermarkError):
    """A run folder is in use, belongs to another run, or is incomplete."""

    exit_code = 4


class OutputError(CountermarkError):
    """A result could not be written."""

    exit_code = 5
