"""What a report says of a study: its design, its outcomes over the design points, its factors."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis import intervals
from sim.analysis.intervals import LEVEL, simultaneous, z_score
from sim.analysis.outcome_names import unforced
from sim.analysis.report import Cell, Table
from sim.analysis.spread import quantiles
from sim.analysis.studied import (
    Measure,
    Studied,
    are_numbers,
    capital,
    level,
    listed_levels,
    measure_of,
)
from sim.analysis.written import number
from sim.crisis.experiment import DRAWN, ELICITED
from sim.experiment.design_table import row_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "factors_table",
    "in_words",
    "outcomes_table",
    "point_in_words",
    "points_table",
    "study_answer",
]

DESIGNS = {
    "factorial": "every combination of the factors’ levels",
    "one-at-a-time": "one factor moved at a time, all others as in the scenario",
    "latin-hypercube": "drawn so that each factor’s range is covered evenly (a Latin hypercube)",
    "sobol": "drawn so that they cover the factors’ ranges evenly (a Sobol sequence)",
    "saltelli": "drawn for Sobol indices (Saltelli’s scheme)",
    "table": "given in a table",
    ELICITED: "each weight of each rule drawn from its stated spread",
}
#: Levels that are listed one by one, design points that each get a row.
MOST_LEVELS, MOST_POINTS = 13, 64
#: Factors whose levels are told of a single design point.
MOST_SET = 4
#: Outcomes that a row of a design point shows.
BESIDE = 3


def in_words(study: Studied) -> tuple[str, ...]:
    """Say what was varied and how often each design point was simulated."""
    luck = (
        "Replicate k meets the same luck at every design point, so that points compare tightly."
        if study.common
        else "No two histories share any luck."
    )
    factors = len(study.targets)
    told = (
        f"{_points(study.points)} over {factors:,} factor{'s' if factors != 1 else ''}: "
        f"{DESIGNS.get(study.design, study.design)}. "
    )
    each = f"{study.replicates:,} times with seed {study.seed}"
    if study.held is None:
        return (f"{told}Each was simulated {each}.", luck)
    told += f"Each was to be simulated {each}, and was at least {study.held[1]:,} times."
    return (study.unfinished, told, luck)


def _points(many: int) -> str:
    return f"{many:,} design point{'s' if many != 1 else ''}"


def factors_table(study: Studied, design: pd.DataFrame) -> Table:
    """Give each factor with the levels that it takes, and the scenario's own."""
    rows = []
    crossing = 0
    for name in design.columns:
        factor = study.factor(str(name))
        crossing += _turns(study.targets[str(name)], factor.coded, design[name])
        paths = study.targets[str(name)]
        note = factor.gloss or (", ".join(paths) if paths != (factor.label,) else "")
        coded = "several" if factor.coded is None else level(factor.coded)
        rows.append((Cell(factor.label, note), Cell(_levels(design[name])), Cell(coded)))
    return Table(
        f"The factors ({len(rows):,})",
        ("Factor", "Levels", "As coded"),
        (("", tuple(rows)),),
        _against(crossing),
    )


def _turns(paths: Sequence[str], coded: Any, levels: pd.Series) -> bool:
    """Tell whether a weight is drawn on the other side of 0 from where it was coded."""
    weighs = all(path.startswith("weights.") or ".moves." in path for path in paths)
    if not (weighs and are_numbers([coded, *levels])):
        return False
    return bool((levels * coded < 0).any())


def _against(crossing: int) -> str:
    """Say that rules speak against their own words at some of the levels."""
    if not crossing:
        return ""
    which = "one weight" if crossing == 1 else f"{crossing:,} weights"
    return (
        f"The levels of {which} go beyond 0, to the other side than was coded: there a rule speaks "
        "against its own words, so that what should hold a move back pushes towards it, or the "
        "other way round."
    )


def _levels(column: pd.Series) -> str:
    """Write the levels of a factor, or from where to where they go."""
    found = list(dict.fromkeys(column.tolist()))
    if len(found) <= MOST_LEVELS:
        return listed_levels(found)
    return f"{level(min(found))} to {level(max(found))}"


def _kinds(summary: pd.DataFrame) -> dict[str, str]:
    """Name the outcomes of a summary and their kinds, in its order."""
    pairs = zip(summary["outcome"].tolist(), summary["kind"].tolist(), strict=True)
    return {str(name): str(kind) for name, kind in pairs}


def _spread(measure: Measure, rows: pd.DataFrame) -> list[str]:
    """Write the mean over the points, its interval, the middle one, and where nine of ten lie."""
    unit, sign = (100.0, "%") if measure.kind == "share" else (1.0, "")
    values = rows["estimate"].to_numpy(np.float64)
    marks = quantiles(values, measure, int(rows["n"].median()))
    low, median, high = (mark.value for mark in marks)
    found = intervals.mean(unit * values)
    if found.low == found.high:
        mean, interval = f"{found.mean:g}{sign}", "the same at all points"
    else:
        mean, interval = number(found.mean, found.low, found.high)
        mean, interval = f"{mean}{sign}", interval if math.isnan(found.low) else f"{interval}{sign}"
    return [mean, interval, median, f"{low} to {high}"]


def _ends(measure: Measure, rows: pd.DataFrame) -> list[Cell]:
    """Write the least and the greatest of some rows of a summary, each with its interval."""
    ordered = rows.sort_values(["estimate", "point"]).to_dict("records")
    return [Cell(*_row_written(measure, row)) for row in (ordered[0], ordered[-1])]


def outcomes_table(study: Studied, summary: pd.DataFrame) -> Table:
    """Give every outcome over the design points, but of force by those who have none."""
    drawn = study.design in DRAWN
    never = tuple(f"{actor}_force" for actor in unforced(study.scenario))
    heads = ("Mean over the points", "95% interval", "Middle point", "Nine points of ten")
    rows = []
    for name, kind in _kinds(summary).items():
        measure = measure_of(study.scenario, name, kind)
        own = summary[(summary["outcome"] == name) & np.isfinite(summary["estimate"])]
        if name.startswith(never) or own.empty:
            continue
        # The points of a grid are no sample: their mean would be one of nothing.
        cells = map(Cell, _spread(measure, own)) if drawn else _ends(measure, own)
        rows.append((Cell(capital(measure.label)), *cells))
    drawn_note = "The interval of the mean says how sure the sample of points makes it."
    return Table(
        f"Outcomes over {_points(summary['point'].nunique())}",
        ("Outcome", *(heads if drawn else ("Least", "Greatest"))),
        (("", tuple(rows)),),
        drawn_note if drawn else "Below each estimate its 95% interval.",
    )


def points_table(study: Studied, design: pd.DataFrame, summary: pd.DataFrame) -> Table | None:
    """Give the leading outcomes at each design point; None where there are too many points."""
    if len(design) > MOST_POINTS or study.design in DRAWN:
        return None
    kinds = _kinds(summary)
    names = _leading(list(kinds))
    names = ([name for name in names if kinds[name] == "share"] or names)[:BESIDE]
    measures = [measure_of(study.scenario, name, kinds[name]) for name in names]
    found = {
        (row["point"], row["outcome"]): row
        for row in summary[summary["outcome"].isin(names)].to_dict("records")
    }
    rows = []
    for point, levels in zip(design.index, design.itertuples(index=False), strict=True):
        cells = [Cell(", ".join(_set(study, design, tuple(levels))))]
        for measure in measures:
            row = found[point, measure.name]
            cells.append(Cell(*_row_written(measure, row)))
        rows.append(tuple(cells))
    return Table(
        "Design point by design point",
        ("Design point", *(capital(measure.label) for measure in measures)),
        (("", tuple(rows)),),
        "Below each estimate its 95% interval.",
    )


def point_in_words(study: Studied, design: pd.DataFrame, point: int) -> str:
    """Say which design point it is, with its levels where they are few."""
    if len(design.columns) > MOST_SET:
        return f"Design point {point}"
    levels = tuple(row_of(design, point))
    return f"Design point {point}, {', '.join(_set(study, design, levels))}"


def _set(study: Studied, design: pd.DataFrame, levels: Sequence[object]) -> list[str]:
    """Write the levels of a design point; of a design of one factor at a time, what is moved."""
    pairs = list(zip(map(str, design.columns), levels, strict=True))
    if study.design == "one-at-a-time":
        moved = [(name, value) for name, value in pairs if value != study.factor(name).coded]
        if not moved:
            return ["as coded"]
        pairs = moved
    return [f"{study.factor(name).label} = {level(value)}" for name, value in pairs]


def _leading(names: Sequence[str]) -> list[str]:
    """Put the outcomes that readers ask for first: war, then force by an actor."""

    def rank(name: str) -> int:
        return 0 if name == "open_war" else 1 if "_force_" in name else 2

    return sorted(names, key=rank)


def study_answer(
    study: Studied, design: pd.DataFrame, summary: pd.DataFrame, outcome: str
) -> tuple[str, ...]:
    """Say how an outcome spreads over the design points, and where it is least and greatest."""
    measure = measure_of(study.scenario, outcome, _kinds(summary)[outcome])
    rows = summary[(summary["outcome"] == outcome) & np.isfinite(summary["estimate"])]
    if rows.empty:
        return (f"No design point has an estimate of the {measure.label}.",)
    values = rows["estimate"].to_numpy(np.float64)
    if len(set(values)) == 1:
        value, interval = _row_written(measure, rows.iloc[0])
        each = "the only design point" if len(rows) == 1 else f"each of {len(rows):,} design points"
        return (f"At {each} the {measure.label} is {value} ({interval}).",)
    if study.design in DRAWN:
        mean, interval, median, spread = _spread(measure, rows)
        return (
            f"Over {len(values):,} design points the {measure.label} is {mean} on average "
            f"({interval}), {median} in the middle, and {spread} in nine of ten.",
        )
    told = []
    ends = [rows.iloc[int(np.argmin(values))], rows.iloc[int(np.argmax(values))]]
    for word, row in zip(("least", "greatest"), ends, strict=True):
        value, interval = _row_written(measure, row)
        levels = tuple(row_of(design, int(row["point"])))
        alike = int((values == row["estimate"]).sum()) - 1
        also = f" and at {alike:,} more with the same estimate" if alike else ""
        told.append(
            f"{word} {value} ({interval}), with {', '.join(_set(study, design, levels))}{also}"
        )
    name = measure.label
    return (
        f"Of the estimates of the {name} at {len(rows):,} design points the {'; the '.join(told)}. "
        f"{_apart(ends, len(rows))}",
    )


def _apart(ends: Sequence[pd.Series[Any]], points: int) -> str:
    """Say whether the least and the greatest of many estimates are told apart, as independent."""
    low, high = ends
    widths = [float(row["high"] - row["low"]) / (2 * z_score(LEVEL)) for row in ends]
    gap, error = float(high["estimate"] - low["estimate"]), math.hypot(*widths)
    # Any pair of the points could have been the ends.
    tests = max(1, points * (points - 1) // 2)
    if gap > z_score(simultaneous(LEVEL, tests)) * error:
        return "These two are further apart than chance sets any two of the points."
    return "Their own intervals do not tell these two apart, out of all pairs of points."


def _row_written(measure: Measure, row: Mapping[Hashable, Any] | pd.Series[Any]) -> tuple[str, str]:
    """Write the estimate of a row of a summary, and its interval."""
    return measure.written(row["estimate"], row["low"], row["high"], row["n"])
