"""What lies on disk is what the ensemble and the model play, and can be asked for."""

import gc
import json
import threading
import warnings
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest

import sim
from sim.analysis.outcomes import Counted
from sim.errors import InputError
from sim.studies import begin_sweep, choose_executor, finish_sweep, read_experiment

FACTORS = {
    "killed": {"name": "killed", "path": "raid.dead", "levels": [0, 40]},
    "tempo": {"name": "tempo", "paths": ["tempo.north", "tempo.south"], "levels": [0.5, 1, 4.0]},
}
OUTCOMES = ("open_war", "settlement", "days", "dead", "north_first_force", "south_force_7d")


@pytest.fixture(scope="module")
def studies(make, tmp_path_factory) -> dict[str, sim.Study]:
    """The same experiment with common streams and with independent ones."""
    folder = tmp_path_factory.mktemp("studies")
    return {
        streams: sim.sweep(
            make(FACTORS, streams=streams, replicates=60, seed=5, outcomes=OUTCOMES),
            out=folder / streams,
        )
        for streams in ("common", "independent")
    }


def outcomes(study) -> pd.DataFrame:
    return study.dataset().to_table().to_pandas().set_index(["point", "replicate"]).sort_index()


@pytest.mark.parametrize("streams", ["common", "independent"])
def test_every_outcome_is_the_ensemble_s_to_the_bit(studies, streams):
    study = studies[streams]
    stored = outcomes(study)
    assert len(stored) == 6 * 60
    for point in range(6):
        first = 0 if streams == "common" else point * 60
        played = sim.ensemble(study.scenario(point), first + 60, seed=5)
        counted = Counted(played.outcomes, played.assembly.actors)
        for name in OUTCOMES:
            expected = counted.values(name)[first:]
            found = stored.loc[point, name].to_numpy()
            assert found.astype(expected.dtype).tobytes() == expected.tobytes()


@pytest.mark.parametrize("streams", ["common", "independent"])
def test_any_history_is_told_in_full(studies, streams):
    study = studies[streams]
    stored = outcomes(study)
    for point, replicate in ((0, 0), (3, 17), (5, 59)):
        history = study.history(point, replicate)
        row = stored.loc[(point, replicate)]
        assert row["days"] == history.days
        assert row["open_war"] == (history.end == "open_war")
        assert row["dead"] == sum(history.dead.values())


def test_common_streams_share_their_luck_and_independent_ones_none(studies, make):
    same = {"same": {"name": "same", "path": "raid.claimed", "levels": [0, 1]}}
    for streams, alike in (("common", True), ("independent", False)):
        kept = ["moves", "days", "dead", "north_first_force", "south_first_force"]
        study = sim.sweep(make(same, streams=streams, replicates=40, outcomes=kept))
        stored = outcomes(study)
        # Nothing hears the claim: every history is the very same, or chance alone makes it so.
        share = np.mean((stored.loc[0] == stored.loc[1]).all(axis=1))
        assert share == 1.0 if alike else share < 0.9


def test_the_summary_is_that_of_the_outcomes(studies):
    study = studies["common"]
    stored = outcomes(study)
    for name, kind in (("open_war", "share"), ("days", "mean"), ("dead", "mean")):
        table = study.table(name)
        assert list(table.index) == list(range(6))
        for point in range(6):
            values = stored.loc[point, name].to_numpy(float)
            assert table.loc[point, "estimate"] == pytest.approx(values.mean(), rel=1e-12)
            assert table.loc[point, "n"] == 60
            spread = values.std(ddof=kind == "mean")
            assert table.loc[point, "se"] == pytest.approx(spread / 60**0.5)


def test_the_table_has_the_factors_beside_what_was_found(studies):
    study = studies["common"]
    table = study.table()
    assert study.names == ["killed", "tempo"]
    assert list(table.columns) == ["killed", "tempo", "estimate", "low", "high", "n", "se"]
    assert list(table["killed"]) == [0, 0, 0, 40, 40, 40]
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_the_scenario_of_a_point_has_its_values(studies, raid):
    study = studies["common"]
    assert study.scenario_as_run == raid
    assert study.scenario(5) == raid.with_(
        {"raid.dead": 40, "tempo.north": 4.0, "tempo.south": 4.0}
    )
    with pytest.raises(InputError, match="no design point 6; allowed: 0 to 5"):
        study.scenario(6)
    with pytest.raises(InputError, match="no replicate 60; allowed: 0 to 59"):
        study.history(0, 60)


def test_whole_numbers_beside_fractions_stay_whole(make):
    date = datetime(2001, 3, 1, 21)
    factors = {"war.major_strikes": [2, 3], "tempo.north": [0.25], "raid.date": [date]}
    study = sim.sweep(make(factors, replicates=2))
    assert dict(study.scenario(1).overrides) == {
        "war.major_strikes": 3,
        "tempo.north": 0.25,
        "raid.date": date,
    }


def test_pairs_are_far_closer_than_their_ends(studies):
    study = studies["common"]
    found = study.compare(0, 3, "dead")
    stored = outcomes(study)["dead"]
    assert found.estimate.mean == pytest.approx(
        (stored.loc[3].to_numpy() - stored.loc[0].to_numpy()).mean()
    )
    refused = {
        "independent streams": lambda: studies["independent"].compare(0, 3),
        "medians do not pair": lambda: study.compare(0, 3, "north_first_force"),
        "no design point 9": lambda: study.compare(0, 9),
        "did you mean 'open_war'": lambda: study.compare(0, 3, "open_wra"),
    }
    single = sim.sweep("after-the-strike", {"strike.dead": [0, 5]}, replicates=1)
    refused["points 0 and 1 have a single replicate in common"] = lambda: single.compare(0, 1)
    for told, call in refused.items():
        with pytest.raises(InputError, match=told):
            call()


def test_a_grid_has_a_dimension_a_factor(studies):
    study = studies["common"]
    grid = study.to_xarray()
    assert dict(grid.sizes) == {"killed": 2, "tempo": 3}
    for point, row in study.table("open_war").iterrows():
        cell = grid.sel(killed=row["killed"], tempo=row["tempo"])
        assert float(cell["open_war"]) == row["estimate"], point
        assert float(cell["open_war_low"]) == row["low"]
        assert float(cell["open_war_high"]) == row["high"]


def test_a_grid_of_words_and_numbers_keeps_its_order(make):
    factors = {
        "raid.move": ["major_strike", "limited_strike"],
        "statements.south-calm.strength": [3.0, "weak"],
    }
    study = sim.sweep(make(factors, replicates=4))
    grid = study.to_xarray()
    assert list(grid["raid.move"].values) == ["major_strike", "limited_strike"]
    assert list(grid["statements.south-calm.strength"].values) == [3.0, "weak"]
    dead = study.table("dead")["estimate"].to_numpy().reshape(2, 2)
    np.testing.assert_array_equal(grid["dead"].values, dead)


def test_no_grid_is_no_grid(make):
    spread = {"distribution": "uniform", "low": 0.5, "high": 2.0}
    study = sim.sweep(make({"tempo.north": spread}, design="sobol", points=4, replicates=2))
    assert not study.gridded
    with pytest.raises(InputError, match="a sobol design is no grid"):
        study.to_xarray()


def test_pandas_duckdb_and_polars_read_it_in_a_line(studies):
    study = studies["common"]
    files, folder = f"{study.folder}/outcomes/*.parquet", study.folder / "outcomes"
    one = pd.read_parquet(folder).groupby("point")["open_war"].mean()
    two = duckdb.sql(f"select point, avg(open_war::int) p from '{files}' group by point").df()
    three = polars.scan_parquet(files).group_by("point").mean().sort("point").collect()
    expected = study.table("open_war")["estimate"].to_numpy()
    np.testing.assert_allclose(one.to_numpy(), expected)
    np.testing.assert_allclose(two.sort_values("point")["p"].to_numpy(), expected)
    np.testing.assert_allclose(three["open_war"].to_numpy(), expected)
    for name in ("summary.parquet", "design.parquet"):
        place = study.folder / name
        assert len(pd.read_parquet(place)) == len(polars.read_parquet(place))
        assert len(duckdb.sql(f"from '{place}'").df()) == len(pd.read_parquet(place))


def test_columns_have_their_types(studies):
    types = studies["common"].dataset().schema
    found = {name: str(types.field(name).type) for name in types.names}
    assert found == {
        "point": "int32",
        "replicate": "int64",
        "open_war": "bool",
        "settlement": "bool",
        "days": "double",
        "dead": "int32",
        "north_first_force": "double",
        "south_force_7d": "bool",
    }


def test_the_manifest_says_what_was_done(studies):
    manifest = json.loads((studies["common"].folder / "manifest.json").read_text())
    inputs = manifest["inputs"]
    assert manifest["status"] == "complete"
    assert manifest["failures"] == []
    assert (manifest["points"], manifest["replicates"]) == (6, 360)
    assert manifest["targets"] == [["raid.dead"], ["tempo.north", "tempo.south"]]
    assert (inputs["scenario"], inputs["seed"], inputs["streams"]) == ("raid", 5, "common")
    assert inputs["factors"][1]["levels"] == [0.5, 1, 4.0]
    assert inputs["outcomes"] == list(OUTCOMES)
    assert {"content of the scenario", "design points", "code of the kernel"} <= set(inputs)
    assert "complete" in repr(studies["common"])


def test_a_longer_horizon_at_some_point_keeps_its_medians(make):
    study = sim.sweep(
        make({"horizon_days": [5.0, 200.0]}, replicates=200, outcomes=["north_first_force"])
    )
    first = outcomes(study)["north_first_force"].loc[1]
    came = first[np.isfinite(first)]
    assert came.max() > 30  # later than the scenario's own horizon
    found = study.table("north_first_force").loc[1]
    assert abs(found["estimate"] - came.median()) <= 200.0 / 512
    assert study.manifest["horizon_days"] == 200.0


@pytest.fixture(scope="module")
def short(make, raid):
    """Make an experiment whose histories are over soon."""
    scenario = raid.with_("horizon_days", 1.0)
    return lambda replicates: make(FACTORS, scenario=scenario, replicates=replicates)


def test_progress_is_exact_and_in_the_caller_s_thread(short):
    heard = []

    def progress(played, asked):
        assert threading.current_thread() is threading.main_thread()
        heard.append((played, asked))

    sim.sweep(short(5_000), workers=4, progress=progress)
    assert heard[0] == (0, 30_000)
    assert heard[-1] == (30_000, 30_000)
    assert [played for played, _ in heard] == sorted(played for played, _ in heard)
    assert {asked for _, asked in heard} == {30_000}


def test_progress_that_fails_stops_the_sweep_and_loses_nothing(short, tmp_path):
    def fails(played, asked):
        if played:
            raise BrokenPipeError("nobody listens")

    experiment = short(2_000)
    with pytest.raises(BrokenPipeError):
        sim.sweep(experiment, out=tmp_path / "study", progress=fails)
    study = sim.study(tmp_path / "study")
    assert (study.status, study.manifest["failures"]) == ("interrupted", [])
    done = sim.sweep(experiment, out=tmp_path / "study", resume=True)
    assert done.status == "complete"


def test_of_an_interrupted_study_what_is_there_is_summarised(short, tmp_path):
    class Enough(Exception):
        pass

    def until(played, asked):
        if played >= asked / 2:
            raise Enough

    experiment = short(6_000)
    with pytest.raises(Enough):
        sim.sweep(experiment, out=tmp_path / "study", workers=1, progress=until)
    study = sim.study(tmp_path / "study")
    stored = outcomes(study)
    assert 0 < len(stored) < 36_000
    table = study.table("days")
    assert table["n"].sum() == len(stored)
    for point, row in table.iterrows():
        if row["n"]:
            assert row["estimate"] == pytest.approx(stored.loc[point, "days"].mean())
    whole = sim.sweep(experiment, out=tmp_path / "study", resume=True)
    again = sim.study(tmp_path / "study")
    again.manifest["status"] = "interrupted"  # as if it were: counted anew from the parts
    pd.testing.assert_frame_equal(again.summary, whole.summary)


def test_a_study_without_a_folder_goes_when_it_goes(make):
    study = sim.sweep(make(FACTORS, replicates=2))
    folder = study.folder
    assert folder.is_dir()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del study
        gc.collect()
    assert not folder.exists()
    assert not folder.parent.exists()


def test_what_python_gives_is_what_is_done(raid):
    study = sim.sweep(
        raid,
        {"raid.dead": np.array([0, 9])},
        replicates=3,
        seed=8,
        streams="independent",
        outcomes=["days"],
    )
    inputs = study.manifest["inputs"]
    assert (inputs["seed"], inputs["streams"], inputs["outcomes"]) == (8, "independent", ["days"])
    assert study.design["raid.dead"].tolist() == [0, 9]


def test_what_python_gives_stands_in_place_of_the_file_s():
    study = sim.sweep("us-dead", replicates=2, seed=9, outcomes=["days"], streams="independent")
    inputs = study.manifest["inputs"]
    assert (inputs["seed"], inputs["outcomes"]) == (9, ["days"])
    assert (inputs["streams"], inputs["replicates"]) == ("independent", 2)
    assert len(study.design) == 13


def test_elicited_needs_no_factors(raid):
    study = sim.sweep(raid, design="elicited", points=4, replicates=2)
    assert len(study.design) == 4
    assert all(name.startswith("rules.") for name in study.names)


def test_the_name_of_a_scenario_is_swept_as_the_scenario():
    study = sim.sweep("after-the-strike", design="elicited", points=2, replicates=2)
    assert study.manifest["inputs"]["scenario"] == "after-the-strike"
    assert len(study.design) == 2


@pytest.mark.parametrize(
    "design, streams",
    [
        ({}, "common"),
        ({"design": "one-at-a-time"}, "common"),
        ({"design": "latin-hypercube", "points": 2}, "independent"),
        ({"design": "saltelli", "points": 2}, "independent"),
        ({"design": "sobol", "points": 2, "streams": "common"}, "common"),
    ],
)
def test_drawn_points_share_no_luck_unless_asked(raid, design, streams):
    study = sim.sweep(raid, {"raid.dead": [0, 9]}, replicates=2, **design)
    assert study.manifest["inputs"]["streams"] == streams


@pytest.mark.parametrize("second_order, points", [(None, 16), (False, 16), (True, 24)])
def test_second_order_indices_need_more_points(raid, second_order, points):
    study = sim.sweep(
        raid,
        {"raid.dead": [0, 9], "tempo.north": [0.5, 2.0]},
        **{"design": "saltelli", "points": 4, "second_order": second_order, "replicates": 1},
    )
    assert len(study.design) == points
    assert study.manifest["inputs"]["second_order"] is bool(second_order)


@pytest.mark.parametrize(
    "arguments, line",
    [
        (("raid",), "factors: a scenario is swept over factors"),
        (("after-the-strike",), "factors: a scenario is swept over factors"),
        (("experiment", {"raid.dead": [1]}), "factors: an experiment has its own"),
    ],
)
def test_an_experiment_and_a_scenario_are_told_apart(make, raid, arguments, line):
    given = {"raid": raid, "experiment": make(FACTORS)}
    with pytest.raises(InputError) as caught:
        sim.sweep(given.get(arguments[0], arguments[0]), *arguments[1:])
    assert str(caught.value) == line


@pytest.mark.parametrize(
    "how, line",
    [
        ({"executor": "dsak"}, "did you mean 'dask'"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "goes with the executor dask"),
        ({"workers": 0}, "0 is out of range; allowed: 1 to 1024"),
        (
            {"executor": "dask", "scheduler": "tcp://127.0.0.1:1", "workers": 2},
            "workers: has the scheduler's workers",
        ),
    ],
)
def test_who_plays_is_checked_before_anything_is_written(make, tmp_path, how, line):
    with pytest.raises(InputError, match=line):
        sim.sweep(make(FACTORS), out=tmp_path / "study", **how)
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize(
    "name", ["us-dead", "resolve-by-restraint", "concluded", "iran-tempo", "constants"]
)
def test_the_bundled_experiments_sweep(name, tmp_path):
    begun = begin_sweep(read_experiment(name).with_(replicates=2), tmp_path / name)
    study = finish_sweep(begun, choose_executor())
    assert study.status == "complete"
    assert (study.summary["n"] > 0).any()


def test_a_folder_that_holds_no_study(tmp_path):
    for content, told in (
        (None, "there is no such file"),
        ("{", "is torn or foreign"),
        ("[1]", "is no manifest of a study: it is no table"),
        ('{"digest": "a"}', "is no manifest of a study: it says no inputs"),
    ):
        if content is not None:
            (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(InputError, match=told) as caught:
            sim.study(tmp_path)
        assert str(Path(tmp_path) / "manifest.json") in str(caught.value)
