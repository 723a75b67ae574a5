"""Boxes that are dense in points of interest, by the patient rule induction method.

The peeling and pasting is the EMA workbench's [@friedman1999; @kwakkel2017]; the choice of a box
from its trajectory, the pruning and the resampling are stated here, so that nobody has to sit at
it.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.multiple import ALPHA
from sim.analysis.restrictions import (
    AMONG,
    AT_LEAST,
    AT_MOST,
    Restriction,
    inside,
    quasi_p,
)
from sim.errors import not_installed

if TYPE_CHECKING:
    import pandas as pd

#: Share of a box that a peel takes away; least share of the points, and least number, in a box.
PEEL, LEAST_MASS, LEAST_IN_BOX = 0.05, 0.05, 20
#: Factors that enter the peeling: the ones most associated with the points of interest.
ENTERED = 20
#: Numbers of so few levels, and whole ones, are limited at a level, not between two.
FEW_LEVELS = 20


def prim() -> Any:
    """Import the EMA workbench's PRIM.

    Raises
    ------
    InputError
        Where it is not installed.
    """
    with warnings.catch_warnings():
        # It says what it cannot use, here another way of running models in parallel.
        warnings.filterwarnings("ignore", message="ipyparallel not installed")
        warnings.filterwarnings("ignore", message="altair based interactive")
        try:
            from ema_workbench.analysis.prim import Prim
        except ModuleNotFoundError as error:
            missing = (error.name or "ema_workbench").split(".")[0]
            raise not_installed(missing, "discovery", "method", "or the tree alone") from None
    return Prim


def find_box(
    levels: pd.DataFrame, interest: np.ndarray, alpha: float | None = None
) -> tuple[Restriction, ...]:
    """Find the box that is best at holding the points of interest and nothing else.

    Of the boxes on the peeling trajectory, the one with the largest harmonic mean of coverage and
    density.  Restrictions are then dropped, the one with the largest quasi-p-value first, until all
    lie below `alpha`.

    Parameters
    ----------
    levels : DataFrame, shape (points, factors)
    interest : bool array, shape (points,)
    alpha : float, optional
        5 % shared over all limits that the factors could have if not given.

    Returns
    -------
    tuple of Restriction
        Empty where none is left.
    """
    if not 0 < interest.sum() < len(interest):
        return ()
    names = strongest(levels, interest)
    sought = trajectory(levels[names], interest)
    scores = [_harmonic(levels, interest, box) for box in sought]
    chosen = list(sought[int(np.argmax(scores))])
    limit = ALPHA / (2 * levels.shape[1]) if alpha is None else alpha
    while chosen:
        values = quasi_p(levels, interest, chosen)
        worst = int(np.argmax(values))
        if values[worst] < limit:
            return tuple(replace(r, p=p) for r, p in zip(chosen, values, strict=True))
        del chosen[worst]
    return ()


def strongest(levels: pd.DataFrame, interest: np.ndarray, most: int = ENTERED) -> list[str]:
    """Name the factors whose levels differ most between points of interest and others.

    Numbers by the distance of Kolmogorov and Smirnov, texts by that of total variation.
    """
    distances = {}
    for name in levels.columns:
        column = levels[name]
        values, codes = np.unique(
            column.astype(str) if is_text(column) else column, return_inverse=True
        )
        yes = np.bincount(codes[interest], minlength=len(values)) / interest.sum()
        no = np.bincount(codes[~interest], minlength=len(values)) / (~interest).sum()
        if is_text(column):
            distances[name] = np.abs(yes - no).sum() / 2
        else:
            distances[name] = np.abs(np.cumsum(yes - no)).max()
    kept = sorted(distances, key=lambda name: -distances[name])[:most]
    return [name for name in levels.columns if name in kept]


def is_text(column: pd.Series) -> bool:
    """Tell whether a factor's levels have no order: texts and booleans."""
    return column.infer_objects().dtype.kind not in "iuf"


def stepped(column: pd.Series) -> np.ndarray | None:
    """Return the levels of whole numbers, or of few, at one of which a limit stands."""
    at = np.unique(column.to_numpy(np.float64))
    return at if len(at) <= FEW_LEVELS or np.all(at == np.round(at)) else None


def trajectory(levels: pd.DataFrame, interest: np.ndarray) -> list[tuple[Restriction, ...]]:
    """Return every box of the peeling and pasting trajectory."""
    import pandas as pd

    # Names of its own, since it drops a factor called "scenario"; floats, since it puts limits
    # between two whole numbers; texts as categories.
    table = pd.DataFrame(
        {
            f"x{k}": levels[name].astype(str).astype("category")
            if is_text(levels[name])
            else levels[name].to_numpy(np.float64)
            for k, name in enumerate(levels.columns)
        }
    )
    least = max(LEAST_MASS, LEAST_IN_BOX / len(levels))
    with warnings.catch_warnings():
        # It was written for an older pandas, and is told so at every call.
        warnings.filterwarnings("ignore", module=r"ema_workbench\.")
        found = prim()(table, interest.astype(int), threshold=0.0, peel_alpha=PEEL, mass_min=least)
        # `threshold` 0 keeps its last box whatever its density: the choice is made here.
        box = found.find_box()
    return [_restrictions(levels, table, found.box_init, limits) for limits in box.box_lims]


def _restrictions(
    levels: pd.DataFrame, table: pd.DataFrame, whole: pd.DataFrame, limits: pd.DataFrame
) -> tuple[Restriction, ...]:
    found = []
    for k, name in enumerate(levels.columns):
        own, widest = limits[f"x{k}"], whole[f"x{k}"]
        if is_text(levels[name]):
            if own.iloc[0] != widest.iloc[0]:
                texts = {str(text): text for text in levels[name].unique().tolist()}
                found.append(Restriction(name, AMONG, tuple(texts[x] for x in sorted(own.iloc[0]))))
            continue
        at = stepped(levels[name])
        low, high = float(own.iloc[0]), float(own.iloc[1])
        if low > widest.iloc[0]:
            limit = low if at is None else float(at[at >= low].min())
            found.append(Restriction(name, AT_LEAST, limit))
        if high < widest.iloc[1]:
            limit = high if at is None else float(at[at <= high].max())
            found.append(Restriction(name, AT_MOST, limit))
    return tuple(found)


def _harmonic(
    levels: pd.DataFrame, interest: np.ndarray, restrictions: tuple[Restriction, ...]
) -> float:
    """Return the harmonic mean of coverage and density."""
    kept = inside(levels, restrictions)
    hits = float(interest[kept].sum())
    return 2 * hits / (float(kept.sum()) + float(interest.sum()))


def resampled(
    levels: pd.DataFrame,
    interest: np.ndarray,
    restrictions: tuple[Restriction, ...],
    resamples: int,
    rng: np.random.Generator,
) -> tuple[Restriction, ...]:
    """Seek the box anew in bootstrap resamples, and say which restrictions come again, and where.

    Only the factors of the box are offered, and each restriction has to reach 5 % by itself: the
    question is whether the limits hold still, not which factors they are on.
    """
    n = len(levels)
    own = levels[list(dict.fromkeys(r.factor for r in restrictions))]
    again: dict[tuple[str, str], list[Any]] = {}
    for _ in range(resamples):
        places = rng.integers(n, size=n)
        for r in find_box(own.iloc[places], interest[places], ALPHA):
            again.setdefault((r.factor, r.side), []).append(r.limit)
    told = []
    for r in restrictions:
        limits = again.get((r.factor, r.side), [])
        low, high = (
            (float(min(limits)), float(max(limits)))
            if limits and r.side != AMONG
            else (np.nan, np.nan)
        )
        share = len(limits) / resamples if resamples else np.nan
        told.append(replace(r, repeated=share, low=low, high=high))
    return tuple(told)
