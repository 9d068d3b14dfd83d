"""Opening a sealed medium at home: an ordinary run folder, with the works' side of each finding put back in."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from countermark.atomic import write_bytes
from countermark.errors import InputError, OutputError, RunError
from countermark.kit import layout
from countermark.kit.verifying import verify_medium
from countermark.matching.rows import EXCERPT
from countermark.media import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from countermark.index.lookup import Index
    from countermark.kit.seal import Seal

_CARRIED = ("attempts.jsonl",)
_BESIDE = (layout.SEAL, layout.SUMS)


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the run folder is, and how many findings there are."""

    run: Path
    findings: int


def open_medium(medium: Path, index: Path, out: Path, *, root: str | None = None) -> Opened:
    """Make `out`, which must not exist: the run folder `out/run`, its log of attempts, and the seal beside them.

    The medium is verified first and left as it is. `index` is the full index that the kit's was sealed from. Findings
    get the works' excerpts, so findings files and receipts are new; the run's log says of each what it was. Raises
    RunError where the medium does not verify, InputError where the index is another one, OutputError.
    """
    verified = verify_medium(medium, root=root)
    if verified.wrong:
        raise RunError(f"{medium}: does not verify, so it is not opened: {'; '.join(verified.wrong[:3])}")
    texts = _Texts(index)
    if out.exists():
        raise OutputError(f"{out} exists; it is left alone: name a new folder as --out")
    try:
        shutil.copytree(medium / layout.RUN, out / layout.RUN)
        for name in (*_CARRIED, *_BESIDE):
            shutil.copyfile(medium / name, out / name)
        for log in layout.kit_logs(medium):
            shutil.copyfile(log, out / log.name)
        _open_up(out, texts, verified.seal)
    except OSError as error:
        shutil.rmtree(out, ignore_errors=True)
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    except InputError:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return Opened(out / layout.RUN, verified.rows)


def _open_up(out: Path, texts: _Texts, seal: Seal) -> None:
    from countermark.evidence.summary import conclude  # noqa: PLC0415
    from countermark.scan import attempts  # noqa: PLC0415
    from countermark.scan.runlog import RunLog  # noqa: PLC0415

    run = out / layout.RUN
    attempt = attempts.begin(run, {"kind": "open", "seal": seal.code}, out / "attempts.jsonl")
    log = RunLog(run / "runlog.jsonl")
    log.append("opened", {"seal": seal.code, "seal_sha256": seal.sha256, "texts_from": texts.identity})
    for line in _with_texts(run, texts):
        log.append("receipt_opened", line)
    conclude(run)
    for report in run.glob("report.*"):  # they were written without the works' side
        report.unlink()
    attempt.end("finish", {"seal": seal.code})


def _with_texts(run: Path, texts: _Texts) -> Iterator[dict[str, Any]]:
    """Rewrite findings, then their receipt; say what it is now, and what it was."""
    from countermark.findings.table import read_findings, write_findings  # noqa: PLC0415
    from countermark.scan.receipt import read_receipt  # noqa: PLC0415

    for path in sorted((run / "receipts").glob("*.json")):
        receipt, was = read_receipt(path), hashlib.sha256(path.read_bytes()).hexdigest()
        findings = run / "findings" / f"{receipt.name}.parquet"
        digest = write_findings(texts.put_into(read_findings(findings)), findings)
        data = replace(receipt, findings_sha256=digest).to_bytes()
        write_bytes(path, data)
        yield {
            "name": receipt.name,
            "shard": receipt.shard["name"],
            "sha256": hashlib.sha256(data).hexdigest(),
            "sha256_sealed": was,
        }


class _Texts:
    """The works' texts, by the digests that findings name."""

    def __init__(self, folder: Path) -> None:
        from countermark.index.lookup import open_index  # noqa: PLC0415
        from countermark.index.manifest import read_manifest  # noqa: PLC0415

        if read_manifest(folder).form != "full":
            raise InputError(
                f"{folder} is a sealed index, which holds no text: give the full one, kept at home"
            )
        self._index: Index = open_index(folder)
        self._index.verify()
        self.identity = self._index.manifest.identity
        self._folder = folder
        self._numbers: dict[tuple[str, str, str], int] = {}
        for number, asset in enumerate(self._index.assets()):
            key = (asset["work_id"], asset["asset_path"], asset["asset_digest"])
            self._numbers.setdefault(key, number)

    def put_into(self, table: pa.Table) -> pa.Table:
        """The same findings with the works' excerpts. Raises InputError for a work that is not in the index."""
        import pyarrow as pa  # noqa: PLC0415

        names = ("work_id", "asset_path", "asset_digest", "asset_start", "asset_end")
        excerpts = [self._excerpt(row) for row in table.select(list(names)).to_pylist()]
        at = table.schema.get_field_index("asset_excerpt")
        return table.set_column(at, table.schema.field(at), pa.array(excerpts, table.schema.field(at).type))

    def _excerpt(self, row: dict[str, Any]) -> str | None:
        number = self._numbers.get((row["work_id"], row["asset_path"], row["asset_digest"]))
        if number is None:
            raise InputError(
                f"{self._folder}: holds no file {row['asset_path']} of the work {row['work_id']} with the digest "
                f"{row['asset_digest']:.12}…: give the full index that the kit was built from"
            )
        start, end = row["asset_start"], row["asset_end"]
        return self._index.excerpt(number, Span(start, min(end, start + EXCERPT)))
