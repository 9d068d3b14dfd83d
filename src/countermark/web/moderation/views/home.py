"""What waits, the alarms and the peak switches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from countermark.web.abuse.models import Alarm, Switch
from countermark.web.abuse.switches import NAMES
from countermark.web.accounts.models import Logged
from countermark.web.mail.models import Message, MessageState
from countermark.web.moderation.forms import SwitchForm
from countermark.web.moderation.models import Invalidation
from countermark.web.moderation.switching import mark_seen, turn
from countermark.web.moderation.views.door import moderator, page
from countermark.web.organisations.models import Organisation
from countermark.web.organisations.models import State as OrganisationState
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RECENT: Final = timedelta(hours=48)
LINES: Final = 20


@page("GET", "HEAD")
def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator, and what was done last."""
    troubled = Message.objects.filter(state__in=(MessageState.FAILED, MessageState.UNCERTAIN))
    context = {
        "held": Signature.objects.filter(state=State.HELD).count(),
        "comments": Signature.objects.filter(state=State.CONFIRMED, comment_shown=False)
        .exclude(comment="")
        .count(),
        "organisations": Organisation.objects.filter(state=OrganisationState.PENDING).count(),
        "prepared": Invalidation.objects.filter(done_at=None).count(),
        "alarms": Alarm.objects.filter(hour__gte=timezone.now() - RECENT).order_by(
            "seen_by", "-hour", "-count"
        )[:LINES],
        "mails": troubled.values("kind", "state").annotate(count=Count("pk")).order_by("kind", "state"),
        "switches": _switches(),
        "lines": Logged.objects.all()[:LINES],
    }
    return render(request, "moderation/dashboard.html", context)


def _switches() -> list[dict[str, Any]]:
    turned_on = set(Switch.objects.filter(on=True).values_list("name", flat=True))
    return [{"name": name, "title": title, "on": name in turned_on} for name, title in NAMES.items()]


@page("GET", "HEAD", "POST")
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """Confirm that a switch is turned, and turn it."""
    if name not in NAMES:
        raise Http404
    row = Switch.objects.filter(name=name).first() or Switch(name=name)
    written = {"message_fr": row.message_fr, "message_en": row.message_en}
    form = SwitchForm(request.POST if request.method == "POST" else None, initial=written)
    if request.method == "POST" and form.is_valid():
        turned_on = request.POST.get("on") == "1"
        turn(name, moderator(request), on=turned_on, **form.cleaned_data)
        messages.success(request, _("The switch is on.") if turned_on else _("The switch is off."))
        return redirect("moderation")
    context = {"name": name, "title": NAMES[name], "on": row.on, "form": form, "words": name == "message"}
    return render(request, "moderation/switch.html", context)


@page("POST")
def alarm_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an alarm as looked at."""
    mark_seen(pk, moderator(request))
    return redirect("moderation")
