"""What is sought in a corpus: all that the readers of folders, archives, tables and captures need know of a medium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Batch_co = TypeVar("Batch_co", covariant=True)


class Stretch(NamedTuple):
    """A stored thing that is not read into memory: the bytes `[begin, begin + size)` of the file `path`."""

    path: str
    begin: int
    size: int


Content = bytes | Stretch
"""A picture or a recording, encoded as it stands; a stretch only where the medium is streamed."""


@dataclass(frozen=True, slots=True)
class Sought(Generic[Batch_co]):
    """A medium as readers see it.

    `one` and `many` are its words (`picture`, `pictures`): `many` is also the format of shards of its files, and the
    reasons of refusals are `not-a-{one}` and `no-{many}`. `looks_like` gives the format by the first `head` bytes,
    empty where they are none of it; `check` raises an error with a `reason` (`empty`, `too-large`, `format`) for bytes
    that are not to be handed over under their name. More than `most` bytes are never held in memory; where the medium
    is `streamed`, files and plain members of archives are handed over as a Stretch, of whatever size. `suffixes` are
    names under which one is expected.

    `columns` are the names under which one is looked for in tables, `option` the reader's setting that names another;
    `ids`, `urls` and `captions` are names of what stands beside it (of each list of `captions` the first that is there
    is told). `sides` are the endings of the names of files that speak of the one of the same name, and `side_text`
    makes the text of such a file out of its name and bytes. `batch(contents, names=…, …)` makes a batch.
    """

    one: str
    many: str
    looks_like: Callable[[bytes], str]
    check: Callable[[bytes, str], None]
    head: int
    most: int
    suffixes: frozenset[str]
    option: str
    columns: tuple[str, ...]
    ids: tuple[str, ...]
    urls: tuple[str, ...]
    captions: tuple[tuple[str, ...], ...]
    sides: tuple[str, ...]
    side_text: Callable[[str, bytes], str]
    batch: Callable[..., Batch_co]
    streamed: bool = False

    @property
    def foreign(self) -> str:
        """The reason of a refusal of what is something else."""
        return f"not-a-{self.one}"

    @property
    def absent(self) -> str:
        """The reason of the refusal of a shard that is no place for any."""
        return f"no-{self.many}"

    @property
    def listing(self) -> str:
        """What is said of a table of addresses."""
        return f"a listing of addresses without {self.many}: countermark link reads it"

    def named(self, name: str) -> bool:
        """Whether a file name has a suffix of the medium."""
        dot = name.rfind(".")
        return dot >= 0 and name[dot:].lower() in self.suffixes
