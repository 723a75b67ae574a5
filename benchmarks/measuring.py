"""Measuring on a machine that others use too: interleaved rounds, and peaks in fresh processes."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Peak of resident memory in MB, read by a process of itself.  On Linux getrusage would report the
# peak of the process that started it where that is higher.
_PEAK = """
import json, resource, sys
try:
    with open("/proc/self/status") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 2**10
except OSError:
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(json.dumps({"peak": peak, "columns": columns}))
"""
_PLAY = """
import sys
import sim
from sim.engines.assemble import assemble
from sim.engines.ensemble import play_ensemble
scenario, replicates, paths = sys.argv[1:]
out = play_ensemble(assemble(sim.load(scenario)), int(replicates), 1, paths=paths == "paths")
columns = out.nbytes / 2**20
"""


@dataclass
class Samples:
    """What one engine did in each round.

    Attributes
    ----------
    crises, decisions : list of int
    seconds, processor : list of float
        On the clock, and of all processors together.
    """

    crises: list[int] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def rates(self, what: str) -> list[float]:
        """Return crises or decisions per second, by round."""
        pairs = zip(getattr(self, what), self.seconds, strict=True)
        return [count / seconds for count, seconds in pairs]

    def rate(self, what: str) -> float:
        """Return the median of `rates`."""
        return statistics.median(self.rates(what))

    def best(self, what: str) -> float:
        """Return the highest of `rates`: nearest to what an idle machine would do."""
        return max(self.rates(what))

    def costs(self) -> list[float]:
        """Return microseconds of processor time per decision, by round."""
        pairs = zip(self.processor, self.decisions, strict=True)
        return [1e6 * seconds / count for seconds, count in pairs]

    @property
    def cost(self) -> float:
        """Median of `costs`."""
        return statistics.median(self.costs())


_SWEEP = """
import sys, tempfile
import sim
with tempfile.TemporaryDirectory() as place:
    sim.sweep(sys.argv[1], {"strike.dead": [0]}, replicates=int(sys.argv[2]), out=f"{place}/study")
"""

Engine = Callable[[int], int]


def interleave(
    engines: Mapping[str, Engine], sizes: Mapping[str, int], rounds: int, say: Callable[[str], None]
) -> dict[str, Samples]:
    """Let every engine play its number of crises in every round, one after the other.

    Parameters
    ----------
    engines : mapping of name to callable
        Plays so many crises and returns how many decisions were taken.
    sizes : mapping of name to int
        Crises a round.
    """
    samples = {name: Samples() for name in engines}
    for turn in range(rounds):
        for name, engine in engines.items():
            say(f"round {turn + 1} of {rounds}: {name}, {sizes[name]} crises")
            clock, processor = time.perf_counter(), time.process_time()
            decisions = engine(sizes[name])
            sample = samples[name]
            sample.seconds.append(time.perf_counter() - clock)
            sample.processor.append(time.process_time() - processor)
            sample.crises.append(sizes[name])
            sample.decisions.append(decisions)
    return samples


def faster(ours: Samples, theirs: Samples) -> float:
    """Return how many times as fast `ours` is on the clock: the median over rounds."""
    pairs = zip(ours.rates("decisions"), theirs.rates("decisions"), strict=True)
    return statistics.median(a / b for a, b in pairs)


def cheaper(ours: Samples, theirs: Samples) -> float:
    """Return how many times less processor time `ours` takes: the median over rounds.

    Less shaken by what else the machine does than `faster`, and the same for one thread.
    """
    return statistics.median(b / a for a, b in zip(ours.costs(), theirs.costs(), strict=True))


def _child(code: str, *arguments: str, **environment: str) -> tuple[dict[str, float], float]:
    """Run code in a fresh interpreter; return what it prints, and the seconds that it took."""
    clock = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"columns = 0.0\n{code}\n{_PEAK}", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    return json.loads(done.stdout), time.perf_counter() - clock


def memory(scenario: str, replicates: int, paths: bool) -> dict[str, float]:
    """Measure the peak memory of an ensemble above a bare interpreter's, in MB.

    Returns
    -------
    dict
        ``above`` the bare interpreter; ``imports``, what playing one replicate takes above it;
        ``columns``, the outcomes themselves.
    """
    bare, _ = _child("")
    word = "paths" if paths else "none"
    least, _ = _child(_PLAY, scenario, "1", word)
    most, _ = _child(_PLAY, scenario, str(replicates), word)
    return {
        "replicates": replicates,
        "above": most["peak"] - bare["peak"],
        "imports": least["peak"] - bare["peak"],
        "columns": most["columns"],
    }


def sweep_memory(scenario: str, replicates: int) -> float:
    """Measure the peak memory of a sweep above a bare interpreter's, in MB."""
    bare, _ = _child("")
    most, _ = _child(_SWEEP, scenario, str(replicates))
    return most["peak"] - bare["peak"]


def starts(scenario: str) -> dict[str, float]:
    """Measure seconds from starting the interpreter to a thousand replicates: cold, then warm."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = (_PLAY, scenario, "1000", "none")
        _, cold = _child(*arguments, NUMBA_CACHE_DIR=folder)
        _, warm = _child(*arguments, NUMBA_CACHE_DIR=folder)
    return {"cold": cold, "warm": warm}


def machine() -> dict[str, str]:
    """Say what the measurements were made on; no names."""
    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return {
        "processor": processor,
        "cores": str(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        ),
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "system": platform.system(),
        "Python": platform.python_version(),
        **{name: version(name) for name in ("numba", "numpy", "mesa")},
    }
