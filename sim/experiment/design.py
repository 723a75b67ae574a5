"""Design points: which settings of the factors an experiment looks at."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.crisis.experiment import ELICITED, RESERVED, Factor
from sim.crisis.experiment_reading import Experiment, article
from sim.crisis.overrides import parsed
from sim.errors import InputError, nearest_name
from sim.experiment.sampling import latin_hypercube, quantiles, saltelli, sobol

__all__ = ["BASELINE", "Design", "design_points"]

MOST_POINTS = 10_000_000
#: The design point of a one-at-a-time design at which every factor has the scenario's own value.
BASELINE = 0
#: More levels or factors than this are tried together, by their extremes.
MANY = 20
_SPREAD = (0.05, 0.95)  # quantiles that stand for a distribution in a one-at-a-time design


@dataclass(frozen=True)
class Design:
    """The points of a design.

    Attributes
    ----------
    kind : str
    names : tuple of str
        Of the factors.
    targets : tuple of tuple of str
        Dotted paths that each factor sets.
    rows : tuple of tuple
        A row a point, a value a factor.
    """

    kind: str
    names: tuple[str, ...]
    targets: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, point: int) -> dict[str, Any]:
        """Return what a design point sets, by dotted path."""
        row = self.rows[point]
        return {
            path: value for paths, value in zip(self.targets, row, strict=True) for path in paths
        }

    def column(self, k: int) -> list[Any]:
        """Return the values of factor `k`, a value a point."""
        return [row[k] for row in self.rows]


def design_points(experiment: Experiment) -> Design:
    """Lay out the design points of an experiment, and check every level against its scenario.

    Randomness: NumPy's PCG64, from the experiment's seed; none for factorial, one-at-a-time and
    table designs.

    Raises
    ------
    InputError
        Where a level may not stand in the scenario, in one line that names the factor.
    """
    file = experiment.file
    factors = elicited_factors(experiment) if file.design == ELICITED else file.factors
    if file.design == "table":
        design = _from_table(experiment)
    elif not factors:
        raise experiment.error(("factors",), "is missing: no rule states a spread")
    else:
        rows = _rows(experiment, factors)
        names = tuple(factor.title for factor in factors)
        targets = tuple(factor.targets for factor in factors)
        design = Design(file.design, names, targets, rows)
    _check_levels(experiment, design)
    return design


def elicited_factors(experiment: Experiment) -> tuple[Factor, ...]:
    """Return a factor for every weight of every rule, normal with the rule's stated spread."""
    rules = [rule for rule in experiment.scenario.crisis.rules if rule.sd > 0]
    taken = {path for factor in experiment.file.factors for path in factor.targets}
    drawn = [
        Factor(path=f"rules.{rule.id}.moves.{move}", distribution="normal", mean=weight, sd=rule.sd)
        for rule in rules
        for move, weight in rule.moves.items()
    ]
    return (*experiment.file.factors, *(f for f in drawn if f.path not in taken))


def _rows(experiment: Experiment, factors: tuple[Factor, ...]) -> tuple[tuple[Any, ...], ...]:
    file = experiment.file
    n, d, seed = file.points or 0, len(factors), file.seed
    if file.design == "factorial":
        size = 1
        for factor in factors:
            size *= len(factor.levels)
        _check_size(experiment, size)
        return tuple(itertools.product(*(factor.levels for factor in factors)))
    if file.design == "one-at-a-time":
        return _one_at_a_time(experiment, factors)
    if file.design in ("sobol", "saltelli") and n & (n - 1):
        raise experiment.error(
            ("points",),
            f"is {n}: {article(file.design)} design is balanced at powers of two alone",
            allowed=f"{1 << (n.bit_length() - 1)} or {1 << n.bit_length()}",
        )
    if file.design == "saltelli":
        _check_size(experiment, n * ((2 if file.second_order else 1) * d + 2))
        u = saltelli(n, d, file.second_order, seed)
    else:
        # Elicited weights are many, and a Sobol sequence entangles its later dimensions.
        u = (sobol if file.design == "sobol" else latin_hypercube)(n, d, seed)
    columns = [quantiles(factor, u[:, k]) for k, factor in enumerate(factors)]
    return tuple(zip(*columns, strict=True))


def _check_size(experiment: Experiment, size: int) -> None:
    if size > MOST_POINTS:
        raise experiment.error(
            (), f"has {size:,} design points", allowed=f"at most {MOST_POINTS:,}"
        )


def _one_at_a_time(
    experiment: Experiment, factors: tuple[Factor, ...]
) -> tuple[tuple[Any, ...], ...]:
    """List the scenario as it is, then each factor alone at each of its levels."""
    import numpy as np

    base = []
    for factor in factors:
        own = {repr(experiment.scenario.parameter(path)) for path in factor.targets}
        if len(own) > 1:
            raise experiment.error(
                ("factors",), f"{factor.title!r}: its paths have no value in common to start from"
            )
        base.append(experiment.scenario.parameter(factor.targets[0]))
    rows = [tuple(base)]
    for k, factor in enumerate(factors):
        levels = factor.levels or quantiles(factor, np.array(_SPREAD))
        rows += [(*base[:k], level, *base[k + 1 :]) for level in levels if level != base[k]]
    return tuple(rows)


def _from_table(experiment: Experiment) -> Design:
    """Read the design points from a CSV file."""
    path = experiment.folder / str(experiment.file.table)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason.lower()}", file=str(path)) from None
    if not any(lines[1:]) or not lines[0]:
        raise InputError("has no design points", file=str(path), allowed="a header and rows")
    header = [name.strip() for name in lines[0]]
    _check_header(path, header, [factor.title for factor in experiment.file.factors])
    known = {factor.title: factor.targets for factor in experiment.file.factors}
    targets = tuple(known.get(name, (name,)) for name in header)
    rows = []
    for n, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(header):
            problem = f"line {n} has {len(line)} fields, the header {len(header)}"
            raise InputError(problem, file=str(path))
        rows.append(
            tuple(_cell(path, n, name, text) for name, text in zip(header, line, strict=True))
        )
    design = Design("table", tuple(header), targets, tuple(rows))
    _check_columns(path, design, experiment.scenario.overrides)
    return design


def _check_header(path: Path, header: list[str], named: list[str]) -> None:
    """Refuse columns without a name, with that of another, and factors without a column."""
    for n, name in enumerate(header, start=1):
        if not name:
            raise InputError(f"column {n} has no name", file=str(path))
        if name in RESERVED:
            raise InputError(
                "is the name of another column of the tables", file=str(path), key=name
            )
        if header.count(name) > 1:
            raise InputError("stands twice in the header", file=str(path), key=name)
    if missing := [name for name in named if name not in header]:
        near = nearest_name(missing[0], header)
        raise InputError("no such column", file=str(path), key=missing[0], nearest=near)


def _check_columns(path: Path, design: Design, given: Iterable[str]) -> None:
    """Refuse a value that has two columns, or that is set: one would hide the other."""
    varied: dict[str, str] = {}
    for name, targets in zip(design.names, design.targets, strict=True):
        for target in targets:
            if target in varied:
                problem = f"is varied twice, by the columns {varied[target]!r} and {name!r}"
                raise InputError(problem, file=str(path), key=target)
            varied[target] = name
    if both := [target for target in given if target in varied]:
        problem = f"is set, and varied by the column {varied[both[0]]!r}"
        raise InputError(problem, file=str(path), key=both[0])


def _cell(path: Path, line: int, name: str, text: str) -> Any:
    if not text.strip():
        raise InputError(f"line {line} is empty here", file=str(path), key=name)
    return parsed(f"value={text}")[1]


def _check_levels(experiment: Experiment, design: Design) -> None:
    """Try the extreme levels of every factor, for there may be millions of points."""
    named = f"{experiment.shown}: factor"
    if design.kind == "table":
        named = f"{experiment.folder / str(experiment.file.table)}: column"
    tried = [_extremes(design.column(k)) for k in range(len(design.names))]
    if len(tried) > MANY:
        try:
            for pick in range(max(map(len, tried))):
                values = [levels[min(pick, len(levels) - 1)] for levels in tried]
                _try(experiment, dict(zip(design.targets, values, strict=True)), named)
            return
        except InputError:
            pass  # Which one it is, the factors tell one by one.
    for name, targets, levels in zip(design.names, design.targets, tried, strict=True):
        for value in levels:
            _try(experiment, {targets: value}, f"{named} {name!r}")


def _try(experiment: Experiment, settings: Mapping[tuple[str, ...], Any], named: str) -> None:
    values = {path: value for targets, value in settings.items() for path in targets}
    experiment.scenario.with_(values, source=f"{named}:")


def _extremes(column: list[Any]) -> list[Any]:
    """Return the levels of a factor, or of many numbers the least, one between and the largest."""
    levels = list({repr(value): value for value in column}.values())
    if len(levels) <= MANY or not all(isinstance(level, int | float) for level in levels):
        return levels
    return [min(levels), levels[0], max(levels)]
