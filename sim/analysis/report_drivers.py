"""What a report of a study says of its factors: which move an outcome, and what tells so."""

from __future__ import annotations

from dataclasses import replace

from sim.analysis.discovery import Discovery
from sim.analysis.figures import measured
from sim.analysis.indices import GIVEN, Index, Standing
from sim.analysis.multiple import ALPHA
from sim.analysis.report import Cell, Table
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.studied import Studied, capital, measure_of

__all__ = ["discovery_in_words", "driver_in_words", "drivers_table", "sensitivity_in_words"]

#: Factors of a ranking.
MOST_FACTORS = 12
#: What ranks, as the head of a column.
RANKED_BY = {
    "total": "Part in the variance, %",
    "first_order": "Part by itself, %",
    "swing": "Change, lowest to highest level",
}
#: What the measures of points as they are tell a factor by.
TOLD_BY = {
    "first_order": "part by itself",
    "pawn": "PAWN index",
    "prcc": "partial rank correlation",
    "spearman": "rank correlation",
}
ADDS_UP = (
    " What factors do together is a part of each of them, so that parts can add up to more than "
    "all of the variance."
)


def drivers_table(study: Studied, found: Sensitivity) -> Table | None:
    """Give the factors that can be told from one without effect, the largest first."""
    told = [standing for standing in found.standings if standing.told]
    if not told:
        return None
    measure = measure_of(study.scenario, found.outcome, found.kind)
    rows = []
    for standing in told[:MOST_FACTORS]:
        factor = study.factor(standing.factor)
        value, interval = measured(_ranking(found, standing).estimate, found.by, found.kind)
        label = Cell(factor.label, factor.gloss, _statements(study, standing.factor))
        cells = [label, Cell(value, interval), Cell(_place(standing))]
        if found.method == GIVEN:
            names = [TOLD_BY[index.measure] for index in _telling(found, standing)]
            cells.append(Cell(", ".join(names)))
        rows.append(tuple(cells))
    left = len(told) - MOST_FACTORS
    return Table(
        f"What the {measure.label} hangs on",
        ("Factor", RANKED_BY[found.by], "Place", *(["Told by"] if found.method == GIVEN else [])),
        (("", tuple(rows)),),
        "Below each value its 95% interval; place: those that the intervals allow."
        + (ADDS_UP if found.by == "total" else "")
        + (f" {left} more factors can be told from none." if left > 0 else ""),
    )


def driver_in_words(study: Studied, found: Sensitivity) -> str:
    """Say whether factors matter, of which the estimate is largest, and by what it is told."""
    first, matter = found.standings[0], sensitivity_in_words(study, found)[0]
    if not first.told:
        return matter
    factor = study.factor(first.factor)
    name = f"{factor.label} ({factor.gloss})" if factor.gloss else factor.label
    ranking = _ranking(found, first)
    part = f"{_called(ranking)} is {_written(found, ranking)}"
    place = f"its place among the factors {_place(first)}, as far as the intervals tell."
    by = _telling(found, first)
    if ranking in by:
        if len(found.told) == 1:
            return f"{matter} It is {name}: its {part}, and {place}"
        largest = "The largest estimate of those that do is that of"
        return f"{matter} {largest} {name}: its {part}, and {place}"
    told = " and ".join(f"{_called(index)}, {_written(found, index)}" for index in by)
    which = "It" if len(found.told) == 1 else "The first of them"
    return (
        f"{matter} {which} is {name}, told by its {told}; its {part}, which is not told from none, "
        f"and {place}"
    )


def _ranking(found: Sensitivity, standing: Standing) -> Index:
    index = found.index(standing.factor, found.by)
    assert index is not None
    return index


def _telling(found: Sensitivity, standing: Standing) -> list[Index]:
    """Return the measures of a factor whose own tests tell it from one without effect."""
    return [i for i in found.indices if i.factor == standing.factor and i.p < ALPHA]


def _called(index: Index) -> str:
    name = TOLD_BY.get(index.measure) or RANKED_BY[index.measure].removesuffix(", %")
    return name if name.startswith("PAWN") else f"{name[:1].lower()}{name[1:]}"


def _written(found: Sensitivity, index: Index) -> str:
    value, interval = measured(index.estimate, index.measure, found.kind)
    percent = index.measure in ("total", "first_order")
    return f"{value}% ({interval}%)" if percent else f"{value} ({interval})"


def _place(standing: Standing) -> str:
    return f"{standing.first}" if standing.settled else f"{standing.first} to {standing.last}"


def _statements(study: Studied, factor: str) -> tuple[str, ...]:
    """Name the statements behind a weight of a rule."""
    found = [
        statement
        for rule in study.scenario.crisis.rules
        if any(path.startswith(f"rules.{rule.id}.") for path in study.targets[factor])
        for statement in rule.because
    ]
    return tuple(dict.fromkeys(found))


def sensitivity_in_words(study: Studied, found: Sensitivity) -> tuple[str, ...]:
    """Say which factors matter, in what order, and through how much noise."""
    return replace(found, outcome=_of(study, found)).says


def discovery_in_words(study: Studied, found: Discovery) -> tuple[str, ...]:
    """Say under which levels the outcome climbs, and how that was found out."""
    return (
        *map(capital, replace(found, outcome=_of(study, found)).says),
        f"Sought in one half of the {found.points:,} design points, and counted in the other.",
    )


def _of(study: Studied, found: Sensitivity | Discovery) -> str:
    return f"the {measure_of(study.scenario, found.outcome, found.kind).label}"
