"""Where the levels of a factor stand along an axis: by number, by logarithm, or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.analysis.studied import are_numbers, level
from sim.plots import style
from sim.plots.page import width_of

__all__ = ["Places", "places_of", "side_by_side", "tick"]

#: From how many times the smallest level on the axis may be logarithmic.
WIDE = 20.0
_APART = 0.12  # inches between the labels of ticks
_LINE = 0.2  # inches that a label takes upright


@dataclass(frozen=True)
class Places:
    """Where levels stand.

    Attributes
    ----------
    levels : tuple
    at : float array, shape (levels,)
        Rising.
    logs : bool
        Whether distances are ratios; a level of 0 then stands a step before the least of the rest.
    """

    levels: tuple[Any, ...]
    at: np.ndarray
    logs: bool

    @property
    def edges(self) -> np.ndarray:
        """Where the cells of neighbouring levels meet, and the outer ends."""
        if len(self.at) == 1:
            return np.asarray(self.at[0] + np.array([-0.5, 0.5]))
        middle = (self.at[1:] + self.at[:-1]) / 2.0
        ends = 2.0 * self.at[0] - middle[0], 2.0 * self.at[-1] - middle[-1]
        return np.concatenate([[ends[0]], middle, [ends[1]]])

    @property
    def broken(self) -> bool:
        """Whether a level of 0 stands on a logarithmic axis, where it has no place."""
        return self.logs and self.levels[0] == 0

    def of(self, value: Any) -> float | None:
        """Return where a level stands; None where it is not one of them."""
        return float(self.at[self.levels.index(value)]) if value in self.levels else None


def places_of(levels: Sequence[Any]) -> Places:
    """Choose where levels stand: logarithmic where that spaces them more evenly."""
    if not are_numbers(levels) or len(levels) < 2:
        return side_by_side(levels)
    values = np.array(levels, np.float64)
    logs = _logs(values)
    spread = logs is not None and values[values > 0][0] * WIDE <= values[-1]
    if logs is None or not spread or _uneven(logs) >= _uneven(values):
        return Places(tuple(levels), values, False)
    return Places(tuple(levels), logs, True)


def side_by_side(levels: Sequence[Any]) -> Places:
    """Let levels stand one step from one another, whatever they are."""
    return Places(tuple(levels), np.arange(len(levels), dtype=np.float64), False)


def _logs(values: np.ndarray) -> np.ndarray | None:
    """Return the logarithms; of a first level of 0, a step before the others."""
    rest = values[1:] if values[0] == 0 else values
    if rest[0] <= 0 or len(rest) < 3:
        return None
    logs = np.log10(rest)
    return logs if len(rest) == len(values) else np.concatenate([[logs[0] - _step(logs)], logs])


def _step(logs: np.ndarray) -> float:
    return float(np.median(np.diff(logs)))


def _uneven(values: np.ndarray) -> float:
    steps = np.diff(values)
    return float(steps.std() / steps.mean())


def tick(ax: Axes, places: Places, name: str, *, along: str = "x") -> None:
    """Put ticks at the levels, as many as there is room for, and the factor's name at the axis."""
    texts = [level(value) for value in places.levels]
    box = ax.bbox
    inches = (box.x1 - box.x0 if along == "x" else box.y1 - box.y0) / ax.figure.dpi
    axis = ax.xaxis if along == "x" else ax.yaxis
    low, high = sorted(ax.get_xlim() if along == "x" else ax.get_ylim())
    size = style.SMALL
    kept: list[int] = []
    taken = -np.inf
    for k, text in enumerate(texts):
        half = (width_of(text, size) + _APART if along == "x" else _LINE) / 2.0
        at = (float(places.at[k]) - low) / (high - low) * inches
        if at - half >= taken:
            kept.append(k)
            taken = at + half
    axis.set_ticks([float(places.at[k]) for k in kept], [texts[k] for k in kept], fontsize=size)
    if len(kept) < len(texts):
        axis.set_ticks(places.at.tolist(), minor=True)
    words = f"{name} (logarithmic)" if places.logs else name
    if places.broken:
        words = f"{name} (logarithmic but for 0)"
        _break(ax, float(places.at[:2].mean()), along)
    axis.set_label_text(words, fontsize=style.TEXT)


def _break(ax: Axes, at: float, along: str) -> None:
    """Break an axis between 0 and the other levels: two strokes through a gap in its line."""
    how = ax.get_xaxis_transform() if along == "x" else ax.get_yaxis_transform()
    place = (at, 0.0) if along == "x" else (0.0, at)
    look: dict[str, Any] = {"xycoords": how, "textcoords": "offset points"}
    ax.annotate(
        "//", place, (0.0, 0.0), ha="center", va="center", size=style.TEXT, color=style.SOFT_INK,
        # Above the axis and below what is drawn.
        annotation_clip=False, gid="break", zorder=2.6,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.0}, **look,
    )  # fmt: skip
