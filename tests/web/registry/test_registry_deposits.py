"""Fingerprints only: a sealed index is taken whole and sound, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermark.index import open_index
from countermark.index.manifest import identity_of
from countermark.web.registry import archives, storage
from countermark.web.registry.models import Deposit, Work
from web.registry.member_works import SALT, contents, tarred, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse
    from django.test import Client

    from countermark.web.registry.models import Member
    from web.registry.member_works import Scanned


def send(browser: Client, archive: bytes, salt: bytes = SALT) -> HttpResponse:
    files = {"archive": SimpleUploadedFile("i.zip", archive), "salt": SimpleUploadedFile("salt.bin", salt)}
    return browser.post(reverse("deposit_add"), files)  # type: ignore[return-value]


def refused(browser: Client, data: Path, archive: bytes, salt: bytes = SALT) -> str:
    """Send what must be refused; return the page. Nothing may be left."""
    answer = send(browser, archive, salt)
    assert answer.status_code == 422
    assert not Deposit.objects.exists()
    assert not Work.objects.exists()
    assert not [path for path in data.rglob("*") if path.is_file()]
    return answer.content.decode()


def manifest_with(folder: Path, changed: dict[str, bytes], **facts: Any) -> bytes:
    """A manifest that fits changed files, as a forger would write it."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    form = manifest.pop("format")
    for name, content in changed.items():
        manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest |= facts
    manifest["identity"] = identity_of(manifest)
    return json.dumps({"format": form, **manifest}).encode()


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_index_is_deposited(inside: Client, member: Member, deposited: Scanned, pack: Any) -> None:
    """Its works come from its own catalogue; index and salt lie privately, and open together."""
    assert send(inside, pack(deposited.index)).status_code == 302
    deposit = Deposit.objects.get(member=member)
    assert deposit.works_count == 2
    assert {work.title for work in deposit.works.all()} == {"lamps", "rivers"}
    folder = storage.deposit_path(deposit)
    assert open_index(folder, storage.salt_path(deposit).read_bytes()).manifest.identity == deposit.identity
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [*folder.iterdir(), storage.salt_path(deposit)]}
    assert modes == {0o600}


def test_the_same_index_is_said(inside: Client, deposited: Scanned) -> None:
    """Also when it is packed in another way."""
    send(inside, zipped(deposited.index))
    assert "this very index already" in send(inside, tarred(deposited.index)).content.decode()
    assert Deposit.objects.count() == 1


def test_a_wrong_salt_is_said(inside: Client, data: Path, deposited: Scanned) -> None:
    """And a short one."""
    assert "not the one" in refused(inside, data, zipped(deposited.index), b"another salt of 16 bytes")
    assert "16 bytes or more" in refused(inside, data, zipped(deposited.index), b"short")


def test_a_full_index_is_refused(inside: Client, data: Path, uploaded: Scanned) -> None:
    """It would hand over the text."""
    assert "not sealed" in refused(inside, data, zipped(uploaded.index))


def link(name: str, kind: bytes, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (link("sealed.index/points.u4", tarfile.SYMTYPE, "/etc/passwd"), "links"),
        (link("sealed.index/points.u4", tarfile.LNKTYPE, "sealed.index/keys.u4"), "links"),
        (link("sealed.index/points.u4", tarfile.FIFOTYPE, ""), "links"),
        (link("sealed.index/points.u4", tarfile.CHRTYPE, ""), "links"),
        (link("../../../points.u4", tarfile.REGTYPE, ""), "lead out"),
        (link("/etc/cron.d/points.u4", tarfile.REGTYPE, ""), "lead out"),
        (link("sealed.index/run.py", tarfile.REGTYPE, ""), "no part of an index"),
        (link("sealed.index/data.pickle", tarfile.REGTYPE, ""), "no part of an index"),
        (link("other.index/keys.u4", tarfile.REGTYPE, ""), "more than one index"),
    ],
)
def test_hostile_entries_of_a_tar_are_refused(
    inside: Client, data: Path, deposited: Scanned, entry: tarfile.TarInfo, told: str
) -> None:
    """Links, devices, paths that lead out, files that no index has."""
    assert told in refused(inside, data, tarred(deposited.index, entry))


def test_hostile_entries_of_a_zip_are_refused(inside: Client, data: Path, deposited: Scanned) -> None:
    """A link in its own way of saying so, and a path that leads out."""
    for name, mode, told in (("x/points.u4", 0o120777, "links"), ("../points.u4", 0o100644, "lead out")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "/etc/passwd")
        assert told in refused(inside, data, packed.getvalue())


def test_what_finder_adds_is_passed_over(inside: Client, deposited: Scanned) -> None:
    """`__MACOSX` and names that begin with a dot are not read."""
    packed = io.BytesIO(zipped(deposited.index))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("__MACOSX/sealed.index/._keys.u4", b"x")
        archive.writestr("sealed.index/.DS_Store", b"x")
    assert send(inside, packed.getvalue()).status_code == 302


def test_bombs_are_refused_by_what_they_claim_and_by_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim over the limit is not unpacked; what lies about its size is counted."""
    monkeypatch.setattr(archives, "INDEX_BYTES", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keys.u4", bytes(100_000))
    (tmp_path / "bomb").write_bytes(packed.getvalue())
    (tmp_path / "out").mkdir()
    with pytest.raises(archives.ArchiveError, match="archive-large"):
        archives.unpack(tmp_path / "bomb", tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken", b"\x1f\x8bbroken"])
def test_what_is_no_archive_is_said(inside: Client, data: Path, content: bytes) -> None:
    """Each way of not being one."""
    answer = send(inside, content)
    assert answer.status_code == 422
    assert not Deposit.objects.exists()


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("keys.u4", lambda content: bytes([content[0] ^ 1]) + content[1:], "not as its manifest"),
        ("manifest.json", lambda content: content.replace(b'"works": 2', b'"works": 9'), "manifest.json"),
        ("manifest.json", lambda _: b"[" * 100_000, "manifest.json"),
        ("manifest.json", lambda _: None, "manifest.json"),
        ("points.u4", lambda _: None, "not those that its manifest lists"),
    ],
)
def test_changed_files_and_manifests_are_refused(
    inside: Client, data: Path, deposited: Scanned, name: str, change: Any, told: str
) -> None:
    """A byte changed, a manifest edited, a manifest or a file missing."""
    changed = {name: change((deposited.index / name).read_bytes())}
    assert told in refused(inside, data, zipped(deposited.index, **changed))


def forged(folder: Path, name: str) -> dict[str, bytes]:
    """An array of the index with one number beyond what it points into."""
    kinds = {"postings.bin": "<u4", "directory.bin": "<u4", "asset_works.u4": "<u4", "asset_starts.u8": "<u8"}
    values = np.fromfile(folder / name, dtype=kinds.get(name, "<u4"))
    values[len(values) // 2] = 4_000_000_000
    return {name: values.tobytes()}


@pytest.mark.parametrize(
    "name", ["postings.bin", "directory.bin", "asset_works.u4", "asset_starts.u8", "points.u4"]
)
def test_forged_arrays_never_reach_a_scan(inside: Client, data: Path, deposited: Scanned, name: str) -> None:
    """With digests that fit, an array that points out of its bounds is still refused."""
    changed = forged(deposited.index, name)
    manifest = manifest_with(deposited.index, changed)
    assert "does not follow the format" in refused(
        inside, data, zipped(deposited.index, **changed, **{"manifest.json": manifest})
    )


def test_a_forged_catalogue_is_refused(
    inside: Client, data: Path, deposited: Scanned, tmp_path: Path
) -> None:
    """Work numbers that the index does not have, and columns of other types."""
    table = pq.read_table(deposited.index / "assets.parquet")
    for column, values in (("work_number", [0, 7]), ("letters", [-1, 5])):
        at = table.column_names.index(column)
        pq.write_table(table.set_column(at, table.schema.field(at), [values]), tmp_path / "a.parquet")
        changed = {"assets.parquet": (tmp_path / "a.parquet").read_bytes()}
        manifest = manifest_with(deposited.index, changed)
        page = refused(inside, data, zipped(deposited.index, **changed, **{"manifest.json": manifest}))
        assert "does not follow the format" in page


def test_removing_a_deposit_deletes_index_and_salt(
    inside: Client, data: Path, deposited: Scanned, django_capture_on_commit_callbacks: Any
) -> None:
    """And the works that it listed."""
    send(inside, zipped(deposited.index))
    page = reverse("deposit_remove", args=[Deposit.objects.get().uid])
    assert inside.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert inside.post(page).status_code == 302
    assert not Work.objects.exists()
    assert not [path for path in data.rglob("*") if path.is_file()]


def test_the_page_says_the_exact_commands(inside: Client) -> None:
    """They are those of the command line, so that copying them works."""
    page = inside.get(reverse("deposit_add")).content.decode()
    assert "countermark index build works/ --out sealed.index --sealed --salt-file salt.bin" in page
    assert "head -c 32 /dev/urandom &gt; salt.bin" in page


def test_the_fixture_is_sealed(deposited: Scanned) -> None:
    """No text lies in what members are told to send."""
    assert set(contents(deposited.index, {})) == archives.SEALED_FILES
