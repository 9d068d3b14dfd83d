"""What the summary of a listing of pictures says beside that of any link: sites, what agreed, and what that is worth.

The words are in English and French, with their sources, so that every report can say them as they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.linkage.catalog import Sought

_HASHES = ("md5", "sha256", "phash")
_LISTED = {
    "en": "The listing gives addresses. It does not show that a picture was downloaded. "
    "Being listed is not proof that a model was trained on it.",
    "fr": "La liste donne des adresses. Elle ne montre ni qu’une image a été téléchargée, ni qu’un modèle a été "
    "entraîné avec elle.",
}
_DRIFT = {
    "en": "A stored hash is that of the bytes served on the day of hashing: when LAION-5B was downloaded again, 15 % "
    "of its pictures no longer had the hash recorded for them, many of them with almost the same content; of "
    "DataComp-1B, 14 %. No agreement does not mean that the picture is not listed.",
    "fr": "Une empreinte enregistrée est celle des octets servis le jour du calcul\u00a0: lors d’un nouveau "
    "téléchargement de LAION-5B, 15\u202f% des images n’avaient plus l’empreinte enregistrée, beaucoup avec un "
    "contenu presque identique\u202f; pour DataComp-1B, 14\u202f%. L’absence de concordance ne veut pas dire que "
    "l’image n’y figure pas.",
}
_LOOK = {
    "en": "A perceptual hash of 64 bits is too short for billions of pictures, as the makers of COYO-700M say: unlike "
    "pictures may share it. It is a lead, to be looked at.",
    "fr": "Une empreinte perceptuelle de 64 bits est trop courte pour des milliards d’images, comme le disent les "
    "auteurs de COYO-700M\u00a0: des images différentes peuvent la partager. C’est une piste, à vérifier à l’œil.",
}
_VARIANT = {
    "en": "A resized variant is an address that differs from yours only in what says a size.",
    "fr": "Une variante redimensionnée est une adresse qui ne diffère de la vôtre que par l’indication d’une taille.",
}
_SOURCES = {
    "drift": (
        "https://github.com/rom1504/img2dataset/pull/258",
        "https://github.com/mlfoundations/datacomp/issues/67",
    ),
    "look": ("https://github.com/kakaobrain/coyo-dataset/issues/14",),
}
_METHOD = re.compile(r"([a-z0-9]+):.*?(?: \((resized variant|distance \d+)\))?$", re.DOTALL)


def method_of(evidence: str) -> str:
    """What agreed, without its value: `url`, `url (resized variant)`, `md5`, `phash (distance 2)`, `host`."""
    found = _METHOD.match(evidence)
    if found is None:
        return evidence
    return f"{found[1]} ({found[2]})" if found[2] else found[1]


def picture_summary(
    sought: Sequence[Sought],
    evidences: Iterable[tuple[str, str]],
    counts: Mapping[str, Counter[str]],
    rows: int,
) -> dict[str, Any]:
    """The part `pictures` of the summary. `evidences` are (work_id, evidence) of all findings; `counts` by kind."""
    methods: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    for work_id, evidence in evidences:
        methods[method_of(evidence)] += 1
        listed[work_id] += 1
    sites = [
        {"site": work.title, "rows": counts["site"].get(work.title, 0), "listed": listed[work.work_id],
         "share": counts["site"].get(work.title, 0) / rows if rows else 0.0}
        for work in sought if work.medium == "site"
    ]  # fmt: skip
    stored = {kind: counts["stored"][kind] for kind in _HASHES if counts["stored"].get(kind)}
    return {
        "by_method": dict(sorted(methods.items())),
        "sites": sorted(sites, key=lambda site: (-site["rows"], site["site"])),
        "stored_hashes": stored,
        "caveats": list(_caveats(methods, stored)),
    }


def _caveats(methods: Mapping[str, int], stored: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    yield {"about": "listed", **_LISTED, "sources": []}
    if "url (resized variant)" in methods:
        yield {"about": "variant", **_VARIANT, "sources": []}
    if set(stored) & {"md5", "sha256"}:
        yield {"about": "drift", **_DRIFT, "sources": list(_SOURCES["drift"])}
    if "phash" in stored:
        yield {"about": "look", **_LOOK, "sources": list(_SOURCES["look"])}
