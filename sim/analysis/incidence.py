"""By when something has come, where something else may come first: cumulative incidence.

With competing ends, one minus the Kaplan-Meier estimate would tell how often an end came in a world
without the others.  The Aalen-Johansen estimator tells how often it has come in this one
[@aalen1978].  Where nothing is broken off before a moment, it is the plain share of histories in
which the event has come, with Wilson's interval; else the interval is that of its variance on the
complementary log-log scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.intervals import LEVEL, wilson_band, z_score

__all__ = ["CENSORED", "Incidence", "cumulative_incidence"]

#: The kind of a history that was broken off before anything came.
CENSORED = 0


@dataclass(frozen=True)
class Incidence:
    """The share of histories in which an event has come, moment by moment.

    Attributes
    ----------
    share, low, high : float arrays, shape (n_moments,)
        The estimate and its interval, pointwise.
    """

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


def cumulative_incidence(
    day: np.ndarray, kind: np.ndarray, of: int, moments: np.ndarray, level: float = LEVEL
) -> Incidence:
    """Estimate by when an event of one kind has come.

    With d events of the kind among n histories at risk on a day, and S the share that nothing has
    come to before it, the incidence grows by ``S * d / n`` (Aalen and Johansen).

    Parameters
    ----------
    day : float array, shape (replicates,)
        Of the first event of each history, or on which it was broken off.
    kind : int array, shape (replicates,)
        What came; `CENSORED` where it was broken off.
    of : int
        The kind that is asked about, not `CENSORED`.
    moments : float array, shape (n_moments,)
        Days, rising.
    level : float, 0..1
        Coverage.
    """
    n = len(day)
    cut = day[kind == CENSORED]
    first_cut = cut.min() if len(cut) else np.inf
    came = np.sort(day[kind == of])
    plain = np.searchsorted(came, moments, side="right") / n
    low, high = wilson_band(plain, n, level)
    if not np.any(first_cut < moments):
        return Incidence(plain, low, high)
    share, variance = _aalen_johansen(day, kind, of, moments)
    later = first_cut < moments
    bounds = _log_log(share, variance, z_score(level))
    return Incidence(
        np.where(later, share, plain),
        np.where(later, bounds[0], low),
        np.where(later, bounds[1], high),
    )


def _aalen_johansen(
    day: np.ndarray, kind: np.ndarray, of: int, moments: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the estimate and its variance by the delta method at moments [@marubini1995].

    The variance at t sums over the event days u up to t, F being the incidence:
    ``(F(t) - F(u))**2 e / (n (n - e)) + S**2 d (n - d) / n**3 - 2 (F(t) - F(u)) S d / n**2``,
    with e events of any kind, d of the kind, n at risk and S the share left before u.
    """
    days, place = np.unique(day, return_inverse=True)
    any_kind = np.bincount(place, kind != CENSORED, len(days))
    own = np.bincount(place, kind == of, len(days))
    at_risk = len(day) - np.concatenate([[0.0], np.cumsum(np.bincount(place))[:-1]])
    left = np.concatenate([[1.0], np.cumprod(1.0 - any_kind / at_risk)[:-1]])
    grown = np.minimum(np.cumsum(left * own / at_risk), 1.0)  # rounding must not push it past
    upto = np.searchsorted(days, moments, side="right")
    share = np.where(upto > 0, grown[np.maximum(upto - 1, 0)], 0.0)
    # Where all at risk meet their event at once nothing is left to vary.
    spread = np.divide(
        any_kind,
        at_risk * (at_risk - any_kind),
        out=np.zeros(len(days)),
        where=at_risk > any_kind,
    )
    own_part = np.cumsum(left**2 * own * (at_risk - own) / at_risk**3)
    cross = left * own / at_risk**2
    variance = np.zeros(len(moments))
    for k, last in enumerate(upto):
        if last:
            ahead = share[k] - grown[:last]
            variance[k] = (
                np.sum(ahead**2 * spread[:last])
                + own_part[last - 1]
                - 2.0 * np.sum(ahead * cross[:last])
            )
    return share, np.maximum(variance, 0.0)


def _log_log(share: np.ndarray, variance: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an interval that stays within 0 and 1, by way of log(-log(1 - share))."""
    inside = (share > 0.0) & (share < 1.0)
    rest = np.where(inside, 1.0 - share, 0.5)
    half = z * np.sqrt(variance) / (rest * -np.log(rest))
    low, high = 1.0 - rest ** np.exp(-half), 1.0 - rest ** np.exp(half)
    return np.where(inside, low, share), np.where(inside, high, share)
