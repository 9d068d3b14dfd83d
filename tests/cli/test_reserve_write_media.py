"""`countermark reserve write --media`: copies with the reservation in them, signed with test certificates."""

from __future__ import annotations

import datetime
import io
import json
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("c2pa")
image_module = pytest.importorskip("PIL.Image")

from cryptography.hazmat.primitives import serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

from countermark.cli.reserve import command  # noqa: E402
from countermark.reservations.embedded import read_embedded  # noqa: E402
from countermark.reservations.statement import Place, Reading  # noqa: E402
from countermark.reservations.target import Target  # noqa: E402
from countermark.reservations.use import USES, Answer, Use  # noqa: E402
from countermark.reservations.verdict import judge  # noqa: E402
from reservations import embedded_certificates as certificates  # noqa: E402
from reservations import embedded_files as files  # noqa: E402

EXAMPLE = Path(__file__).parents[2] / "examples" / "reserve"
TRAINING = (Use.TDM, Use.TRAIN, Use.GENERATIVE)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The policy of the example, its picture, and a file of each kind that metadata goes into."""
    (tmp_path / "policy.toml").write_bytes((EXAMPLE / "policy.toml").read_bytes())
    originals = tmp_path / "originals"
    (originals / "books").mkdir(parents=True)
    (originals / "lighthouse.png").write_bytes(runpy.run_path(str(EXAMPLE / "make_media.py"))["lighthouse"]())
    photo = io.BytesIO()
    image_module.new("RGB", (16, 12), (90, 60, 30)).save(photo, "JPEG")
    (originals / "photo.jpg").write_bytes(photo.getvalue())
    (originals / "books" / "elm.pdf").write_bytes(files.pdf())
    (originals / "books" / "elm.epub").write_bytes(files.epub())
    return tmp_path


def write(place: Path, *more: str | Path) -> Result:
    """Call the command on the originals."""
    words = ["write", str(place / "policy.toml"), "--media", str(place / "originals"), "--lang", "en"]
    words += ["--out-media", str(place / "copies"), "--media-at", "/pictures/"]
    return CliRunner().invoke(command, [*words, *map(str, more)])


def signer(chain: Path, key: Path) -> tuple[str | Path, ...]:
    """The options that sign and write."""
    return "--certificate", chain, "--key", key, "--apply"


def everything_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def answers(data: bytes, name: str, protocol: str = "") -> dict[Use, Answer]:
    """What a copy says, by one protocol or by all together."""
    reading = read_embedded(data, name, Target(), Place(name))
    said = tuple(s for s in reading.statements if protocol in {"", s.protocol})
    verdict = judge(Target(), [Reading(said, reading.remarks)])
    return {use: verdict.answer(use) for use in USES}


def test_copies_are_signed_and_read_back(place: Path) -> None:
    """Every copy reserves training; what can carry a manifest has one; the originals are as they were."""
    before = everything_in(place / "originals")
    result = write(place, *signer(*certificates.write_signer(place / "signer")))
    assert result.exit_code == 0, result.output
    copies = everything_in(place / "copies")
    assert set(copies) == set(before) == set(everything_in(place / "originals"))
    assert everything_in(place / "originals") == before
    for name, data in copies.items():
        said = answers(data, name)
        assert {said[use] for use in TRAINING} == {Answer.RESERVED}, name
        by_manifest = answers(data, name, "cawg")[Use.GENERATIVE]
        assert by_manifest is (Answer.UNKNOWN if name.endswith(".epub") else Answer.RESERVED), name
    assert "photo.jpg: IPTC/PLUS Data Mining; TDMRep; CAWG training and data mining" in result.output
    assert "books/elm.epub: is not signed: c2pa-python" in result.output
    assert "no manifest can be put into this file" in result.output
    assert max(len(line) for line in result.output.splitlines()) < 120
    assert write(place, *signer(place / "signer/chain.pem", place / "signer/key.pem")).exit_code == 0


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate that is its own authority, and its key."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certificates._certificate("Test Authority", 2, key.public_key(), key, ca=False)
    pem = serialization.Encoding.PEM
    (folder / "chain.pem").write_bytes(certificate.public_bytes(pem))
    form = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return folder / "chain.pem", folder / "key.pem"


def test_credentials_that_cannot_sign_are_told_once_and_nothing_is_written(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong key, locked key, own authority, expired, not there: one line, exit code 2."""
    chain, key = certificates.write_signer(place / "good")
    _, other = certificates.write_signer(place / "other")
    locked = certificates.write_signer(place / "locked", password=b"secret")
    bad = [
        ((chain, other), "is not the key of the first certificate"),
        (locked, "the key has a password"),
        (self_signed(place / "own"), "the certificate signs itself"),
        ((place / "none.pem", key), "the certificate chain is not read"),
    ]
    monkeypatch.setattr(certificates, "SINCE", datetime.datetime(2020, 1, 1))
    monkeypatch.setattr(certificates, "UNTIL", datetime.datetime(2021, 1, 1))
    expired = certificates.write_signer(place / "expired")
    bad.append((expired, "the first certificate is valid from 2020-01-01 to 2021-01-01 only"))
    for (its_chain, its_key), message in bad:
        result = write(place, *signer(its_chain, its_key))
        assert result.exit_code == 2, message
        assert result.output.count(message) == 1
        assert not (place / "copies").exists()


def test_one_file_that_fails_does_not_stop_the_others(place: Path) -> None:
    """It is named, the others are there, and the exit code is 1."""
    (place / "originals" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00")
    result = write(place, "--apply")
    assert result.exit_code == 1
    assert "broken.jpg: the picture is damaged" in result.output
    assert "Copies: 4; files that were not copied: 1." in result.output
    assert "broken.jpg" not in everything_in(place / "copies")
    assert len(everything_in(place / "copies")) == 4


def test_what_is_no_copy_of_ours_is_not_replaced_unasked(place: Path) -> None:
    """Neither a file that was there, nor a copy that somebody changed; --replace does it. A dry run says so, too."""
    (place / "copies").mkdir()
    (place / "copies" / "photo.jpg").write_bytes(b"another")
    for words in ((), ("--apply",)):
        result = write(place, *words)
        assert result.exit_code == 1
        assert (
            "photo.jpg: where its copy goes, there is a file that countermark did not write" in result.output
        )
    assert (place / "copies" / "photo.jpg").read_bytes() == b"another"
    assert (place / "copies" / "lighthouse.png").exists()
    assert write(place, "--apply", "--replace").exit_code == 0
    assert write(place, "--apply").exit_code == 0
    (place / "copies" / "photo.jpg").write_bytes(b"changed")
    assert write(place, "--apply").exit_code == 1


def test_sidecars_and_remarks_are_told_with_their_path(place: Path) -> None:
    """In the text and in the JSON."""
    (place / "originals" / "scan.tif").write_bytes(files.tiff())
    assert "scan.tif: the format holds no metadata that is written here; a sidecar" in write(place).output
    said = json.loads(write(place, "--json", "--apply").stdout)
    scan = next(one for one in said["media"] if one["path"] == "scan.tif")
    assert scan["sidecar"] == "format"
    assert scan["written"] == ["scan.tif", "scan.tif.xmp"]
    (place / "copies" / "scan.tif.xmp").write_text("mine")
    result = write(place, "--apply")
    assert result.exit_code == 1
    assert "scan.tif: where its copy goes" in result.output


def test_site_and_copies_share_what_is_known(place: Path) -> None:
    """After both were written, neither has anything to write."""
    (place / "public").mkdir()
    (place / "public" / "index.html").write_text("<title>x</title>")
    site = ["write", str(place / "policy.toml"), "--site", str(place / "public"), "--lang", "en"]
    assert CliRunner().invoke(command, [*site, "--apply"]).exit_code == 0
    assert write(place, "--apply").exit_code == 0
    assert "Nothing to write" in CliRunner().invoke(command, site).output
    before = everything_in(place)
    assert CliRunner().invoke(command, [*site, "--apply"]).exit_code == 0
    assert write(place, "--apply").exit_code == 0
    assert everything_in(place) == before
