"""Which factors of a study move an outcome, how much, and whether it is large enough to say so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.intervals import Difference
    from sim.analysis.sample import Sample
    from sim.analysis.sensitivity import Sensitivity
    from sim.studies import Study

__all__ = ["METHODS", "sampled", "sensitivity"]

METHODS = ("sobol", "swings", "factorial", "given")
#: Designs of which no point may be missing.
WHOLE = ("saltelli", "factorial", "one-at-a-time")


def sensitivity(
    found: Study | str | Path,
    outcome: str = "open_war",
    *,
    method: str | None = None,
    seed: int = 1,
) -> Sensitivity:
    """Estimate what every factor of a study counts for, by the method that its design was made for.

    Saltelli designs: Sobol indices, first-order and total, and of pairs where the design has them.
    One at a time: swings.  Factorial: shares of the variance, and swings.  Any other sample: first-
    order indices, PAWN, and rank correlations.  Each with intervals, with a test against a factor
    without effect, and with the share of the variance that is Monte Carlo noise.

    Parameters
    ----------
    found : Study, str or Path
        A study, or its folder.
    outcome : str
    method : str, optional
        sobol, swings, factorial or given, in place of the design's own; given serves any design.
    seed : int
        Of the resampling.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        Where the study did not keep the outcome, lacks points that the method needs, or nothing
        varies.
    """
    from sim.analysis.intervals import independent_shares
    from sim.analysis.sensitivity import sensitivity as analysed
    from sim.studies import Study, study

    whole = found if isinstance(found, Study) else study(found)
    sample, kind, cautions = sampled(whole, outcome)
    common = sample.common and not outcome.endswith("_first_force")
    # Only swings ask for it, of designs of which no point is missing.

    def paired(a: int, b: int) -> Difference:
        return whole.compare(int(whole.design.index[a]), int(whole.design.index[b]), outcome)

    def apart(a: int, b: int) -> Difference:
        (p, n), (q, m) = (whole.table(outcome)[["estimate", "n"]].iloc[k] for k in (a, b))
        return independent_shares(float(p), int(n), float(q), int(m))

    compared = paired if common else apart if kind == "share" else None
    return analysed(
        sample,
        outcome,
        kind,
        whole.kind,
        method=method,
        second_order=bool(whole.manifest["inputs"].get("second_order", False)),
        paired=compared,
        seed=seed,
        cautions=cautions,
    )


def sampled(found: Study, outcome: str) -> tuple[Sample, str, tuple[str, ...]]:
    """Return the points of a study with one outcome's estimates, its kind, and what to beware of.

    Raises
    ------
    InputError
        Where points are missing that the design cannot do without.
    """
    import numpy as np

    from sim.analysis.sample import Sample

    table = found.table(outcome)
    kind = str(found.summary.loc[found.summary["outcome"] == outcome, "kind"].iloc[0])
    asked = int(found.manifest["inputs"]["replicates"])
    there = np.isfinite(table["estimate"].to_numpy(np.float64))
    cautions = []
    if not there.all() and found.kind in WHOLE:
        raise InputError(
            f"{int((~there).sum()):,} of {len(table):,} design points have no estimate of {outcome}"
            f": a {found.kind} design needs them all",
            file=str(found.folder),
            allowed="a finished study; `escalation sweep --resume` goes on with it"
            if found.status != "complete"
            else None,
        )
    if found.status != "complete":
        cautions.append(
            f"the study is {found.status}: {int(there.sum()):,} of {len(table):,} design points "
            f"have estimates, from {int(table['n'][there].min()):,} to "
            f"{int(table['n'][there].max()):,} of {asked:,} replicates"
        )
    elif not there.all():
        cautions.append(
            f"{int((~there).sum()):,} design points have no {outcome}, and are left out"
        )
    table = table[there]
    n = table["n"].to_numpy(np.float64)
    variance = table["se"].to_numpy(np.float64) ** 2
    if kind == "share":
        # Of a share p the square of the standard error is p (1 - p) / n, too small by this.
        variance = variance * n / np.maximum(n - 1, 1)
    # One replicate has no spread: p (1 - p) would be 0 where all is noise.
    variance[n < 2] = np.nan
    sample = Sample(
        table[found.names],
        table["estimate"].to_numpy(np.float64),
        variance,
        found.manifest["inputs"]["streams"] == "common",
    )
    return sample, kind, tuple(cautions)
