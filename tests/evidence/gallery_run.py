"""Run folders of pictures, drawn by code: works, what was made of them in a data set, and findings that say so."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from PIL import Image, ImageDraw

from countermark.findings.table import write_table
from countermark.scan.receipt import json_bytes
from evidence.synthetic import CATALOG, SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.findings.finding import Finding

HOSTILE_CAPTION = "</figure><script>alert(1)</script>\u202egnp.exe \x1b[31m" + "long " * 200
HOSTILE_URL = "javascript:alert(1)//<img src=https://evil.example/x.png onerror=alert(1)>"


def painting(seed: int, width: int = 900, height: int = 640) -> Image.Image:
    """A landscape of gradients and shapes, another for each seed."""
    draw = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    ground = draw.integers(40, 230, (2, 3))
    mixed = ground[0] * (1 - down[..., None]) + ground[1] * down[..., None]
    mixed = mixed + 22 * np.sin(6 * across + 9 * down + seed)[..., None]
    picture = Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(16):
        x, y = int(draw.integers(0, width)), int(draw.integers(0, height))
        reach = int(draw.integers(height // 24, height // 5))
        ink = tuple(int(part) for part in draw.integers(0, 255, 3))
        if draw.integers(2):
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=ink, outline=(20, 20, 30), width=3)
        else:
            pen.polygon([(x, y - reach), (x + reach, y + reach), (x - reach, y + reach // 2)], fill=ink)
    return picture


def encoded(picture: Image.Image, form: str = "JPEG") -> bytes:
    """The picture's file."""
    out = io.BytesIO()
    picture.save(out, form, quality=88)
    return out.getvalue()


@dataclass
class PictureRun(SyntheticRun):
    """Collects works and finds as SyntheticRun does, and keeps both stores of pictures."""

    records_kept: dict[str, bytes] = field(default_factory=dict)
    works_kept: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    prints: bool = True
    """Whether the catalogue states the digests of the prints; older ones do not."""
    skipped: int | None = 0
    """Frames that were not looked at, of each shard; None where receipts do not say, as older ones do."""
    sketches: tuple[str, ...] = ()
    """The shards whose receipts say that sketches were read."""

    def painted(self, work_id: str, picture: Image.Image | None = None, **facts: Any) -> str:
        """Add a work with one picture."""
        self.work(work_id, 0, path=f"{work_id}.jpg", **facts)
        row = self.catalog[-1]
        if picture is not None:
            row["asset_digest"] = hashlib.sha256(encoded(picture)).hexdigest()
            self.works_kept[row["asset_digest"]] = encoded(picture)
            self.sizes[row["asset_digest"]] = picture.size
        return work_id

    def seen(
        self,
        work_id: str,
        record: Image.Image,
        box: tuple[int, int, int, int],
        outline: tuple[int, ...],
        **facts: Any,
    ) -> Finding:
        """Add a find of the part `box` of the work's picture, which lies at `outline` in `record`."""
        data = encoded(record)
        name = hashlib.sha256(data).hexdigest()
        self.records_kept[name] = data
        digest = next(row["asset_digest"] for row in self.catalog if row["work_id"] == work_id)
        width, height = self.sizes[digest]
        area = (box[2] - box[0]) * (box[3] - box[1])
        xs, ys = outline[::2], outline[1::2]
        corners = list(zip(xs, ys, strict=True))
        covered = abs(
            sum(
                ax * by - bx * ay
                for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True)
            )
        )
        values: dict[str, Any] = {
            "grade": "copy",
            "unit": "pixel",
            "record_digest": name,
            "record_start": 0,
            "matched": area,
            "longest_run": 214,
            "asset_excerpt": None,
            "record_excerpt": "oil on canvas, a landscape",
            "share_of_work": area / (width * height),
            "asset_box": box,
            "record_outline": outline,
            "record_box": (min(xs), min(ys), max(xs), max(ys)),
            "record_width": record.width,
            "record_height": record.height,
            "record_frame": 0,
            "mirrored": False,
            "rotation": 0.0,
            "inliers": 214,
            "agreement": 0.93,
            "share_of_record": min(1.0, covered / 2 / (record.width * record.height)),
            "method": "synthetic",
            "scheme": "image-test-v1",
        }
        number = sum(map(len, self.shards.values()))
        values["finding_id"] = hashlib.sha256(f"finding {number}".encode()).hexdigest()[:32]
        return self.find(work_id, 0, 0, shard=facts.pop("shard", "00003.tar"), **(values | facts))

    def sketched(self, work_id: str, distance: int | None, keys: int, **facts: Any) -> Finding:
        """Add a find among sketches: what such a scan writes, with no place in either picture."""
        kind = "hash of the whole" if distance is not None else "keys of features"
        none = dict.fromkeys(
            ("asset_box", "record_outline", "record_box", "mirrored", "rotation", "agreement")
        )
        found = {
            "grade": "identifier",
            "method": f"sketch: {kind}",
            "share_of_work": 0.0,
            "share_of_record": None,
        }
        found |= {"matched": 0, "inliers": keys, "hash_distance": distance, "record_excerpt": ""}
        size = (300, 200)
        record = Image.new("RGB", size)
        made = self.seen(work_id, record, (0, 0, *size), whole(size), **(none | found | facts))
        self.records_kept.clear()
        return made

    def write(self, run: Path) -> Path:
        """Write the folder as a scan of pictures would."""
        super().write(run)
        settings = json.loads((run / "run.json").read_bytes()) | {"medium": "image"}
        settings["index"] |= {"pictures": len(self.catalog), "scheme": "image-test-v1"}
        del settings["index"]["guarantee_letters"]
        (run / "run.json").write_bytes(json_bytes(settings))
        fields: list[Any] = [*CATALOG, pa.field("width", pa.int32()), pa.field("height", pa.int32())]
        if self.prints:
            fields.append(pa.field("print_digest", pa.string()))
        rows = []
        for row in self.catalog:
            width, height = self.sizes.get(row["asset_digest"], (None, None))
            kept = self.works_kept.get(row["asset_digest"])
            digest = hashlib.sha256(kept).hexdigest() if kept else None
            rows.append(row | {"width": width, "height": height, "print_digest": digest})
        write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), run / "catalog.parquet")
        for path in sorted((run / "receipts").glob("*.json")):
            said = json.loads(path.read_bytes()) | {"pictures": {"bytes": 3_000_000, "frames": 1_010}}
            said |= {"characters": 0, "text_bytes": 0}
            if self.skipped is not None:
                said["pictures"]["frames_skipped"] = self.skipped
            if said["shard"]["name"] in self.sketches:
                said["shard"]["format"] = "sketches"
                said["pictures"]["bytes"] = 0
            said["refused"]["damaged"] = {"count": 3, "examples": []}
            path.write_bytes(json_bytes(said))
        for store, files in (("pictures", self.records_kept), ("works", self.works_kept)):
            for digest, data in files.items():
                folder = run / store / digest[:2]
                folder.mkdir(parents=True, exist_ok=True)
                (folder / digest).write_bytes(data)
        return run


def whole(size: tuple[int, int]) -> tuple[int, ...]:
    """The outline that is the whole of a picture of `size`."""
    return (0, 0, size[0], 0, *size, 0, size[1])


def gallery_run(folder: Path, *, controls: int = 20, planned: int | None = None) -> Path:
    """A run with one of everything: resized, mirrored and turned, in a collage, shared, free, a false alarm."""
    made = PictureRun(corpus="pictures <b>2024</b>", planned=planned)
    ferry = painting(1)
    made.painted("ferry", ferry, title="La Maison du passeur", author="Claire Delorme")
    small = ferry.resize((512, 364))
    made.seen("ferry", small, (0, 0, 900, 640), whole(small.size), grade="identical", row=7, agreement=0.99)
    made.seen(
        "ferry", small, (0, 0, 900, 640), whole(small.size), grade="identical", row=4007, agreement=0.99
    )
    turned = (
        ferry.crop((90, 64, 810, 576)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(-90, expand=True)
    )
    page = Image.new("RGB", (800, 900), (236, 236, 228))
    page.paste(turned, (120, 90))
    # Mirrored, then turned by 90° clockwise: the top left corner of the part comes to lie at the bottom right.
    outline = (120 + 512, 90 + 720, 120 + 512, 90, 120, 90, 120, 90 + 720)
    made.seen(
        "ferry",
        page,
        (90, 64, 810, 576),
        outline,
        row=8,
        mirrored=True,
        rotation=90.0,
        record_excerpt=HOSTILE_CAPTION,
        record_url=HOSTILE_URL,
        reservation_generative="reserved",
        reservation_basis="tdmrep in header",
    )
    tower = painting(2, 480, 900)
    made.painted("tower", tower, title="Tour <b>d’ivoire</b>", author="M. <i>")
    collage = Image.new("RGB", (1200, 500), (250, 250, 250))
    for place in range(4):
        collage.paste(painting(40 + place, 300, 500), (300 * place, 0))
    collage.paste(tower.resize((240, 450)), (330, 20))
    outline = (330, 20, 570, 20, 570, 470, 330, 470)
    made.seen("tower", collage, (0, 0, 480, 900), outline, row=9, shard="00004.tar", hash_distance=88)
    slanted = Image.new("RGB", (700, 700), (30, 34, 40))
    slanted.paste(tower.resize((300, 560)).rotate(20, expand=True, fillcolor=(30, 34, 40)), (90, 20))
    outline = (95, 122, 377, 20, 568, 546, 286, 649)
    made.seen("tower", slanted, (0, 0, 480, 900), outline, row=10, rotation=-20.0, inliers=41, agreement=0.71)
    made.painted("frame", painting(3), title="حكاية البحر", author="ليلى")
    other = painting(50)
    outline = (10, 10, 880, 10, 880, 90, 10, 90)
    made.seen(
        "frame", other, (10, 10, 880, 90), outline, row=11, grade="shared", commonness=14, agreement=0.8
    )
    open_ = painting(4, 640, 640)
    made.painted("open", open_, title="雨の駅", licence="CC BY 4.0")
    made.seen(
        "open", open_.resize((256, 256)), (0, 0, 640, 640), whole((256, 256)), row=12, grade="identical"
    )
    made.painted("absent", painting(5), title="Never Seen")
    made.painted("alone")
    for number in range(controls):
        made.painted(f"control {number}", painting(60 + number, 200, 160), control=True)
    if controls:
        false = painting(80, 300, 200)
        made.seen(
            "control 3", false, (20, 20, 180, 140), (30, 20, 270, 20, 270, 180, 30, 180), row=13, inliers=11
        )
        made.seen("control 5", false, (0, 0, 200, 20), (0, 0, 300, 0, 300, 30, 0, 30), row=13, grade="shared")
    return made.write(folder)
