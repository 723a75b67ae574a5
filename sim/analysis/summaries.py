"""The summary of a study: an estimate with its interval for each design point and outcome.

Shares carry Wilson's interval, means that of normal theory, medians that of order statistics,
read off the counts of a fixed grid of times: as wide as the bins that hold the ranks, and none
where there are too few replicates for the level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import LEVEL, ranks, wilson_band, z_score
from sim.experiment.tally import BINS, Moments, Tally

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "summarise"]

COLUMNS = ("point", "outcome", "kind", "estimate", "low", "high", "sd", "n", "method")
METHODS = {"share": "wilson", "mean": "normal", "median": "order statistics"}


def summarise(tally: Tally, horizon: float, level: float = LEVEL) -> pd.DataFrame:
    """Summarise a study.

    Parameters
    ----------
    tally : Tally
    horizon : float
        Days.
    level : float, 0..1
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        A row a design point and outcome, by point and then in the order of the outcomes: `point`,
        `outcome`, `kind` (share, mean, median), `estimate`, `low`, `high`, `sd` (of one replicate;
        nan of medians), `n` (replicates; of a median, those in which it came), `method`.
        What rests on no replicate is nan, and so is the interval of what rests on too few.
    """
    import pandas as pd

    parts = []
    for order, (name, moments) in enumerate(tally.moments.items()):
        estimate, low, high, sd = _estimates(moments, horizon, level)
        parts.append(
            pd.DataFrame(
                {
                    "point": tally.points.astype(np.int32),
                    "outcome": name,
                    "kind": moments.kind,
                    "estimate": estimate,
                    "low": low,
                    "high": high,
                    "sd": sd,
                    "n": moments.n,
                    "method": METHODS[moments.kind],
                    "order": order,
                }
            )
        )
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values(["point", "order"], ignore_index=True)[list(COLUMNS)]


def _estimates(
    moments: Moments, horizon: float, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = moments.n
    if moments.kind == "median":
        return _medians(moments, horizon, level)
    none = np.where(n > 0, 1.0, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        if moments.kind == "share":
            p = np.round(n * moments.mean) / n
            low, high = wilson_band(p, n, level)
            return p, low * none, high * none, np.sqrt(p * (1 - p))
        sd = np.where(n > 1, np.sqrt(moments.squares / (n - 1)), np.nan)
        half = z_score(level) * sd / np.sqrt(n)
        return moments.mean * none, moments.mean - half, moments.mean + half, sd


def _medians(
    moments: Moments, horizon: float, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read medians off the bins: between the middles of those of the two middle ranks.

    The interval reaches to the outer edges of the bins of its ranks.
    """
    n = moments.n
    some = np.maximum(n, 1)
    low, high, enough = ranks(n, 0.5, level)
    wanted = {"low": low, "below": (some + 1) // 2, "above": some // 2 + 1, "high": high}
    reached = np.cumsum(moments.bins, axis=1, dtype=np.int64)
    # The first bin by whose end as many replicates have come as the rank asks for.
    bins = {name: np.sum(reached < rank[:, None], axis=1) for name, rank in wanted.items()}
    width = horizon / BINS
    none, unsure = np.where(n > 0, 1.0, np.nan), np.where(enough, 1.0, np.nan)
    return (
        (bins["below"] + bins["above"] + 1) / 2 * width * none,
        bins["low"] * width * unsure,
        (bins["high"] + 1.0) * width * unsure,
        np.full(len(n), np.nan),
    )
