"""Which factors move an outcome, how much, and whether the sample is large enough to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis import contrasts, given, variance
from sim.analysis.contrasts import Paired, Swing
from sim.analysis.indices import (
    FACTORIAL,
    GIVEN,
    SOBOL,
    SWINGS,
    Index,
    Pair,
    Standing,
    standings,
)
from sim.analysis.intervals import Estimate
from sim.analysis.sample import LEAST_POINTS, Sample, checked, entangled, noise_share
from sim.analysis.verdict import verdict
from sim.errors import InputError, listed

if TYPE_CHECKING:
    import pandas as pd

METHODS = (SOBOL, SWINGS, FACTORIAL, GIVEN)
#: The method that a design was made for; any other is read as given data.
OF_DESIGN = {"saltelli": SOBOL, "one-at-a-time": SWINGS, "factorial": FACTORIAL}
#: The measure by which each method ranks.
RANKS_BY = {SOBOL: "total", SWINGS: "swing", FACTORIAL: "total", GIVEN: "first_order"}
#: Share of noise from which indices say little about the model.
NOISY = 0.5


@dataclass(frozen=True)
class Sensitivity:
    """What every factor of a study counts for in one outcome.

    Attributes
    ----------
    outcome, kind : str
        Its name; share, mean or median.
    method : str
        sobol, swings, factorial or given.
    points : int
        Design points that it rests on.
    indices : tuple of Index
        Every measure of every factor.
    pairs : tuple of Pair
        Second-order indices, where the design has them.
    swings : tuple of Swing
        What a tornado shows, where the design has levels.
    noise : Estimate
        Share of the variance over points that is Monte Carlo noise; an upper bound where the points
        share their luck.
    common : bool
        Whether they do.
    cautions : tuple of str
        What the reader must know besides.
    seed : int
        Of the resampling.
    """

    outcome: str
    kind: str
    method: str
    points: int
    indices: tuple[Index, ...]
    pairs: tuple[Pair, ...]
    swings: tuple[Swing, ...]
    noise: Estimate
    common: bool
    cautions: tuple[str, ...]
    seed: int

    @property
    def by(self) -> str:
        """The measure that ranks the factors."""
        return RANKS_BY[self.method]

    @property
    def correlation(self) -> str:
        """Which rank correlation says the way: prcc, or spearman where that cannot be computed."""
        measures = {index.measure for index in self.indices}
        return next((name for name in ("prcc", "spearman") if name in measures), "")

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """The factors in order, those told from none first."""
        ranking = [index for index in self.indices if index.measure == self.by]
        return standings(ranking, self.indices)

    @property
    def told(self) -> tuple[str, ...]:
        """The factors that can be told from one without effect, the largest first."""
        return tuple(standing.factor for standing in self.standings if standing.told)

    @property
    def untold(self) -> tuple[str, ...]:
        """The factors that cannot."""
        return tuple(standing.factor for standing in self.standings if not standing.told)

    @property
    def settled(self) -> tuple[int, ...]:
        """The places of factors told from none that no other factor can take."""
        return tuple(s.first for s in self.standings if s.told and s.settled)

    @property
    def ranked(self) -> bool:
        """Whether the sample is large enough to put all factors that it tells in order."""
        return 0 < len(self.told) == len(self.settled)

    def index(self, factor: str, measure: str) -> Index | None:
        """Return one measure of one factor, None where it has none."""
        found = (i for i in self.indices if (i.factor, i.measure) == (factor, measure))
        return next(found, None)

    def frame(self) -> pd.DataFrame:
        """Return a row a factor, in order: each measure with its interval, and its standing.

        Columns: of each measure its value, ``*_low``, ``*_high`` and ``*_p``; `told`, `first` and
        `last`, the places that the interval allows.
        """
        import pandas as pd

        rows = {}
        for standing in self.standings:
            row: dict[str, Any] = {}
            for index in self.indices:
                if index.factor == standing.factor:
                    row[index.measure] = index.estimate.mean
                    row[f"{index.measure}_low"] = index.estimate.low
                    row[f"{index.measure}_high"] = index.estimate.high
                    row[f"{index.measure}_p"] = index.p
            row |= {"told": standing.told, "first": standing.first, "last": standing.last}
            rows[standing.factor] = row
        frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("factor")
        return frame.dropna(axis="columns", how="all")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "outcome": self.outcome,
            "kind": self.kind,
            "method": self.method,
            "points": self.points,
            "seed": self.seed,
            "streams": "common" if self.common else "independent",
            "noise": self.noise.to_dict(),
            "ranked_by": self.by,
            "ranked": self.ranked,
            "settled": list(self.settled),
            "factors": [
                {"factor": s.factor, "told": s.told, "first": s.first, "last": s.last}
                for s in self.standings
            ],
            "indices": [index.to_dict() for index in self.indices],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "swings": [swing.to_dict() for swing in self.swings],
            "says": list(self.says),
            "cautions": list(self.cautions),
        }

    @property
    def says(self) -> tuple[str, ...]:
        """What was found, in sentences: which factors, in what order, through how much noise."""
        return verdict(self)


def sensitivity(
    sample: Sample,
    outcome: str,
    kind: str,
    design: str,
    *,
    method: str | None = None,
    second_order: bool = False,
    paired: Paired | None = None,
    seed: int = 1,
    cautions: Sequence[str] = (),
) -> Sensitivity:
    """Estimate what every factor counts for, by the method that the design was made for.

    Parameters
    ----------
    sample : Sample
        Of a Saltelli design, in the order of its rows.
    outcome, kind : str
        Its name; share, mean or median.
    design : str
        Kind of the design.
    method : str, optional
        sobol, swings, factorial or given, in place of the design's own.
    second_order : bool
        Whether a Saltelli design has the rows for pairs.
    paired : callable, optional
        Compares two points history by history; for swings.
    seed : int
        Of the resampling.
    cautions : sequence of str

    Raises
    ------
    InputError
        Where the design does not serve the method, nothing varies, or points that were chosen are
        compared by medians, of which no standard error is known.
    """
    own = OF_DESIGN.get(design, GIVEN)
    chosen = own if method is None else method
    if chosen not in METHODS or chosen not in (own, GIVEN):
        problem = f"a {design} design does not serve {chosen!r}"
        raise InputError(problem, key="method", allowed=listed(dict.fromkeys((own, GIVEN))))
    if kind == "median" and chosen in (SWINGS, FACTORIAL):
        problem = "is a median: how far chance alone moves one is not known, so nothing can be told"
        raise InputError(problem, key=outcome, allowed="shares and means")
    least = 2 if chosen in (SWINGS, FACTORIAL) else LEAST_POINTS
    checked(sample, outcome, least)
    notes = [*cautions]
    kept = sample
    if chosen == GIVEN and own == SOBOL:
        kept = main_points(kept, second_order)
        notes.append("of a Saltelli design only the points drawn independently are used")
    if chosen != SOBOL:
        kept, constant = kept.varied()
        if constant:
            notes.append(f"left out, with one level alone: {listed(constant)}")
    used = main_points(kept, second_order) if chosen == SOBOL else kept
    noise = noise_share(used, seed)
    share = 0.0 if np.isnan(noise.mean) else noise.mean
    if share > NOISY and not sample.common:
        notes.append("most of what differs between points is noise: more replicates would help")
    if np.isnan(noise.mean) and chosen == SOBOL:
        notes.append("the Monte Carlo noise is not known: a total may be that noise alone")
    pairs: list[Pair] = []
    swings: tuple[Swing, ...] = ()
    if chosen == SOBOL:
        indices, pairs = variance.sobol_indices(kept, second_order, share, seed)
        if second_order and not pairs:
            notes.append(f"no pairs: {len(kept.names)} factors have too many")
    elif chosen == SWINGS:
        indices, swings = contrasts.one_at_a_time(kept, paired)
    elif chosen == FACTORIAL:
        indices, swings = contrasts.factorial(kept, seed)
    else:
        indices, problems = given.given_data(kept, share, seed)
        notes += [*entangled(kept), *problems]
    return Sensitivity(
        outcome,
        kind,
        chosen,
        len(kept),
        tuple(indices),
        tuple(pairs),
        swings,
        noise,
        sample.common,
        tuple(notes),
        seed,
    )


def main_points(sample: Sample, second_order: bool) -> Sample:
    """Return the points of a Saltelli design that were drawn independently."""
    d = len(sample.names)
    variance.base_points(len(sample), d, second_order)
    return sample.rows(variance.main_rows(len(sample), d, second_order))
