"""`countermark reserve check URL`: what a site serves now, and to whom it serves something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.cli.reserve_check_sources import Checked, tell_agents
from countermark.errors import InputError
from countermark.reservations.target import origin_of

if TYPE_CHECKING:
    from countermark.captures.served import Fetching
    from countermark.cli.reserve_check import Asking


def check_address(url: str, asking: Asking) -> list[Checked]:
    """Fetch a page with its site's files and what these point at, and judge it for each agent that is asked for."""
    from countermark.captures.history.visit import visit
    from countermark.captures.served import Fetching
    from countermark.captures.served_address import parse_address

    # The user typed this address, so one on this machine is asked too; what it redirects to is judged anew.
    how = Fetching(allow_loopback=True)
    seen = visit([url], how=how).seen()
    address = parse_address(url).url
    if address in seen.failures and not seen.answers:
        raise InputError(seen.failures[address])
    doubts = list(seen.doubts(address))
    found = []
    for agent in asking.agents or ("*",):
        verdict = seen.judge(address, agent)
        checked = Checked(address, verdict)
        if agent == "*":
            tell_agents(checked, address, seen.site(origin_of(address)), seen.answers.get(address), doubts)
        found.append(checked)
    if asking.compared:
        found[0].notes += _differences(address, asking, how)
    return found


def _differences(url: str, asking: Asking, how: Fetching) -> list[str]:
    from countermark.captures.audit import audit
    from countermark.reservations.words import room_languages

    say = room_languages()[asking.language]
    told = audit(url, asking.compared, how)
    failed = [f"  {one.agent}: {why}" for one in told.served for why in one.failures.values()]
    if not told.differences:
        return [say.say("audit.same", agents=", ".join(asking.compared)), *failed]
    lines = [
        "  "
        + say.say(
            "audit.difference",
            agent=one.agent,
            what=say.say(f"audit.{one.what}"),
            usual=one.usual,
            served=one.served,
        )
        for one in told.differences
    ]
    return [say.say("audit.head"), *lines, *failed]
