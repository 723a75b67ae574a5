"""The pictures of one history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.drawing_kinds import HISTORY, Kind, Source

if TYPE_CHECKING:
    from sim.analysis.path_summary import PathSummary
    from sim.analysis.waterfall import Waterfall

__all__ = ["KINDS"]


def _path(source: Source) -> PathSummary:
    from sim.analysis.path import summarise_path

    return summarise_path(source.history.log, source.history.because)


def _decision(source: Source) -> Waterfall:
    """Take a move apart: the one asked for, else the first of the highest."""
    from sim.analysis.waterfall import summarise_waterfall

    history = source.history
    asked = source.options.get("move")
    if asked is None:
        rungs = [event.rung or 0 for event in history.visible]
        asked = rungs.index(max(rungs)) + 1
    explanation = history.explain(asked)
    return summarise_waterfall(explanation, history.scenario, history.seed, history.replicate)


KINDS = (
    Kind(
        "path",
        HISTORY,
        "who moved when, how high on the ladder, and why",
        _path,
        "sim.plots.path",
        "path",
    ),
    Kind(
        "decision",
        HISTORY,
        "why one move was made (--move K; else the highest)",
        _decision,
        "sim.plots.waterfall",
        "waterfall",
        fits=lambda source: bool(source.history.visible),
        options=("move",),
    ),
)
