"""A corpus by URL is the corpus on disk: the same shards, the same records, the same findings, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from corpus.audio_samples import recording
from corpus.corpus_samples import json_lines, read, write_all_formats
from corpus.image_samples import picture
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.errors import CorpusError
from countermark.media import Medium, Refusal
from countermark.scan import ScanSettings, run_scan
from countermark.scan.source import digest_source, require_unchanged, source_state
from countermark.storage.reading import forget_all
from scan.furnished import result
from scan.needle_search import NeedleBackend
from written_works import prose, work_file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.storage.place import Place
    from storage.conftest import Bucket


def listed(place: Place, part_bytes: int = 64 << 20, medium: Medium = Medium.TEXT) -> list[Shard | Refusal]:
    """What a place holds, without where it is and which content that is."""
    found = list_shards([place], part_bytes=part_bytes, medium=medium)
    return [replace(one, path="", state="") if isinstance(one, Shard) else one for one in found]


def shards_at(place: Place, part_bytes: int = 64 << 20) -> list[Shard]:
    """The shards of a place."""
    return [one for one in list_shards([place], part_bytes=part_bytes) if isinstance(one, Shard)]


def furnish(folder: Path) -> None:
    """One of each format, and what is left out."""
    write_all_formats(folder)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "a.txt").write_text("not read")
    (folder / "m" / ".b.txt").write_text("not read")
    (folder / "empty.txt").write_text("")
    (folder / "run").mkdir()
    (folder / "run" / "run.json").write_text('{"guarantee_letters": 1}')
    (folder / "run" / "quoted.txt").write_text("not read either")
    (folder / "é ü#1.txt").write_text("a name with everything")


@pytest.mark.parametrize("part_bytes", [64 << 20, 700])
def test_a_prefix_is_listed_as_a_folder_is(bucket: Bucket, part_bytes: int) -> None:
    """Names, parts, options and refusals are the same, for the whole and for one prefix of it."""
    furnish(bucket.folder)
    here = listed(bucket.folder, part_bytes)
    assert listed(bucket.url, part_bytes) == here
    assert {one.reason for one in here if isinstance(one, Refusal)} == {"hidden", "countermark-folder"}
    assert listed(f"{bucket.url}/m", part_bytes) == listed(bucket.folder / "m", part_bytes)
    assert listed(f"{bucket.url}/k.zip") == listed(bucket.folder / "k.zip")


@pytest.mark.parametrize("part_bytes", [64 << 20, 700])
def test_records_and_digests_are_the_same(bucket: Bucket, part_bytes: int) -> None:
    """Every reader gives the same rows, and every shard has the same digest."""
    furnish(bucket.folder)
    here, there = shards_at(bucket.folder, part_bytes), shards_at(bucket.url, part_bytes)
    assert [digest_source(shard) for shard in there] == [digest_source(shard) for shard in here]
    assert read(there) == read(here)


@pytest.mark.parametrize("medium", [Medium.IMAGE, Medium.AUDIO])
def test_pictures_and_recordings_are_the_same(bucket: Bucket, medium: Medium) -> None:
    """Files of a prefix, with the texts beside them, and members of archives."""
    make = picture if medium is Medium.IMAGE else recording
    ending = "png" if medium is Medium.IMAGE else "wav"
    for number in range(4):
        (bucket.folder / f"{number}.{ending}").write_bytes(make(number))
        (bucket.folder / f"{number}.txt").write_text(f"caption {number}")
    write_all_formats(bucket.folder)
    assert listed(bucket.url, medium=medium) == listed(bucket.folder, medium=medium)
    told = []
    for place in (bucket.folder, bucket.url):
        for shard in list_shards([place], medium=medium):
            if isinstance(shard, Shard):
                state, source = source_state(shard), digest_source(shard)
                batches: list[Any] = list(reader_for(shard.format, medium).batches(shard))
                require_unchanged(shard, state)
                told.append((shard.name, source, [(b.names, b.captions, b.refused) for b in batches]))
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert any(names for _, _, batches in told for names, _, _ in batches)


def test_streamed_recordings_give_the_bytes_of_the_object(bucket: Bucket) -> None:
    """A sound file is read from where it is, by who decodes it."""
    (bucket.folder / "a.wav").write_bytes(recording(1, size=200_000))
    (shard,) = [one for one in list_shards([bucket.url], medium=Medium.AUDIO) if isinstance(one, Shard)]
    (batch,) = reader_for("recordings", Medium.AUDIO).batches(shard)
    with batch.sources[0].open() as stream:
        assert stream.read() == (bucket.folder / "a.wav").read_bytes()


def scan(tmp_path: Path, corpus: Place, out: str) -> dict[str, bytes]:
    """Everything that a run leaves that must not depend on where the corpus is."""
    (tmp_path / "needles").write_text("the record 1 text\n")
    settings = ScanSettings(
        index=tmp_path / "needles", corpus=(corpus,), out=tmp_path / out, corpus_name="corpus", workers=1
    )
    outcome = run_scan(settings, backend=NeedleBackend(tmp_path))
    assert not outcome.quarantined
    return result(tmp_path / out)


def test_a_scan_of_a_bucket_leaves_the_bytes_of_a_scan_of_the_folder(bucket: Bucket, tmp_path: Path) -> None:
    """Receipts, findings and settings: in worker processes, which connect for themselves."""
    furnish(bucket.folder)
    here = scan(tmp_path, bucket.folder, "here")
    there = scan(tmp_path, bucket.url, "there")
    assert there == here
    assert not any(b"127.0.0.1" in data or b"s3://" in data for data in there.values())


def test_each_byte_is_fetched_once(bucket: Bucket) -> None:
    """Hashing and reading a shard asks for its bytes once, whatever the reader does."""
    furnish(bucket.folder)
    shards = shards_at(bucket.url)
    for shard in shards:
        if shard.format == "documents":
            continue
        forget_all()
        before = len(bucket.faults.parts)
        source_state(shard)
        digest_source(shard)
        read([shard])
        spans = [span.removeprefix("bytes=").split("-") for span in bucket.faults.parts[before:]]
        asked = [byte for first, last in spans for byte in range(int(first), int(last) + 1)]
        assert len(asked) == len(set(asked)) == (bucket.folder / shard.name).stat().st_size, shard.name


def test_of_a_part_only_its_bytes_are_fetched(bucket: Bucket) -> None:
    """A part of a large file, and what its reader needs to see the end of a line."""
    line = b'{"text": "' + b"x" * 1000 + b'"}\n'
    (bucket.folder / "a.jsonl").write_bytes(line * 8000)
    shards = shards_at(bucket.url, 2 << 20)
    assert len(shards) > 3
    forget_all()
    bucket.faults.asked.clear()
    source_state(shards[1])
    digest_source(shards[1])
    assert len(read([shards[1]])[0]) == pytest.approx(2072, abs=40)
    spans = [span.removeprefix("bytes=").split("-") for span in bucket.faults.parts]
    asked = sum(int(last) + 1 - int(first) for first, last in spans)
    assert asked <= shards[1].size + (
        3 << 20
    )  # the head by which columns are known, and one look beyond the end


def test_what_is_not_there_is_said(bucket: Bucket) -> None:
    """No such object, no such bucket, and the web's folders."""
    (bucket.folder / "a.txt").write_text("there")
    with pytest.raises(CorpusError, match="s3://corpus/none: there is no such object, and none below it"):
        listed(f"{bucket.url}/none")
    with pytest.raises(CorpusError, match="s3://nowhere"):
        listed("s3://nowhere/a")


@pytest.mark.slow
def test_findings_of_a_real_index_are_the_same(bucket: Bucket, tmp_path: Path) -> None:
    """A work that stands in every format is found in every one, from the bucket as from the disk."""
    from countermark.index.build import build_index

    furnish(bucket.folder)
    work = prose(900, seed=9)
    (bucket.folder / "quoting.jsonl").write_bytes(json_lines([prose(300, seed=1) + work[500:2500], work]))
    (bucket.folder / "m" / "quoting.txt").write_text(work[1000:])
    build_index([work_file("a-work", work)], tmp_path / "index")
    made = []
    for place, out in ((bucket.folder, "here"), (bucket.url, "there")):
        settings = ScanSettings(tmp_path / "index", (place,), tmp_path / out, corpus_name="corpus", workers=1)
        outcome = run_scan(settings)
        assert outcome.findings >= 3
        made.append(result(tmp_path / out))
    assert made[0] == made[1]
