"""Host texts are real, repeatable and bounded."""

from __future__ import annotations

import struct
from pathlib import Path

from countermark.selftest import hosts


def catalogue(messages: list[tuple[bytes, bytes]]) -> bytes:
    """A compiled gettext catalogue, little-endian, as the format's description has it."""
    head, table = 28, 28 + 8 * len(messages)
    start = table + 8 * len(messages)
    body, originals, translations = b"", b"", b""
    for side, entries in ((0, "originals"), (1, "translations")):
        for message in messages:
            entry = struct.pack("<2I", len(message[side]), start + len(body))
            body += message[side] + b"\0"
            originals += entry if entries == "originals" else b""
            translations += entry if entries == "translations" else b""
    return (
        struct.pack("<7I", 0x950412DE, 0, len(messages), head, table, 0, 0) + originals + translations + body
    )


def test_this_machine_has_real_text() -> None:
    """Python's documentation alone gives a hundred pieces; nothing stands twice; a second look gives the same."""
    found = hosts.machine_hosts()
    assert sum(host.name.startswith("python:") for host in found) > 100
    english = [host.text for host in found if not host.name.startswith(("manual:", "messages:"))]
    assert len(set(english)) == len(english)
    assert sum(map(len, english)) < hosts.LIMIT + hosts.LARGEST_SOURCE
    assert hosts.machine_hosts() == found


def test_messages_are_read_from_a_compiled_catalogue(tmp_path: Path) -> None:
    """Translations come out in order, without the header; a file that is none gives nothing."""
    path = tmp_path / "a.mo"
    path.write_bytes(catalogue([(b"", b"head"), (b"one", "un œuf".encode()), (b"two", b"deux")]))
    assert list(hosts._translations(path)) == ["un œuf", "deux"]
    path.write_bytes(b"\xde\x12\x04\x95" + b"\xff" * 40)
    assert list(hosts._translations(path)) == []
    path.write_bytes(b"nothing of the kind")
    assert list(hosts._translations(path)) == []
