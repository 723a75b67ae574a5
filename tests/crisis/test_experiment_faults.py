"""Every mistake in an experiment's file is one line: the file, the key, what may stand there."""

from pathlib import Path

import pytest

from sim.crisis import load
from sim.crisis.experiment_reading import made_experiment, read_experiment
from sim.errors import InputError
from sim.experiment.plan import plan

GOOD = """\
title = "Raids"
asks = "How many?"
scenario = "raid"
design = "factorial"
streams = "common"
replicates = 100

[[factors]]
name = "killed"
path = "raid.dead"
levels = [0, 10]
"""

FAULTS = {
    "unknown_key": (
        [("replicates =", "replicats =")],
        (
            "raids.toml: replicats: unknown key (and 1 more); allowed: title, asks, scenario,"
            " design, streams, replicates, points, second_order, table, seed, outcomes, set, "
            "... (13 in all); did you mean 'replicates'?"
        ),
    ),
    "unknown_key_of_a_factor": (
        [("levels =", "levls =")],
        (
            "raids.toml: factors[0].levls: unknown key; allowed: path, paths, name, levels, "
            "distribution, low, high, mode, mean, sd; did you mean 'levels'?"
        ),
    ),
    "unknown_design": (
        [('"factorial"', '"factorail"')],
        (
            "raids.toml: design: must be one of a few words, is 'factorail'; allowed: "
            "factorial, one-at-a-time, latin-hypercube, sobol, saltelli, table, elicited; did"
            " you mean 'factorial'?"
        ),
    ),
    "unknown_streams": (
        [('"common"', '"comon"')],
        (
            "raids.toml: streams: must be one of a few words, is 'comon'; allowed: common, "
            "independent; did you mean 'common'?"
        ),
    ),
    "no_streams": (
        [('streams = "common"\n', "")],
        "raids.toml: streams: is missing; allowed: common, independent",
    ),
    "no_scenario": ([('scenario = "raid"\n', "")], "raids.toml: scenario: is missing"),
    "no_replicates": (
        [("= 100", "= 0")],
        "raids.toml: replicates: 0 is too small; allowed: at least 1 and less than 4294967296",
    ),
    "a_fraction_of_a_replicate": (
        [("= 100", "= 1.5")],
        "raids.toml: replicates: must be a whole number, is 1.5; "
        "allowed: at least 1 and less than 4294967296",
    ),
    "negative_seed": (
        [("replicates", "seed = -1\nreplicates")],
        "raids.toml: seed: -1 is too small; allowed: at least 0 and less than 9223372036854775808",
    ),
    "no_toml": (
        [("= 100", "= ")],
        "raids.toml: is not valid TOML: Invalid value (at line 6, column 14)",
    ),
    "unknown_path": (
        [("raid.dead", "raid.daed")],
        "raids.toml: factor 'killed': raid.daed: no such path; did you mean 'raid.dead'?",
    ),
    "a_table_for_a_value": (
        [('"raid.dead"', '"raid.also_dead"')],
        (
            "raids.toml: factor 'killed': raid.also_dead: is a table, not a single value; "
            "allowed: raid.also_dead.north, raid.also_dead.south"
        ),
    ),
    "a_level_that_may_not_be": (
        [("[0, 10]", "[0, -1]")],
        (
            "raids.toml: factor 'killed': raid.dead: must be a number of dead, is -1; "
            "allowed: a whole number from 0, or 'drawn'"
        ),
    ),
    "a_level_of_another_type": (
        [("[0, 10]", '["none"]')],
        (
            "raids.toml: factor 'killed': raid.dead: must be a number of dead, is 'none'; "
            "allowed: a whole number from 0, or 'drawn'"
        ),
    ),
    "a_level_twice": (
        [("[0, 10]", "[0, 10, 10.0]")],
        "raids.toml: factors[0].levels: has a level twice",
    ),
    "a_level_twice_alone": (
        [("factorial", "one-at-a-time"), ("[0, 10]", "[0, 10, 10]")],
        "raids.toml: factors[0].levels: has a level twice",
    ),
    "path_and_paths": (
        [("levels", 'paths = ["tempo.north"]\nlevels')],
        "raids.toml: factors[0]: needs one of path and paths",
    ),
    "no_path": (
        [('path = "raid.dead"\n', "")],
        "raids.toml: factors[0]: needs one of path and paths",
    ),
    "no_levels": (
        [("levels = [0, 10]", "")],
        "raids.toml: factors[0]: needs one of levels and distribution",
    ),
    "levels_and_distribution": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'levels = [0, 10]\ndistribution = "uniform"'),
        ],
        "raids.toml: factors[0]: needs one of levels and distribution",
    ),
    "distribution_on_a_grid": (
        [("levels = [0, 10]", 'distribution = "uniform"\nlow = 0\nhigh = 1')],
        "raids.toml: factors[0].distribution: a factorial design needs levels",
    ),
    "unknown_distribution": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "unifrom"\nlow = 0\nhigh = 1'),
        ],
        (
            "raids.toml: factors[0].distribution: must be one of a few words, is 'unifrom'; "
            "allowed: uniform, normal, triangular, log-uniform, integer; did you mean "
            "'uniform'?"
        ),
    ),
    "distribution_without_an_end": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "uniform"\nlow = 0'),
        ],
        "raids.toml: factors[0].high: is missing: uniform needs it",
    ),
    "field_of_another_distribution": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "uniform"\nlow = 0\nhigh = 1\nsd = 1.0'),
        ],
        "raids.toml: factors[0].sd: has no meaning for uniform; allowed: high, low",
    ),
    "ends_the_wrong_way_round": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "uniform"\nlow = 3\nhigh = 1'),
        ],
        "raids.toml: factors[0].low: 3 is not below high, 1",
    ),
    "logarithm_of_nothing": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "log-uniform"\nlow = 0\nhigh = 1'),
        ],
        "raids.toml: factors[0].low: is 0; allowed: above 0",
    ),
    "integers_between_fractions": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "integer"\nlow = 0.5\nhigh = 1'),
        ],
        "raids.toml: factors[0].low: must be a whole number, is 0.5",
    ),
    "mode_outside": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "triangular"\nlow = 0\nhigh = 1\nmode = 2'),
        ],
        "raids.toml: factors[0].mode: is 2; allowed: 0 to 1",
    ),
    "no_spread": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "normal"\nmean = 0\nsd = 0'),
        ],
        "raids.toml: factors[0].sd: 0 is too small; allowed: more than 0",
    ),
    "infinite_mean": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "normal"\nmean = inf\nsd = 1'),
        ],
        "raids.toml: factors[0].mean: must be a finite number, is inf",
    ),
    "ends_of_levels": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", "levels = [0, 10]\nlow = 0"),
        ],
        "raids.toml: factors[0].low: goes with a distribution",
    ),
    "fractions_of_the_dead": (
        [
            ('design = "factorial"', 'design = "latin-hypercube"\npoints = 8'),
            ("levels = [0, 10]", 'distribution = "uniform"\nlow = 0\nhigh = 9'),
        ],
        (
            "raids.toml: factor 'killed': raid.dead: must be a number of dead, is "
            "5.96358613413356; allowed: a whole number from 0, or 'drawn'"
        ),
    ),
    "no_points": (
        [("factorial", "sobol")],
        "raids.toml: points: is missing: a sobol design draws points",
    ),
    "points_of_a_grid": (
        [("replicates", "points = 8\nreplicates")],
        (
            "raids.toml: points: means nothing to a factorial design; allowed: for "
            "latin-hypercube, sobol, saltelli, elicited"
        ),
    ),
    "points_of_sobol": (
        [('"factorial"', '"sobol"\npoints = 100')],
        (
            "raids.toml: points: is 100: a sobol design is balanced at powers of two alone; "
            "allowed: 64 or 128"
        ),
    ),
    "points_of_saltelli": (
        [('"factorial"', '"saltelli"\npoints = 7')],
        (
            "raids.toml: points: is 7: a saltelli design is balanced at powers of two alone; "
            "allowed: 4 or 8"
        ),
    ),
    "too_many_points": (
        [('"factorial"', '"saltelli"\npoints = 4194304')],
        "raids.toml: has 12,582,912 design points; allowed: at most 10,000,000",
    ),
    "second_order_of_a_grid": (
        [("replicates", "second_order = true\nreplicates")],
        "raids.toml: second_order: goes with design = 'saltelli' alone",
    ),
    "nothing_varied": (
        [('[[factors]]\nname = "killed"\npath = "raid.dead"\nlevels = [0, 10]\n', "")],
        (
            "raids.toml: factors: is missing: nothing is varied; allowed: [[factors]] with a "
            "path each"
        ),
    ),
    "a_path_twice": (
        [("[0, 10]", '[0, 10]\n\n[[factors]]\nname = "again"\npath = "raid.dead"\nlevels = [1]')],
        "raids.toml: factors: 'raid.dead' is varied twice",
    ),
    "a_name_twice": (
        [
            (
                "[0, 10]",
                '[0, 10]\n\n[[factors]]\nname = "killed"\npath = "tempo.north"\nlevels = [1]',
            )
        ],
        "raids.toml: factors[1]: a second factor named 'killed'",
    ),
    "no_common_start": (
        [
            ("factorial", "one-at-a-time"),
            ('path = "raid.dead"', 'paths = ["tempo.north", "tempo.south"]'),
            ("[0, 10]", "[1.0]"),
        ],
        "raids.toml: factors: 'killed': its paths have no value in common to start from",
    ),
    "the_name_of_a_column": (
        [('"killed"', '"low"')],
        "raids.toml: factors[0].name: is 'low', which another column of the tables has",
    ),
    "the_name_of_an_outcome": (
        [('"killed"', '"dead"')],
        "raids.toml: factors: 'dead' is the name of an outcome",
    ),
    "unknown_outcome": (
        [("replicates", 'outcomes = ["open_war", "setlement"]\nreplicates')],
        (
            "raids.toml: outcomes[1]: no such outcome 'setlement'; allowed: open_war, "
            "settlement, horizon, force, widened, days, peak_rung, moves, force_moves, "
            "exchanges, dead, north_force_7d, north_force, north_first_force, north_dead, "
            "south_force_7d, south_force, south_first_force, south_dead; did you mean "
            "'settlement'?"
        ),
    ),
    "an_outcome_twice": (
        [("replicates", 'outcomes = ["open_war", "open_war"]\nreplicates')],
        "raids.toml: outcomes[1]: 'open_war' stands twice",
    ),
    "set_and_varied": (
        [("\n[[", '\n[set]\n"raid.dead" = 3\n\n[[')],
        "raids.toml: [set]: raid.dead: is varied by the factor 'killed'",
    ),
    "set_an_unknown_path": (
        [("\n[[", '\n[set]\n"raid.daed" = 3\n\n[[')],
        "raids.toml: [set] raid.daed: no such path; did you mean 'raid.dead'?",
    ),
    "set_out_of_range": (
        [("\n[[", '\n[set]\n"tempo.north" = -3\n\n[[')],
        ("raids.toml: [set] tempo.north: -3 is too small; allowed: more than 0 and at most 1000"),
    ),
    "no_table": (
        [("factorial", "table"), ("levels = [0, 10]", "")],
        "raids.toml: table: is missing: a CSV file goes with design = 'table'",
    ),
    "table_of_a_grid": (
        [("replicates", 'table = "a.csv"\nreplicates')],
        ("raids.toml: table: means nothing to factorial: a CSV file goes with design = 'table'"),
    ),
    "levels_beside_a_table": (
        [('"factorial"', '"table"\ntable = "a.csv"')],
        "raids.toml: factors[0].levels: means nothing: the table has the values",
    ),
}
TABLES = {
    "no_file": (None, "points.csv: cannot be read: no such file or directory"),
    "nothing": ("", "points.csv: has no design points; allowed: a header and rows"),
    "a_header_alone": ("killed\n", "points.csv: has no design points; allowed: a header and rows"),
    "blank_lines": ("killed\n\n\n", "points.csv: has no design points; allowed: a header and rows"),
    "a_short_row": (
        "killed,tempo.north\n1,2\n1\n",
        "points.csv: line 3 has 1 fields, the header 2",
    ),
    "a_long_row": ("killed\n1,2\n", "points.csv: line 2 has 2 fields, the header 1"),
    "an_empty_cell": ("killed,tempo.north\n1,\n", "points.csv: tempo.north: line 2 is empty here"),
    "a_column_twice": ("killed,killed\n1,2\n", "points.csv: killed: stands twice in the header"),
    "a_column_without_a_name": ("killed,\n1,2\n", "points.csv: column 2 has no name"),
    "the_column_of_a_factor_misspelt": (
        "kiled\n1\n",
        "points.csv: killed: no such column; did you mean 'kiled'?",
    ),
    "an_unknown_path": (
        "killed,tempo.nroth\n1,2\n",
        (
            "points.csv: column 'tempo.nroth': tempo.nroth: no such path; did you mean "
            "'tempo.north'?"
        ),
    ),
    "a_value_that_may_not_be": (
        "killed\n3\n-1\n",
        (
            "points.csv: column 'killed': raid.dead: must be a number of dead, is -1; "
            "allowed: a whole number from 0, or 'drawn'"
        ),
    ),
    "the_name_of_a_column": (
        "killed,n\n1,2\n",
        "points.csv: n: is the name of another column of the tables",
    ),
}


def edited(text: str, changes: list[tuple[str, str]]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def complaint(text: str) -> str:
    """Lay out an experiment that must be refused, and give the line."""
    Path("raids.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan(read_experiment(Path("raids.toml")))
    line = str(caught.value)
    assert line == " ".join(line.split())
    return line


def test_the_good_one_is_good(copy):
    Path("raids.toml").write_text(GOOD, encoding="utf-8")
    laid = plan(read_experiment(Path("raids.toml")))
    assert laid.design.rows == ((0,), (10,))
    assert laid.design.targets == (("raid.dead",),)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(copy, name):
    changes, line = FAULTS[name]
    assert complaint(edited(GOOD, changes)) == line


def test_an_unknown_scenario_gets_the_nearest(copy):
    line = complaint(edited(GOOD, [('"raid"', '"riad"')]))
    assert line.startswith("raids.toml: scenario: no such scenario: 'riad'; allowed: ")
    assert line.endswith("; did you mean 'raid'?")


@pytest.mark.parametrize("name", TABLES)
def test_a_fault_in_a_table_is_told_in_one_line(copy, name):
    content, line = TABLES[name]
    if content is not None:
        Path("points.csv").write_text(content, encoding="utf-8")
    text = GOOD.replace('"factorial"', '"table"\ntable = "points.csv"')
    assert complaint(text.replace("levels = [0, 10]\n", "")) == line


def test_a_table_that_is_no_text(copy):
    Path("points.csv").write_bytes(b"killed\n\xff\n")
    text = GOOD.replace('"factorial"', '"table"\ntable = "points.csv"')
    line = complaint(text.replace("levels = [0, 10]\n", ""))
    assert line.startswith("points.csv: cannot be read: 'utf-8' codec can't decode byte 0xff")


@pytest.mark.parametrize(
    "name, start, end",
    [
        ("us-ded", "us-ded: no bundled experiment has this name", "did you mean 'us-dead'?"),
        ("rads.toml", "rads.toml: there is no such file", "did you mean 'raid.toml'?"),
        ("raid.toml", "raid.toml: crisis: unknown key", "(13 in all)"),
        ("border/", "border: is a directory", "allowed: a TOML file"),
    ],
)
def test_what_is_no_experiment(copy, name, start, end):
    with pytest.raises(InputError) as caught:
        read_experiment(name)
    line = str(caught.value)
    assert line.startswith(start)
    assert line.endswith(end)


def test_an_experiment_may_have_the_name_of_its_scenario(copy):
    Path("eighty-dead.toml").write_text(
        edited(GOOD, [('"raid"', '"eighty-dead"'), ("raid.dead", "strike.dead")]), encoding="utf-8"
    )
    assert read_experiment("./eighty-dead.toml").scenario.title == load("eighty-dead").title


@pytest.mark.parametrize(
    "factors, line",
    [
        ({"raid.dead": 5}, "sweep: raid.dead: is 5; allowed: a list of levels, or a table"),
        ({"raid.move": "raid"}, "sweep: raid.move: is 'raid'; allowed: a list of levels"),
        ({"raid.dead": []}, "sweep: factors[0]: needs one of levels and distribution"),
        ({}, "sweep: factors: is missing: nothing is varied"),
    ],
)
def test_mistakes_in_python(copy, factors, line):
    fields = {"design": "factorial", "streams": "common", "replicates": 10}
    with pytest.raises(InputError) as caught:
        made_experiment(load(Path("raid.toml")), factors, "sweep", **fields)
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize("fields", [{"replicates": 0}, {"points": 8}, {"seed": -1}])
def test_other_values_are_checked_as_those_of_the_file_are(copy, fields):
    Path("raids.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_experiment(Path("raids.toml")).with_(**fields)
    assert str(caught.value).startswith(f"raids.toml: {next(iter(fields))}: ")


def test_what_is_varied_cannot_be_set(copy):
    Path("raids.toml").write_text(GOOD, encoding="utf-8")
    experiment = read_experiment(Path("raids.toml"))
    with pytest.raises(InputError) as caught:
        experiment.changed({"raid.dead": 4})
    assert str(caught.value) == "raid.dead: is varied by the factor 'killed'"
    assert experiment.changed({"tempo.north": 2.0}).scenario.overrides == {"tempo.north": 2.0}
