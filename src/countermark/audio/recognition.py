"""Which files are taken for sound: by their first bytes, and by their name where these say little."""

from __future__ import annotations

from typing import Final

from countermark.audio.sniffing import looks_like_sound

SUFFIXES: Final = frozenset(
    {
        ".mp3", ".mp2", ".aac", ".m4a", ".m4b", ".m4p", ".flac", ".wav", ".wave", ".rf64", ".bwf", ".w64", ".aif",
        ".aiff", ".aifc", ".caf", ".au", ".snd", ".ogg", ".oga", ".opus", ".spx", ".wma", ".ac3", ".eac3", ".ape",
        ".wv", ".tta", ".mka", ".weba", ".amr",
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".asf", ".flv", ".f4v", ".mpg", ".mpeg", ".m2ts",
        ".mts", ".ogv", ".3gp", ".3g2", ".vob",
    }
)  # fmt: skip
"""Suffixes of sound files, then of films, in lower case."""

_RAW: Final = frozenset({"mp3", "aac"})


def named_as_sound(name: str) -> bool:
    """Whether a file name, or an address, has a suffix of sound or film."""
    dot = name.rfind(".")
    return dot >= 0 and name[dot:].lower() in SUFFIXES


def recognised(head: bytes, name: str = "") -> str:
    """The format of a file by its first bytes, as `looks_like_sound`; empty where it is not taken for sound.

    Frames that begin behind rubbish count only where the name says that sound is meant: an archive, a web capture or
    a table that holds an MP3 file near its beginning is no MP3 file.
    """
    found = looks_like_sound(head)
    at_once = head.startswith((b"ID3", b"\xff"))
    return found if at_once or found not in _RAW or named_as_sound(name) else ""
