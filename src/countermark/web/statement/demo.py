"""The statement that a new site begins with, marked as a demonstration: to be replaced before anything is real."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from countermark.web.statement.models import Statement
from countermark.web.statement.texts import publish

FRENCH = (
    "Pas d’entraînement sans licence",
    """Nous écrivons, composons, jouons, filmons, dessinons, traduisons. Nos œuvres sont notre travail et notre voix.

Des entreprises s’en servent pour entraîner des intelligences artificielles génératives, sans le demander, sans le dire
et sans payer. **Cela ne doit pas être permis : l’usage d’une œuvre pour entraîner une intelligence artificielle
générative exige une licence, accordée librement par celles et ceux à qui l’œuvre appartient.**

Nous ne refusons pas la technique. Nous demandons trois choses simples : qu’on nous demande, qu’on nous nomme,
qu’on nous paie.
""",
)
ENGLISH = (
    "No training without a licence",
    """We write, compose, perform, film, draw, translate. Our works are our labour and our voice.

Companies use them to train generative AI without asking, without saying so, and without paying. **This must not be
allowed: using a work to train generative AI requires a licence, freely given by those to whom the work belongs.**

We do not reject the technology. We ask for three simple things: ask us, name us, pay us.
""",
)


@transaction.atomic
def begin() -> bool:
    """Create the demonstration where the site has no statement yet; tell whether it did."""
    _, created = Statement.objects.get_or_create(
        pk=1,
        defaults={
            "organiser": "Countermark (démonstration / demonstration)",
            "contact_email": "organiser@example.org",
            "demonstration": True,
            "opened_at": timezone.now(),
        },
    )
    if created:
        publish({"fr": FRENCH, "en": ENGLISH})
    return created
