"""Kits without their programme: the index, the facts and the checksums, for tests that run the room in this process."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from pydoc_data import topics
from typing import Any

from countermark.index.build import build_index
from countermark.index.sealing import seal_index
from countermark.kit import layout
from countermark.kit.proving import prove
from countermark.kit.room import Room
from countermark.kit.sums import write_sums
from countermark.media import Asset, Medium
from countermark.scan.receipt import json_bytes
from countermark.works.work import Work, WorkFile

SALT = b"a salt of this test only, 32 by."
LONGEST = sorted(topics.topics.items(), key=lambda topic: -len(topic[1]))
TEXTS, OTHERS = dict(LONGEST[:3]), [text for _, text in LONGEST[3:40]]


def works() -> list[WorkFile]:
    """Three works."""
    return [
        WorkFile(Work(name, name), Asset(name, f"{name}.txt", Medium.TEXT, _digest(text), text))
        for name, text in TEXTS.items()
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def proven() -> dict[str, Any]:
    """What the self-test finds here."""
    return prove()


def make_kit(folder: Path) -> Path:
    """A kit in `folder/kit`, sealed from `folder/works.index`; its salt is `folder/kit.salt`."""
    kit = folder / "kit"
    build_index(works(), folder / "works.index")
    manifest = seal_index(folder / "works.index", kit / layout.INDEX, SALT)
    index = {"identity": manifest.identity, "key_check": manifest.key_check, "works": manifest.works}
    facts = {"kit": 1, "countermark": "0", "salt": "apart", "index": index, "self_test": proven()}
    (kit / layout.KIT).write_bytes(json_bytes(facts))
    (folder / "kit.salt").write_bytes(SALT)
    write_sums(kit)
    return kit


def make_corpus(folder: Path, shards: int = 2, records: int = 6) -> Path:
    """A corpus of JSONL shards: every second record holds a passage of a work."""
    folder.mkdir()
    passages = list(TEXTS.values())
    for shard in range(shards):
        lines = []
        for number in range(records):
            at = 100 * (1 + shard * records + number)
            passage = passages[number % 3][at : at + 900] if number % 2 else ""
            text = f"{OTHERS[number % len(OTHERS)][:1500]}\n\n{passage}\n\n{OTHERS[-1 - number][:1500]}"
            lines.append(json.dumps({"id": f"{shard}-{number}", "text": text}))
        (folder / f"part-{shard:02}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def make_room(folder: Path, **changed: Any) -> Room:
    """What is asked of a run with the kit and the corpus of `folder`, onto `folder/medium`."""
    asked: dict[str, Any] = {
        "kit": folder / "kit",
        "corpus": (folder / "corpus",),
        "medium": folder / "medium",
        "salt_file": folder / "kit.salt",
        "workers": 1,
    }
    return Room(**asked | changed)
