"""Under which levels of a study's factors an outcome climbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.sensitivities import sampled

if TYPE_CHECKING:
    from sim.analysis.discovery import Discovery
    from sim.studies import Study

__all__ = ["METHODS", "discover"]

METHODS = ("boxes", "tree")


def discover(
    found: Study | str | Path,
    outcome: str = "open_war",
    *,
    threshold: float | None = None,
    top: float | None = None,
    methods: Sequence[str] = METHODS,
    resamples: int = 20,
    seed: int = 1,
    begun: Callable[[], None] | None = None,
) -> Discovery:
    """Find the levels at which an outcome climbs: PRIM boxes and a CART tree [@bryant2010].

    What is found in one half of the design points is counted in the other, and told only where
    that bears it out.

    Parameters
    ----------
    found : Study, str or Path
        A study, or its folder.
    outcome : str
    threshold : float, optional
        Design points where the outcome is at least this are of interest; a share as 0.01.
    top : float, 0..0.5, optional
        In place of a threshold, the share of points with the largest outcomes; a tenth if neither
        is given.
    methods : sequence of str
        boxes (which need the extra `discovery`), tree, or both.
    resamples : int
        Bootstrap resamples in which each box is sought again; 0 for none.
    seed : int
        Of the halves and the resampling.
    begun : callable, optional
        Called once, when the points are known to do and the search, which may be long, begins.

    Returns
    -------
    Discovery

    Raises
    ------
    InputError
        Where the study did not keep the outcome, there is too little to learn from, or boxes are
        asked for and the EMA workbench is not installed.
    """
    from sim.analysis.discovery import LEAST_POINTS
    from sim.analysis.discovery import discover as analysed
    from sim.analysis.sensitivity import main_points
    from sim.studies import Study, study

    whole = found if isinstance(found, Study) else study(found)
    if whole.kind == "one-at-a-time":
        raise InputError(
            "one factor at a time shows no levels that act together",
            file=str(whole.folder),
            allowed="a sampled or factorial design; `escalation sensitivity` reads this one",
        )
    sample, kind, cautions = sampled(whole, outcome)
    if whole.kind == "saltelli":
        drawn = main_points(sample, bool(whole.manifest["inputs"].get("second_order", False)))
        those = f"of {len(sample):,} Saltelli points the {len(drawn):,} drawn independently"
        if len(drawn) < LEAST_POINTS:
            raise InputError(f"{those} are too few", key=outcome, allowed=f"{LEAST_POINTS} or more")
        sample = drawn
        cautions += (f"{those} are used",)
    return analysed(
        sample,
        outcome,
        kind,
        threshold=threshold,
        top=top,
        methods=methods,
        resamples=resamples,
        seed=seed,
        cautions=cautions,
        begun=begun,
    )
