"""Damaged files of every format: no reader of recordings fails but by CorpusError, and every batch keeps its bounds."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.audio_samples import bytes_of, list_recordings, write_audio_formats
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError
from countermark.media import Medium, Refusal

FORMATS = [
    "a.tar", "b.tar.gz", "c.zip", "d.warc", "e.warc.gz", "f.jsonl", "g.jsonl.gz", "h.parquet", "i.parquet",
]  # fmt: skip


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of a file of each format."""
    paths = write_audio_formats(tmp_path_factory.mktemp("fuzz"))
    return {name: paths[name].read_bytes() for name in FORMATS}


def read_all(path: Path) -> int:
    """Read what is listed of a file; return the number of recordings. Only CorpusError may be raised."""
    count = 0
    for shard in list_recordings(path, part_bytes=4000)[0]:
        try:
            for batch in reader_for(shard.format, Medium.AUDIO).batches(shard):
                count += len(batch)
                assert len(batch.sources) == len(batch.row) == len(batch.names) == len(batch.captions)
                assert all(len(bytes_of(source)) == len(source) for source in batch.sources)
                assert all(isinstance(refusal, Refusal) and refusal.reason for refusal in batch.refused)
                assert all(refusal.detail.encode() for refusal in batch.refused)
        except CorpusError as error:
            assert shard.name in str(error)  # noqa: PT017 (what is raised says where)
    return count


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_anywhere_is_told_and_survived(
    originals: dict[str, bytes], name: str, data: st.DataObject
) -> None:
    """Bytes changed, cut out, put in, or everything after a place gone."""
    content = bytearray(originals[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 64))
        content[place : place + length] = data.draw(st.binary(max_size=64))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / name).write_bytes(content)
        read_all(folder / name)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["a.tar", "a.zip", "a.warc", "a.jsonl", "a.parquet", "a.mp3", "a"]),
    content=st.binary(max_size=600),
)
def test_files_of_anything_are_survived(name: str, content: bytes) -> None:
    """Whatever the name promises."""
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / name).write_bytes(content)
        read_all(folder / name)
    finally:
        shutil.rmtree(folder)
