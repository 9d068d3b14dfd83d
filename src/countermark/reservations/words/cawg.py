"""Sentences about signed manifests (CAWG, C2PA)."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "cawg.not-installed": (
        "the file carries a signed manifest, which is read by c2pa-python: pip install 'countermark[reserve]'"
    ),
    "cawg.unreadable": "the file carries a signed manifest, but {error}",
    "cawg.elsewhere": "the signed manifest of this file stands at {address}; it was not fetched",
    "cawg.no-active-manifest": "the manifest store names no active manifest; what it says is not known",
    "cawg.malformed": "{what} of the manifest is not built as the specification says; it was not read",
    "cawg.unknown-version": "the manifest has {label}, a version that is not known; it was not read",
    "cawg.other-entry": "the entry {name} is none of the specification’s; what it means is not known",
    "cawg.not-a-use": "{name} says {value}; the specification knows allowed, notAllowed and constrained",
    "cawg.not-believed": "{name} says allowed, but the signature does not match: it is not believed",
    "cawg.trusted": "signed by {signer} (time: {time}); the signature matches the file, and the signer is trusted",
    "cawg.untrusted": "signed by {signer} (time: {time}); the signature matches, no list of trust vouches for them",
    "cawg.invalid": "the manifest does not validate ({codes}); what it reserves is kept all the same",
    "cawg.ingredient": "the manifest of an ingredient ({manifest}) says {name}: {answer}; it speaks of the ingredient",
}
FR: Final = {
    "cawg.not-installed": (
        "le fichier porte un manifeste signé, qui se lit avec c2pa-python\u00a0: pip install 'countermark[reserve]'"
    ),
    "cawg.unreadable": "le fichier porte un manifeste signé, mais sa lecture échoue\u00a0: {error}",
    "cawg.elsewhere": "le manifeste signé de ce fichier se trouve à l’adresse {address}\u202f; il n’a pas été cherché",
    "cawg.no-active-manifest": "aucun manifeste actif n’est désigné\u202f; ce que dit le fichier n’est pas connu",
    "cawg.malformed": "{what}\u00a0: structure contraire à la spécification\u202f; cette partie n’a pas été lue",
    "cawg.unknown-version": "le manifeste contient {label}, version inconnue\u202f; elle n’a pas été lue",
    "cawg.other-entry": "l’entrée {name} n’appartient pas à la spécification\u202f; son sens n’est pas connu",
    "cawg.not-a-use": "{name} indique {value}\u202f; la spécification connaît allowed, notAllowed et constrained",
    "cawg.not-believed": "{name} indique allowed, mais la signature ne correspond pas\u00a0: on ne s’y fie pas",
    "cawg.trusted": (
        "signé par {signer} (date\u00a0: {time})\u202f; la signature correspond et le signataire est reconnu"
    ),
    "cawg.untrusted": (
        "signé par {signer} (date\u00a0: {time})\u202f; la signature correspond, "
        "aucune liste de confiance ne répond du signataire"
    ),
    "cawg.invalid": "le manifeste n’est pas valide ({codes})\u202f; ce qu’il réserve est tout de même retenu",
    "cawg.ingredient": (
        "le manifeste d’un ingrédient ({manifest}) indique {name}\u00a0: {answer}\u202f; il parle de l’ingrédient"
    ),
}
