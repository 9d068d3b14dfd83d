"""Where a run folder is: on a disk here, or at a URL and worked on in a mirror.

A run at a URL has one driver a part. It says so in an object below `.drivers/` with a beat every few seconds; another
driver that sees the beat gives up, and one that sees it no longer goes on with the run. This is a courtesy and no lock
(object storage has none that all servers know): two drivers that begin in the same moment write the same findings and
receipts twice, byte for byte, and of their two logs the last one pushed stays.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import CountermarkError, OutputError, RunError
from countermark.scan.plan import WHOLE
from countermark.storage.mirror import Mirror
from countermark.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.scan.plan import Part
    from countermark.storage.place import Place

DRIVERS: Final = ".drivers"
BEAT: Final = 10.0
"""Seconds between two beats of a driver."""
SILENCE: Final = 3
"""After so many beats unheard a driver is gone."""
PUSH: Final = 30.0
"""Seconds between two pushes of what a run logs; longer where one takes long."""
_PUSH_SHARE: Final = 20


@dataclass(slots=True)
class HereRun:
    """A run folder on a disk of this machine."""

    path: Path
    attempts: Path | None = None

    def publish(self) -> None:
        """Nothing: it is where it is looked for."""

    def collect(self) -> None:
        """The same."""


class FarRun:
    """A run folder at a URL; `path` is its mirror. Logs go there now and then, by a thread of its own."""

    def __init__(self, url: str, part: Part, cache: Path | None = None, beat: float | None = None) -> None:
        beat = beat or BEAT
        self._mirror = Mirror(url, cache)
        self._mirror.store.require_writable()
        self._lease = Lease(self._mirror, part, beat)
        self._beat = beat
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="run folder", daemon=True)
        self.path = self._mirror.folder
        # objects have no locks: parts of one run at a URL cannot share a log
        self.attempts = self._mirror.attempts_of(None if part == WHOLE else f"{part.number}-of-{part.of}")

    def begin(self) -> None:
        """Say that there is a driver, and bring here what was done before. Raises RunError, OutputError."""
        self._lease.take()
        self._mirror.pull()
        self._thread.start()

    def end(self) -> None:
        """Take there all that is only here, and say that the driver is gone. Raises OutputError."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            self.publish()
        finally:
            self._lease.give()

    def publish(self) -> None:
        """Take there what was changed here, the settings last: they vouch for the rest. Raises OutputError."""
        with self._lock:
            self._mirror.push(sorted(self._mirror.files(), key=lambda name: (name == "run.json", name)))

    def collect(self) -> None:
        """Bring here what workers have written there. Raises RunError."""
        with self._lock:
            self._mirror.pull()

    def _keep(self) -> None:
        pushed, pause = time.monotonic(), PUSH
        while not self._ended.wait(self._beat):
            with suppress(CountermarkError):  # tried again at the next beat, and told at the end
                self._lease.say()
            if time.monotonic() - pushed >= pause:
                begun = time.monotonic()
                with suppress(CountermarkError, OSError):
                    self.publish()
                pushed = time.monotonic()
                pause = max(PUSH, _PUSH_SHARE * (pushed - begun))


class Lease:
    """What says that a driver is at work on a part of a run at a URL."""

    def __init__(self, mirror: Mirror, part: Part, beat: float) -> None:
        self._store = mirror.store
        self._part = part
        self._beat = beat
        self._own = secrets.token_hex(8)
        self._beats = 0
        self._name = f"{DRIVERS}/{'whole' if part == WHOLE else f'{part.number}-of-{part.of}'}.json"

    def take(self) -> None:
        """Say that this driver begins. Raises RunError when another's beat is heard."""
        others = self._others()
        heard = {name: self._said(name) for name in others}
        end = time.monotonic() + SILENCE * self._beat
        while heard and time.monotonic() < end:
            time.sleep(self._beat / 4)
            for name, before in list(heard.items()):
                now = self._said(name)
                if now is None:
                    del heard[name]
                elif now != before:
                    raise RunError(
                        f"{self._store.place}: another driver is at work on this run ({_who(now)}); wait for it, or "
                        "give another place as --out"
                    )
        for name in heard:
            self._store.remove(name)
        self.say()

    def say(self) -> None:
        """One more beat. Raises OutputError."""
        self._beats += 1
        said = {
            "driver": self._own,
            "machine": platform.node(),
            "process": os.getpid(),
            "part": str(self._part),
            "beat": self._beats,
        }
        self._store.write(self._name, json.dumps(said).encode())

    def give(self) -> None:
        """The driver is gone."""
        with suppress(OutputError):
            self._store.remove(self._name)

    def _others(self) -> list[str]:
        """The drivers that this one must not work beside: for a part, those of the whole and of the same part."""
        names = self._store.listed(DRIVERS, hidden=True)
        whole = f"{DRIVERS}/whole.json"
        return [name for name in names if self._part == WHOLE or name in {whole, self._name}]

    def _said(self, name: str) -> bytes | None:
        try:
            return self._store.read(name)
        except FileNotFoundError:
            return None
        except (OSError, CountermarkError) as error:
            raise RunError(f"{self._store.place}: cannot be read: {error}") from error


def _who(said: bytes) -> str:
    with suppress(ValueError, TypeError, KeyError):
        facts = json.loads(said)
        return f"process {int(facts['process'])} on {str(facts['machine'])[:80]!r}"
    return "unknown"


@contextmanager
def run_at(out: Place, part: Part = WHOLE, cache: Path | None = None) -> Iterator[HereRun | FarRun]:
    """The run folder `out`, at hand on a disk here. Raises RunError when another driver is at work on it."""
    if not is_url(out):
        yield HereRun(Path(out))
        return
    far = FarRun(str(out), part, cache)
    far.begin()
    try:
        yield far
    except BaseException:
        with suppress(CountermarkError, OSError):  # what went wrong first is what is told
            far.end()
        raise
    far.end()
