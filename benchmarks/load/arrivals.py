"""When requests are due: instants fixed before the run, so that a slow server cannot make its clients wait politely.

A closed loop sends the next request when the last was answered, and so leaves out the very moments in which people
would have waited. Here each latency counts from the instant at which a request was due.
"""

from __future__ import annotations

import random

MOST_PER_SECOND = 2_000
MOST_SECONDS = 300.0
MOST_REQUESTS = 100_000


def arrivals(rate: float, seconds: float, *, poisson: bool = True, seed: int = 1) -> list[float]:
    """Instants in seconds from the start, ascending: `rate` a second for `seconds`.

    Poisson arrivals have exponential gaps, as of people who know nothing of each other; the others are evenly spaced.
    Raises ValueError beyond the bounds of this module.
    """
    if not 0 < rate <= MOST_PER_SECOND or not 0 < seconds <= MOST_SECONDS or rate * seconds > MOST_REQUESTS:
        raise ValueError(
            f"{rate:g} requests a second for {seconds:g} s; accepted are up to {MOST_PER_SECOND} a second for up to "
            f"{MOST_SECONDS:g} s and {MOST_REQUESTS} in all"
        )
    if not poisson:
        return [number / rate for number in range(int(rate * seconds))]
    draw = random.Random(seed)
    instants = []
    instant = draw.expovariate(rate)
    while instant < seconds:
        instants.append(instant)
        instant += draw.expovariate(rate)
    return instants
