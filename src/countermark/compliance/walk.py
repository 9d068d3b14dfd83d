"""One walk over a file of a corpus, whatever its format; what is kept is written as the file was."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from countermark.compliance.packing import Packer
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from countermark.compliance.files import CorpusFile
    from countermark.compliance.record import Visitor
    from countermark.compliance.settings import Naming


def walk(
    file: CorpusFile,
    naming: Naming,
    visitor: Visitor,
    out: BinaryIO | None = None,
    *,
    mark: bool = False,
    whole: bool = False,
) -> None:
    """Show every record of a file to the visitor; with `out`, write what it keeps.

    Without `out`, digests of Parquet rows are those of whole rows only with `whole`: it reads every column.

    Raises CorpusError when nothing of the file can be read, InputError for a wrong column, OutputError.
    """
    try:
        if file.format == "parquet":
            from countermark.compliance.parquet_walk import walk_parquet  # noqa: PLC0415

            walk_parquet(file.path, naming, visitor, out, mark=mark, whole=whole)
        elif file.format == "jsonl":
            from countermark.compliance.jsonl_walk import walk_jsonl  # noqa: PLC0415

            packer = None if out is None else Packer(out, file.packed)
            walk_jsonl(file.path, naming, visitor, packer.write if packer else None)
            if packer:
                packer.close()
        else:
            from countermark.compliance.warc_walk import walk_warc  # noqa: PLC0415

            each = None if out is None else Packer(out, file.packed, each=True)
            walk_warc(file.path, file.packed, visitor, each)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise CorpusError(f"{file.name}: {error.strerror}") from error
