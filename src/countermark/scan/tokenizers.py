"""The tokenisers of a scan: which tables are tried, what a run keeps of them, and how a worker comes by one.

Tables are looked for in the user's folder, when the listing meets the first file of token ids. Those that it chose go
into the run folder (`tokenizers/DIGEST.tokens`), from where whoever scans a shard takes the one that the shard names.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import CorpusError, InputError, RunError
from countermark.storage.place import shown
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.choice import Choice, Tokenizers
    from countermark.corpus.tokens.table import TokenTable
    from countermark.corpus.tokens.trial import Evidence
    from countermark.storage.place import Place

TABLES: Final = "tokenizers"
"""The folder of tables in a run folder, and the key of what `run.json` says of them."""


@dataclass(frozen=True, slots=True)
class AskedTokenizers:
    """Where tables are looked for: `folder` (None stands for the user's own), and those of `beside`, a run folder.

    `named` is the tokeniser of all token ids: the name of a table, or a file. Where it is None each is found by trial.
    `kit` says that the folder is that of a kit, whose room has no other tables: a file is none to be named then.
    """

    folder: Path | None = None
    named: str | None = None
    beside: Place | None = None
    kit: bool = False


@dataclass(slots=True)
class Trials:
    """The tokenisers of one listing. Tables are read when one is first asked for."""

    asked: AskedTokenizers
    _named: TokenTable | None = field(init=False, default=None)
    _opened: Tokenizers | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Find the table that is named, even where nothing will ask for it. Raises InputError."""
        if self.asked.named is not None:
            own, kept = self._own(), self._kept()
            there = own if any(table.name == self.asked.named for table in own) else [*own, *kept]
            self._named = _table_named(self.asked.named, there, kit=self.asked.kit)

    def __call__(self) -> Tokenizers:
        """What chooses among the tables at hand. Raises InputError where one is damaged."""
        from countermark.corpus.tokens.choice import Tokenizers  # noqa: PLC0415

        if self._opened is None:
            self._opened = Tokenizers([*self._own(), *self._kept()], self._named, kit=self.asked.kit)
        return self._opened

    def chosen(self) -> tuple[Choice, ...]:
        """What was chosen so far."""
        return self._opened.chosen() if self._opened is not None else ()

    def _own(self) -> list[TokenTable]:
        """The user's; those of a folder that is not there are none."""
        from countermark.corpus.tokens.folder import default_folder, tables_in  # noqa: PLC0415

        place = self.asked.folder or default_folder()
        return tables_in(place) if place.is_dir() else []

    def _kept(self) -> list[TokenTable]:
        return tables_kept(self.asked.beside) if self.asked.beside is not None else []


def tables_kept(run: Place) -> list[TokenTable]:
    """The tables in a run folder, those that are what their names say; none where there is no such folder.

    One that was damaged is passed over: it is written anew where the user has it. Raises RunError.
    """
    from countermark.corpus.tokens.folder import SUFFIX  # noqa: PLC0415
    from countermark.corpus.tokens.table import read_table  # noqa: PLC0415

    store, found = store_of(run), []
    try:
        for name in store.names(TABLES, SUFFIX):
            data = store.read(name)
            if name == file_of(hashlib.sha256(data).hexdigest()):
                found.append(read_table(data, name))
    except (OSError, CorpusError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise RunError(f"{shown(str(run))}: its tables of tokenisers cannot be read: {said}") from error
    return found


def _table_named(named: str, tables: list[TokenTable], *, kit: bool = False) -> TokenTable:
    """The table of `--tokenizer`. Raises InputError where there is none, or several of the name."""
    from pathlib import Path  # noqa: PLC0415

    from countermark.corpus.tokens.choice import build_with  # noqa: PLC0415
    from countermark.corpus.tokens.folder import table_from  # noqa: PLC0415

    if kit and all(table.name != named for table in tables):
        advice = build_with([table.name for table in tables])
        raise InputError(f"--tokenizer {named}: no table in this kit has this name: {advice}")
    found = [table for table in tables if table.name == named]
    if len(found) > 1:
        raise InputError(
            f"--tokenizer {named}: {len(found)} different tables have this name; give the file of one"
        )
    if found:
        return found[0]
    if Path(named).exists():
        return table_from(Path(named))
    known = ", ".join(sorted(table.name for table in tables)) or "none"
    raise InputError(
        f"--tokenizer {named}: neither a file nor a table that is at hand; at hand are: {known}. "
        "countermark tokenizer add FILE adds one"
    )


def tables_asked(folder: Path | None, named: Sequence[str]) -> list[TokenTable]:
    """The tables named, or all of a folder where none is; none where neither is given. Raises InputError."""
    from countermark.corpus.tokens.folder import default_folder, tables_in  # noqa: PLC0415

    if folder is None and not named:
        return []
    place = folder or default_folder()
    there = tables_in(place) if place.is_dir() else []
    found = [_table_named(one, there) for one in named] if named else there
    if not found:
        raise InputError(f"--tokenizers {place}: holds no table; countermark tokenizer add FILE adds one")
    return list({table.digest: table for table in found}.values())


def keep_tables(run: Path, tables: Iterable[TokenTable]) -> None:
    """Write the tables that a run reads with into its folder, unless they are there. Raises OutputError."""
    from countermark.corpus.tokens.table import table_bytes  # noqa: PLC0415

    for table in tables:
        path, data = run / file_of(table.digest), table_bytes(table)
        if not path.is_file() or path.read_bytes() != data:
            make_folder(path.parent)
            write_bytes(path, data)


def file_of(digest: str) -> str:
    """The name in a run folder of the table with this digest."""
    return f"{TABLES}/{digest}.tokens"


def provide_table(run: Place, shard: Shard) -> None:
    """Have the table of a shard of token ids at hand, taken from the run folder once a process.

    Raises RunError where it is not there, or not the one that the shard names.
    """
    from countermark.corpus.tokens.held import hold, is_held, table_named  # noqa: PLC0415
    from countermark.corpus.tokens.table import read_table  # noqa: PLC0415

    digest = table_named(shard)
    if digest is None or is_held(digest):
        return
    name = file_of(digest)
    try:
        data = store_of(run).read(name)
    except FileNotFoundError as error:
        raise RunError(f"{name}: is missing in the run folder; give the command of the scan again") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise RunError(f"{name}: not the table that its name says; give the command of the scan again")
    hold(read_table(data, name))


def facts_of(choices: Iterable[Choice], shards: Iterable[Shard]) -> tuple[dict[str, Any], ...]:
    """What `run.json` says of the tokenisers: each once, with the weakest evidence for it, and its shards counted.

    Of a folder of one kind of files one is tried, so that a tokeniser is chosen as often as there are such folders.
    """
    counted = Counter(_key(dict(shard.options)) for shard in shards)
    tried: Counter[tuple[str, str]] = Counter()
    weakest: dict[tuple[str, str], Choice] = {}
    for choice in choices:
        key = _key(dict(choice.options()))
        tried[key] += 1
        if key not in weakest or _weight(choice) < _weight(weakest[key]):
            weakest[key] = choice
    return tuple(_facts(choice, counted[key], tried[key]) for key, choice in weakest.items())


def _key(options: dict[str, str]) -> tuple[str, str]:
    return options.get("table", ""), options.get("ids", "")


def _weight(choice: Choice) -> tuple[bool, float]:
    """How much speaks for a choice: ids beyond the table, which are borne where it was named, outdo its words."""
    from countermark.corpus.tokens.trial import in_range  # noqa: PLC0415

    best = choice.trial.best if choice.trial is not None else None
    return (in_range(best), best.weight) if best is not None else (True, 0.0)


def _found(evidence: Evidence) -> dict[str, Any]:
    """The figures of a trial that are told: of so many telling words so many agree, and what share would by chance.

    `says` is what that comes to; `beyond` the share of ids that the table has not, `in_range` whether it is borne.
    """
    from countermark.corpus.tokens.trial import in_range, says  # noqa: PLC0415

    return {
        "tokenizer": evidence.name,
        "telling": evidence.telling,
        "agree": evidence.agree,
        "chance": round(evidence.chance, 4),
        "words": evidence.words,
        "known": round(evidence.known, 4),
        "weight": round(evidence.weight, 2),
        "says": says(evidence),
        "beyond": round(evidence.out_of_range / max(1, evidence.ids), 4),
        "in_range": in_range(evidence),
    }


def _facts(choice: Choice, shards: int, tried: int) -> dict[str, Any]:
    from countermark.corpus.tokens.trial import rivals  # noqa: PLC0415

    table, trial = choice.table, choice.trial
    best = trial.best if trial is not None else None
    others = rivals(trial) if trial is not None else []
    spoke = next((one for one in others if one.telling), None)
    return choice.facts() | {
        "shards": shards,
        "files_tried": tried,
        "trial": _found(best) | {"next": _found(spoke) if spoke is not None else None, "others": len(others)}
        if best is not None
        else None,
        "losses": list(table.losses),
        "source": {"file": table.source, "sha256": table.source_sha256},
    }


def tokenizers_in(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `run.json` says of the tokenisers; nothing where it says nothing that can be used."""
    said = settings.get(TABLES)
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def deciding(value: Any) -> Any:
    """Of what `run.json` says of the tokenisers, what decides how ids are read: not the evidence for it."""
    if not isinstance(value, list):
        return value
    return sorted({(str(one.get("table")), str(one.get("ids"))) for one in value if isinstance(one, dict)})
