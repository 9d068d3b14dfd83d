"""CAWG Training and Data Mining 1.1, and the C2PA 1.x assertion that it replaces, as a manifest store tells them.

Source: https://cawg.io/training-and-data-mining/1.1/ (DIF, ratified 2025-05-16). Label `cawg.training-mining`; entries

    cawg.data_mining             text and data mining        tdm
    cawg.ai_training             training of any model       train
    cawg.ai_generative_training  of a generative model       generative
    cawg.ai_inference            input to a trained model    input

each `allowed`, `notAllowed` or `constrained`. Section 2.1: "constrained" without further information is to be treated
as "notAllowed". No entry says anything of another. The text calls the further information `constraints_info`, the
schema `constraint_info`: both are read. C2PA 1.x had the same under `c2pa.training-mining` with the prefix `c2pa.`;
files with one label and the other prefix exist, and are read.

The active manifest speaks for the file. What the manifests of its ingredients say is told, and decides nothing: an
ingredient is another work, or this one as it was before. A restriction is believed whoever signed it, even where the
signature does not match; an `allowed` is believed only where it does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from countermark.reservations.statement import Gathering
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.reservations.statement import Place, Reading
    from countermark.reservations.target import Target

LABEL: Final = "cawg.training-mining"
LEGACY_LABEL: Final = "c2pa.training-mining"
ENTRIES: Final = {
    "data_mining": Use.TDM,
    "ai_training": Use.TRAIN,
    "ai_generative_training": Use.GENERATIVE,
    "ai_inference": Use.INPUT,
}
ALLOWED: Final = "allowed"
NOT_ALLOWED: Final = "notAllowed"
CONSTRAINED: Final = "constrained"
INFORMATION: Final = ("constraint_info", "constraints_info")

_REVISIONS: Final = {LABEL: "CAWG 1.1", LEGACY_LABEL: "C2PA 1.x"}
_STATES: Final = {"Valid": "untrusted", "Trusted": "trusted"}
_MAX_MANIFESTS: Final = 1000
_MAX_ASSERTIONS: Final = 1000
_MAX_ENTRIES: Final = 100


def read_manifest(store: Mapping[str, Any], target: Target, place: Place) -> Reading:  # noqa: ARG001 - a file has no scopes
    """What a manifest store says, given as c2pa-python reports it (`Reader.json()`, parsed). Never raises."""
    gathering = Gathering("cawg", place)
    manifests = store.get("manifests")
    active = store.get("active_manifest")
    if not isinstance(manifests, dict) or not isinstance(active, str) or active not in manifests:
        gathering.remark("no-active-manifest", doubt=True)
        return gathering.reading()
    believed = _tell_validation(store, manifests[active], gathering)
    for label, entries in _assertions(manifests[active], gathering):
        gathering.revision = _REVISIONS[label]
        for name, entry in entries.items():
            _say(gathering, name, entry, believed=believed)
    _tell_ingredients(manifests, active, gathering)
    return gathering.reading()


def _assertions(manifest: object, gathering: Gathering) -> Iterator[tuple[str, dict[str, Any]]]:
    """Label and entries of each training and data mining assertion; a second one bears `__1` (C2PA 2.2, 6.4)."""
    assertions = manifest.get("assertions", []) if isinstance(manifest, dict) else None
    if not isinstance(assertions, list) or len(assertions) > _MAX_ASSERTIONS:
        gathering.remark("malformed", doubt=True, what="assertions")
        return
    for assertion in assertions:
        written = assertion.get("label", "") if isinstance(assertion, dict) else ""
        label = written.partition("__")[0] if isinstance(written, str) else ""
        if label not in _REVISIONS:
            if label.startswith((f"{LABEL}.", f"{LEGACY_LABEL}.")):
                gathering.remark("unknown-version", doubt=True, label=label)
            continue
        data = assertion.get("data")
        entries = data.get("entries") if isinstance(data, dict) else None
        if not isinstance(entries, dict) or len(entries) > _MAX_ENTRIES:
            gathering.remark("malformed", doubt=True, what=label)
            continue
        yield label, entries


def _say(gathering: Gathering, name: str, entry: object, *, believed: bool) -> None:
    prefix, _, rest = name.partition(".")
    if prefix not in {"cawg", "c2pa"} or rest not in ENTRIES:
        gathering.remark(
            "other-entry", name=name
        )  # the schema admits custom entries; what they mean is not known
        return
    answer, terms = _answer(entry)
    if answer is Answer.UNKNOWN:
        gathering.remark("not-a-use", doubt=True, name=name, value=_written(entry).decode())
    elif answer is Answer.ALLOWED and not believed:
        answer = Answer.UNKNOWN
        gathering.remark("not-believed", doubt=True, name=name)
    raw = _written({name: entry})
    gathering.say("manifest", (ENTRIES[rest],), answer, raw, scope="", terms=terms)


def _answer(entry: object) -> tuple[Answer, str]:
    """The answer of one entry, and its constraint."""
    said = entry.get("use") if isinstance(entry, dict) else None
    if said == ALLOWED:
        return Answer.ALLOWED, ""
    if said == NOT_ALLOWED:
        return Answer.RESERVED, ""
    if said != CONSTRAINED or not isinstance(entry, dict):
        return Answer.UNKNOWN, ""
    written = [entry.get(name) for name in INFORMATION]
    terms = "; ".join(
        dict.fromkeys(text.strip() for text in written if isinstance(text, str) and text.strip())
    )
    return (Answer.CONDITIONAL, terms[:10_000]) if terms else (Answer.RESERVED, "")


def _tell_validation(store: Mapping[str, Any], manifest: object, gathering: Gathering) -> bool:
    """Tell who signed and in what state the signature is; whether it matches what was signed."""
    code = _STATES.get(str(store.get("validation_state")))
    if code is None:
        gathering.remark("invalid", codes=", ".join(_failures(store)) or "-")
        return False
    signature = manifest.get("signature_info") if isinstance(manifest, dict) else None
    told = signature if isinstance(signature, dict) else {}
    names = [told.get("common_name"), told.get("issuer")]
    signer = ", ".join(dict.fromkeys(name for name in names if isinstance(name, str) and name))
    gathering.remark(code, signer=signer or "-", time=told.get("time") or "-")
    return True


def _failures(store: Mapping[str, Any]) -> list[str]:
    """The codes of C2PA 2.2, section 15.2, with which the active manifest failed."""
    failures: object = store.get("validation_results")
    for key in ("activeManifest", "failure"):
        failures = failures.get(key) if isinstance(failures, dict) else None
    if not isinstance(failures, list):
        return []
    codes = [failure.get("code") for failure in failures[:100] if isinstance(failure, dict)]
    return sorted({code for code in codes if isinstance(code, str)})


def _tell_ingredients(manifests: Mapping[str, Any], active: str, gathering: Gathering) -> None:
    aside = Gathering(
        "cawg", gathering.place
    )  # what is malformed in an ingredient leaves no doubt about the file
    for label in sorted(manifests)[:_MAX_MANIFESTS]:
        if label == active:
            continue
        for _, entries in _assertions(manifests[label], aside):
            for name in sorted(entries):
                answer, _ = _answer(entries[name])
                if answer is not Answer.UNKNOWN:
                    gathering.remark("ingredient", manifest=label, name=name, answer=answer.value)


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "replace")
