"""TDM policies: the profile of ODRL 2.2 in the section "Expressing a TDM Policy", read and written.

    OdrlPolicy
      ├── assigner       who to ask, with the vCard properties that the profile admits
      └── permissions    action tdm:mine, each with duties and purposes, and the collection it is about

The reader is lenient, as a TDM agent must be: one object is an array of one, names may be written out as addresses.
What departs is the validator's matter (`odrl_checks`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.reservations.tdmrep.json_text import JsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_POLICY: Final = 1 << 20
"""Bytes of a policy that are read."""
CONTEXT: Final = ("http://www.w3.org/ns/odrl.jsonld", "http://www.w3.org/ns/tdmrep.jsonld")
PROFILE: Final = "http://www.w3.org/ns/tdmrep"
TYPE: Final = "Offer"
MINE: Final = "tdm:mine"
DUTIES: Final = ("obtainConsent", "compensate")
PURPOSES: Final = ("tdm:research", "tdm:non-research")
VCARD: Final = {
    "name": "vcard:fn",
    "nickname": "vcard:nickname",
    "email": "vcard:hasEmail",
    "telephone": "vcard:hasTelephone",
    "url": "vcard:hasURL",
}
ADDRESS: Final = {
    "street": "vcard:street-address",
    "postal_code": "vcard:postal-code",
    "locality": "vcard:locality",
    "country": "vcard:country-name",
}
_NAMESPACES: Final = {
    "http://www.w3.org/ns/tdmrep#": "tdm:",
    "http://www.w3.org/ns/odrl/2/": "",
    "odrl:": "",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; "" for what is not given."""

    street: str = ""
    postal_code: str = ""
    locality: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Assigner:
    """The rightsholder. `email` begins with `mailto:`, `telephone` with `tel:`; "" for what is not given."""

    uid: str = ""
    name: str = ""
    nickname: str = ""
    email: str = ""
    telephone: str = ""
    url: str = ""
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission to mine: its duties (`obtainConsent`, `compensate`), purposes and target, as far as it has any."""

    duties: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class OdrlPolicy:
    """An offer: under which duties, for which purposes, content may be mined, and who is to be asked."""

    uid: str
    assigner: Assigner = field(default_factory=Assigner)
    permissions: tuple[Permission, ...] = ()


def read_policy_document(data: bytes) -> OdrlPolicy:
    """The policy of a document; raises InputError where that is no JSON object. Actions other than mining are left out.

    A duty or constraint of the policy as a whole is one of each permission: the report's text puts them there, and its
    examples into the permission.
    """
    try:
        said = parse_json(data, MAX_POLICY)
    except JsonError as error:
        line = f"line {error.line}: " if error.line else ""
        raise InputError(f"{line}{_in_words(error.code, error.facts)}; a JSON object is accepted") from None
    if not isinstance(said, dict):
        raise InputError(
            "the TDM policy is not a JSON object; one with @context, @type, uid, assigner, permission "
            "is accepted"
        )
    shared_duties, shared_purposes = _duties(said), _purposes(said)
    return OdrlPolicy(
        _text(said.get("uid")) or _text(said.get("@id")),
        _assigner(said.get("assigner")),
        tuple(
            Permission(
                tuple(dict.fromkeys((*shared_duties, *_duties(permission)))),
                tuple(dict.fromkeys((*shared_purposes, *_purposes(permission)))),
                _text(permission.get("target")),
            )
            for permission in _objects(said.get("permission"))
            if MINE in _actions(permission)
        ),
    )


def write_policy(policy: OdrlPolicy) -> bytes:
    """A policy in the report's own form: UTF-8, indented by two, one order of names. Same policy, same bytes.

    Raises InputError for what the profile does not admit; `validate_policy` finds nothing in what is returned.
    """
    from countermark.reservations.tdmrep.odrl_checks import validate_policy  # noqa: PLC0415 - it reads this module

    document = {
        "@context": list(CONTEXT),
        "@type": TYPE,
        "profile": PROFILE,
        "uid": policy.uid,
        "assigner": _written_assigner(policy.assigner),
        "permission": [_written_permission(permission) for permission in policy.permissions],
    }
    data = json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    if faults := validate_policy(data):
        code = faults[0].code.removeprefix("tdmrep.policy.")
        raise InputError(f"the TDM policy cannot be written: {_in_words(code, faults[0].facts)}")
    return data


def short(name: str) -> str:
    """A name of the vocabularies as the profile writes it: `tdm:mine`, `obtainConsent`."""
    for namespace, prefix in _NAMESPACES.items():
        if name.startswith(namespace):
            return prefix + name.removeprefix(namespace)
    return {"mine": MINE, "research": PURPOSES[0], "non-research": PURPOSES[1]}.get(name, name)


def _in_words(code: str, facts: Iterable[tuple[str, str]]) -> str:
    from countermark.reservations.words import FALLBACK, room_languages  # noqa: PLC0415 - only for errors

    return room_languages()[FALLBACK].say(f"tdmrep.policy.{code}", **dict(facts))


def _assigner(value: object) -> Assigner:
    if isinstance(value, str):
        return Assigner(uid=value)
    said = next(iter(_objects(value)), {})
    address = next(iter(_objects(_card(said, "vcard:hasAddress"))), {})
    return Assigner(
        uid=_text(said.get("uid")) or _text(said.get("@id")),
        address=Address(**{name: _text(_card(address, key)) for name, key in ADDRESS.items()}),
        **{name: _text(_card(said, key)) for name, key in VCARD.items()},
    )


def _card(said: Mapping[str, object], key: str) -> object:
    """A vCard property; the text of the report names them without the prefix that its examples have."""
    return said.get(key, said.get(key.removeprefix("vcard:")))


def _actions(said: Mapping[str, object]) -> set[str]:
    actions = said.get("action")
    return {
        short(name) for name in (actions if isinstance(actions, list) else [actions]) if isinstance(name, str)
    }


def _duties(said: Mapping[str, object]) -> tuple[str, ...]:
    found = {action for duty in _objects(said.get("duty")) for action in _actions(duty)}
    return tuple(name for name in DUTIES if name in found)


def _purposes(said: Mapping[str, object]) -> tuple[str, ...]:
    found = {
        short(_text(constraint.get("rightOperand")))
        for constraint in _objects(said.get("constraint"))
        if short(_text(constraint.get("leftOperand"))) == "purpose"
        and short(_text(constraint.get("operator"))) == "eq"
    }
    return tuple(name for name in PURPOSES if name in found)


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("@id")
    return value if isinstance(value, str) else ""


def _written_assigner(assigner: Assigner) -> dict[str, object]:
    card: dict[str, object] = {"uid": assigner.uid}
    card |= {key: getattr(assigner, name) for name, key in VCARD.items()}
    address = _filled((key, getattr(assigner.address, name)) for name, key in ADDRESS.items())
    return _filled([*card.items(), ("vcard:hasAddress", address)])


def _written_permission(permission: Permission) -> dict[str, object]:
    constraints = [
        {"leftOperand": "purpose", "operator": "eq", "rightOperand": purpose}
        for purpose in permission.purposes
    ]
    duties = [{"action": duty} for duty in permission.duties]
    said = [("target", permission.target), ("action", MINE), ("duty", duties), ("constraint", constraints)]
    return _filled(said)


def _filled(said: Iterable[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in said if value}
