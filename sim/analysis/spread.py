"""How an outcome spreads over the design points, and how much of that chance alone would do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.analysis import intervals, written
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.sample import Sample, checked, noise_share
from sim.analysis.studied import Measure, Studied, capital

__all__ = ["Quantile", "Spread", "part_of_variance", "plain", "quantiles", "summarise_spread"]

BINS = 40
#: The points that are marked: so many of all lie there or below.
MARKED = ((0.05, "one in twenty up to"), (0.5, "half up to"), (0.95, "one in twenty at least"))
#: What lies beyond this share of the points is counted in the last bin, where the tail is so many
#: times as long as the rest.
SHOWN, LONG = 0.99, 1.4
#: Digits after the point of a share in percent that many points have alike, at most.
MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Quantile:
    """What a share of the points lie below: its name, the estimate, and that and its interval."""

    says: str
    estimate: Estimate
    value: str
    interval: str

    @property
    def written(self) -> str:
        """The estimate and its interval, in a phrase."""
        return f"{self.value} ({self.interval})"


@dataclass(frozen=True)
class Spread:
    """All that the picture of a spread draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    edges : float array, shape (bins + 1,)
    shares : float array, shape (bins,)
        Of the points; the last bin holds all that lie beyond.
    chance : float array, shape (bins,)
        What it would be if all points were alike and chance alone set them apart; nan where no
        noise is known.
    marks : tuple of Quantile
        Over the points.
    most : float
        The largest estimate.
    """

    words: Words
    measure: Measure
    edges: np.ndarray
    shares: np.ndarray
    chance: np.ndarray
    marks: tuple[Quantile, ...]
    most: float


def summarise_spread(
    sample: Sample, replicates: np.ndarray, measure: Measure, of: Studied, cautions: tuple[str, ...]
) -> Spread:
    """Count the design points by their estimate.

    Parameters
    ----------
    sample : Sample
        Points drawn independently.
    replicates : int array, shape (points,)
        That each estimate rests on.
    measure : Measure
    of : Studied
    cautions : tuple of str

    Raises
    ------
    InputError
        Where there are too few points, or all are the same.
    """
    checked(sample, measure.name)
    y, n = sample.estimate, int(np.median(replicates))
    edges = _edges(y, n, measure.kind)
    shares = np.histogram(np.minimum(y, edges[-1]), edges)[0] / len(y)
    chance = _chance(sample, edges, n, measure.kind)
    marks = quantiles(y, measure, n)
    alike = bool(np.isfinite(chance).all())
    # Of an interval without width a reader would ask how that can be.
    flat = measure.kind == "share" and any(m.estimate.low == m.estimate.high for m in marks)
    notes = (f"Estimates come in steps of one history in {n:,}." if flat else "", *_said(cautions))
    words = _words(sample, measure, marks, alike, of, notes)
    return Spread(words, measure, edges, shares, chance, marks, float(y.max()))


def quantiles(y: np.ndarray, measure: Measure, n: int) -> tuple[Quantile, ...]:
    """Return what a twentieth, half and all but a twentieth of the points lie at or below.

    Parameters
    ----------
    y : float array, shape (points,)
        Estimates.
    measure : Measure
    n : int, >= 1
        Replicates that each rests on.
    """
    floor = float(y.min())
    return tuple(_quantile(said, intervals.quantile(y, q), measure, floor, n) for q, said in MARKED)


def _edges(y: np.ndarray, n: int, kind: str) -> np.ndarray:
    """Choose bins; of shares they hold equally many of the values that n replicates can give."""
    low, high, most = (float(x) for x in (y.min(), np.quantile(y, SHOWN), y.max()))
    if most - low <= LONG * (high - low):
        high = most
    if kind != "share":
        return np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    step = max(1, round((high - low) * n / BINS))
    first = int(low * n)
    # No share lies below 0 or above 1, and so does no bin.
    return np.clip((np.arange(first, high * n + step + 1, step) - 0.5) / n, 0.0, 1.0)


def _chance(sample: Sample, edges: np.ndarray, n: int, kind: str) -> np.ndarray:
    """Share out points that are all alike over the bins, by the noise of their estimates."""
    mean = float(sample.estimate.mean())
    if kind == "share":
        below = stats.binom.cdf(np.floor(edges * n), n, mean)
    else:
        below = stats.norm.cdf(edges, mean, np.sqrt(float(sample.variance.mean())))
    below[0], below[-1] = 0.0, 1.0
    return np.diff(below)


def _said(cautions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{capital(caution)}." for caution in cautions)


def _quantile(said: str, found: Estimate, measure: Measure, floor: float, n: int) -> Quantile:
    if found.mean == floor:
        # None lies below the least of all.
        said = f"at least {said.replace(' up to', ' at')}"
    if measure.kind == "share":
        # What points have is a count of histories out of n: none is none, and no bound.
        ends = [100 * x for x in (found.mean, found.low, found.high)]
        places = _places(n)
        if found.low < found.high:
            half = (ends[2] - ends[1]) / 2
            places = min(places, written.digits(half, *ends, *(100 - end for end in ends)))
        mean, low, high = (f"{end:.{places}f}" for end in ends)
        mean, interval = f"{mean}%", f"{low} to {high}%"
    else:
        mean, interval = measure.written(found.mean, found.low, found.high, found.n)
    if np.isnan(found.low):
        mean, interval = plain(measure, found.mean), f"too few points: {found.n:,}"
    elif found.low == found.high:
        # So many points have the very same estimate.
        mean = mean if measure.kind == "share" else plain(measure, found.mean)
        interval = f"both ends {mean}"
    return Quantile(said, found, mean, interval)


def _places(n: int) -> int:
    """Return the digits after the point that tell steps of one history in n apart, in percent."""
    step = 100.0 / n
    enough = max(0, -math.floor(math.log10(step)))
    return enough + (round(step, enough) != step and enough < MOST_PLACES)


def plain(measure: Measure, value: float) -> str:
    """Write a value that is counted and not estimated."""
    return f"{100 * value:.3g}%" if measure.kind == "share" else f"{value:.3g}"


def part_of_variance(found: Estimate) -> tuple[str, str]:
    """Write a part of the variance and its interval, which chance may put beyond none and all."""
    mean, low, high = (min(1.0, max(0.0, x)) for x in (found.mean, found.low, found.high))
    return written.share(mean, low, high)


def _words(
    sample: Sample,
    measure: Measure,
    marks: tuple[Quantile, ...],
    alike: bool,
    of: Studied,
    notes: tuple[str, ...],
) -> Words:
    low, middle, high = (mark.value for mark in marks)
    half = f"{marks[1].says} {middle}"
    title = f"{capital(measure.label)}: {low} to {high} at nine in ten points, {half}"
    noise = noise_share(sample)
    bound = "At most" if sample.common else "About"
    told = ""
    if np.isfinite(noise.mean):
        mean, span = part_of_variance(noise)
        told = f"{bound} {mean} ({span}) of their variance is Monte Carlo noise."
    subtitle = f"How many design points have which estimate. {told}".strip()
    caption = of.caption(
        "Outline: how points that are all alike would spread by chance alone." if alike else "",
        "Whiskers: 95% intervals of the quantiles over points, each by itself.",
        *notes,
    )
    return Words(title, of.subtitle(subtitle), caption)
