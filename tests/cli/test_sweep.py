"""escalation sweep."""

import json
import re
import shutil

import pytest

import sim
from sim import studies
from sim.written import share

FEW = ("--replicates", "4")

IMPOSSIBLE = """
scenario = "after-the-strike"
design = "factorial"
streams = "common"
replicates = 5

[[factors]]
path = "start"
levels = [2020-01-08T06:00:00, 2020-01-08T05:57:00]

[[factors]]
name = "appeal"
path = "uk-urges.date"
levels = [2020-01-08T05:56:00, 2020-01-08T05:58:00]
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory, once):
    """A study that the command wrote."""
    folder = tmp_path_factory.mktemp("swept") / "study"
    once("sweep", "us-dead", *FEW, "--out", str(folder))
    return folder


def test_a_sweep_says_what_came_of_each_point(swept, once):
    text = once("sweep", "us-dead", *FEW, "--out", str(swept))
    lines = text.splitlines()
    study = sim.study(swept)
    assert " ".join(lines[:2]) == (
        "How many Americans died. 13 design points x 4 replicates of seed 1, common streams."
    )
    head = next(k for k, line in enumerate(lines) if "US dead" in line)
    rows = [line.split() for line in lines[head + 1 : head + 14]]
    assert [int(row[0]) for row in rows] == study.design["US dead"].tolist()
    for row, (_, found) in zip(rows, study.table().iterrows(), strict=True):
        told = [float(number) for number in re.findall(r"[\d.]+", " ".join(row[1:]))]
        if 0 < found["estimate"] < 1:
            expected = [100 * found[name] for name in ("estimate", "low", "high")]
            assert told == pytest.approx(expected, abs=0.51)
    assert f"Written: {swept}" in lines
    assert max(len(line) for line in lines if str(swept) not in line) <= 80


def test_points_of_many_factors_are_told_together(told):
    text = told("sweep", "elicited", "--points", "40", *FEW, "--out", "e")
    words = " ".join(text.split())
    # As the picture and the report of the study tell them.
    marks = ", ".join(f"{m.says} {m.written}" for m in studies.quantiles(sim.study("e")))
    assert f"open_war over the design points: {marks}. In parentheses: 95% intervals." in words
    assert max(map(len, text.splitlines())) <= 80


def test_of_many_points_of_a_grid_the_ends_are_told(told):
    words = " ".join(told("sweep", "resolve-by-restraint", *FEW, "--out", "g").split())
    said = re.search(r"over the design points: (.*?) at the least, (.*?) at the most\.", words)
    table = sim.study("g").table("open_war")
    for written, k in (
        (said[1], table["estimate"].idxmin()),
        (said[2], table["estimate"].idxmax()),
    ):
        value, interval = share(*table.loc[k, ["estimate", "low", "high"]])
        assert written == f"{value} ({interval})"
    with pytest.raises(sim.InputError, match="a factorial design is no sample"):
        studies.quantiles(sim.study("g"))


def test_progress_goes_to_standard_error_in_plain_lines(cli):
    result = cli("sweep", "us-dead", *FEW)
    assert result.exit_code == 0
    assert re.fullmatch(r"52 of 52 histories, [\d,]+/s\n", result.stderr)
    assert "histories" not in result.stdout
    assert "\x1b" not in result.stdout + result.stderr


def test_the_folder_has_the_name_of_the_experiment(told, tmp_path):
    assert "Written: results/iran-tempo" in told("sweep", "iran-tempo", *FEW)
    assert sim.study(tmp_path / "results" / "iran-tempo").status == "complete"


@pytest.mark.parametrize(
    "args, told_",
    [
        (("us-dead",), "13 design points x 20,000 replicates = 260,000 histories, in 32 parts."),
        (("us-dead", "--replicates", "10"), "13 design points x 10 replicates = 130 histories"),
        (
            ("elicited", "--points", "8", "--replicates", "10"),
            "8 design points x 10 replicates = 80 histories, in 1 part.",
        ),
    ],
)
def test_a_dry_run_says_what_it_costs_and_writes_nothing(told, tmp_path, args, told_):
    words = " ".join(told("sweep", *args, "--dry-run", "--workers", "1").split())
    assert told_ in words
    assert re.search(
        r"(About \d+ (seconds|minutes)|Under a second) on 1 worker of this machine", words
    )
    size = rf"and (under )?[\d,.]+ MB in results/{args[0]}\. Nothing was written\."
    assert re.search(size, words)
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_s_megabytes_are_about_what_is_written(told, tmp_path):
    call = ("sweep", "us-dead", "--replicates", "700", "--out", "study")
    words = " ".join(told(*call, "--dry-run").split())
    foretold = float(re.search(r"([\d,.]+) MB", words)[1].replace(",", ""))
    told(*call)
    files = [p for p in (tmp_path / "study").rglob("*") if p.is_file()]
    written = sum(p.stat().st_size for p in files) / 1e6
    assert foretold == pytest.approx(written, rel=0.35, abs=0.06)


def test_a_dry_run_of_next_to_nothing_says_so(told):
    words = " ".join(told("sweep", "us-dead", "--replicates", "1", "--dry-run").split())
    assert "Under a second on" in words


def test_options_stand_in_place_of_the_experiment_s_values(told, tmp_path):
    told(
        *("sweep", "elicited", "--points", "4", *FEW, "--seed", "9"),
        *("--set", "strike.dead=80", "--set", "tempo.iran=2.0", "--out", "study"),
    )
    manifest = sim.study(tmp_path / "study").manifest
    inputs = manifest["inputs"]
    assert (manifest["points"], inputs["replicates"], inputs["seed"]) == (4, 4, 9)
    assert inputs["set"] == {"strike.dead": 80, "tempo.iran": 2.0}
    scenario = sim.study(tmp_path / "study").scenario_as_run
    assert scenario.parameter("strike.dead") == 80


@pytest.mark.parametrize(
    "args, line",
    [
        (("us-ded",), "us-ded: no bundled experiment has this name; .*did you mean 'us-dead'"),
        (("elicited", "--points", "0"), "points.*0 is out of range"),
        (("us-dead", "--points", "8"), "points: means nothing to a factorial design"),
        (("us-dead", "--replicates", "0"), "replicates.*0 is out of range; allowed: 1 or more"),
        (("us-dead", "--set", "strike.dead=5"), "--set: strike.dead: is varied by the factor"),
        (("us-dead", "--set", "strike.daed=5"), "--set strike.daed: no such path; did you mean"),
        (("us-dead", "--scheduler", "tcp://a:1"), "scheduler: goes with the executor dask"),
        (("us-dead", "--executor", "dsak"), "executor"),
        (("us-dead", "--workers", "0"), "0 is out of range"),
        (("us-dead", "--replicates", "9" * 12), "too large; allowed: at least 1 and less than"),
        (("us-dead", "--dry-run", "--resume"), "--dry-run says what the whole would cost"),
    ],
)
def test_bad_input_is_a_line_and_writes_nothing(refused, tmp_path, args, line):
    assert re.search(line, refused("sweep", *args))
    assert not (tmp_path / "results").exists()


def test_a_study_is_resumed_and_never_overwritten(refused, told, swept, tmp_path):
    shutil.copytree(swept, tmp_path / "study")
    call = ("sweep", "us-dead", *FEW, "--out", "study")
    assert refused(*call) == (
        "escalation: study: holds a study already; allowed: --resume to go on with it, --out for "
        "another folder"
    )
    line = refused("sweep", "us-dead", "--replicates", "5", "--out", "study", "--resume")
    assert "its inputs have changed since it was begun: replicates is 5, was 4" in line
    (tmp_path / "study" / "outcomes" / "part-000000.parquet").unlink()
    told(*call, "--resume")
    for place in swept.rglob("*.*"):
        assert (tmp_path / "study" / place.relative_to(swept)).read_bytes() == place.read_bytes()


def test_with_nothing_left_to_do_there_is_no_progress(cli, swept):
    result = cli("sweep", "us-dead", *FEW, "--out", str(swept), "--resume")
    assert (result.exit_code, result.stderr) == (0, "")


def test_what_fails_is_told_and_ends_with_status_one(cli, tmp_path):
    (tmp_path / "impossible.toml").write_text(IMPOSSIBLE)
    result = cli("sweep", "impossible.toml", "--out", "study")
    assert result.exit_code == 1
    words = " ".join(result.stdout.split())
    assert "1 failed and are left out; --resume tries them again:" in words
    assert "prepare, part 0 point 3: " in words
    assert "uk-urges.date" in words
    assert "nan" not in words
    row = next(line for line in result.stdout.splitlines() if line.endswith(" -"))
    assert row.split()[-1] == "-"
    again = cli("sweep", "impossible.toml", "--out", "study", "--resume")
    assert again.exit_code == 1
    assert again.stdout == result.stdout


def test_the_help_names_every_bundled_experiment(told):
    text = told("sweep", "--help")
    words = " ".join(text.split())
    (listed,) = re.findall(r"Bundled experiments: ([^.]*)\.", words)
    assert sorted(listed.split(", ")) == list(studies.experiment_names())


def test_the_manifest_is_the_same_wherever_the_study_lies(swept, told, tmp_path):
    told("sweep", "us-dead", *FEW, "--out", "elsewhere", "--workers", "2")
    ours = json.loads((tmp_path / "elsewhere" / "manifest.json").read_text())
    assert ours == json.loads((swept / "manifest.json").read_text())
