"""Uploading texts: what is read, what is refused and why, and where the files lie."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermark.web.registry import caps, readers
from countermark.web.registry.models import Member, Work
from countermark.web.registry.storage import sweep, work_path
from web.registry.member_works import register
from written_works import prose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.http import HttpResponse
    from django.test import Client

TEXT = prose(300, 1).encode()


def send(browser: Client, content: bytes, name: str = "rivers.txt", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("work_add"), {"file": file, **fields})  # type: ignore[return-value]


def docx(text: str) -> bytes:
    packed = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    )
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return packed.getvalue()


def test_a_text_is_registered(inside: Client, member: Member) -> None:
    """Its file lies privately under the member's folder; what the member says goes before what the file says."""
    answer = send(inside, TEXT, title="The Rivers", published="2019", identifier="978-2-07-036002-4")
    work = Work.objects.get(member=member)
    assert answer.status_code == 302
    assert (work.title, work.published, work.identifier) == ("The Rivers", "2019", "isbn:9782070360024")
    assert work.characters == len(TEXT)
    path = work_path(work)
    assert path.read_bytes() == TEXT
    assert path.name == f"{work.file_sha256}.txt"
    assert path.parent.name == bytes(member.uid).hex()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_type_is_found_by_content(inside: Client) -> None:
    """A DOCX named .txt is kept as what it is, and its title comes from the name of the file."""
    assert send(inside, docx(prose(60, 2)), "novel.txt").status_code == 302
    work = Work.objects.get()
    assert (work.format, work.title) == ("docx", "novel")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (60 << 20))
    return packed.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("novel.docx", bomb(), "refused unread"),
        ("laughs.docx", docx("x").replace(b"word/document.xml", b"word/documenT.xml"), "cannot be read here"),
        ("novel.pdf", b"MZ" + bytes(4000), "no text, whatever its name says"),
        ("novel.txt", b"\x7fELF" + bytes(range(32)) * 100, "no text, whatever its name says"),
        ("novel.txt", b"Rar!\x1a\x07" + bytes(100), "cannot be read here"),
        ("novel.epub", b"PK\x03\x04" + bytes(100), "damaged"),
        ("novel.txt", b"   \n", "empty"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(
    inside: Client, member: Member, name: str, content: bytes, told: str
) -> None:
    """Bombs, disguises and wrecks leave nothing behind but the reason."""
    answer = send(inside, content, name)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Work.objects.exists()


def test_entities_do_not_unfold(inside: Client) -> None:
    """An XML that declares entities is refused in a container, and read as nothing else."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", LAUGHS)
    assert "refused unread" in send(inside, packed.getvalue(), "l.docx").content.decode()


def test_a_reader_that_dies_takes_nothing_with_it(inside: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed by its bounds, the process leaves a sentence; so does one that never ends."""
    monkeypatch.setattr("countermark.web.registry.readers.sys.executable", "/bin/false")
    assert "more memory or time" in send(inside, TEXT).content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(readers, "WALL_SECONDS", 0.001)
    assert "takes too long" in send(inside, TEXT).content.decode()
    assert not Work.objects.exists()


def test_the_bounds_hold(tmp_path: Path) -> None:
    """In a bounded process more memory than allowed cannot be had, and no file be written."""
    import subprocess
    import sys

    code = (
        "from countermark.web.registry.bounded_text import *; bound(1 << 30, 5, 0)\n"
        "try:\n    bytearray(2 << 30)\nexcept MemoryError:\n    print('bounded')\n"
        f"try:\n    open({str(tmp_path / 'x')!r}, 'wb', buffering=0).write(b'x')\n"
        "except OSError:\n    print('unwritten')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["bounded", "unwritten"], done.stderr


def test_the_same_file_is_not_registered_twice(
    inside: Client, join: Callable[..., Member], enter: Callable[..., None], client: Client
) -> None:
    """By one member; another may have it too."""
    assert send(inside, TEXT).status_code == 302
    again = send(inside, TEXT, "other.txt")
    assert "this very file already" in again.content.decode()
    enter(client, join())
    assert send(client, TEXT).status_code == 302
    assert Work.objects.count() == 2


def test_too_large_is_said_before_anything_is_read(inside: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the length that the request states; and by the file itself."""
    monkeypatch.setattr(caps, "FILE_BYTES", 100)
    assert "25 MB are accepted" in send(inside, TEXT).content.decode()
    answer: Any = inside.generic(
        "POST", reverse("work_add"), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(27 << 20)
    )
    assert answer.status_code == 413


def test_a_member_has_room_for_so_much(
    inside: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In works, and in bytes."""
    register(member, ["a" * 32])
    monkeypatch.setattr(caps, "WORKS", 1)
    assert "200 uploaded works" in send(inside, TEXT).content.decode()
    monkeypatch.setattr(caps, "MEMBER_BYTES", 50)
    assert "1 GB" in send(inside, TEXT).content.decode()
    assert Work.objects.count() == 1
    assert [path for path in work_path(Work.objects.get()).parent.iterdir() if path.suffix] == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("identifier", "978-2-07-036002-5", "check digit"),
        ("published", "next year", "no date"),
        ("title", "x" * 301, "at most 300"),
    ],
)
def test_wrong_fields_are_said(inside: Client, field: str, typed: str, told: str) -> None:
    """Each in its own words."""
    answer = send(inside, TEXT, **{field: typed})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_titles_are_plain_lines(inside: Client) -> None:
    """Marks that turn the direction of writing, and line ends, do not reach the database; markup is shown as text."""
    send(inside, TEXT, title="a\u202egpj.exe\n<script>alert(1)</script>")
    work = Work.objects.get()
    assert work.title == "a gpj.exe <script>alert(1)</script>"
    page = inside.get(reverse("member_space")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_the_file_is_served_as_a_download_alone(inside: Client) -> None:
    """To its member, never as a page of this site."""
    send(inside, b"<html><body><script>alert(1)</script>" + TEXT + b"</body></html>", "x.html")
    answer = inside.get(reverse("work_file", args=[Work.objects.get().uid]))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"alert(1)" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()


def test_removing_deletes_the_file(
    inside: Client, data: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """After a question: GET deletes nothing."""
    send(inside, TEXT)
    page = reverse("work_remove", args=[Work.objects.get().uid])
    assert inside.get(page).status_code == 200
    assert len(list(data.rglob("*.txt"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert inside.post(page).status_code == 302
    assert not Work.objects.exists()
    assert not list(data.rglob("*.txt"))


def test_closing_the_space_deletes_all(
    inside: Client, member: Member, data: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Rows and files; the signature stands."""
    send(inside, TEXT)
    with django_capture_on_commit_callbacks(execute=True):
        assert inside.post(reverse("member_close")).status_code == 200
    assert not Member.objects.exists()
    assert not list((data / "works").iterdir())
    member.signature.refresh_from_db()


def test_strays_are_swept(member: Member, data: Path) -> None:
    """A folder whose member is gone is deleted, that of a member stays."""
    for name in (bytes(member.uid).hex(), "00" * 16):
        (data / "works" / name).mkdir(parents=True)
    assert sweep() == 1
    assert [path.name for path in (data / "works").iterdir()] == [bytes(member.uid).hex()]


def test_old_strays_of_a_member_are_swept(inside: Client, data: Path) -> None:
    """What a crash left beside a work is deleted an hour later; the work stays, and so does what is being written."""
    send(inside, TEXT)
    folder = work_path(Work.objects.get()).parent
    for name in ("0.txt", "1.txt"):
        (folder / name).write_text("left behind")
    (folder / ".part-x").mkdir()
    for name in ("0.txt", ".part-x"):
        os.utime(folder / name, (0, 0))
    os.utime(work_path(Work.objects.get()), (0, 0))
    assert sweep() == 2
    assert {path.name for path in folder.iterdir()} == {"1.txt", work_path(Work.objects.get()).name}


def test_my_data_is_whole(inside: Client, member: Member) -> None:
    """What is registered stands in the download."""
    send(inside, TEXT, title="The Rivers")
    told = inside.get(reverse("member_data")).json()
    assert told["works"][0]["title"] == "The Rivers"
    assert told["works"][0]["file"]["sha256"] == Work.objects.get().file_sha256


def test_withdrawing_deletes_the_files(
    inside: Client, member: Member, data: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """A signature that is taken back takes every file of its member with it."""
    from countermark.web.signing.actions.withdraw import withdraw

    send(inside, TEXT)
    assert [path for path in data.rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(member.signature_id)
    assert not [path for path in data.rglob("*") if path.is_file()]
