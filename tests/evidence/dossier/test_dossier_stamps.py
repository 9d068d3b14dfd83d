"""Time stamps: the conformance responses as upstream judges them, and an `openssl ts` authority of our own."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from countermark.errors import DossierError, InputError
from countermark.evidence.dossier import stamp_check
from countermark.evidence.dossier.der import (
    QC_STATEMENTS,
    QTST_STATEMENT,
    Value,
    _claims_qualified,
    read_token,
)
from countermark.evidence.dossier.stamp_check import CLAIMED, PLAIN, QUALIFIED, UNLISTED, check_stamp
from countermark.evidence.dossier.timestamp import add_stamp, ask, make_request
from countermark.evidence.dossier.trusted_list import granted_services
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import COMMANDS
from evidence.dossier.authority import Authority
from evidence.dossier.dossier_samples import sealed, shell

SUITE = Path(__file__).parents[3] / "../shared/conformance/rfc3161"
GOOD = {
    "identrust/issue-104.tsr": "TrustID Timestamp Authority",  # the signer's certificate does not stand first
    "sigstage/response-sha256.tsr": "sigstore-tsa",
    "sigstage/response-sha384.tsr": "sigstore-tsa",
    "sigstage/response-sha512.tsr": "sigstore-tsa",
    "sigstage/response-no-embedded-cert.tsr": "sigstore-tsa",  # the chain that is given has it
    "sigstore.mock/response-expired.tsr": "tsa signing",  # expired today, and valid at the time of the stamp
    "test_tsa/response.tsr": "Test TSA Timestamping",
    "test_tsa/response-injected-certs.tsr": "Test TSA Timestamping",  # of strangers, who are not taken for the signer
}
BAD = {
    "sigstage/response-invalid-signature.tsr": "signature failure",
    "test_tsa/other_response.tsr": "certificate verify error",  # of another authority than the chain given
}
needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="the RFC 3161 conformance data is not there")


def judged(name: str) -> stamp_check.StampCheck:
    """Judge a response of the suite over what it was made for."""
    response = SUITE / name
    payload = response.parent / "payload"
    data = payload.read_bytes() if payload.exists() else b"hello"
    return check_stamp(response, data, response.parent / "ts_chain.pem")


@needs_suite
@pytest.mark.parametrize("name", GOOD)
def test_good_responses_are_accepted_by_both_verifiers(name: str) -> None:
    """And the authority is the one that signed."""
    stamp = judged(name)
    assert stamp.holds, stamp.reason
    assert set(stamp.verifiers.values()) == {"accepts"}
    assert GOOD[name] in stamp.authority
    assert stamp.kind == PLAIN


@needs_suite
@pytest.mark.parametrize("name", BAD)
def test_bad_responses_are_refused(name: str) -> None:
    """With the reason; both verifiers say so."""
    stamp = judged(name)
    assert not stamp.holds
    assert BAD[name] in stamp.reason
    assert "accepts" not in stamp.verifiers.values()


@needs_suite
def test_all_ten_responses_are_judged() -> None:
    """None is left out."""
    there = {path.relative_to(SUITE).as_posix() for path in SUITE.glob("*/*.tsr")}
    assert there == {*GOOD, *BAD}
    assert len(there) == 10


def test_a_dossier_is_stamped_over_http_and_verified_by_hand(tmp_path: Path) -> None:
    """The request is posted, the answer verified and put into the bag; the printed command accepts it."""
    bag = sealed(tmp_path).path
    authority = Authority(tmp_path / "tsa")
    request = make_request(bag)
    response = tmp_path / "answer.tsr"
    with authority.served() as url:
        response.write_bytes(ask(url, request))
    stamp = add_stamp(bag, response, authority.chain, request, "first")
    assert (stamp.authority, stamp.accuracy, stamp.policy) == ("CN=Test Authority", "1.5 s", "1.2.3.4.1")
    assert set(stamp.verifiers.values()) == {"accepts"}
    verified = verify_dossier(bag, chain=authority.chain)
    assert verified.problems == []
    assert [one.name for one in verified.stamps] == ["first.tsr"]
    for command in (COMMANDS["tags"], COMMANDS["stamp"]):
        assert shell(command, bag).returncode == 0
    with pytest.raises(DossierError, match="a stamp called first already"):
        add_stamp(bag, response, authority.chain, request, "first")
    stranger = Authority(tmp_path / "other")
    assert [problem.code for problem in verify_dossier(bag, chain=stranger.chain).problems] == ["time-stamp"]


def test_a_changed_stamp_is_found_by_us_and_by_hand(tmp_path: Path) -> None:
    """And one over another dossier is not taken."""
    bag = sealed(tmp_path).path
    authority = Authority(tmp_path / "tsa")
    response = tmp_path / "answer.tsr"
    response.write_bytes(authority.answer(make_request(bag)))
    add_stamp(bag, response, authority.chain)
    path = bag / "seal/timestamps/authority.tsr"
    data = path.read_bytes()
    for at in (len(data) - 5, len(data) // 3, 60):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert {"changed"} <= {problem.code for problem in verify_dossier(bag).problems}
        assert shell(COMMANDS["tags"], bag).returncode
    other = sealed(tmp_path, "other", date="2026-11-21").path
    with pytest.raises(DossierError, match="other data"):
        add_stamp(other, response, authority.chain)
    with pytest.raises(DossierError, match="another request"):
        add_stamp(sealed(tmp_path, "third").path, response, authority.chain, make_request(bag))


def test_a_response_with_a_chain_is_accepted_by_openssl(tmp_path: Path) -> None:
    """Its certificates do not stand in DER's order: rfc3161-client cannot read it, which is said."""
    seen = set()
    bag = sealed(tmp_path).path
    for number in range(8):  # the order of two certificates in the set depends on their bytes
        authority = Authority(tmp_path / f"tsa{number}", chain=True)
        response = tmp_path / "answer.tsr"
        response.write_bytes(authority.answer(make_request(bag)))
        stamp = check_stamp(response, (bag / "seal/dossier.dsse.json").read_bytes(), authority.chain)
        assert stamp.holds, stamp.reason
        assert stamp.verifiers["openssl"] == "accepts"
        seen.add(stamp.verifiers["rfc3161-client"])
        if len(seen) == 2 or "DER order" in stamp.verifiers["rfc3161-client"]:
            break
    assert any("DER order; openssl decides" in said for said in seen)


def test_without_openssl_such_a_response_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One verifier that cannot read it is none."""
    bag = sealed(tmp_path).path
    authority = Authority(tmp_path / "tsa")
    response = tmp_path / "answer.tsr"
    response.write_bytes(authority.answer(make_request(bag)))
    data = (bag / "seal/dossier.dsse.json").read_bytes()
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert check_stamp(response, data, authority.chain).verifiers == {
        "rfc3161-client": "accepts",
        "openssl": "not there",
    }
    monkeypatch.setattr(stamp_check, "_by_client", lambda *_given: ("InvalidSetOrdering", True))
    assert not check_stamp(response, data, authority.chain).holds


def test_a_stamp_outside_of_its_certificate_s_time_is_refused(tmp_path: Path) -> None:
    """It had expired before the stamp was made."""
    bag = sealed(tmp_path).path
    authority = Authority(tmp_path / "tsa", begins=datetime.now(UTC) - timedelta(days=90), days=30)
    response = tmp_path / "answer.tsr"
    response.write_bytes(authority.answer(make_request(bag)))
    stamp = check_stamp(response, (bag / "seal/dossier.dsse.json").read_bytes(), authority.chain)
    assert not stamp.holds
    assert "certificate" in stamp.reason
    assert "accepts" not in stamp.verifiers.values()


@pytest.mark.parametrize(
    ("url", "body", "status", "words"),
    [
        (None, b"", 500, "status 500"),
        (None, b"", 302, "status 302"),
        (None, b"x" * (stamp_check.LARGEST + 1), 200, "larger than"),
        ("file:///etc/passwd", b"", 200, "begins with https"),
        ("http://127.0.0.1:1/", b"", 200, "no time stamp"),
    ],
)
def test_authorities_that_do_not_answer(
    tmp_path: Path, url: str | None, body: bytes, status: int, words: str
) -> None:
    """One message, which says what else can be done; nowhere else is asked."""
    with Authority(tmp_path / "tsa").served(body, status) as address, pytest.raises(InputError, match=words):
        ask(url or address, b"request")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x03\x02\x01\x02",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x05\x30\x03\x02\x01\x02",
        b"\x30\x00",
        b"<html>" * 100,
    ],
)
def test_what_is_no_token_is_refused(tmp_path: Path, data: bytes) -> None:
    """Cut off, empty, a refusal, another thing: never a traceback."""
    with pytest.raises(ValueError, match=r"."):
        read_token(data)
    (tmp_path / "answer.tsr").write_bytes(data)
    assert not check_stamp(tmp_path / "answer.tsr", b"", Authority(tmp_path / "tsa").chain).holds


def trusted(certificate: bytes, status: str = "granted", begins: str = "2020-01-01T00:00:00Z") -> str:
    """Write a trusted list with one service for qualified time stamps."""
    return f"""<?xml version="1.0"?><TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><TSPService>
    <ServiceInformation><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST</ServiceTypeIdentifier>
    <ServiceDigitalIdentity><DigitalId><X509Certificate>{base64.b64encode(certificate).decode()}</X509Certificate>
    </DigitalId></ServiceDigitalIdentity><ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}
    </ServiceStatus><StatusStartingTime>{begins}</StatusStartingTime></ServiceInformation></TSPService>
    </TrustServiceStatusList>"""


def test_qualified_stamps_claim_it_and_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are needed; without a list it is "claims to be qualified, not checked"."""
    bag = sealed(tmp_path).path
    authority = Authority(tmp_path / "tsa")
    response = tmp_path / "answer.tsr"
    response.write_bytes(authority.answer(make_request(bag)))
    data = (bag / "seal/dossier.dsse.json").read_bytes()
    listed = tmp_path / "list.xml"
    listed.write_text(trusted(authority.certificate.public_bytes(Encoding.DER)))
    assert check_stamp(response, data, authority.chain, listed).kind == PLAIN
    monkeypatch.setattr("countermark.evidence.dossier.der._claims_qualified", lambda _extensions: True)
    token = read_token(response.read_bytes())
    claiming = type(token)(
        **{name: getattr(token, name) for name in token.__slots__} | {"claims_qualified": True}
    )
    monkeypatch.setattr(stamp_check, "read_token", lambda _data: claiming)
    assert check_stamp(response, data, authority.chain).kind == CLAIMED
    assert check_stamp(response, data, authority.chain, listed).kind == QUALIFIED
    for text in (trusted(b"other"), trusted(authority.certificate.public_bytes(Encoding.DER), "withdrawn"),
                 trusted(authority.certificate.public_bytes(Encoding.DER), begins="2199-01-01T00:00:00Z")):  # fmt: skip
        listed.write_text(text)
        assert check_stamp(response, data, authority.chain, listed).kind == UNLISTED


def test_the_statement_of_a_qualified_token_is_read() -> None:
    """The extension qcStatements with esi4-qtstStatement-1 (ETSI EN 319 422), and with another statement."""

    def wrapped(tag: int, *parts: bytes) -> bytes:
        content = b"".join(parts)
        return bytes([tag, len(content)]) + content

    kind = wrapped(6, bytes.fromhex("2b06010505070103"))
    statement = wrapped(6, bytes.fromhex("0400 8197 5e01 01".replace(" ", "")))
    for one, claims in ((statement, True), (kind, False)):
        extension = wrapped(0x30, kind, wrapped(4, wrapped(0x30, wrapped(0x30, one))))
        assert _claims_qualified(Value(0xA1, extension, b"")) is claims
    assert (QC_STATEMENTS, QTST_STATEMENT) == ("1.3.6.1.5.5.7.1.3", "0.4.0.19422.1.1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a/>",
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "b">]><TrustServiceStatusList/>',
    ],
)
def test_what_is_no_trusted_list_is_refused(tmp_path: Path, text: str) -> None:
    """Entity bombs too."""
    path = tmp_path / "list.xml"
    path.write_text(text)
    with pytest.raises(InputError, match="no trusted list"):
        granted_services(path, datetime.now(UTC))
