"""The pictures of advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.drawing_kinds import ADVICE, Kind, Source

if TYPE_CHECKING:
    from sim.analysis.over_worlds import Worlds
    from sim.analysis.standing import Standing

__all__ = ["KINDS"]


def _standing(source: Source) -> Standing:
    from sim.analysis.standing import summarise_standing

    return summarise_standing(source.advice.to_dict(), source.advice.scenario)


def _worlds(source: Source) -> Worlds:
    from sim.analysis.over_worlds import summarise_worlds

    return summarise_worlds(source.advice.to_dict(), source.advice.scenario)


def _has_worlds(source: Source) -> bool:
    return bool(source.advice.to_dict()["worlds"])


KINDS = (
    Kind(
        "options",
        ADVICE,
        "what each option leads to, ranked",
        _standing,
        "sim.plots.standing",
        "standing",
    ),
    Kind(
        "worlds",
        ADVICE,
        "how each option does where the rules weigh otherwise",
        _worlds,
        "sim.plots.worlds",
        "worlds",
        _has_worlds,
    ),
)
