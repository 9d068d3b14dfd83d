"""What a scan needs of an index: its facts, a second index of controls, and a searcher for batches.

The scan talks to a `SearchBackend` only, so that its own rules (receipts, resuming, quarantine) stand apart
from fingerprints and kernels. `IndexBackend` is the one that reads index folders, whatever their medium.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from countermark.errors import UnusableIndexError
from countermark.media import Medium, Refusal
from countermark.scan.listening import ListeningSettings
from countermark.scan.receipt import RefusalTally, ScanIdentity
from countermark.scan.reserved import ReservationSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from countermark.findings.finding import Finding
    from countermark.fingerprint.audio.notes import NoteModel
    from countermark.fingerprint.image.embedding import EmbeddingModel
    from countermark.index import Index
    from countermark.index.audio.collect import Wanted
    from countermark.index.audio.lookup import AudioIndex
    from countermark.index.image.lookup import ImageIndex
    from countermark.index.manifest import Manifest
    from countermark.storage.place import Place


_COMPILED_LAST: dict[str, str] = {
    Medium.TEXT: "match_records",
    Medium.IMAGE: "one_to_one",
    Medium.AUDIO: "best_cells",
}
"""The kernel of each medium that is compiled when all others are."""


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """What a run records of an index; `assets` is its table of assets (the columns of catalog.parquet)."""

    identity: str
    scheme: str
    form: str
    works: int
    guarantee_letters: int
    assets: pa.Table
    medium: str = Medium.TEXT
    embedding: str | None = None
    compositions: bool = False
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Everything that opening a searcher takes; paths are strings, so that it crosses process borders."""

    index: str
    controls: str | None
    identity: ScanIdentity
    corpus: str
    snapshot_date: str | None
    salt: bytes | None = field(default=None, repr=False)
    reservations: ReservationSettings = field(default_factory=ReservationSettings)
    medium: str = Medium.TEXT
    keep_sketches: bool = False
    embedding: str | None = None
    listening: ListeningSettings = field(default_factory=ListeningSettings)
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class ControlsWanted:
    """The folder of works that serve as controls, and the index that they must pass the same search as."""

    folder: Path
    index: Path
    salt: bytes | None = field(default=None, repr=False)
    embedding: Path | None = None
    notes: Path | None = None


class Amounts(NamedTuple):
    """How much text there is in a batch: code points, and bytes of UTF-8."""

    characters: int
    text_bytes: int


class Begun(NamedTuple):
    """The shard that is searched: the run folder, its receipt's name, its own name, and the SHA-256 of what is read."""

    run: Place
    name: str
    shard: str
    digest: str


class Searcher(Protocol):
    """Finds the works of an index in the batches of one shard after another."""

    def findings(self, batch: Any, shard: str) -> list[Finding]:
        """The findings in one batch of the shard named `shard`, controls marked as such."""
        ...

    def take_refused(self) -> list[Refusal]:
        """What since the last call could not be searched, or not wholly."""
        ...

    def measure(self, batch: Any) -> Amounts:
        """How much text a batch holds."""
        ...

    def begin(self, begun: Begun) -> None:
        """A shard begins; what one before left is forgotten, should it have failed."""
        ...

    def finish(self) -> dict[str, dict[str, Any]]:
        """The shard ends: write what goes beside its findings, return what its receipt says. Raises OutputError.

        What it says stands under the name of its medium in a receipt.
        """
        ...


class SearchBackend(Protocol):
    """Opens indices. Must cross process borders; opening is done once in each worker."""

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """The facts of an index. Raises UnusableIndexError."""
        ...

    def build_controls(self, controls: ControlsWanted, out: Path) -> RefusalTally:
        """Index the works in a folder into `out` as the main index is; count what was not read."""
        ...

    def open(self, settings: SearchSettings) -> Searcher:
        """A searcher for both indices. Raises UnusableIndexError when one is not the index it was."""
        ...


class IndexBackend:
    """The backend that reads index folders; one that only plans does not compile."""

    def __init__(self, *, compiles: bool = True) -> None:
        self._compiles = compiles

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """The facts of an index, after every byte of it was checked. Raises UnusableIndexError.

        The kernels are compiled here if need be, so that the workers need not do it all at once.
        """
        opened = _opened(index, salt)
        opened.verify()
        if self._compiles:
            _compile(opened)
        manifest = opened.manifest
        return IndexFacts(
            identity=manifest.identity,
            scheme=manifest.scheme,
            form=manifest.form,
            works=manifest.works,
            guarantee_letters=manifest.guarantee_letters,
            assets=opened.assets_table(),
            medium=manifest.medium,
            embedding=manifest.facts.get("embedding"),
            compositions=manifest.facts.get("compositions") is True,
            notes=manifest.facts.get("notes"),
        )

    def build_controls(self, controls: ControlsWanted, out: Path) -> RefusalTally:
        """Index the works in a folder into `out` as the main index is; count what was not read."""
        from countermark.index.manifest import read_manifest  # noqa: PLC0415
        from countermark.works.reading import read_works  # noqa: PLC0415

        tally = RefusalTally()
        manifest = read_manifest(controls.index)
        medium = Medium(manifest.medium)
        prints = bool(
            manifest.facts.get("prints", True)
        )  # what was declined of works is not wanted of controls

        def files() -> Iterable[Any]:
            for found in read_works([controls.folder], medium):
                if isinstance(found, Refusal):
                    tally.add([found])
                else:
                    yield found

        if medium is Medium.IMAGE:
            from countermark.index.image.build import build_image_index  # noqa: PLC0415

            model = _model(controls.embedding)
            build_image_index(files(), out, prints=prints, model=model, refuse=lambda told: tally.add([told]))
        elif medium is Medium.AUDIO:
            from countermark.index.audio.build import build_audio_index  # noqa: PLC0415

            build_audio_index(
                files(), out, _wanted(manifest, controls), refuse=lambda told: tally.add([told])
            )
        else:
            from countermark.index.build import build_index  # noqa: PLC0415

            salt = controls.salt
            build_index(files(), out, scheme=manifest.scheme, salt=salt, sealed=salt is not None)
        return tally

    def open(self, settings: SearchSettings) -> Searcher:
        """A searcher for both indices, opened once per process."""
        if settings.medium == Medium.IMAGE:
            from countermark.scan import image_search  # noqa: PLC0415

            return image_search.open_searcher(settings)
        if settings.medium == Medium.AUDIO:
            from countermark.scan import audio_search  # noqa: PLC0415

            return audio_search.open_searcher(settings)
        from countermark.scan import text_search  # noqa: PLC0415

        return text_search.open_searcher(settings)


def _model(path: Path | None) -> EmbeddingModel | None:
    if path is None:
        return None
    from countermark.fingerprint.image.embedding import EmbeddingModel  # noqa: PLC0415

    return EmbeddingModel(path)


def _wanted(manifest: Manifest, controls: ControlsWanted) -> Wanted:
    """What is kept of recordings that serve as controls: what is kept of the works."""
    from countermark.index.audio.collect import Compositions, Wanted  # noqa: PLC0415

    copies = bool(manifest.facts.get("copies"))
    if not manifest.facts.get("compositions"):
        return Wanted(copies)
    from countermark.matching.audio.composition.table import pack  # noqa: PLC0415

    return Wanted(copies, Compositions(note_model(controls.notes), pack))


def note_model(path: Path | None) -> NoteModel | None:
    """The user's model that transcribes notes, where one was given. Raises InputError."""
    if path is None:
        return None
    from countermark.fingerprint.audio.notes import NoteModel  # noqa: PLC0415

    return NoteModel(path)


def _opened(index: Path, salt: bytes | None) -> Index | ImageIndex | AudioIndex:
    from countermark.index.manifest import read_manifest  # noqa: PLC0415

    medium = read_manifest(index).medium
    if salt is not None and medium != Medium.TEXT:
        of = "pictures" if medium == Medium.IMAGE else "recordings"
        raise UnusableIndexError(f"{index} is an index of {of}, which has no salt: leave --salt-file out")
    if medium == Medium.IMAGE:
        from countermark.index.image.lookup import open_image_index  # noqa: PLC0415

        return open_image_index(index)
    if medium == Medium.AUDIO:
        from countermark.index.audio.lookup import open_audio_index  # noqa: PLC0415

        return open_audio_index(index)
    from countermark.index import open_index  # noqa: PLC0415

    return open_index(index, salt)


def kernels_are_compiled(medium: str) -> bool:
    """Whether a scan of this medium was begun on this machine before, so that it begins at once."""
    from countermark.kernels.cache import is_compiled  # noqa: PLC0415

    last = _COMPILED_LAST.get(medium)
    return last is None or is_compiled(last)


def _compile(opened: Index | ImageIndex | AudioIndex) -> None:
    """Compile the kernels unless they are; only after the index was verified, for they trust its numbers."""
    from countermark.index import Index  # noqa: PLC0415

    if kernels_are_compiled(opened.manifest.medium):
        return
    if isinstance(opened, Index):
        from countermark.matching.matcher import Matcher  # noqa: PLC0415

        Matcher(opened).warm_up()
    elif opened.manifest.medium == Medium.AUDIO:
        from countermark.matching.audio.matcher import AudioMatcher  # noqa: PLC0415

        AudioMatcher(cast("AudioIndex", opened)).warm_up()
    else:
        from countermark.matching.image.matcher import ImageMatcher  # noqa: PLC0415

        ImageMatcher(cast("ImageIndex", opened)).warm_up()
