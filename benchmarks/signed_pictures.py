"""Pictures that carry the assertions of the CAWG vectors, signed by a certificate made for the occasion."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import c2pa
from PIL import Image

from results import ROOT

if TYPE_CHECKING:
    from pathlib import Path

sys.path.insert(0, str(ROOT.parent / "tests/reservations"))

from embedded_certificates import write_signer  # the tests' authority, which nobody trusts


def sign_cases(conformance: Path, folder: Path) -> dict[int, str]:
    """One JPEG for each case that is given as label and entries: its number, and where the file is."""
    chain, key = write_signer(folder)
    signed = {}
    cases = json.loads((conformance / "cawg_tdm/cases.json").read_text(encoding="utf-8"))["cases"]
    for number, case in enumerate(cases, 1):
        if "file" in case:
            continue
        assertion = {"label": case["label"], "data": {"entries": case["entries"]}}
        definition = {"claim_generator_info": [{"name": "countermark"}], "assertions": [assertion]}
        path = folder / f"cawg-{number}.jpg"
        path.write_bytes(_sign(definition, chain.read_bytes(), key.read_bytes()))
        signed[number] = str(path)
    return signed


def _sign(definition: dict[str, object], chain: bytes, key: bytes) -> bytes:
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (64, 64), (120, 40, 40)).save(picture, "JPEG")
    picture.seek(0)
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, key, None))
    settings = c2pa.Settings.from_dict({"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}})
    with signer, c2pa.Builder(definition, context=c2pa.Context(settings)) as builder:
        builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        builder.sign(signer, "image/jpeg", picture, out)
    return out.getvalue()
