"""What a signatory consents to, word for word, in numbered wordings: each consent is recorded with its number.

A wording that was shown once is never changed: a new one is added and `CONSENT_VERSION` raised. Explicit consent is
what articles 6(1)(a), 7 and 9(2)(a) of the GDPR ask for here: to sign reveals an opinion, and a membership may be that
of a union. That a signature is kept and counted rests on the act of signing itself, said on the page that confirms it;
so a person who shows no name needs none of the three.
"""

from __future__ import annotations

from typing import Final

CONSENT_VERSION: Final = 1
PURPOSES: Final = ("publish", "contact", "share")

WORDING: Final[dict[int, dict[str, dict[str, str]]]] = {
    1: {
        "fr": {
            "act": (
                "Signer, c’est dire publiquement ce que l’on pense : la loi protège particulièrement les opinions. "
                "Votre signature est conservée et comptée parce que vous la donnez, en confirmant. Pour tout le reste, "
                "nous vous le demandons à part, et rien n’est coché d’avance. Vous pouvez changer d’avis à tout moment."
            ),
            "publish": (
                "Publier mon nom : j’accepte que ce que j’ai choisi de montrer paraisse au registre public des "
                "signataires. Chacun pourra y lire que je soutiens cet appel."
            ),
            "contact": (
                "M’écrire : j’accepte que l’organisateur m’écrive au sujet de cet appel et de ses suites. "
                "Sinon, je ne reçois que les messages qui concernent ma signature."
            ),
            "share": (
                "Informer mon organisation : j’accepte que l’organisation que j’ai indiquée voie que j’ai signé, avec "
                "mon nom, mes métiers et mon pays. Si c’est un syndicat, cela peut révéler mon appartenance syndicale, "
                "que la loi protège particulièrement."
            ),
        },
        "en": {
            "act": (
                "To sign is to say in public what you think, and the law gives opinions special protection. Your "
                "signature is kept and counted because you give it, by confirming. For everything else we ask you "
                "separately, and nothing is ticked in advance. You can change your mind at any time."
            ),
            "publish": (
                "Publish my name: I agree that what I chose to show appears on the public roll of signatories. Anyone "
                "can read there that I support this statement."
            ),
            "contact": (
                "Write to me: I agree that the organiser writes to me about this statement and what becomes of it. "
                "Otherwise I receive only the mails about my signature."
            ),
            "share": (
                "Tell my organisation: I agree that the organisation I named sees that I signed, with my name, my "
                "trades and my country. If it is a union, this may reveal that I belong to it, which the law gives "
                "special protection."
            ),
        },
    }
}


def wording(part: str, language: str, version: int = CONSENT_VERSION) -> str:
    """The words of a consent ("publish", "contact", "share"), or of the notice that stands above them ("act")."""
    return WORDING[version]["fr" if language == "fr" else "en"][part]
