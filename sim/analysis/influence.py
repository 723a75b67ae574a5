"""What each statement carries of a result: the change when it is left out.

Leaving a statement out takes its share of every rule that cites it (`sim.crisis.weights`).  The two
scenarios share their streams, so that the change is a mean of paired differences.  Many changes are
looked at at once: each interval stands at the level of `sim.analysis.intervals.simultaneous`, so
that all of them hold together, and a change is told from none where its interval leaves 0 out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis import intervals
from sim.analysis.foremost import deviations, largest
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.outcomes import Counted
from sim.crisis.scenario import Scenario
from sim.crisis.statements import Statement

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Effect", "InfluenceSummary", "Silent", "differing", "effect", "tested"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What leaving one statement out changes.

    Attributes
    ----------
    statement : Statement
    rules : tuple of str
        Rules that cite it.
    shares : tuple of float, 0..1
        What part of each rule's weights goes with it.
    differences : tuple of Difference
        Of each outcome, without it minus with it; intervals that hold together.
    alone : tuple of Estimate
        The same differences, each with the interval that holds for it alone.
    sizes : tuple of float
        The differences without their sign, each in standard deviations of its outcome with all
        statements.
    touched : Estimate
        Share of histories in which anything that is counted differs.
    identical : bool
        Whether every move of every history is the same without it.
    """

    statement: Statement
    rules: tuple[str, ...]
    shares: tuple[float, ...]
    differences: tuple[Difference, ...]
    alone: tuple[Estimate, ...]
    sizes: tuple[float, ...]
    touched: Estimate
    identical: bool

    @property
    def distinct(self) -> tuple[bool, ...]:
        """Which of the differences are told apart from none."""
        found = (difference.estimate for difference in self.differences)
        return tuple(bool(e.low > 0 or e.high < 0) for e in found)

    @property
    def size(self) -> float:
        """The largest of the sizes of differences told from none; of all, where none is told."""
        told = [size for size, distinct in zip(self.sizes, self.distinct, strict=True) if distinct]
        return max(told or self.sizes)


@dataclass(frozen=True, slots=True)
class Silent:
    """A statement that no rule loses by: leaving it out changes no weight.

    Attributes
    ----------
    statement : Statement
    informs : tuple of str
        Dotted heads of the numbers and events that cite it (`sim.crisis.citations`); of rules
        where it does not count in this scenario.
    """

    statement: Statement
    informs: tuple[str, ...]

    @property
    def why(self) -> str:
        """What it informs instead: not counted, events, numbers or nothing."""
        heads = {name.partition(".")[0] for name in self.informs}
        if "rules" in heads:
            return "not counted"
        if heads - {"opening", "injects"}:
            return "numbers"
        return "events" if heads else "nothing"


@dataclass(frozen=True, slots=True)
class InfluenceSummary:
    """What every statement carries, the largest change first.

    Attributes
    ----------
    scenario : str
        Its name.
    outcomes, labels : tuple of str
        What the changes are measured in, and what a reader calls it.
    actor : str or None
        Whose force one of the outcomes is.
    baseline : tuple of Estimate
        The outcomes with all statements, at 95 %.
    effects : tuple of Effect
        By `size`, the largest first.
    silent : tuple of Silent
        Statements that no rule loses by, in the order of the file.
    level : float
        Confidence with which all intervals hold together.
    comparisons : int
        How many intervals these are.
    replicates, seed : int
    """

    scenario: str
    outcomes: tuple[str, ...]
    labels: tuple[str, ...]
    actor: str | None
    baseline: tuple[Estimate, ...]
    effects: tuple[Effect, ...]
    silent: tuple[Silent, ...]
    level: float
    comparisons: int
    replicates: int
    seed: int

    @property
    def largest(self) -> str:
        """Which estimate is the largest, and how many statements may carry as much; or nothing."""
        return largest(self.effects)

    def ranked(self, outcome: str) -> tuple[Effect, ...]:
        """Give the effects by the size of their change in one outcome, the largest first."""
        k = self.outcomes.index(outcome)
        return tuple(sorted(self.effects, key=lambda e: -abs(e.differences[k].estimate.mean)))

    def records(self) -> list[dict[str, Any]]:
        """List a record per statement and outcome, in the order of the ranking."""
        return [
            {
                "rank": rank,
                "statement": effect.statement.id,
                "outcome": outcome,
                "with": pair.base,
                "without": pair.other,
                "difference": pair.estimate.mean,
                "low": pair.estimate.low,
                "high": pair.estimate.high,
                "low_alone": alone.low,
                "high_alone": alone.high,
                "distinct": distinct,
                "method": pair.estimate.method,
                "n": pair.estimate.n,
                "size": effect.size,
                "touched": effect.touched.mean,
                "identical": effect.identical,
                "rules": " ".join(effect.rules),
                "actor": effect.statement.actor,
                "kind": effect.statement.kind,
                "strength": effect.statement.strength,
                "line": effect.statement.line,
            }
            for rank, effect in enumerate(self.effects, start=1)
            for outcome, pair, alone, distinct in zip(
                self.outcomes, effect.differences, effect.alone, effect.distinct, strict=True
            )
        ]

    def frame(self) -> pd.DataFrame:
        """Return a row per statement and outcome, indexed by both."""
        import pandas as pd

        return pd.DataFrame(self.records()).set_index(["statement", "outcome"])

    def to_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            "scenario": self.scenario,
            "outcomes": dict(zip(self.outcomes, self.labels, strict=True)),
            "actor": self.actor,
            "baseline": {
                name: found.to_dict()
                for name, found in zip(self.outcomes, self.baseline, strict=True)
            },
            "level": self.level,
            "comparisons": self.comparisons,
            "replicates": self.replicates,
            "seed": self.seed,
            "largest": self.largest,
            "effects": [self._told(rank, e) for rank, e in enumerate(self.effects, start=1)],
            "silent": [
                {
                    "statement": found.statement.id,
                    "line": found.statement.line,
                    "says": found.statement.says,
                    "why": found.why,
                    "informs": list(found.informs),
                }
                for found in self.silent
            ],
        }

    def _told(self, rank: int, effect: Effect) -> dict[str, Any]:
        said = effect.statement
        found = effect.differences, effect.alone, effect.distinct, effect.sizes
        return {
            "rank": rank,
            "statement": said.id,
            "actor": said.actor,
            "speaker": said.speaker,
            "line": said.line,
            "kind": said.kind,
            "strength": said.strength,
            "says": said.says,
            "rules": dict(zip(effect.rules, effect.shares, strict=True)),
            "size": effect.size,
            "touched": effect.touched.to_dict(),
            "identical": effect.identical,
            "changes": {
                name: {
                    **pair.to_dict(),
                    "alone": {"low": alone.low, "high": alone.high},
                    "distinct": distinct,
                    "size": size,
                }
                for name, pair, alone, distinct, size in zip(self.outcomes, *found, strict=True)
            },
        }


def tested(scenario: Scenario) -> dict[str, Statement]:
    """List the statements that a rule would lose by, in the order of the file."""
    cited = {name for rule in scenario.crisis.rules for name in rule.because}
    return {
        name: statement
        for name, statement in scenario.crisis.statements.items()
        if name in cited and scenario.weights.logits(statement) > 0
    }


def differing(base: Counted, other: Counted) -> np.ndarray:
    """Return in which replicates anything that is counted differs; bool, shape (replicates,)."""
    pairs: Iterable[tuple[np.ndarray, np.ndarray]] = zip(
        base.outcomes.columns().values(), other.outcomes.columns().values(), strict=True
    )
    found = np.zeros(len(base.outcomes), np.bool_)
    for one, two in pairs:
        found |= (one != two).reshape(len(found), -1).any(axis=1)
    return found


def effect(
    scenario: Scenario,
    statement: Statement,
    base: Counted,
    other: Counted,
    outcomes: Sequence[str],
    level: float,
) -> Effect:
    """Compare the ensemble without a statement to that with it.

    Parameters
    ----------
    scenario : Scenario
    statement : Statement
    base, other : Counted
        With it and without it, of the same replicates on the same streams.
    outcomes : sequence of str
        Shares and means, no medians.
    level : float
        Confidence of each interval, from `intervals.simultaneous`.

    Returns
    -------
    Effect
        Identical where nothing that is counted differs: whoever has the moves may know better.
    """
    values = [(base.values(name), other.values(name)) for name in outcomes]
    differences = tuple(intervals.difference(*pair, level) for pair in values)
    rules = [rule for rule in scenario.crisis.rules if statement.id in rule.because]
    statements = scenario.crisis.statements
    touched = differing(base, other)
    return Effect(
        statement,
        tuple(rule.id for rule in rules),
        tuple(
            statement.logits / sum(statements[name].logits for name in rule.because)
            for rule in rules
        ),
        differences,
        tuple(intervals.difference(*pair).estimate for pair in values),
        tuple(map(deviations, differences, values)),
        intervals.share(int(touched.sum()), len(touched)),
        not touched.any(),
    )
