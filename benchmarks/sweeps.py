"""What a sweep costs beside the bare ensemble, how it scales, and whether its memory stays flat.

    python benchmarks/sweeps.py            # some minutes
    python benchmarks/sweeps.py --quick
    python benchmarks/sweeps.py --memory   # 10^5, 10^6 and 10^7 replicates, in fresh processes

Engines take turns, and ratios are medians over the rounds.  The bare ensemble plays the very same
design points, laid out beforehand, on one thread, and stores nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import Samples, cheaper, faster, interleave, machine, sweep_memory

import sim
from sim.crisis.experiment_reading import Experiment, made_experiment
from sim.engines.ensemble import play_block
from sim.experiment.plan import plan
from sim.experiment.settings import Settings

SCENARIO = "after-the-strike"
SIZES = (10**5, 10**6, 10**7)


def experiments(points: int, replicates: int) -> dict[str, Experiment]:
    """Return a design in which every weight differs, and one in which other values do."""
    scenario = sim.load(SCENARIO)
    common = {"streams": "common", "replicates": replicates, "points": points}
    tempo = {"distribution": "uniform", "low": 0.5, "high": 2.0}
    dead = {"distribution": "integer", "low": 0, "high": 100}
    return {
        "weights": made_experiment(scenario, {}, "weights", design="elicited", **common),
        "values": made_experiment(
            scenario,
            {"tempo.iran": tempo, "strike.dead": dead},
            "values",
            design="sobol",
            **common,
        ),
    }


def bare(experiment: Experiment) -> Callable[[int], int]:
    """Return an engine that plays the design points and nothing else."""
    laid = plan(experiment)
    settings = Settings(laid.scenario, laid.design)
    assemblies = [settings.assembly(point) for point in range(len(laid.design))]

    def play(crises: int) -> int:
        for assembly in assemblies:
            play_block(assembly, laid.replicates, laid.seed, 0)
        return crises

    return play


def swept(experiment: Experiment, workers: int) -> Callable[[int], int]:
    """Return an engine that sweeps the experiment into a folder of its own."""

    def play(crises: int) -> int:
        with tempfile.TemporaryDirectory() as place:
            sim.sweep(experiment, out=Path(place) / "study", workers=workers)
        return crises

    return play


def measure(points: int, replicates: int, rounds: int) -> dict[str, dict[str, float]]:
    """Measure both designs; return ratios by design."""
    found = {}
    for name, experiment in experiments(points, replicates).items():
        engines = {
            "bare": bare(experiment),
            "one worker": swept(experiment, 1),
            "two workers": swept(experiment, 2),
        }
        for engine in engines.values():
            engine(0)
        sizes = dict.fromkeys(engines, points * replicates)
        samples = interleave(engines, sizes, rounds, lambda text: print(text, file=sys.stderr))
        found[name] = report(samples)
    return found


def report(samples: dict[str, Samples]) -> dict[str, float]:
    """Return the ratios that matter, and the rates behind them."""
    one, two = samples["one worker"], samples["two workers"]
    return {
        "bare ensemble, crises/s": samples["bare"].rate("crises"),
        "one worker, crises/s": one.rate("crises"),
        "two workers, crises/s": two.rate("crises"),
        "one worker beside the bare ensemble, processor time": 1 / cheaper(one, samples["bare"]),
        "one worker beside the bare ensemble, on the clock": 1 / faster(one, samples["bare"]),
        "two workers beside one, on the clock": faster(two, one),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smaller study, fewer rounds")
    parser.add_argument("--memory", action="store_true", help="peak memory instead of time")
    parser.add_argument("--json", action="store_true", help="write JSON")
    chosen = parser.parse_args()
    if chosen.memory:
        found: dict = {f"{size:,} replicates, MB": sweep_memory(SCENARIO, size) for size in SIZES}
    else:
        found = measure(*((64, 500, 3) if chosen.quick else (256, 1000, 7)))
    if chosen.json:
        print(json.dumps({"machine": machine(), **found}, indent=2))
        return
    for name, value in found.items():
        rows = value.items() if isinstance(value, dict) else [(name, value)]
        for what, number in rows:
            where = f"{name}: " if isinstance(value, dict) else ""
            print(f"{where}{what}: {number:,.2f}")


if __name__ == "__main__":
    main()
