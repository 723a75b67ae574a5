"""How fast the engines are: one run, interleaved rounds, a table.

    python benchmarks/engines.py            # some ten minutes
    python benchmarks/engines.py --quick    # a minute or two, rougher
    python benchmarks/engines.py --json     # the numbers instead of the table

Plain Mesa, the Mesa face over the kernel, the compiled ensemble on one thread and on all, and the
same inner loop in C; then memory, and growth with replicates, horizon, actors and threads.
Progress goes to standard error.  docs/performance.md keeps a run and says what it shows.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks import inner, measuring, plain_mesa, plain_setting, synthetic
from sim.crisis import Scenario, load
from sim.engines.assemble import Assembly, assemble
from sim.engines.ensemble import Outcomes, cores, path_days, play_ensemble
from sim.engines.model import CrisisModel

PLAIN, FACE, C = "plain Mesa", "Mesa face over the kernel", "C, one thread"
ONE, ALL = "ensemble, one thread", "ensemble, all threads"


@dataclass(frozen=True)
class Plan:
    """How much to measure; `sizes` are crises a round."""

    rounds: int
    sizes: dict[str, int]
    replicates: tuple[int, ...]
    horizons: tuple[float, ...]
    actors: tuple[int, ...]
    growing: int
    million: int


FULL = Plan(
    rounds=15,
    sizes={PLAIN: 100, FACE: 60, ONE: 10_000, ALL: 20_000, C: 10_000},
    replicates=(1_000, 10_000, 100_000, 1_000_000),
    horizons=(15.0, 30.0, 60.0, 120.0),
    actors=(2, 4, 8, 16),
    growing=4_000,
    million=1_000_000,
)
QUICK = Plan(
    rounds=3,
    sizes={PLAIN: 60, FACE: 30, ONE: 5_000, ALL: 10_000, C: 5_000},
    replicates=(1_000, 10_000, 100_000),
    horizons=(15.0, 30.0, 60.0),
    actors=(2, 8),
    growing=2_000,
    million=100_000,
)


def say(text: str) -> None:
    """Tell what is going on; standard output belongs to the results."""
    print(text, file=sys.stderr, flush=True)


def plain(setting: plain_setting.Setting, crises: int) -> int:
    """Play crises in plain Mesa."""
    return sum(plain_mesa.play(setting, seed).decisions for seed in range(crises))


def face(scenario: Scenario, crises: int) -> int:
    """Play crises with the Mesa face."""
    decisions = 0
    for replicate in range(crises):
        model = CrisisModel(scenario, rng=1, replicate=replicate)
        model.run_model()
        decisions += len(model.log.decisions)
    return decisions


def ensemble(assembly: Assembly, threads: int, crises: int) -> int:
    """Play crises with the compiled ensemble."""
    return int(play_ensemble(assembly, crises, 1, threads=threads).decisions.sum())


def in_c(library: inner.Inner, assembly: Assembly, crises: int) -> int:
    """Play crises in C."""
    return int(library.play_ensemble(assembly, crises, 1).decisions.sum())


def differing(a: Outcomes, b: Outcomes) -> list[str]:
    """Return the columns in which two ensembles differ by a bit or more."""
    pairs = ((field.name, getattr(a, field.name), getattr(b, field.name)) for field in fields(a))
    return [name for name, x, y in pairs if x.tobytes() != y.tobytes()]


def check(assembly: Assembly, library: inner.Inner | None) -> None:
    """Refuse to compare engines that do not play the same crises."""
    days = path_days(assembly)
    one = play_ensemble(assembly, 5_000, 1, threads=1, paths=True)
    faults = differing(one, play_ensemble(assembly, 5_000, 1, paths=True))
    if library is not None:
        faults += differing(one, library.play_ensemble(assembly, 5_000, 1, paths=days))
    if faults:
        raise SystemExit(f"engines differ in {', '.join(faults)}")


def compare(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Measure all engines side by side."""
    assembly = assemble(scenario)
    library = inner.build() if inner.compiler() else None
    say("compiling, unless that is on disk already; then checking that all play the same crises")
    check(assembly, library)
    engines: dict[str, measuring.Engine] = {
        PLAIN: partial(plain, plain_setting.Setting(scenario)),
        FACE: partial(face, scenario),
        ONE: partial(ensemble, assembly, 1),
        ALL: partial(ensemble, assembly, cores()),
    }
    if library is not None:
        engines[C] = partial(in_c, library, assembly)
    samples = measuring.interleave(engines, plan.sizes, plan.rounds, say)
    rows = {
        name: {
            "crises_per_second": sample.rate("crises"),
            "decisions_per_second": sample.rate("decisions"),
            "in_the_best_round": sample.best("decisions"),
            "processor_us_per_decision": sample.cost,
            "times_plain_mesa": measuring.faster(sample, samples[PLAIN]),
            "the_same_by_processor_time": measuring.cheaper(sample, samples[PLAIN]),
        }
        for name, sample in samples.items()
    }
    result: dict[str, Any] = {"engines": rows, "threads": cores()}
    if library is not None:
        result["c_over_ensemble"] = measuring.cheaper(samples[C], samples[ONE])
        result["compiler"] = library.compiler
    result["all_over_one"] = measuring.faster(samples[ALL], samples[ONE])
    return result


def growth(scenarios: dict[str, Scenario], crises: int, rounds: int) -> dict[str, Any]:
    """Measure the ensemble on one thread for several scenarios, interleaved."""
    engines = {name: partial(ensemble, assemble(one), 1) for name, one in scenarios.items()}
    samples = measuring.interleave(engines, dict.fromkeys(engines, crises), rounds, say)
    return {
        name: {
            "crises_per_second": sample.rate("crises"),
            "decisions_per_crisis": sample.decisions[0] / sample.crises[0],
            "processor_us_per_decision": sample.cost,
        }
        for name, sample in samples.items()
    }


def grow(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Measure the growth with replicates, threads, horizon and actors."""
    assembly = assemble(scenario)
    counts: dict[str, measuring.Engine] = {
        str(n): partial(ensemble, assembly, cores()) for n in plan.replicates
    }
    sizes = {str(n): n for n in plan.replicates}
    replicates = measuring.interleave(counts, sizes, min(plan.rounds, 3), say)
    threads: dict[str, measuring.Engine] = {
        str(n): partial(ensemble, assembly, n) for n in range(1, cores() + 1)
    }
    spread = measuring.interleave(
        threads, dict.fromkeys(threads, plan.sizes[ALL]), plan.rounds, say
    )
    # Eighty dead keep a crisis going, so that a longer horizon is a longer history.
    lasting = load("eighty-dead")
    horizons = {f"{days:g}": lasting.with_("horizon_days", days) for days in plan.horizons}
    with tempfile.TemporaryDirectory() as folder:
        sized = {}
        for n in plan.actors:
            room = Path(folder) / str(n)
            room.mkdir()
            sized[str(n)] = synthetic.write(room, n)
    return {
        "replicates": {
            name: {
                "seconds": float(np.median(s.seconds)),
                "crises_per_second": s.rate("crises"),
                "processor_us_per_decision": s.cost,
            }
            for name, s in replicates.items()
        },
        "threads": {
            name: {
                "crises_per_second": s.rate("crises"),
                "in_the_best_round": s.best("crises"),
                "processor_us_per_decision": s.cost,
                "times_one": measuring.faster(s, spread["1"]),
            }
            for name, s in spread.items()
        },
        "horizon_days": growth(horizons, plan.growing, plan.rounds),
        "actors": growth(sized, plan.growing // 4, plan.rounds),
    }


def table(rows: dict[str, dict[str, float]], first: str) -> str:
    """Lay rows out in columns, in Markdown."""
    heads = [first, *(key.replace("_", " ") for key in next(iter(rows.values())))]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for name, row in rows.items():
        lines.append([name, *(f"{v:,.0f}" if v >= 100 else f"{v:.3g}" for v in row.values())])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def report(result: dict[str, Any]) -> str:
    """Write the whole result as text."""
    speed = result["speed"]
    parts = ["; ".join(f"{key} {value}" for key, value in result["machine"].items())]
    parts.append(table(speed["engines"], f"{speed['threads']} threads"))
    if "c_over_ensemble" in speed:
        parts.append(
            f"The ensemble takes {speed['c_over_ensemble']:.2f} times the processor time of C."
        )
    parts.append(f"All threads are {speed['all_over_one']:.2f} times as fast as one.")
    parts.append(table(result["memory_mb"], "memory, MB"))
    if "start_seconds" in result:
        text = ", ".join(f"{key} {value:.1f} s" for key, value in result["start_seconds"].items())
        parts.append(f"Start to a thousand replicates: {text}.")
    parts += [table(rows, name.replace("_", " ")) for name, rows in result["growth"].items()]
    return "\n\n".join(parts)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="rougher, in a minute or two")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--scenario", default="after-the-strike", help="what to play")
    options = parser.parse_args()
    plan = QUICK if options.quick else FULL
    scenario = load(options.scenario)
    result: dict[str, Any] = {"machine": measuring.machine(), "scenario": options.scenario}
    result["speed"] = compare(scenario, plan)
    say("memory, in processes of their own")
    result["memory_mb"] = {
        name: measuring.memory(options.scenario, plan.million, paths)
        for name, paths in (("daily paths", True), ("no paths", False))
    }
    if not options.quick:
        say("starts, cold and warm")
        result["start_seconds"] = measuring.starts(options.scenario)
    result["growth"] = grow(scenario, plan)
    print(json.dumps(result, indent=1) if options.json else report(result))


if __name__ == "__main__":
    main()
