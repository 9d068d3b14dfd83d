"""Recordings, as the readers of a corpus see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.audio.recognition import SUFFIXES, recognised
from countermark.audio.sniffing import ACCEPTED
from countermark.audio.source import SoundSource
from countermark.corpus.audio.batch import AudioBatch
from countermark.corpus.carried.sought import Sought, Stretch
from countermark.corpus.carried.telling import plain_text
from countermark.corpus.columns import ID_COLUMNS, URL_COLUMNS
from countermark.documents.lyrics import words_of
from countermark.errors import SoundError
from countermark.images.sniffing import looks_like_picture

if TYPE_CHECKING:
    from countermark.corpus.carried.sought import Content

MOST_BYTES: Final = 256 << 20
"""Bytes of a recording that is held in memory: a member of a compressed archive, a cell, a captured body."""
_HEAD: Final = 1 << 16
"""Bytes by which a recording is known: some MP3 files begin with rubbish."""

_COLUMNS: Final = (
    "audio", "audios", "sound", "sounds", "song", "songs", "track", "tracks", "recording", "recordings", "music",
    "speech", "mp3", "flac", "wav", "ogg", "opus", "m4a", "aac", "video", "videos", "mp4", "webm", "mkv",
    "audio_bytes", "audio_data", "audio_base64", "video_bytes", "base64", "bytes", "content", "data", "binary", "raw",
    "file",
)  # fmt: skip
_IDS: Final = (
    *ID_COLUMNS, "audio_id", "track_id", "song_id", "video_id", "sample_id", "__key__", "sha256", "md5", "json.key",
)  # fmt: skip
_TITLES: Final = (
    "title", "song_title", "track_title", "song_name", "track_name", "track", "song", "metadata.title", "meta.title",
    "json.title",
)  # fmt: skip
_ARTISTS: Final = (
    "artist", "artists", "artist_name", "performer", "author", "composer", "uploader", "channel", "metadata.artist",
    "meta.artist", "json.artist",
)  # fmt: skip
_WORDS: Final = (
    "lyrics", "lyric", "transcript", "transcription", "text", "sentence", "caption", "description", "prompt", "txt",
    "lrc", "captions", "metadata.lyrics", "metadata.text", "metadata.caption", "json.lyrics", "json.text",
    "json.caption",
)  # fmt: skip


def _check(data: bytes, name: str) -> None:
    """Raise SoundError `empty`, `too-large` or `format` for what is not to be handed over."""
    if not data:
        raise SoundError("empty", "holds no bytes")
    if len(data) > MOST_BYTES:
        raise SoundError("too-large", f"has {len(data):,} bytes; at most {MOST_BYTES:,} are held in memory")
    if not recognised(data[:_HEAD], name):
        what = "a picture" if looks_like_picture(data[:_HEAD]) else "of no known format of sound or video"
        raise SoundError("format", f"is {what}; {ACCEPTED}")


def _side_text(name: str, content: bytes) -> str:
    text = plain_text(name, content)
    return words_of(text).strip() if name.lower().endswith(".lrc") else text


def _source(content: Content) -> SoundSource:
    return (
        SoundSource(path=content.path, begin=content.begin, size=content.size)
        if isinstance(content, Stretch)
        else SoundSource(content)
    )


def _batch(contents: tuple[Content, ...], **fields: Any) -> AudioBatch:
    return AudioBatch(tuple(map(_source, contents)), **fields)


RECORDINGS: Final = Sought(
    one="recording",
    many="recordings",
    looks_like=recognised,
    check=_check,
    head=_HEAD,
    most=MOST_BYTES,
    suffixes=SUFFIXES,
    option="audio_column",
    columns=_COLUMNS,
    ids=_IDS,
    urls=("audio_url", "video_url", "track_url", "song_url", *URL_COLUMNS, "json.url"),
    captions=(_TITLES, _ARTISTS, _WORDS),
    sides=(".txt", ".text", ".caption", ".lrc", ".json"),
    side_text=_side_text,
    batch=_batch,
    streamed=True,
)
"""Sound and video files, by their bytes: streamed from where they stand, held only where that cannot be."""
