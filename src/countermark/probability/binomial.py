"""Exact bounds for a proportion: the interval of Clopper and Pearson.

C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26 (1934) 404-413. With k successes in n trials the lower limit is the p at which
P(X >= k) = alpha/2, the upper limit the p at which P(X <= k) = alpha/2, X binomial(n, p). Both tails are
regularised incomplete beta functions, P(X >= k) = I_p(k, n-k+1), which the continued fraction of NIST DLMF
8.17.22 gives to machine precision. The interval never covers less than 1 - alpha: it errs on the wide side.
"""

from __future__ import annotations

import math

_TINY = 1e-300
_TERMS = 10_000


def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The two-sided exact interval for `successes` out of `trials`, as fractions of one.

    No trials say nothing, so the interval is then (0, 1). Raises ValueError unless
    0 <= successes <= trials and 0 < confidence < 1.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials; accepted: 0 <= successes <= trials")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; accepted: more than 0 and less than 1")
    if trials == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    lower = 0.0 if successes == 0 else _solve(successes, trials - successes + 1, tail)
    upper = 1.0 if successes == trials else _solve(successes + 1, trials - successes, 1 - tail)
    return lower, upper


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    # The fraction converges fast only left of the mean; right of it the mirror image does.
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 1 + d1/(1 + d2/(1 + …)) of DLMF 8.17.22, by the modified method of Lentz."""
    value, upper, lower = 1.0, 1.0, 0.0
    for j in range(1, _TERMS):
        m = j // 2
        if j % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1.0 + term * lower
        lower = 1.0 / (lower if abs(lower) > _TINY else _TINY)
        upper = 1.0 + term / upper
        upper = upper if abs(upper) > _TINY else _TINY
        step = upper * lower
        value *= step
        if abs(step - 1.0) < 1e-15:
            break
    return value


def _solve(a: float, b: float, target: float) -> float:
    """The x at which I_x(a, b) = target, by halving: I_x grows with x."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if beta_cdf(middle, a, b) < target:
            low = middle
        else:
            high = middle
