"""An index in segments answers as the one that is built anew, and changes whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from countermark.errors import InputError, OutputError, UnusableIndexError
from countermark.index import changes, open_index
from countermark.index.build import build_index
from countermark.index.changes import add_works, drop_works
from countermark.index.compacting import compact_index, plan_compaction
from countermark.media import Span
from index.same_index import PHRASE, digested, files, findings, require_same
from written_works import prose

COUNT, SALT = 230, b"sixteen bytes or more"
GONE = [f"work{number}" for number in range(0, COUNT, 6) if number % 4 != 3]


def records() -> list[str]:
    """Records with passages of works, long ones and ones that many works share."""
    texts = [file.asset.text for file in files(COUNT)]
    return [
        f"{prose(80, 500 + n)} {text[40:700]} {prose(9, n)} {PHRASE}" for n, text in enumerate(texts[::5])
    ]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index to which works were added twice."""
    folder = tmp_path_factory.mktemp("grown") / "index"
    build_index(files(80), folder)
    add_works(folder, files(70, 80))
    add_works(folder, files(COUNT - 140, 140))
    return folder


@pytest.fixture
def segmented(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(grown, tmp_path / "index"))


def test_added_is_found_as_if_built_so(segmented: Path, tmp_path: Path) -> None:
    """Findings, assets and counts are those of the index of all works; what was there already is left out."""
    build_index(files(COUNT), tmp_path / "whole")
    index, whole = open_index(segmented), open_index(tmp_path / "whole")
    assert findings(segmented, records()) == findings(tmp_path / "whole", records())
    assert list(index.assets()) == list(whole.assets())
    assert index.assets_table().equals(whole.assets_table())
    for name in ("works", "assets", "words", "letters", "code_points", "scheme", "guarantee_letters"):
        assert getattr(index.manifest, name) == getattr(whole.manifest, name), name
    assert index.excerpt(200, Span(3, 60)) == whole.excerpt(200, Span(3, 60))
    assert index.manifest.identity != whole.manifest.identity
    index.verify()
    with pytest.raises(UnusableIndexError, match="index compact"):
        _ = index.arrays


def test_dropped_is_not_found(segmented: Path, tmp_path: Path) -> None:
    """What was dropped is in no finding and no table; what is left is found as if the rest had never been there."""
    left = [file for file in files(COUNT) if file.work.work_id not in GONE]
    build_index(left, tmp_path / "left")
    before = open_index(segmented).manifest.identity
    trial = drop_works(segmented, GONE, trial=True)
    assert (trial.manifest.identity, len(trial.works)) == (before, len(GONE))
    done = drop_works(segmented, GONE)
    assert done.works == trial.works
    assert done.manifest.identity != before
    found = findings(segmented, records())
    assert not {finding.work_id for finding in found} & set(GONE)
    assert found == findings(tmp_path / "left", records())
    assert list(open_index(segmented).assets()) == list(open_index(tmp_path / "left").assets())
    assert open_index(segmented).manifest.words == open_index(tmp_path / "left").manifest.words


def test_dropped_can_come_back(segmented: Path) -> None:
    """A work that was dropped can be added again."""
    drop_works(segmented, ["work4"])
    assert add_works(segmented, files(1, 4)).assets == 1
    text = files(1, 4)[0].asset.text
    assert {finding.work_id for finding in findings(segmented, [text])} == {"work4"}


def test_compacted_is_built_anew(segmented: Path, tmp_path: Path) -> None:
    """One segment again, byte for byte the index of the works that are left; nothing of the dropped ones stays."""
    drop_works(segmented, GONE)
    plan = plan_compaction(segmented)
    assert (plan.segments, plan.needed) == (3, True)
    compact_index(segmented)
    build_index([file for file in files(COUNT) if file.work.work_id not in GONE], tmp_path / "left")
    require_same(tmp_path / "left", segmented)
    assert not plan_compaction(segmented).needed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "left"]


def test_compacting_keeps_the_scheme_when_asked(tmp_path: Path) -> None:
    build_index(files(20), tmp_path / "index", scheme="text-l28g20-v1")
    add_works(tmp_path / "index", files(20, 20))
    compact_index(tmp_path / "index", keep_scheme=True)
    build_index(files(40), tmp_path / "whole", scheme="text-l28g20-v1")
    require_same(tmp_path / "whole", tmp_path / "index")


def test_sealed_segments_need_the_same_salt(tmp_path: Path) -> None:
    """Works are added under the salt, dropped without it; one segment is not made, which is said."""
    index = tmp_path / "index"
    build_index(files(80), index, sealed=True, salt=SALT)
    with pytest.raises(UnusableIndexError, match="--salt-file"):
        add_works(index, files(9, 80))
    with pytest.raises(UnusableIndexError, match="not the one"):
        add_works(index, files(9, 80), b"another salt of bytes")
    add_works(index, files(COUNT - 80, 80), SALT)
    drop_works(index, GONE)
    left = [file for file in files(COUNT) if file.work.work_id not in GONE]
    build_index(left, tmp_path / "left", sealed=True, salt=SALT)
    assert findings(index, records(), SALT) == findings(tmp_path / "left", records(), SALT)
    with pytest.raises(InputError, match="sealed"):
        compact_index(index)


def test_what_cannot_be_done_is_said(segmented: Path) -> None:
    """Unknown works, no works, all works, and files that are all there: refused, and nothing changes."""
    before = (segmented / "manifest.json").read_bytes()
    with pytest.raises(InputError, match="no work with the id nobody; nothing was dropped"):
        drop_works(segmented, ["work4", "nobody"])
    with pytest.raises(InputError, match="no work was named"):
        drop_works(segmented, [])
    with pytest.raises(InputError, match="no work would be left"):
        drop_works(segmented, {file.work.work_id for file in files(COUNT)})
    with pytest.raises(InputError, match="holds all 3 files already"):
        add_works(segmented, files(3, 50))
    assert (segmented / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("at", ["build_into", "write_state", "write_bytes"])
def test_a_change_that_fails_leaves_the_index(
    segmented: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at any step, the index is what it was; the next change clears up after it."""
    before = findings(segmented, records()[:4])

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(changes, at, full)
        with pytest.raises(OutputError, match="No space left"):
            add_works(segmented, [digested(9000, prose(90, 77))])
    assert findings(segmented, records()[:4]) == before
    open_index(segmented).verify()
    add_works(segmented, [digested(9000, prose(90, 77))])
    named = {said["folder"] for said in json.loads((segmented / "manifest.json").read_text())["segments"]}
    assert {path.name for path in segmented.iterdir() if path.name.startswith(("segment", ".change"))} == (
        named - {"."}
    )


def test_one_change_at_a_time(segmented: Path) -> None:
    """While an index is changed, another change is refused."""

    def meanwhile() -> Any:
        with pytest.raises(OutputError, match="another change"):
            drop_works(segmented, ["work4"])
        yield digested(9000, prose(90, 77))

    assert add_works(segmented, meanwhile()).assets == 1


@pytest.mark.parametrize("damage", ["state", "live", "segment", "name", "plain", "flip"])
def test_damage_is_told(segmented: Path, damage: str) -> None:
    """Missing folders, foreign names and changed bytes are told."""
    path = segmented / "manifest.json"
    content = json.loads(path.read_text())
    state = segmented / content["state"]
    if damage == "state":
        shutil.rmtree(state)
    elif damage == "live":
        (state / "live.u1").write_bytes(b"\2" * (state / "live.u1").stat().st_size)
    elif damage == "segment":
        (segmented / content["segments"][1]["folder"] / "keys.u4").unlink()
    elif damage == "flip":
        data = bytearray((segmented / "letters.u1").read_bytes())
        data[900] ^= 1
        (segmented / "letters.u1").write_bytes(data)
    else:
        _rename(path, content, damage)
    with pytest.raises(UnusableIndexError):
        open_index(segmented).verify()


def _rename(path: Path, content: dict[str, Any], damage: str) -> None:
    """Write a manifest that somebody made who knows how its identity is made."""
    from countermark.index.manifest import identity_of

    if damage == "name":
        content["segments"][1]["folder"] = "../elsewhere"
    kind = content.pop("format")
    content["identity"] = identity_of(content)
    path.write_text(json.dumps(content | {"format": "countermark-index-1" if damage == "plain" else kind}))


def test_a_segmented_index_can_be_replaced_and_foreign_files_not(segmented: Path) -> None:
    """Building over it is allowed, as over any index; not where something else lies in it."""
    (segmented / "thesis.docx").write_text("precious")
    with pytest.raises(OutputError, match="left alone"):
        build_index(files(3), segmented)
    (segmented / "thesis.docx").unlink()
    build_index(files(3), segmented)
    assert open_index(segmented).manifest.assets == 3
