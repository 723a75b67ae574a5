"""Which design points there are, and in what order."""

import math
from datetime import datetime

import numpy as np
import pyarrow.parquet as pq
import pytest
from SALib.sample import sobol as salib
from scipy import stats

from sim.crisis import load
from sim.crisis.experiment import Factor
from sim.crisis.experiment_reading import read_experiment
from sim.errors import InputError
from sim.experiment.design import design_points, elicited_factors
from sim.experiment.design_table import design_table, read_design, row_of
from sim.experiment.sampling import latin_hypercube, quantiles, saltelli, sobol
from sim.experiment.work import write_table

TYPES = {"raid.date": datetime, "injects.mine.on": bool, "war.major_strikes": int}
UNIFORM = {"distribution": "uniform", "low": 0.5, "high": 2.0}


def drawn(**fields) -> Factor:
    return Factor(path="a", **fields)


def test_a_factorial_design_varies_the_last_factor_fastest(make):
    found = design_points(make({"raid.dead": [0, 5, 80], "tempo.north": [1.0, 2.0]}))
    assert found.names == ("raid.dead", "tempo.north")
    assert found.rows == ((0, 1.0), (0, 2.0), (5, 1.0), (5, 2.0), (80, 1.0), (80, 2.0))
    assert found.values(3) == {"raid.dead": 5, "tempo.north": 2.0}


def test_one_at_a_time_starts_from_the_scenario_as_it_is(make, raid):
    base = (raid.parameter("raid.dead"), raid.parameter("tempo.north"))
    factors = {"raid.dead": [0, base[0], 80], "tempo.north": UNIFORM}
    found = design_points(make(factors, design="one-at-a-time"))
    assert found.rows[0] == base
    assert found.rows[1:3] == ((0, base[1]), (80, base[1]))
    # A distribution stands with its 5 % and 95 % quantiles.
    assert [row[0] for row in found.rows[3:]] == [base[0]] * 2
    assert [row[1] for row in found.rows[3:]] == pytest.approx([0.575, 1.925])


def test_paths_of_one_factor_move_together(make):
    factor = {"name": "both", "paths": ["tempo.north", "tempo.south"], "levels": [0.5, 2.0]}
    found = design_points(make({"both": factor}))
    assert found.names == ("both",)
    assert found.values(1) == {"tempo.north": 2.0, "tempo.south": 2.0}


def test_a_latin_hypercube_has_a_point_in_every_stratum():
    points = latin_hypercube(50, 4, 7)
    strata = np.sort(np.floor(points * 50), axis=0)
    assert (strata == np.arange(50)[:, None]).all()
    control = np.sort(np.floor(np.random.default_rng(7).random((50, 4)) * 50), axis=0)
    assert not (control == np.arange(50)[:, None]).all()


def test_a_sobol_design_has_a_point_in_every_elementary_box():
    points = sobol(64, 3, 7)
    for k in range(3):
        assert sorted(np.floor(points[:, k] * 64)) == list(range(64))
    boxes = np.floor(points[:, :2] * 8) @ [8, 1]
    assert sorted(boxes) == list(range(64))


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2026])
def test_saltelli_s_rows_are_salib_s(second_order, seed):
    problem = {"num_vars": 5, "names": list("abcde"), "bounds": [[0.0, 1.0]] * 5}
    theirs = salib.sample(
        problem, 16, calc_second_order=second_order, seed=np.random.default_rng(seed)
    )
    ours = saltelli(16, 5, second_order, seed)
    assert ours.shape == (16 * (12 if second_order else 7), 5)
    np.testing.assert_array_equal(ours, theirs)
    assert (saltelli(16, 5, second_order, seed + 1) != theirs).any()


@pytest.mark.parametrize("design", ["sobol", "saltelli", "latin-hypercube", "elicited"])
def test_a_seed_is_a_design(make, design):
    def rows(seed):
        fields = {"design": design, "points": 8, "seed": seed}
        return design_points(make({"tempo.north": UNIFORM}, **fields)).rows

    assert rows(3) == rows(3)
    assert rows(3) != rows(4)
    assert rows(0) != rows(1)


def test_saltelli_s_design_has_its_blocks(make):
    factors = {"tempo.north": UNIFORM, "tempo.south": UNIFORM, "raid.dead": [0, 80]}
    small = design_points(make(factors, design="saltelli", points=4))
    large = design_points(make(factors, design="saltelli", points=4, second_order=True))
    assert len(small) == 4 * 5
    assert len(large) == 4 * 8


@pytest.mark.parametrize(
    "factor, theory",
    [
        (drawn(distribution="uniform", low=-1, high=3), stats.uniform(-1, 4)),
        (drawn(distribution="log-uniform", low=0.1, high=10), stats.loguniform(0.1, 10)),
        (drawn(distribution="normal", mean=2, sd=0.5), stats.norm(2, 0.5)),
        (drawn(distribution="normal", mean=0, sd=1, low=0), stats.halfnorm()),
        (drawn(distribution="triangular", low=0, mode=1, high=4), stats.triang(0.25, 0, 4)),
    ],
)
def test_quantiles_are_those_of_the_distribution(factor, theory):
    u = np.linspace(0.01, 0.99, 99)
    np.testing.assert_allclose(theory.cdf(quantiles(factor, u)), u, atol=1e-9)


def test_quantiles_of_whole_numbers_and_levels_are_equally_probable():
    u = (np.arange(1200) + 0.5) / 1200
    dice = quantiles(drawn(distribution="integer", low=1, high=6), u)
    assert [dice.count(face) for face in range(1, 7)] == [200] * 6
    assert {type(face) for face in dice} == {int}
    words = quantiles(drawn(levels=("a", "b", "c")), u)
    assert [words.count(word) for word in "abc"] == [400] * 3
    assert quantiles(drawn(levels=("a", "b")), np.array([0.0, 1.0])) == ["a", "b"]
    assert quantiles(drawn(distribution="integer", low=1, high=6), np.array([0.0, 1.0])) == [1, 6]


def test_elicited_weights_have_the_stated_moments_and_nothing_in_common():
    experiment = read_experiment("elicited")
    factors = elicited_factors(experiment)
    weights = {
        f"rules.{rule.id}.moves.{move}": (weight, rule.sd)
        for rule in experiment.scenario.crisis.rules
        for move, weight in rule.moves.items()
    }
    assert {factor.path: (factor.mean, factor.sd) for factor in factors} == weights
    rows = np.array(design_points(experiment).rows)
    n = len(rows)
    assert rows.shape == (experiment.file.points, len(weights))
    scores = (rows - [f.mean for f in factors]) / [f.sd for f in factors]
    # Within the bounds of chance, with an error rate of 1e-6 for all means, spreads and pairs.
    pairs = np.triu_indices(scores.shape[1], 1)
    z = stats.norm.ppf(1 - 1e-6 / 2 / (2 * scores.shape[1] + len(pairs[0])))
    assert np.abs(scores.mean(axis=0)).max() < z / math.sqrt(n)
    assert np.abs(scores.std(axis=0) - 1).max() < z / math.sqrt(2 * n)
    assert np.abs(np.corrcoef(scores, rowvar=False)[pairs]).max() < z / math.sqrt(n)
    # The control: a Sobol sequence of so many dimensions leaves some of them correlated.
    even = stats.norm.ppf(sobol(n, scores.shape[1], experiment.file.seed))
    assert np.abs(np.corrcoef(even, rowvar=False)[pairs]).max() > z / math.sqrt(n)


def test_elicited_leaves_what_a_factor_has_taken(make, raid):
    rule = raid.crisis.rules[0]
    path = f"rules.{rule.id}.moves.{next(iter(rule.moves))}"
    found = design_points(make({path: [0.0, 1.0]}, design="elicited", points=8))
    assert found.names.count(path) == 1
    assert set(found.column(found.names.index(path))) == {0.0, 1.0}
    assert len(found.names) == sum(len(rule.moves) for rule in raid.crisis.rules)


def test_a_table_is_read_as_toml_reads_values(tmp_path, monkeypatch, make, raid):
    path = tmp_path / "points.csv"
    path.write_text(
        "killed,raid.date,tempo.north,raid.move\n"
        "0,2001-03-01T20:00:00,1.5,limited_strike\n"
        "\n"
        '3,2001-03-01T21:00:00,2,"major_strike"\n',
        encoding="utf-8-sig",
    )
    monkeypatch.chdir(tmp_path)
    factor = {"name": "killed", "path": "raid.dead"}
    found = design_points(make({"raid.dead": factor}, design="table", table="points.csv"))
    assert found.names == ("killed", "raid.date", "tempo.north", "raid.move")
    assert found.targets[0] == ("raid.dead",)
    assert found.rows == (
        (0, datetime(2001, 3, 1, 20), 1.5, "limited_strike"),
        (3, datetime(2001, 3, 1, 21), 2, "major_strike"),
    )


@pytest.mark.parametrize(
    "header, told",
    [
        ("killed,raid.dead", "raid.dead: is varied twice, by the columns 'killed' and 'raid.dead'"),
        ("killed,tempo.north", "tempo.north: is set, and varied by the column 'tempo.north'"),
    ],
)
def test_a_column_that_would_hide_another_value_is_refused(
    tmp_path, monkeypatch, make, header, told
):
    (tmp_path / "points.csv").write_text(f"{header}\n0,1\n3,2\n")
    monkeypatch.chdir(tmp_path)
    factor = {"name": "killed", "path": "raid.dead"}
    found = make({"raid.dead": factor}, design="table", table="points.csv")
    with pytest.raises(InputError) as caught:
        design_points(found.changed({"tempo.north": 1.5}))
    assert str(caught.value) == f"{tmp_path / 'points.csv'}: {told}"
    # Beside what is set elsewhere, a table of the same values stands.
    (tmp_path / "points.csv").write_text("killed,tempo.south\n0,1\n3,2\n")
    assert len(design_points(found.changed({"tempo.north": 1.5}))) == 2


def test_every_level_of_many_factors_is_tried(make):
    scenario = load("after-the-strike")
    paths = [p for p in scenario.paths() if p.startswith("rules.") and ".moves." in p][:30]
    many = {path: [0.0, 5000.0, 1.0] if n == 3 else [0.0, 1.0] for n, path in enumerate(paths)}
    with pytest.raises(InputError, match=rf"^raids: factor '{paths[3]}': .*5000.0 is too large"):
        design_points(make(many, scenario=scenario, design="one-at-a-time"))


def test_numbers_of_numpy_are_numbers(make):
    array = design_points(make({"raid.dead": np.array([0, 3])}))
    listed = design_points(make({"raid.dead": list(np.array([0, 3]))}))
    assert array.rows == listed.rows == ((0,), (3,))
    assert {type(value) for row in listed.rows for value in row} == {int}


def test_values_come_back_from_the_table_as_they_were(make, tmp_path):
    date = datetime(2001, 3, 1, 20)
    factors = {
        "raid.claimed": [3],
        "raid.dead": [0, 2],
        "raid.date": [date],
        "injects.mine.on": [True, False],
        "injects.envoy.rate": [1, 0.25],
        "statements.south-calm.strength": ["weak", 3.5],
        "raid.move": ["limited_strike", "major_strike"],
        "war.major_strikes": [2, 3],
    }
    found = design_points(make(factors))
    place = tmp_path / "design.parquet"
    place.write_bytes(write_table(design_table(found)))
    frame = read_design(pq.read_table(place))
    assert tuple(frame.columns) == found.names
    assert list(frame.index) == list(range(len(found)))
    for point in range(len(found)):
        back = tuple(row_of(frame, point))
        assert back == found.rows[point]
        for name, value in zip(found.names, back, strict=True):
            assert type(value) is TYPES.get(name, type(value))


def test_a_value_beside_none_comes_back_too(make, tmp_path):
    found = design_points(make({"raid.claimed": [3]}, design="one-at-a-time"))
    assert found.rows == ((None,), (3,))
    place = tmp_path / "design.parquet"
    place.write_bytes(write_table(design_table(found)))
    frame = read_design(pq.read_table(place))
    assert [tuple(row_of(frame, point)) for point in range(2)] == [(None,), (3,)]
