"""The pictures of advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.drawing_kinds import ADVICE, Kind, Source

if TYPE_CHECKING:
    from sim.analysis.standing import Standing

__all__ = ["KINDS"]


def _standing(source: Source) -> Standing:
    from sim.analysis.standing import summarise_standing

    return summarise_standing(source.advice.to_dict(), source.advice.scenario)


KINDS = (
    Kind(
        "options",
        ADVICE,
        "what each option leads to, ranked",
        _standing,
        "sim.plots.standing",
        "standing",
    ),
)
