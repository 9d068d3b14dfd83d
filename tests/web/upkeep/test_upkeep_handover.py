"""The roll that is handed over: CSV, JSON, PDF."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from countermark.errors import InputError
from countermark.paper.cells import harmless
from countermark.web.roll.models import Entry, Head, Standing
from countermark.web.upkeep.handover import Handover, hand_over
from countermark.web.upkeep.handover_files import write_csv, write_json
from countermark.web.upkeep.handover_pdf import blocks, document, grouped, pdf_of
from countermark.web.upkeep.pdf_signing import organisers_signer, own_signer, signed

NAMES = ["Ada Ûnikõdé 川端", '=HYPERLINK("http://x")', "", "#set page(fill: red) *x* \\ $y$", "Zoé", "Gone"]


@pytest.fixture
def handover(site: None) -> Handover:
    """Six entries, the last withdrawn, and one organisation."""
    for number, name in enumerate(NAMES, 1):
        Entry.objects.create(
            number=number,
            position=number - 1,
            committed=number - 1,
            kind="person",
            name=name,
            trades=",composer,musician," if name else "",
            country="FR" if name else "",
            entered_on=date(2026, 11, 22),
            standing=Standing.WITHDRAWN if name == "Gone" else Standing.LISTED,
        )
    Entry.objects.create(
        number=7, position=6, committed=6, kind="organisation", name="Guilde & Co", country="FR"
    )
    Entry.objects.create(number=8, position=7, committed=7, kind="person", name="Not yet under a head")
    Head.objects.create(size=7, root=b"\xab" * 32, at=timezone.now(), document="{}")
    return hand_over("fr", timezone.now())


def test_csv_holds_no_formula_and_nobody_who_left(handover: Handover) -> None:
    """A spreadsheet takes no cell for a formula; withdrawn ones and those after the head are not in it."""
    out = BytesIO()
    write_csv(handover, out)
    rows = list(csv.DictReader(StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "7"]
    assert rows[1]["name"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["trades"] == "compositeur, compositrice, musicien, musicienne"
    assert handover.counts == {"signatories": 6, "persons": 5, "organisations": 1, "unnamed": 1}


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_what_could_begin_a_formula_is_harmless(cell: str) -> None:
    """An apostrophe stands in front of each."""
    assert harmless(cell) == f"'{cell}"


def test_json_is_one_object(handover: Handover) -> None:
    """It parses, names the statement's digest and the head, and counts what it lists."""
    out = BytesIO()
    write_json(handover, out)
    whole = json.loads(out.getvalue())
    assert whole["counts"]["signatories"] == len(whole["signatories"]) == 6
    assert whole["head"]["root"] == "ab" * 32
    assert whole["statement"]["sha256"] == handover.text.sha256
    assert whole["signatories"][1]["name"] == NAMES[1]


def test_an_empty_roll_is_handed_over_too(site: None) -> None:
    """No head, no names: the JSON parses and the PDF says so."""
    out = BytesIO()
    write_json(hand_over("en", timezone.now()), out)
    assert json.loads(out.getvalue())["signatories"] == []
    assert pdf_of(hand_over("en", timezone.now())).startswith(b"%PDF")


def test_there_is_nothing_to_hand_over_without_a_statement(db: None) -> None:
    """One line says so."""
    with pytest.raises(InputError, match="no statement"):
        hand_over("fr", timezone.now())


def test_names_are_text_in_the_document_never_markup(handover: Handover) -> None:
    """What people wrote is in the text of the PDF as they wrote it."""
    from pypdf import PdfReader

    pages = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf_of(handover))).pages)
    told = " ".join(pages.split())
    assert "#set page(fill: red)" in told
    assert "Guilde & Co" in told
    assert "sans nom montré" in told
    assert "Gone" not in told


def test_statement_becomes_blocks() -> None:
    """Emphasis, lists and headings keep their kind; links keep their words."""
    found = blocks("# T\n\nA *b* **c** [d](http://x)\n\n- one\n- two\n\n> said\n")
    assert [part["kind"] for part in found] == ["heading", "paragraph", "item", "item", "quote"]
    assert [run["text"] for run in found[1]["runs"]] == ["A ", "b", " ", "c", " ", "d"]


def test_numbers_are_written_as_the_language_does(handover: Handover) -> None:
    """Thousands are apart."""
    assert grouped(13500, "fr") == "13\u202f500"
    assert grouped(13500, "en") == "13,500"
    assert document(handover)["of_which"] == "dont 5 personnes et 1 organisation"


def _certificates(path: Path) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder_data

    return list(load_certs_from_pemder_data(path.read_bytes()))


def test_signed_pdf_holds_and_tells_of_changes(handover: Handover, tmp_path: Path) -> None:
    """A reader of our choosing finds the signature valid, and invalid once a byte was changed."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signer = own_signer(tmp_path, "Guilde", timezone.now())
    assert signer.certificate == own_signer(tmp_path, "Other", timezone.now()).certificate
    assert (tmp_path / "handover.pem").stat().st_mode & 0o777 == 0o600
    whole = signed(pdf_of(handover), signer, name="Guilde", reason="Handed over")
    ours = ValidationContext(trust_roots=_certificates(tmp_path / "handover.pem"))
    status = validate_pdf_signature(PdfFileReader(BytesIO(whole)).embedded_signatures[0], ours)
    assert status.intact
    assert status.valid
    changed = whole.replace(b"Guilde", b"Gxilde", 1)
    assert changed != whole
    assert not validate_pdf_signature(PdfFileReader(BytesIO(changed)).embedded_signatures[0], ours).intact


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
def test_pdfsig_agrees(handover: Handover, tmp_path: Path) -> None:
    """Poppler, which is not ours, finds the signature valid and the whole document signed."""
    target = tmp_path / "roll.pdf"
    signer = own_signer(tmp_path, "Guilde", timezone.now())
    target.write_bytes(signed(pdf_of(handover), signer, name="Guilde", reason="Handed over"))
    said = subprocess.run(["pdfsig", "-nocert", target], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_organisers_own_certificate(tmp_path: Path) -> None:
    """A PKCS #12 file is read with its passphrase, and refused in one line without."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    own_signer(tmp_path, "Guilde", timezone.now())
    pem = (tmp_path / "handover.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    packed = pkcs12.serialize_key_and_certificates(
        b"guilde",
        key,  # type: ignore[arg-type]
        x509.load_pem_x509_certificate(pem),
        None,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (tmp_path / "guilde.p12").write_bytes(packed)
    assert not organisers_signer(tmp_path / "guilde.p12", "secret").own
    with pytest.raises(InputError, match="another passphrase"):
        organisers_signer(tmp_path / "guilde.p12", "wrong")
    with pytest.raises(InputError, match="cannot be read"):
        organisers_signer(tmp_path / "none.p12", "")


def test_damaged_certificate_is_one_line(tmp_path: Path) -> None:
    """What is no key raises InputError that says where."""
    (tmp_path / "handover.pem").write_text("nothing")
    with pytest.raises(InputError, match=r"handover\.pem is damaged"):
        own_signer(tmp_path, "Guilde", timezone.now())
