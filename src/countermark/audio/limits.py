"""What one sound file may cost: seconds, tracks, channels, packets, bytes read.

The bounds keep the time that a file takes in proportion to its size, and its memory apart from its length.
"""

from __future__ import annotations

from typing import Final

from countermark.errors import SoundError

RATE: Final = 16_000
"""Samples a second of the mono sound that is handed over."""

MOST_SECONDS: Final = 26 * 3600
"""Seconds of a track that are decoded: a day's recording, and what clocks add to it."""

MOST_TRACKS: Final = 8
"""Sound tracks of one file; films carry fewer."""

MOST_STREAMS: Final = 128
"""Streams of any kind that a container may declare."""

MOST_CHANNELS: Final = 64
"""Channels of a track."""

LOWEST_RATE, HIGHEST_RATE = 4_000, 768_000
"""Samples a second of a track. Telephones have 8,000; recorders of today up to 768,000."""

MOST_CHANGES: Final = 64
"""Changes of rate or channels within a track. Broadcasts change a few times a day."""

MOST_SILENT_PACKETS: Final = 5_000
"""Packets in a row of which nothing can be decoded: more than a minute of sound."""

MOST_SILENCE: Final = 600
"""Seconds of silence in a track that stand for what is missing, by the times of its frames."""

MOST_READS: Final = 16
"""How many times over the bytes of a file may be read, and the number of skipped tags at its head."""

READ_AT_LEAST: Final = 64 << 20
"""Bytes that may be read of any file, however small it is."""

MOST_INDEXED: Final = 1 << 23
"""Entries of an MP4 file's table of samples that cost it no bytes: 24 bytes of memory each."""

MOST_SAMPLES: Final = 1 << 24
"""Entries of all of an MP4 file's tables that cost it bytes: six times as much memory. A day has four million."""

BLOCK: Final = 10 * RATE
"""Samples that are handed over at a time, about: ten seconds."""


def check_form(rate: int, channels: int) -> None:
    """Raise SoundError `unsupported` for a rate or a number of channels that is not decoded."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        said = f"has {rate:,} samples a second; {LOWEST_RATE:,} to {HIGHEST_RATE:,} are accepted"
        raise SoundError("unsupported", said)
    if not 1 <= channels <= MOST_CHANNELS:
        raise SoundError("unsupported", f"has {channels} channels; 1 to {MOST_CHANNELS} are accepted")
