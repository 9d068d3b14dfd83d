"""Estimates that are kept in the user's cache, so that a scan of the same can be told beside what was expected.

Nothing is written where the results will go. A file is named by what was asked; that the corpus is still the same shows
when the scan has made its plan: the number of its shards and of their bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.atomic import make_folder, write_bytes
from countermark.errors import CountermarkError, OutputError
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from countermark.scan.estimate import Estimate
    from countermark.scan.settings import ScanSettings
    from countermark.storage.place import Place


@dataclass(frozen=True, slots=True)
class Expected:
    """Of an estimate what a scan is compared with: shards, bytes, and wall time summed over the workers, from … to.

    `start` are the seconds until the workers search, `longest` those of the longest shard.
    """

    shards: int
    bytes: int
    work: float
    low: float
    high: float
    start: float
    longest: float

    def seconds(self, workers: int) -> tuple[float, float, float]:
        """The wall time that was expected with so many workers: value, low, high."""
        value, low, high = (
            max(work / workers, self.longest) + self.start for work in (self.work, self.low, self.high)
        )
        return value, low, high


def key_of(settings: ScanSettings) -> str:
    """What an estimate is kept under: the digest over index, places and all that changes what a scan costs.

    Raises UnusableIndexError.
    """
    from countermark.index.manifest import read_manifest  # noqa: PLC0415

    listening = settings.listening
    asked = {
        "engine": __version__,
        "index": read_manifest(settings.index).identity,
        "corpus": [_named(place) for place in settings.corpus],
        "part": str(settings.part),
        "text_column": settings.text_column,
        "controls": _named(settings.controls) if settings.controls else None,
        "robots": [_named(place) for place in settings.reservations.robots],
        "sketches": settings.keep_sketches,
        "embedding": _named(settings.embedding) if settings.embedding else None,
        "listening": [listening.quick, listening.compositions],
    }
    return hashlib.sha256(json_bytes(asked)).hexdigest()[:32]


def keep(settings: ScanSettings, estimate: Estimate) -> None:
    """Keep an estimate. A cache that cannot be written is no reason to fail."""
    kept = Expected(
        shards=estimate.shards,
        bytes=estimate.bytes,
        work=estimate.work.value,
        low=estimate.work.low,
        high=estimate.work.high,
        start=estimate.start_wall + estimate.prepare_wall,
        longest=estimate.longest,
    )
    path = _folder() / f"{key_of(settings)}.json"
    with suppress(OutputError, OSError):
        make_folder(path.parent)
        write_bytes(path, json_bytes({"estimate": 1, "date": time.strftime("%Y-%m-%d"), **asdict(kept)}))


def kept(settings: ScanSettings) -> Expected | None:
    """What was kept of an estimate of the same; None where there is none, or it is damaged."""
    try:
        facts = json.loads((_folder() / f"{key_of(settings)}.json").read_bytes())
    except (CountermarkError, OSError, ValueError):
        return None
    return _expected(facts)


def _expected(facts: Any) -> Expected | None:
    if not isinstance(facts, dict) or facts.pop("estimate", None) != 1:
        return None
    facts.pop("date", None)
    try:
        expected = Expected(**facts)
    except TypeError:
        return None
    numbers = asdict(expected).values()
    return (
        expected if all(type(number) in (int, float) and 0 <= number < 1e18 for number in numbers) else None
    )


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "countermark" / "estimates"


def _named(place: Place) -> str:
    """A place as it is meant from everywhere on this machine."""
    return str(place.absolute()) if isinstance(place, Path) else place
