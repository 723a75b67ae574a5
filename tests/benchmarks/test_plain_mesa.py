"""The plain Mesa version and the ensemble are two programs of one model: same probabilities.

Statistical: Welch's test on every measure at 1 % shared over all comparisons of the module, fixed
seeds, and a wrong number in the plain model as a control that must be noticed.
"""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats

from benchmarks.plain_mesa import PlainCrisis, play
from benchmarks.plain_setting import Setting
from sim.crisis import Scenario, bundled, load
from sim.engines.assemble import Assembly, assemble
from sim.engines.ensemble import event_rows, play_ensemble
from sim.kernel import layout as at

ACTORS = ("us", "iran", "iraq", "uk")
MEASURES = (
    "the US uses force within 7 days",
    "settlement",
    "open war",
    "day of the end",
    "protests of Iraq",
    "exchanges",
    "ln(1 + dead)",
    *(f"moves of {actor}" for actor in ACTORS),
)
COMPARISONS = len(MEASURES) * (2 + len(bundled()) + 1)
ALPHA = 0.01 / COMPARISONS


def of_plain(model: PlainCrisis) -> list[float]:
    """The measures of one history of the plain model."""
    moves = model.record.moves
    return [
        model.record.first_force.get("us", math.inf) <= 7.0,
        model.end == "settlement",
        model.end == "open_war",
        model.now,
        moves["iraq", "protest"],
        model.record.exchanges,
        math.log1p(sum(state.dead for state in model.states.values())),
        *(sum(n for (who, _), n in moves.items() if who == actor) for actor in ACTORS),
    ]


def of_ensemble(assembly: Assembly, replicates: int, seed: int) -> np.ndarray:
    """The same measures of an ensemble, shape (replicates, len(MEASURES))."""
    out = play_ensemble(assembly, replicates, seed)
    iraq, protest = assembly.actors.index("iraq"), assembly.moves.index("protest")
    counts = []
    for k in range(replicates):
        rows = event_rows(assembly, seed, k)
        moves = rows[rows[:, at.ROW_KIND] == at.MOVE]
        who = moves[:, at.ROW_ACTOR]
        protests = np.sum((who == iraq) & (moves[:, at.ROW_MOVE] == protest))
        counts.append([protests, *(np.sum(who == assembly.actors.index(a)) for a in ACTORS)])
    protests, *each = np.array(counts).T
    return np.column_stack(
        [
            out.first_force[:, assembly.actors.index("us")] <= 7.0,
            out.end == at.SETTLEMENT,
            out.end == at.WAR,
            out.day,
            protests,
            out.exchanges,
            np.log1p(out.dead.sum(axis=1)),
            *each,
        ]
    )


def differences(plain: Scenario, ensemble: Scenario, histories: int) -> Iterator[tuple[str, float]]:
    """Yield (measure, p-value) for the plain model of one scenario and the ensemble of another."""
    setting, assembly = Setting(plain), assemble(ensemble)
    a = np.array([of_plain(play(setting, seed)) for seed in range(histories)], float)
    b = of_ensemble(assembly, 4 * histories, 1)
    for measure, x, y in zip(MEASURES, a.T, b.T, strict=True):
        if x.std() == y.std() == 0.0:
            assert x[0] == y[0], measure
        else:
            yield measure, float(stats.ttest_ind(x, y, equal_var=False).pvalue)


@pytest.mark.parametrize("name, histories", [("after-the-strike", 800), ("eighty-dead", 200)])
def test_same_probabilities(name, histories):
    scenario = load(name)
    found = dict(differences(scenario, scenario, histories))
    assert len(found) >= 9
    assert {measure: p for measure, p in found.items() if p < ALPHA} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*bundled(), "injects"])
def test_same_probabilities_in_every_scenario(name):
    scenario = load("after-the-strike" if name == "injects" else name)
    if name == "injects":
        scenario = scenario.with_({f"injects.{inject.id}.on": True for inject in scenario.injects})
    found = dict(differences(scenario, scenario, 3000))
    assert len(found) >= 9
    assert {measure: p for measure, p in found.items() if p < ALPHA} == {}


@pytest.mark.parametrize("path, wrong", [("tempo.iraq", 1.2), ("repetition.brake", -3.0)])
def test_a_wrong_number_is_noticed(path, wrong):
    right = load("after-the-strike")
    found = dict(differences(right.with_(path, wrong), right, 400))
    assert min(found.values()) < ALPHA
