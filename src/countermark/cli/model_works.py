"""The works and controls that a model is asked about: how commands read them, and what must be agreed to before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from countermark.memorization.drivers.driver import Generator, Scorer
    from countermark.memorization.extraction.controls import Gathered


def gathered(given: dict[str, Any]) -> tuple[Gathered, Gathered]:
    """The works and the controls, by the options; what cannot be read is told, and left out. Raises InputError."""
    from countermark.cli.days import day_of
    from countermark.cli.works_reading import Reading
    from countermark.memorization.extraction.controls import CONTROL, WORK, gather
    from countermark.works.reading import READ_ANYWAY, read_works

    after = day_of(given["model_date"], "--model-date") if given["model_date"] else None
    sides = []
    for role, option, day in ((WORK, "works", None), (CONTROL, "controls", after)):
        reading = Reading(read_works(list(given[option])))
        side = gather(reading, role, after=day)
        reading.end_line()
        reading.tell_refused()
        for refusal in reading.refused:
            if refusal.reason not in READ_ANYWAY:
                side.leave_out(refusal.where, refusal.reason)
        sides.append(side)
    return sides[0], sides[1]


def salt_of(given: dict[str, Any]) -> bytes | None:
    """The salt of a sealed index of public text, where its file is given. Raises InputError."""
    from countermark.cli.index_salt import read_salt

    return read_salt(given["salt_file"]) if given["salt_file"] else None


def require_consent(model: Scorer | Generator, what: str, *, send: bool) -> None:
    """Raise ModelError where `what` would go to somebody else's machine, and nobody has agreed to that."""
    from countermark.errors import ModelError

    if model.hosted and not send:
        raise ModelError(
            f"{model.identity.address}: is somebody else's: it would be sent {what}, and may keep them. Give "
            "--send-texts to do so all the same, or --own where the server is yours"
        )
