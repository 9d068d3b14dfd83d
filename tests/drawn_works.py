"""Works and corpora of pictures for tests, drawn by code: shapes, lines and words that only one seed gives."""

from __future__ import annotations

import io
import json
import random
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw, ImageFont, ImageOps

from countermark.index.image.build import build_image_index
from countermark.media import Medium, Refusal
from countermark.works.reading import read_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.fingerprint.image.embedding import EmbeddingModel
    from countermark.works.work import WorkFile

_PLACE = tempfile.TemporaryDirectory(prefix="countermark-drawn-")
"""What all tests of a process share; it goes when the process ends."""

WIDTH, HEIGHT = 480, 360
WORKS = 8
STANDING = 6
"""So many of the works stand in the corpus."""
FIRST_OTHER = 1000
"""Seeds from here on are of pictures that are nobody's work."""


class Sample(NamedTuple):
    """A picture of a corpus: its name without suffix, its bytes, its work (a seed) or None, and what was done to it."""

    name: str
    data: bytes
    work: int | None
    what: str
    kind: str = "jpg"


def drawing(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture in colours, full of texture."""
    chance = random.Random(seed)
    sheet = Image.new("RGB", (width, height), _colour(chance))
    pen = ImageDraw.Draw(sheet)
    for _ in range(110):
        x, y = chance.randrange(width), chance.randrange(height)
        box = (x, y, x + chance.randrange(6, 90), y + chance.randrange(6, 90))
        draw = chance.choice((pen.rectangle, pen.ellipse))
        draw(box, fill=_colour(chance), outline=_colour(chance), width=2)
        end = (chance.randrange(width), chance.randrange(height))
        pen.line((x, y, *end), fill=_colour(chance), width=chance.randrange(1, 4))
    font = ImageFont.load_default(size=22)
    for _ in range(9):
        word = "".join(chance.choices("abcdefghkmnprstuvwxyz", k=7))
        place = (chance.randrange(width), chance.randrange(height))
        pen.text(place, word, fill=_colour(chance), font=font)
    return sheet


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of a picture."""
    out = io.BytesIO()
    picture.save(out, kind, **{**({"quality": 85} if kind == "JPEG" else {}), **options})
    return out.getvalue()


def film(frames: Iterable[Image.Image]) -> bytes:
    """An animated GIF."""
    first, *rest = [frame.quantize(128) for frame in frames]
    return encoded(first, "GIF", save_all=True, append_images=rest, duration=60)


def altered(work: Image.Image) -> dict[str, Image.Image]:
    """What data sets do to a picture."""
    width, height = work.size
    page = Image.new("RGB", (700, 520), (244, 244, 240))
    page.paste(work.resize((width * 2 // 3, height * 2 // 3)), (60, 120))
    return {
        "resized": work.resize((width * 3 // 4, height * 3 // 4)),
        "mirrored": ImageOps.mirror(work),
        "turned": work.transpose(Image.Transpose.ROTATE_90),
        "cropped": work.crop((width // 5, height // 6, width, height)),
        "on a page": page,
    }


def write_works(folder: Path, seeds: Iterable[int] = range(WORKS)) -> Path:
    """A folder of works, `work-<seed>.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / f"work-{seed}.png").write_bytes(encoded(drawing(seed), "PNG"))
    return folder


def samples() -> list[Sample]:
    """About 60 pictures: altered copies of some works, an animation, others, and five that cannot be decoded."""
    found = [
        Sample(f"{seed}-{what.replace(' ', '-')}", encoded(picture), seed, what)
        for seed in range(STANDING)
        for what, picture in altered(drawing(seed)).items()
    ]
    found += [
        Sample(f"other-{seed}", encoded(drawing(seed, 320, 260)), None, "other")
        for seed in range(FIRST_OTHER, FIRST_OTHER + 22)
    ]
    scenes = [drawing(seed).resize((320, 240)) for seed in (FIRST_OTHER + 30, 2, FIRST_OTHER + 31)]
    found.append(Sample("film", film(scenes), 2, "animated", "gif"))
    whole = encoded(drawing(5), "PNG")
    found += [
        Sample("nothing", b"", None, "empty"),
        Sample("text", b"<html>not here</html>", None, "format"),
        Sample("head", whole[:200], None, "truncated", "png"),
        Sample("speck", encoded(drawing(1).resize((16, 16)), "PNG"), None, "tiny", "png"),
        Sample("noise", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, None, "corrupt"),
    ]
    random.Random(3).shuffle(found)
    return found


def write_tar(path: Path, pictures: Iterable[Sample]) -> None:
    """A WebDataset archive as img2dataset leaves it: picture, caption, and facts."""
    with tarfile.open(path, "w") as archive:
        for number, sample in enumerate(pictures):
            key = f"{number:05d}"
            facts = {"key": key, "url": f"https://pictures.example/{sample.name}", "caption": sample.name}
            members = {
                sample.kind: sample.data,
                "txt": sample.name.encode(),
                "json": json.dumps(facts).encode(),
            }
            for suffix, content in members.items():
                member = tarfile.TarInfo(f"{key}.{suffix}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))


def write_parquet(path: Path, pictures: Iterable[Sample]) -> None:
    """A table as Hugging Face stores pictures."""
    rows = list(pictures)
    table = {
        "image": [{"bytes": sample.data, "path": f"{sample.name}.{sample.kind}"} for sample in rows],
        "url": [f"https://pictures.example/{sample.name}" for sample in rows],
        "text": [sample.name for sample in rows],
    }
    pq.write_table(pa.table(table), path, row_group_size=8)


def write_corpus(folder: Path) -> Path:
    """The samples in three formats: a tar, a Parquet file, a folder of files."""
    folder.mkdir(parents=True, exist_ok=True)
    every = samples()
    write_tar(folder / "a.tar", every[0::3])
    write_parquet(folder / "b.parquet", every[1::3])
    (folder / "c").mkdir()
    for sample in every[2::3]:
        (folder / "c" / f"{sample.name}.{sample.kind}").write_bytes(sample.data)
    return folder


def work_files(*folders: Path) -> Iterator[WorkFile]:
    """The works in folders; there must be nothing that cannot be read."""
    for found in read_works(list(folders), Medium.IMAGE):
        assert not isinstance(found, Refusal), found
        yield found


def build(
    works: Path, out: Path, *, prints: bool = True, model: EmbeddingModel | None = None
) -> tuple[Path, list[Refusal]]:
    """An index of a folder of works, and what was refused."""
    refused: list[Refusal] = []
    build_image_index(work_files(works), out, prints=prints, model=model, refuse=refused.append)
    return out, refused


@cache
def shared_works() -> Path:
    """The folder of works; not to be changed."""
    return write_works(Path(_PLACE.name, "works"))


@cache
def shared_index() -> Path:
    """An index of them; not to be changed."""
    return build(shared_works(), Path(_PLACE.name, "works.index"))[0]


@cache
def shared_corpus() -> Path:
    """The corpus; not to be changed."""
    return write_corpus(Path(_PLACE.name, "corpus"))
