"""Whether the model reproduces the patterns of a crisis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.intervals import Estimate
    from sim.analysis.outcomes import Counted
    from sim.analysis.patterns import Finding, Told
    from sim.crisis import Scenario
    from sim.crisis.patterns import Pattern

REPLICATES = 20_000
#: Event logs of every scenario are held at once: some ten kilobytes a replicate, all together.
MOST = 200_000

#: Called with replicates finished and replicates asked for.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Measured:
    """One pattern, measured.

    Attributes
    ----------
    pattern : Pattern
    estimate : Estimate
        Share, days, difference or ratio, with its 95 % interval.
    verdict : str
        holds where the whole interval lies in the range, fails where none of it does, else
        undecided.
    left_out : int
        Triggers whose window the end of a history cut off, or replicates that missed the
        condition.
    steps : tuple of float
        The shares or means that a step, difference or ratio is made of.
    replicates, seed : int
    scenarios : dict of str to str
        Digest of each scenario that it was measured in.
    calibrated : bool
        Whether the propensities behind it were fitted to a record, not judged.
    """

    pattern: Pattern
    estimate: Estimate
    verdict: str
    left_out: int
    steps: tuple[float, ...]
    replicates: int
    seed: int
    scenarios: dict[str, str]
    calibrated: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        pattern = self.pattern
        return {
            "id": pattern.id,
            "says": pattern.says,
            "measure": pattern.measure,
            "lines": list(pattern.lines),
            "because": list(pattern.because),
            "holds": pattern.holds.model_dump(exclude_none=True),
            "verdict": self.verdict,
            **self.estimate.to_dict(),
            "left_out": self.left_out,
            "steps": list(self.steps),
            "replicates": self.replicates,
            "seed": self.seed,
            "scenarios": dict(self.scenarios),
            "calibrated": self.calibrated,
        }


def patterns(
    crisis: str = "us-iran-2020",
    replicates: int = REPLICATES,
    seed: int = 1,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Measured, ...]:
    """Measure every pattern that a crisis must reproduce.

    Parameters
    ----------
    crisis : str
        Name of a bundled crisis, or path of a crisis's folder.
    replicates : int, 2 to 200,000
        Histories of each scenario; a pattern of rare ends asks for a multiple (its `effort`).
    seed : int, 0 <= seed < 2**64
        All scenarios share it, so that comparisons are paired.
    threads : int, optional
        All processors if not given; changes nothing but the time.
    progress : callable, optional
        Called with the replicates finished and asked for so far.

    Returns
    -------
    tuple of Measured
        In the order of the file; empty where the crisis has none.

    Raises
    ------
    InputError
        Where anything is wrong with the file or a number is out of range.

    Examples
    --------
    >>> import sim
    >>> {measured.verdict for measured in sim.patterns(replicates=100)} <= {
    ...     "holds", "fails", "undecided"}
    True
    """
    from sim.analysis.patterns import verdict
    from sim.crisis.pattern_reading import read_patterns

    if not 2 <= replicates <= MOST:
        raise InputError(f"{replicates} is out of range", key="replicates", allowed=f"2 to {MOST}")
    found = read_patterns(crisis)
    lab = _Laboratory(replicates, seed, threads, progress)
    lab.expect(found)
    measured = []
    for pattern, scenarios in found:
        finding = lab.measure(pattern, scenarios)
        measured.append(
            Measured(
                pattern,
                finding.estimate,
                verdict(finding.estimate, pattern.holds),
                finding.left_out,
                finding.steps,
                replicates * pattern.effort,
                seed,
                {_label(scenario): scenario.digest() for scenario in scenarios},
                all(scenario.crisis.propensities.calibrated for scenario in scenarios),
            )
        )
    return tuple(measured)


def _label(scenario: Scenario) -> str:
    values = ", ".join(f"{path}={value}" for path, value in scenario.overrides.items())
    return f"{scenario.name} ({values})" if values else scenario.name


class _Laboratory:
    """Plays what the patterns ask for, each ensemble once."""

    def __init__(
        self, replicates: int, seed: int, threads: int | None, progress: Progress | None
    ) -> None:
        self.replicates = replicates
        self.seed = seed
        self.threads = threads
        self.progress = progress
        self.finished = 0
        self.asked = 0
        self.told: dict[tuple[str, int], Told] = {}
        self.counted: dict[tuple[str, int], Counted] = {}

    def expect(self, found: tuple[tuple[Pattern, tuple[Scenario, ...]], ...]) -> None:
        """Count the replicates that will be played."""
        jobs = {
            (pattern.outcome is None, scenario.digest(), pattern.effort)
            for pattern, scenarios in found
            for scenario in scenarios
        }
        self.asked = sum(self.replicates * effort for _, _, effort in jobs)

    def measure(self, pattern: Pattern, scenarios: tuple[Scenario, ...]) -> Finding:
        """Measure one pattern."""
        from sim.analysis import patterns as measures

        if pattern.outcome is not None:
            counted = [self.count(scenario, pattern.effort) for scenario in scenarios]
            if pattern.measure == "outcome":
                return measures.outcome(counted[0], pattern)
            return measures.OF_PAIRS[pattern.measure](counted[0], counted[1], pattern)
        told = [self.tell(scenario, pattern.effort) for scenario in scenarios]
        if pattern.measure == "rising":
            return measures.rising(told, pattern)
        return measures.OF_MOVES[pattern.measure](told[0], pattern)

    def tell(self, scenario: Scenario, effort: int) -> Told:
        """Play a scenario and keep its moves."""
        from sim.analysis.patterns import Told
        from sim.engines.assemble import assemble
        from sim.engines.moves import play_moves

        key = scenario.digest(), effort
        if key not in self.told:
            assembly = assemble(scenario)
            size = self.replicates * effort
            moves = play_moves(
                assembly, size, self.seed, threads=self.threads, progress=self._finish
            )
            self.told[key] = Told(moves, assembly)
        return self.told[key]

    def count(self, scenario: Scenario, effort: int) -> Counted:
        """Play a scenario and keep its outcomes."""
        from sim.analysis.outcomes import Counted
        from sim.engines.assemble import assemble
        from sim.engines.ensemble import play_ensemble

        key = scenario.digest(), effort
        if key not in self.counted:
            assembly = assemble(scenario)
            outcomes = play_ensemble(
                assembly,
                self.replicates * effort,
                self.seed,
                threads=self.threads,
                progress=self._finish,
            )
            self.counted[key] = Counted(outcomes, assembly.actors)
        return self.counted[key]

    def _finish(self, more: int) -> None:
        self.finished += more
        if self.progress is not None:
            self.progress(self.finished, self.asked)
