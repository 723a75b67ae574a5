"""What rare ends gain over plain histories at equal cost, and whether their intervals hold.

    python benchmarks/rare.py            # some fifteen minutes
    python benchmarks/rare.py --quick    # a minute or two, rougher
    python benchmarks/rare.py --trees    # some five minutes: coverage by the number of trees

The gain is the work-normalised variance of plain histories over that of trees: how many times more
decisions an ensemble must play for the same standard error.  The variance of plain histories is
P (1 - P), known from P, so that no ensemble of 10**10 histories needs to be played; decisions stand
for work, as both engines play them with the same code.  What the pilots cost counts.

Coverage is counted by repetition: how many of so many intervals, each of another seed, hold the
truth, which for the duel is a closed form and for the crisis a far larger sample of another seed.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from sim.analysis.rare import probability
from sim.crisis import load
from sim.engines.assemble import Assembly, assemble
from sim.engines.ensemble import play_ensemble
from sim.engines.goals import goal_of
from sim.engines.splitting import Plan, grow_trees, plan_trees
from sim.kernel import layout as at

ROOT = Path(__file__).resolve().parent.parent
DUEL = ROOT / "tests" / "kernel" / "plain.toml"
MAIN = "after-the-strike"
TRUTH_SEED = 10_000


@dataclass(frozen=True)
class Case:
    """A scenario whose war is rare in one way.

    Attributes
    ----------
    way, told : str
    assembly : Assembly
    truth : float or None
        Where it has a closed form.
    """

    way: str
    told: str
    assembly: Assembly
    truth: float | None = None


@dataclass(frozen=True)
class Effort:
    """How many replicates an estimate, an interval and a truth get, and how many intervals."""

    replicates: int
    each: int
    intervals: int
    truth: int


FULL = Effort(replicates=10_000, each=1_000, intervals=100, truth=40_000)
QUICK = Effort(replicates=2_000, each=500, intervals=10, truth=5_000)


#: Trees an interval, of how many plans and how many trees of each, in which of the cases.
SIZES = (40, 100, 250, 500, 1_000)
PLANS, EACH_PLAN = 25, 2_000
CROSS_SECTION = (
    ("propensity", "-0"),
    ("strikes alone", "1, after-the-strike"),
    ("strikes alone", "2, eighty-dead"),
)


def duel(strike: float) -> Case:
    """Make a duel in which nothing weighs or hurries, and war comes by an exchange of strikes.

    Both sides' major strikes are Poisson processes, and it is war once each has made two.
    """
    sides = ("ann", "bob")
    base = {f"base.{side}.major_strike": strike for side in sides}
    assembly = assemble(load(DUEL).with_(base | {f"base.{side}.open_war": -40.0 for side in sides}))
    params = assembly.params
    params.term_weight[:] = 0.0
    params.actor[:, [at.ACTOR_URGENCY, at.ACTOR_ATTENTION]] = 0.0
    params.world[[at.WORLD_BRAKE, at.WORLD_PROMPT]] = 0.0
    params.world[[at.WORLD_WAR_DAYS, at.WORLD_QUIET_DAYS]] = 1000.0
    truth = 1.0
    for i in range(len(sides)):
        weights = np.exp(params.propensity[i, : params.n_options[i]])
        moves = params.move[params.option[i, : params.n_options[i], 0]]
        share = weights[moves[:, at.MOVE_MAJOR] > 0].sum() / weights.sum()
        mean = params.actor[i, at.ACTOR_TEMPO] * params.world[at.WORLD_HORIZON] * share
        truth *= 1.0 - math.exp(-mean) * (1.0 + mean)
    return Case("duel, strikes", f"propensity {strike:g}", assembly, truth)


def cases() -> Iterator[Case]:
    """Give war at some 1e-2, 1e-4 and 1e-6, made rare in four ways."""
    scenario = load(MAIN)
    base = scenario.crisis.propensities.base
    for lower in (0.0, 5.0, 11.0):
        values = {
            f"base.{side}.open_war": base[side]["open_war"] - lower for side in ("us", "iran")
        }
        yield Case("propensity", f"-{lower:g}", assemble(scenario.with_(values)))
    precision = scenario.crisis.propensities.precision
    for times in (0.9, 1.5, 2.05):
        values = {f"precision.{side}": value * times for side, value in precision.items()}
        yield Case("precision", f"x {times:g}", assemble(scenario.with_(values)))
    for name, strikes in (("eighty-dead", 1), (MAIN, 1), ("eighty-dead", 2)):
        values = {"base.us.open_war": -60.0, "base.iran.open_war": -60.0}
        values |= {"war.major_strikes": strikes}
        yield Case("strikes alone", f"{strikes}, {name}", assemble(load(name).with_(values)))
    for strike in (-3.2, -4.45, -5.65):
        yield duel(strike)


def gain(case: Case, effort: Effort, truth: float, branching: bool) -> tuple[float, float, float]:
    """Return the estimate, its relative standard error, and the gain over plain histories.

    The gain is nan where the estimate is off by more than half: where the way to war that matters
    was never met, the variance of the sample says nothing.
    """
    goal = goal_of(case.assembly, "open_war")
    plan = plan_trees(case.assembly, goal, 1) if branching else Plan.plain()
    trees = grow_trees(case.assembly, goal, effort.replicates, 1, plan)
    spent = int(trees.decisions.sum()) + plan.decisions
    found = float(trees.account.mean())
    error = float(trees.account.std(ddof=1)) / math.sqrt(effort.replicates)
    plain = play_ensemble(case.assembly, 1_000, 1).decisions.mean()
    if abs(found - truth) > truth / 2:
        return found, error / truth, math.nan
    return found, error / truth, truth * (1 - truth) * plain / (error**2 * spent)


def coverage(case: Case, effort: Effort) -> tuple[float, float]:
    """Return the truth, and the share of intervals that hold it."""
    goal = goal_of(case.assembly, "open_war")
    truth = case.truth
    if truth is None:
        plan = plan_trees(case.assembly, goal, TRUTH_SEED)
        trees = grow_trees(case.assembly, goal, effort.truth, TRUTH_SEED, plan)
        truth = float(trees.account.mean())
    held = 0
    for seed in range(effort.intervals):
        plan = plan_trees(case.assembly, goal, seed)
        trees = grow_trees(case.assembly, goal, effort.each, seed, plan)
        found = probability(trees.account)
        held += found.low <= truth <= found.high
    return truth, held / effort.intervals


def by_trees() -> None:
    """Write how often intervals of ever more trees hold the truth: that of all trees together."""
    print("| rare by | | truth | s.e. | " + " | ".join(f"{size:,} trees" for size in SIZES) + " |")
    print("|---" * (4 + len(SIZES)) + "|")
    for case in cases():
        if (case.way, case.told) not in CROSS_SECTION:
            continue
        print(f"{case.way} {case.told} ...", file=sys.stderr, flush=True)
        goal = goal_of(case.assembly, "open_war")
        grown = [
            grow_trees(
                case.assembly, goal, EACH_PLAN, seed, plan_trees(case.assembly, goal, seed)
            ).account
            for seed in range(PLANS)
        ]
        accounts = np.concatenate(grown)
        truth = float(accounts.mean())
        error = float(accounts.std(ddof=1)) / math.sqrt(len(accounts)) / truth
        cells = []
        for size in SIZES:
            found = [probability(account) for account in accounts.reshape(-1, size)]
            held = sum(one.low <= truth <= one.high for one in found)
            cells.append(f"{held} of {len(found)}, {held / len(found):.0%}")
        print(f"| {case.way} | {case.told} | {truth:.3g} | {error:.1%} | {' | '.join(cells)} |")


def main() -> None:
    """Measure every case and write a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--trees", action="store_true", help="coverage by the number of trees")
    asked = parser.parse_args()
    if asked.trees:
        by_trees()
        return
    effort = QUICK if asked.quick else FULL
    print("| rare by | | truth | estimate | relative s.e. | gain | last step alone | coverage |")
    print("|---|---|---|---|---|---|---|---|")
    for case in cases():
        print(f"{case.way} {case.told} ...", file=sys.stderr, flush=True)
        truth, held = coverage(case, effort)
        estimate, error, whole = gain(case, effort, truth, branching=True)
        _, _, alone = gain(case, effort, truth, branching=False)
        closed = "" if case.truth is None else " (exact)"
        step = "misses it" if math.isnan(alone) else f"{alone:,.2g}"
        print(
            f"| {case.way} | {case.told} | {truth:.3g}{closed} | {estimate:.3g} | {error:.1%} "
            f"| {whole:,.2g} | {step} | {held:.0%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
