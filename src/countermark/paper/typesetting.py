"""From blocks to a PDF, offline.

The fonts come with Typst, so Latin, Greek and Cyrillic text gives the same bytes on every machine with its version;
other scripts need a font of the machine's.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from countermark.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = Path(__file__).with_name("paper.typ")


def set_pdf(document: Mapping[str, Any], *, date: str) -> bytes:
    """The PDF of a document; `date` (YYYY-MM-DD) is the one that its metadata bear.

    `document` holds `title`, `subtitle`, `language`, `year`, `paper` (`a4` or `us-letter`), `landscape` (false unless
    given), `footer`, `page_word` and `blocks`. Raises OutputError where Typst cannot set it.
    """
    stamp = int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="countermark-report-") as folder:
        place = Path(folder)
        (place / "page.typ").write_bytes(TEMPLATE.read_bytes())
        (place / "data.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        try:
            made = typst.compile(
                str(place / "page.typ"),
                root=folder,
                format="pdf",
                sys_inputs={"data": "data.json"},
                timestamp=stamp,
            )
        except typst.TypstError as error:
            raise OutputError(f"the report cannot be set: {' '.join(str(error).split())[:300]}") from error
    return bytes(made)
