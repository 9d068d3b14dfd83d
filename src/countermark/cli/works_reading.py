"""Reading the works that an index is made of: progress while it lasts, and what was refused, at its end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.progress import counted
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.work import WorkFile

SHOWN = 10


class Reading:
    """Hands the files of the works on, keeps what was refused, and shows how far it is."""

    def __init__(self, source: Iterator[WorkFile | Refusal] | Any) -> None:
        self._source = source
        self._tty = sys.stderr.isatty()
        self._told = 0.0
        self._begun = time.monotonic()
        self.refused: list[Refusal] = []
        self.files = 0
        self._shown = False
        self.code_points = 0

    def __iter__(self) -> Iterator[WorkFile]:
        """Yield every file that could be read."""
        from countermark.media import Refusal

        for item in self._source:
            if isinstance(item, Refusal):
                self.refused.append(item)
                continue
            self.files += 1
            self.code_points += len(item.asset.text)
            if self._tty and self.files > 1 and time.monotonic() - self._told > 0.1:
                self._told, self._shown = time.monotonic(), True
                click.echo(f"\r{self._progress()}", err=True, nl=False)
            yield item
        if not self.files:
            raise InputError(self._nothing_read())

    def _progress(self) -> str:
        amount = f", {self.code_points / 1e6:,.1f} M characters" if self.code_points else ""
        seconds = time.monotonic() - self._begun
        speed = f", {self.files / seconds:,.1f} a second" if seconds >= 1 else ""
        return f"Reading works: {counted(self.files, 'file')}{amount}{speed}"

    def end_line(self) -> None:
        """Leave the progress line behind, if there was one."""
        if self._shown:
            click.echo(err=True)

    def tell_refused(self) -> None:
        """Say on stderr what was not read, and what is remarked of works that were."""
        from countermark.works.reading import READ_ANYWAY

        _tell("Not read", [refusal for refusal in self.refused if refusal.reason not in READ_ANYWAY])
        _tell(
            "Remarks on what was read", [refusal for refusal in self.refused if refusal.reason in READ_ANYWAY]
        )

    def _nothing_read(self) -> str:
        if not self.refused:
            return (
                "no work found there; give folders, a catalogue, or files (texts: TXT, HTML, EPUB, PDF, DOCX, ODT; "
                "pictures: JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP)"
            )
        first = _told(self.refused[0])
        if len(self.refused) == 1:
            return f"nothing could be read: {first}"
        return f"none of the {len(self.refused):,} files could be read; the first: {first}"


def _tell(head: str, refused: list[Refusal]) -> None:
    """List ten of them with their reasons, and count the rest by reason."""
    if not refused:
        return
    click.echo(f"{head}: {len(refused):,}", err=True)
    for refusal in refused[:SHOWN]:
        click.echo(f"  {_told(refusal)}", err=True)
    rest = Counter(refusal.reason for refusal in refused[SHOWN:])
    for reason, count in sorted(rest.items()):
        click.echo(f"  and {count:,} more: {reason}", err=True)


def _told(refusal: Refusal) -> str:
    """A refusal in a line; most details name the place themselves, and more exactly."""
    if refusal.detail.startswith(refusal.where):
        return refusal.detail
    row = f", row {refusal.row}" if refusal.row >= 0 else ""
    return f"{refusal.where}{row}: {refusal.detail or refusal.reason}"
