"""Redaction: a copy of a dossier without chosen works or passages, which still verifies against the first signature.

All files of a work withheld are left out, every file that speaks of the whole set, and any other file that names the
work. Digests of withheld files stay in the list of commitments; a salt in each file keeps them from being guessed.
A picture or recording of the data set in which a work withheld was found is left out of the other items too (see
`redact_pictures`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from countermark.atomic import make_folder
from countermark.errors import DossierError, OutputError
from countermark.evidence.dossier import rocrate, verify_text
from countermark.evidence.dossier.bag import finish_bag, write_files
from countermark.evidence.dossier.bag_files import list_files, read_small
from countermark.evidence.dossier.bag_read import check_bag, values_of
from countermark.evidence.dossier.commitments import COMMITMENTS, WHOLE_SET, read_commitments
from countermark.evidence.dossier.envelope import STATEMENT
from countermark.evidence.dossier.items import names_of
from countermark.evidence.dossier.naming import Names
from countermark.evidence.dossier.redact_pictures import PICTURE, Pictured, is_encoded
from countermark.evidence.dossier.seal import LARGEST_SEARCHED, beside
from countermark.evidence.dossier.verify import REDACTION, json_object, verify_dossier
from countermark.evidence.report.legible import one_line
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SHORTEST_ENCODED = 5
"""Letters of a name that is looked for in the bytes of pictures."""
_SAME_EVERYWHERE = (verify_text.FILE, rocrate.FILE, "data/software.txt")


@dataclass(frozen=True, slots=True)
class Withhold:
    """What to leave out: works by id, what is shown of them as (item, number), or all works but those kept."""

    works: frozenset[str] = frozenset()
    passages: frozenset[tuple[str, int]] = frozenset()
    keep_only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """The copy: how many files were withheld, of how many works, and which others because they named one."""

    path: Path
    files: int
    works: int
    named: tuple[str, ...]


@dataclass(slots=True)
class _Bag:
    folder: Path
    sizes: dict[str, int]
    committed: dict[str, str]
    whole: set[str]
    earlier: dict[str, Any]
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    paths: dict[str, list[str]] = field(default_factory=dict)

    def object(self, path: str) -> dict[str, Any]:
        """A JSON object of the bag; it was verified before, so that a damaged one is a fault of the seal."""
        said = json_object(read_small(self.folder, path, LARGEST_SEARCHED))
        if said is None:
            raise DossierError(f"{self.folder / path}: is no JSON object")
        return said

    def files_of(self, item: str) -> list[str]:
        return self.paths.get(item, [])

    def names(self, item: str) -> set[str]:
        """What the work of an item is called; file names of its passages among it."""
        facts = self.items[item]
        rows = []
        for path in self.files_of(item):
            if "/passage-" in path or PICTURE.fullmatch(path):
                side = self.object(path)["work"]
                rows.append({"asset_path": side["path"], "asset_digest": side["digest"]})
        titles = {"work_title": facts["title"], "work_author": facts.get("author", "")}
        return set(names_of(facts, [{**row, **titles} for row in rows]))


def redact(bag: Path, out: Path, withhold: Withhold, reason: str, date: str) -> Redacted:
    """Write the redacted copy of `bag` to `out`, which must not be there yet. Raises DossierError, OutputError."""
    try:
        return _redact(bag, out, withhold, reason, date)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError) as error:
        # A stranger can seal files of any content: they verify, and are not built as ours are.
        said = f"{type(error).__name__}: {error}"
        raise DossierError(
            f"{bag}: its items are not built as a dossier's are ({one_line(said)}); not redacted"
        ) from None


def _redact(bag: Path, out: Path, withhold: Withhold, reason: str, date: str) -> Redacted:
    if out.exists() or out.is_symlink():
        raise DossierError(f"{out}: is there already; give another --out")
    verified = verify_dossier(bag)
    if not verified.holds:
        raise DossierError(f"{bag}: does not verify, and is not redacted: {verified.first}")
    source = _open(bag)
    works = _withheld_works(source, withhold)
    left_out = {path for item in works for path in source.files_of(item)}
    for item, number in withhold.passages:
        left_out |= _overlapping(source, item, _passage(source, item, number))
    texts = _texts(source, left_out)
    pictured = Pictured(source.folder, source.paths, source.object)
    left_out = pictured.widened(left_out)
    left_out |= source.whole
    names = _names(source, works)
    _refuse_names(source, reason, names)
    named = pictured.widened(_also_naming(source, left_out, names | texts)) - left_out
    left_out |= named
    with beside(out) as folder:
        _copy(source, folder, left_out)
        write_files(folder, {REDACTION: json_bytes(_redaction(source, left_out, reason, date))})
        identity = values_of(check_bag(bag).info, "External-Identifier")
        finish_bag(folder, date, [("External-Identifier", name) for name in identity])
        again = verify_dossier(folder)
        if not again.holds:
            raise DossierError(f"{out}: the copy does not verify: {again.first}")
        folder.rename(out)
    return Redacted(out, len(left_out), len(works), tuple(sorted(named)))


def _open(bag: Path) -> _Bag:
    sizes = list_files(bag).sizes
    committed = read_commitments(read_small(bag, COMMITMENTS, 1 << 28))
    if isinstance(committed, str):
        raise DossierError(f"{bag / COMMITMENTS}: {committed}")
    whole: set[str] = set()
    if WHOLE_SET in sizes:
        listed = read_commitments(read_small(bag, WHOLE_SET, 1 << 28))
        whole = {WHOLE_SET, *(listed if isinstance(listed, dict) else ())}
    source = _Bag(bag, sizes, committed, whole, {})
    if REDACTION in sizes:
        source.earlier = source.object(REDACTION)
    for path in sorted(sizes):
        if path.startswith("data/items/"):
            item = path.split("/")[2]
            source.paths.setdefault(item, []).append(path)
            if path.endswith("/work.json"):
                source.items[item] = source.object(path)
    return source


def _withheld_works(source: _Bag, withhold: Withhold) -> set[str]:
    """The items to leave out whole. Raises DossierError where a work given is not in the dossier."""
    by_work = {
        facts[name]: item
        for name in ("catalog_work_id", "work_id")
        for item, facts in source.items.items()
        if facts.get(name)
    }
    _require(withhold.works, by_work, source)
    wanted = {by_work[work] for work in withhold.works}
    if withhold.keep_only is not None:
        _require(withhold.keep_only, by_work, source)
        wanted |= set(source.items) - {by_work[work] for work in withhold.keep_only}
    if not wanted and not withhold.passages:
        raise DossierError("nothing is to be withheld: name works or passages")
    return wanted


def _require(works: Iterable[str], by_work: dict[str, str], source: _Bag) -> None:
    unknown = sorted(set(works) - set(by_work))
    if unknown:
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        raise DossierError(
            f"{source.folder}: has no item for the work {unknown[0]!r}{more}; data/catalog.json "
            "holds the work_id of each"
        )


def _passage(source: _Bag, item: str, number: int) -> str:
    for kind in ("passage", "picture", "recording"):
        path = f"data/items/{item}/{kind}-{number:03}.json"
        if path in source.sizes:
            return path
    raise DossierError(f"{source.folder}: has no passage {item}/{number}, no picture and no recording")


def _overlapping(source: _Bag, item: str, path: str) -> set[str]:
    """The passage and all others of the work that show a part of the same text on either side.

    Of a picture or a recording, all of the same file of the work, or of the same file of the data set.
    """
    mine = source.object(path)
    if PICTURE.fullmatch(path):
        sides = [(side, mine[side]["digest"]) for side in ("work", "record")]
        others = (
            (other, source.object(other)) for other in source.files_of(item) if PICTURE.fullmatch(other)
        )
        return {
            other for other, said in others if any(said[side]["digest"] == digest for side, digest in sides)
        }
    return {
        other
        for other in source.files_of(item)
        if "/passage-" in other
        and any(_overlap(mine[side], source.object(other)[side]) for side in ("work", "record"))
    }


def _overlap(one: dict[str, Any], two: dict[str, Any]) -> bool:
    same = all(one.get(key) == two.get(key) for key in ("path", "shard", "row"))
    return same and one["start"] < two["end"] and two["start"] < one["end"]


def _texts(source: _Bag, left_out: Iterable[str]) -> set[str]:
    """The texts of the passages left out, on both sides."""
    found = set()
    for path in left_out:
        if "/passage-" in path:
            said = source.object(path)
            found |= {side["text"] for side in (said["work"], said["record"]) if side["text"]}
    return found


def _names(source: _Bag, works: set[str]) -> set[str]:
    """What only the works withheld are called: a name that a kept work bears too would stand there anyhow."""
    if not works:
        return set()
    kept: set[str] = set().union(*(source.names(item) for item in set(source.items) - works))
    return set().union(*(source.names(item) for item in works)) - kept


def _refuse_names(source: _Bag, reason: str, names: set[str]) -> None:
    wanted = Names(names)
    if wanted.stand_in(reason.encode()):
        raise DossierError(
            "the reason names what is to be withheld: it is written into the copy; give another --reason"
        )
    statement = read_small(source.folder, STATEMENT, LARGEST_SEARCHED)
    if wanted.stand_in(statement):
        raise DossierError(
            f"{source.folder / STATEMENT}: the signed statement names what is to be withheld (a run folder or a data "
            "set is called like it); seal again from a run folder with a neutral name"
        )


def _also_naming(source: _Bag, left_out: set[str], wanted: set[str]) -> set[str]:
    """Other files in which a name stands. In a picture's bytes short ones stand by chance: these are not looked for."""
    found = set()
    names, long = Names(wanted), Names(name for name in wanted if len(name) >= SHORTEST_ENCODED)
    for path in sorted(source.sizes):
        skipped = path in left_out or path in _SAME_EVERYWHERE or path.startswith("data/rules/")
        if skipped or not path.startswith("data/"):
            continue
        size = source.sizes[path]
        looked_for = long if is_encoded(path) else names
        if size > LARGEST_SEARCHED or looked_for.stand_in((source.folder / path).read_bytes()):
            found.add(path)
    return found


def _copy(source: _Bag, folder: Path, left_out: set[str]) -> None:
    for path in sorted(source.sizes):
        if path in left_out or not path.startswith(("data/", "seal/")):
            continue
        target = folder / path
        make_folder(target.parent)
        try:
            shutil.copyfile(source.folder / path, target, follow_symlinks=False)
        except OSError as error:
            raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from error
    make_folder(folder / "data")


def _redaction(source: _Bag, left_out: set[str], reason: str, date: str) -> dict[str, Any]:
    """What `redaction.json` says: the digests of files withheld are those that the seal states already."""
    withheld = {path: source.committed[path] for path in sorted(left_out) if path in source.committed}
    step = {"date": date, "reason": reason, "files": len(left_out), "whole_set": WHOLE_SET in left_out}
    return {
        "format": "countermark.redaction/1",
        "redactions": [*source.earlier.get("redactions", []), step],
        "withheld": dict(sorted({**source.earlier.get("withheld", {}), **withheld}.items())),
    }
