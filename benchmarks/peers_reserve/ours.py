"""Countermark's own readers, asked as any caller would."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import http_sf
from answering import NotAskedError, fetch, serve

from countermark.documents.xmp import parse_xmp
from countermark.reservations import aipref, cawg, content_signals, iptc_plus, noai, onix, rsl, tdmrep
from countermark.reservations.embedded import read_embedded
from countermark.reservations.page import read_page
from countermark.reservations.response import Headers
from countermark.reservations.robots import parse_robots
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge

PLACE = Place("https://example.org/")
SAID = {Answer.ALLOWED: "allow", Answer.RESERVED: "disallow", Answer.UNKNOWN: "unknown"}
ANSWER = {word: answer for answer, word in SAID.items()}
Reply = tuple[dict[str, str], str]


def _answer(target: Target, use: Use, *readings: Reading) -> str:
    return judge(target, readings).answer(use).value


def robots(given: dict[str, Any]) -> Reply:
    allowed = parse_robots(given["robots_txt"].encode()).allows(given["agent"], given["url"])
    return fetch(
        allowed
    ), f"parse_robots({given['robots_txt'].encode()!r}).allows({given['agent']!r}, {given['url']!r})"


def field(given: dict[str, Any]) -> Reply:
    text = ", ".join(given["raw"])
    try:
        value = json.dumps(_plain(http_sf.parse(text.encode(), tltype=given["type"])), sort_keys=True)
    except ValueError:
        value = "no value"
    return {"value": value}, f"http_sf.parse({text.encode()!r}, tltype={given['type']!r})"


def _plain(value: Any) -> Any:
    """A structure of http_sf in the JSON of the suite."""
    if isinstance(value, dict):
        return [[name, _plain(member)] for name, member in value.items()]
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if isinstance(value, Decimal):
        return float(value)
    return json.loads(http_sf.to_json(value))


def field_written(given: dict[str, Any]) -> Reply:
    (case,) = http_sf.from_json(json.dumps([{"expected": given["expected"], "header_type": given["type"]}]))
    try:
        value = http_sf.ser(case["expected"])
    except ValueError:
        value = "no value"
    return {"value": value}, f"http_sf.ser({case['expected']!r})"


def header(given: dict[str, Any]) -> Reply:
    headers = Headers(("Content-Usage", line) for line in given["lines"])
    reading = aipref.read_headers(headers, Target(), PLACE)
    return _labels(Target(), reading), f"aipref.read_headers(Headers({list(headers)!r}), …)"


def _labels(target: Target, reading: Reading) -> dict[str, str]:
    verdict = judge(target, [reading])
    said = {s.use: s.answer for s in reading.statements}
    return {
        label: SAID[verdict.answer(use) if use in said else Answer.UNKNOWN]
        for label, use in aipref.LABELS.items()
    }


def combine(given: dict[str, Any]) -> Reply:
    statements = [{label: ANSWER[said] for label, said in one.items()} for one in given["statements"]]
    found = aipref.combined(statements)
    return {label: SAID[answer] for label, answer in found.items()}, "aipref.combined(…)"


def usage_rules(given: dict[str, Any]) -> Reply:
    parsed = parse_robots(given["robots_txt"].encode())
    target = Target(f"https://example.org{given['path']}", given["agent"])
    reading = aipref.read_robots(parsed, target, PLACE)
    allowed = parsed.allows(given["agent"], given["path"], closed_by=aipref.FIELD)
    return {
        "train-ai": _labels(target, reading)["train-ai"],
        **fetch(allowed),
    }, "aipref.read_robots(…)"


def tdmrep_file(given: dict[str, Any]) -> Reply:
    data, target = json.dumps(given["file"]).encode(), Target(given["url"])
    reading = tdmrep.read_well_known(data, target, PLACE)
    call = f"tdmrep.read_well_known({data!r}, Target({given['url']!r}), …)"
    if any(remark.code == "tdmrep.first-or-longest" for remark in reading.remarks):
        return {"reservation": "both readings told"}, call
    return _tdmrep(target, reading), call


def _tdmrep(target: Target, *readings: Reading) -> dict[str, str]:
    found = judge(target, readings).uses[Use.TDM]
    policy = {"policy": found.terms[0]} if found.terms else {}
    plain = "reserved" if policy and found.answer is Answer.CONDITIONAL else found.answer.value
    return {"reservation": plain, **policy}


def tdmrep_steps(given: dict[str, Any]) -> Reply:
    target = Target("https://example.org/book.html")
    value = given["well_known"]
    file = json.dumps([{"location": "/", "tdm-reservation": value}] if value is not None else [])
    readings = [tdmrep.read_well_known(file.encode(), target, PLACE)]
    if given["header"] is not None:
        headers = Headers([("tdm-reservation", str(given["header"]))])
        readings.append(tdmrep.read_headers(headers, target, PLACE))
    if given["html"] is not None:
        page = read_page(f'<meta name="tdm-reservation" content="{given["html"]}">'.encode())
        readings.append(tdmrep.read_page(page, target, PLACE))
    if given["file"] is not None:
        metas = [("tdm:reservation", str(given["file"]))]
        readings.append(tdmrep.read_package(metas, target, PLACE))
    return _tdmrep(target, *readings), "judge(…)"


def tdmrep_header(given: dict[str, Any]) -> Reply:
    headers = Headers(tuple(pair) for pair in given["fields"])
    return _tdmrep(Target(), tdmrep.read_headers(headers, Target(), PLACE)), "tdmrep.read_headers(…)"


def tdmrep_page(given: dict[str, Any]) -> Reply:
    page = read_page(given["html"].encode())
    return _tdmrep(Target(), tdmrep.read_page(page, Target(), PLACE)), "tdmrep.read_page(…)"


def rsl_terms(given: dict[str, Any]) -> Reply:
    target = Target(f"https://example.org{given['path']}")
    reading = rsl.read_terms(given["xml"].encode(), target, PLACE)
    uses = {"ai-train": Use.TRAIN, "search": Use.SEARCH}
    return {token: _answer(target, use, reading) for token, use in uses.items()}, "rsl.read_terms(…)"


def rsl_valid(given: dict[str, Any]) -> Reply:
    return {"conforms": "no" if rsl.validate(given["xml"].encode()) else "yes"}, "rsl.validate(…)"


def rsl_robots(given: dict[str, Any]) -> Reply:
    found = rsl.linked(parse_robots(given["robots_txt"].encode()), given["agent"])
    return {"licences": json.dumps(list(found))}, "rsl.linked(…)"


def signals(given: dict[str, Any]) -> Reply:
    target = Target(given["url"], given["agent"])
    reading = content_signals.read_robots(parse_robots(given["robots_txt"].encode()), target, PLACE)
    words = {Answer.ALLOWED: "yes", Answer.RESERVED: "no"}
    said = {s.use: words[s.answer] for s in reading.statements}
    names = content_signals.SIGNALS.items()
    return {name: said.get(uses[0], "unset") for name, uses in names}, "content_signals.read_robots(…)"


def _by_medium(given: dict[str, Any], read: Any) -> dict[str, str]:
    targets = {name: Target("https://example.org/a", given["agent"], medium)
               for name, medium in (("text", ""), ("image", "image"))}  # fmt: skip
    return {name: _answer(target, Use.TRAIN, read(target)) for name, target in targets.items()}


def noai_page(given: dict[str, Any]) -> Reply:
    page = read_page(given["html"].encode())
    return _by_medium(given, lambda target: noai.read_page(page, target, PLACE)), "noai.read_page(…)"


def noai_header(given: dict[str, Any]) -> Reply:
    headers = Headers(("X-Robots-Tag", line) for line in given["lines"])
    return _by_medium(given, lambda target: noai.read_headers(headers, target, PLACE)), "noai.read_headers(…)"


def picture(given: dict[str, Any]) -> Reply:
    if given["path"]:
        data = Path(given["path"]).read_bytes()
        reading = read_embedded(data, given["path"], Target(), PLACE)
    elif given["label"]:
        data = {"assertions": [{"label": given["label"], "data": {"entries": given["entries"]}}]}
        store = {"active_manifest": "a", "manifests": {"a": data}, "validation_state": "Valid"}
        reading = cawg.read_manifest(store, Target(), PLACE)
    else:
        raise NotAskedError
    uses = {"generative": Use.GENERATIVE, "input": Use.INPUT}
    return {name: _answer(Target(), use, reading) for name, use in uses.items()}, "read_embedded(…)"


def plus(given: dict[str, Any]) -> Reply:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">'
        f"<plus:DataMining>{given['value']}</plus:DataMining></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    reading = iptc_plus.read_xmp(parse_xmp(packet.encode()), Target(), PLACE)
    found = {_answer(Target(), use, reading) for use in Use if use is not Use.SEARCH} - {"unknown"}
    return {"answer": " and ".join(sorted(found)) or "unknown"}, "iptc_plus.read_xmp(…)"


def onix_record(given: dict[str, Any]) -> Reply:
    reading = onix.read_onix(given["xml"].encode(), Target(), PLACE)
    return {"tdm": _answer(Target(), Use.TDM, reading)}, "onix.read_onix(…)"


serve(
    version("countermark"),
    {
        "robots": robots,
        "field": field,
        "field-written": field_written,
        "aipref-header": header,
        "aipref-combine": combine,
        "aipref-robots": usage_rules,
        "tdmrep-file": tdmrep_file,
        "tdmrep-steps": tdmrep_steps,
        "tdmrep-header": tdmrep_header,
        "tdmrep-page": tdmrep_page,
        "rsl-terms": rsl_terms,
        "rsl-valid": rsl_valid,
        "rsl-robots": rsl_robots,
        "content-signal": signals,
        "noai-page": noai_page,
        "noai-header": noai_header,
        "picture": picture,
        "plus": plus,
        "onix": onix_record,
    },
)
