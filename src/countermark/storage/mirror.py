"""Mirrors: a run folder on object storage, worked on in a copy on this machine's disk.

What is at the URL is what counts. `Mirror.pull` brings here what is new there; `Mirror.push` takes there what is new
here. A file that was changed here alone is kept and pushed later; of one that was changed on both sides that of the URL
stands, and the other is set aside beside it as `<name>.unpushed-<digest>`, so that no line of a log is lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.atomic import make_folder, temporary_beside, write_bytes
from countermark.errors import CorpusError, RunError
from countermark.storage.place import is_url, name_of, place_of
from countermark.storage.store import ObjectStore, is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.storage.place import Place

ATTEMPTS: Final = "attempts.jsonl"
"""At a URL the log of attempts lies within the run folder: objects have no lock, so runs cannot share one."""
QUARANTINE: Final = "quarantine/"
MADE_OF_RUNS: Final = (".html", ".pdf"), "evidence/"
"""Reports and evidence pictures that somebody has made from the mirror: they are his, and not part of the run."""
WATCH: Final = "watch/"
"""Of these the pages belong to the run: its feeds link to them."""
LARGE: Final = 16 << 20
_GROUP_FILES: Final = 256
_SMALL: Final = 1 << 20
_GROUP_BYTES: Final = 64 << 20


class Synced(NamedTuple):
    """A file as it was when both sides were the same: what the server said, and size and time here."""

    there: str
    size: int
    time: int


class Mirror:
    """The copy of one run folder; `folder` is where it lies."""

    def __init__(self, url: str, cache: Path | None = None) -> None:
        """The mirror of `url` below `cache` (by default the user's cache folder); nothing is copied yet."""
        self.url = str(place_of(url))
        self.store = ObjectStore(self.url)
        self._home = (cache or cache_folder()) / hashlib.sha256(self.url.encode()).hexdigest()[:16]
        self.folder = self._home / name_of(self.url)
        self._synced = self._remembered()

    def attempts_of(self, part: str | None = None) -> Path:
        """The log of attempts, of the whole or of a part: here beside the folder, as `scan.attempts` has it."""
        return self._home / (ATTEMPTS if part is None else f"attempts-{part}.jsonl")

    def pull(self) -> int:
        """Bring here what is new there, and drop what is gone there; return how many files came.

        Raises RunError when the server gives something else than it lists, or cannot be read.
        """
        make_folder(self.folder)
        try:
            listed = self.store.listed()
            wanted = {name: said for name, said in listed.items() if self._is_new(name, _state(said))}
            for name in wanted:
                self._set_aside_what_was_changed(name)
            for group in _groups(wanted):
                self._bring(group)
            for name in [name for name in self._synced if name not in listed]:
                self._drop(name)
        except (CorpusError, OSError) as error:
            raise RunError(f"{self.url}: cannot be copied here: {_words(error)}") from error
        self._remember()
        return len(wanted)

    def push(self, names: Iterable[str]) -> int:
        """Take there those of these files that were changed here; return how many went. Raises OutputError.

        What was taken out of quarantine here is taken out there.
        """
        sent = 0
        for name in [name for name in self._synced if name.startswith(QUARANTINE)]:
            if not self._path(name).exists():
                self.store.remove(name)
                del self._synced[name]
                sent += 1
        for name in names:
            path = self._path(name)
            now = _here(path)
            known = self._synced.get(name)
            if now is None or (known is not None and (known.size, known.time) == now):
                continue
            with _settled(path) as whole:
                self.store.put(name, whole)
            self._synced[name] = Synced(_state(self.store.said_of(name)), *now)
            sent += 1
        if sent:
            self._remember()
        return sent

    def files(self) -> Iterator[str]:
        """The names of the run's files here: half-written ones, locks and reports are none."""
        endings, pictures = MADE_OF_RUNS
        for folder, _, names in os.walk(self.folder):
            below = Path(folder).relative_to(self.folder)
            for name in names:
                whole = (below / name).as_posix()
                made = name.endswith(endings) and not whole.startswith(WATCH)
                if not (is_hidden(whole) or made or whole.startswith(pictures)):
                    yield whole
        yield from (path.name for path in self._home.glob("attempts*.jsonl"))

    def _is_new(self, name: str, there: str) -> bool:
        known, now = self._synced.get(name), _here(self._path(name))
        if now is None:
            return True
        return known is None or known.there != there

    def _set_aside_what_was_changed(self, name: str) -> None:
        path, known = self._path(name), self._synced.get(name)
        now = _here(path)
        if now is None or (known is not None and (known.size, known.time) == now):
            return
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if name.endswith(".jsonl"):  # all else is made again from what is at the URL
            path.replace(path.with_name(f"{path.name}.unpushed-{digest[:12]}"))

    def _bring(self, group: dict[str, dict[str, Any]]) -> None:
        """Copy a group of files: small ones in one request after the other at once, a large one by itself."""
        small = [name for name, said in group.items() if said.get("size") is not None]
        content = self.store.read_many(small) if len(small) == len(group) and len(group) > 1 else {}
        for name, said in group.items():
            data, size = content.get(name), said.get("size")
            if data is not None and len(data) == size:
                self._put_here(name, data)
            elif size is None or size <= LARGE:
                self._put_here(name, self._whole(name, size))
            else:
                self._fetch(name, size, _state(said))
            self._synced[name] = Synced(_state(said), *(_here(self._path(name)) or (0, 0)))

    def _whole(self, name: str, size: int | None) -> bytes:
        data = self.store.read(name)
        if size is not None and len(data) != size:
            raise CorpusError(f"{name}: {len(data)} bytes came, {size} were listed; try again")
        return data

    def _put_here(self, name: str, data: bytes) -> None:
        with self._half_written(name) as half:
            half.write_bytes(data)

    def _fetch(self, name: str, size: int, there: str) -> None:
        """Copy a large file, and see that it is the one that was listed."""
        with self._half_written(name) as half:
            self.store.fetch(name, half)
            if half.stat().st_size != size or _state(self.store.said_of(name)) != there:
                raise CorpusError(f"{name}: changed while it was copied, or cut short; try again")

    @contextmanager
    def _half_written(self, name: str) -> Iterator[Path]:
        path = self._path(name)
        make_folder(path.parent)
        half = temporary_beside(path)
        try:
            yield half
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def _drop(self, name: str) -> None:
        known = self._synced.pop(name)
        path = self._path(name)
        if _here(path) == (known.size, known.time):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        beside = "/" not in name and name.startswith("attempts") and name.endswith(".jsonl")
        return (self._home if beside else self.folder) / name

    def _remembered(self) -> dict[str, Synced]:
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            said = json.loads((self._home / "synced.json").read_bytes())
            if said["since"] == _machine_start():
                return {name: Synced(*entry) for name, entry in said["files"].items()}
        return {}  # then everything is copied again

    def _remember(self) -> None:
        said = {"since": _machine_start(), "files": self._synced}
        write_bytes(self._home / "synced.json", json.dumps(said).encode())


def pull(place: Place, cache: Path | None = None) -> Path:
    """A run folder on this machine's disk: the path itself, or the mirror of a URL, brought up to date.

    Raises RunError when there is nothing at the URL, or it cannot be read.
    """
    if not is_url(place):
        return Path(place)
    mirror = Mirror(str(place), cache)
    mirror.pull()
    if not mirror.folder.exists() or not any(mirror.files()):
        raise RunError(f"{place}: there is nothing at this URL")
    return mirror.folder


def publish(place: Place, cache: Path | None = None) -> None:
    """Take to a URL what was made from the run in its mirror (a summary, say); a path needs nothing."""
    if is_url(place):
        mirror = Mirror(str(place), cache)
        mirror.push(mirror.files())


def cache_folder() -> Path:
    """Where mirrors are kept: below the user's cache folder."""
    given = os.environ.get("XDG_CACHE_HOME")
    return Path(given or Path.home() / ".cache") / "countermark" / "runs"


@contextmanager
def _settled(path: Path) -> Iterator[Path]:
    """The file, or of a log that may be written to meanwhile a copy of its whole lines."""
    if path.suffix != ".jsonl":
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="countermark-") as copy:
        with path.open("rb") as log:
            for line in log:
                if line.endswith(b"\n"):
                    copy.write(line)
        copy.flush()
        yield Path(copy.name)


def _machine_start() -> str:
    """Which start of the machine this is: copies are not flushed to the disk, so none is trusted after another."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex(8)


def _groups(wanted: dict[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    """Small files together, up to a limit; large ones alone. The settings last: they vouch for the rest."""
    group: dict[str, dict[str, Any]] = {}
    size = 0
    for name in sorted(wanted, key=lambda name: (name == "run.json", name)):
        own = wanted[name].get("size")
        if own is None or own > _SMALL:
            yield {name: wanted[name]}
            continue
        if len(group) >= _GROUP_FILES or size + own > _GROUP_BYTES:
            yield group
            group, size = {}, 0
        group[name] = wanted[name]
        size += own
    if group:
        yield group


def _state(said: dict[str, Any]) -> str:
    """What tells two contents of one object apart, as the server says it."""
    mark = next(
        (said[key] for key in ("ETag", "etag", "md5Hash", "LastModified", "mtime") if said.get(key)), ""
    )
    quoted = str(mark).strip('"')  # some answers have it in quotation marks
    return f"{said.get('size')} {quoted}"


def _here(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _words(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
