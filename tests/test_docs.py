"""Holds the model's description to the code and the scenario files, table by table."""

import re
import tomllib
from pathlib import Path

import pytest

from sim.crisis import load
from sim.crisis.covariates import HALF_LIVES, TABLE
from sim.kernel import layout, streams

STRENGTH = {"weak": 0.5, "moderate": 1.0, "strong": 2.0}
FLAGS = ("deniable", "notice", "major", "war")
EFFECTS = (
    "munitions",
    "lethality",
    "provocation",
    "satisfaction",
    "restraint",
    "mediation",
    "line",
    "alarm",
)
# The words that the house keeps to; each has one meaning.
WORDS = set(
    """crisis, scenario, experiment, design point, factor, level, replicate, ensemble, move, rung,
    ladder, statement, rule, covariate, weight, history, outcome, summary, baseline,
    counterfactual, horizon, inject, settlement, open war""".replace("\n", " ").split(", ")
)

Table = list[dict[str, str]]


def tables(text: str) -> list[Table]:
    """The tables of a Markdown text, each a list of rows by column."""
    found: list[Table] = []
    head: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            head = None
            continue
        cells = [cell.strip() for cell in line.strip().removesuffix("|").split("|")[1:]]
        if head is None:
            head = cells
            found.append([])
        elif not set("".join(cells)) <= set("-: "):
            assert len(cells) == len(head), line
            found[-1].append(dict(zip(head, cells, strict=True)))
    return [table for table in found if table]


def names(cell: str) -> list[str]:
    """What stands in code type."""
    return re.findall(r"`([^`]+)`", cell)


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    """Of headings as GitHub gives them; of entries of the reference their names."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {slug(heading) for heading in headings} | set(re.findall(r"^::: (\S+)$", text, re.M))


def broken_links(path: Path) -> list[str]:
    """Relative links of a Markdown file that lead nowhere."""
    text = path.read_text(encoding="utf-8")
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        if not target.exists() or (
            anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    return broken


def cited(text: str) -> set[str]:
    """Keys cited as [@key] or [@key; @key]."""
    groups = re.findall(r"\[(@[^\]]+)\]", text)
    return {key for group in groups for key in re.findall(r"@([a-z]+\d{4})\b", group)}


@pytest.fixture(scope="module")
def docs(repository):
    return repository / "docs"


@pytest.fixture(scope="module")
def text(docs):
    return (docs / "model.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scenario():
    return load("after-the-strike")


def table(text: str, *columns: str) -> Table:
    """The one table that has these columns."""
    having = [rows for rows in tables(text) if set(columns) <= set(rows[0])]
    assert len(having) == 1, f"{len(having)} tables with {columns}"
    return having[0]


def only(cell: str) -> str:
    (name,) = names(cell)
    return name


def test_every_covariate_is_described_with_its_unit_and_half_life(text):
    rows = table(text, "covariate", "unit", "half-life")
    assert [only(row["covariate"]) for row in rows] == [c.name for c in TABLE]
    assert [row["unit"] for row in rows] == [c.unit for c in TABLE]
    lives = [names(row["half-life"]) for row in rows]
    assert {name for found in lives for name in found} == set(HALF_LIVES) - {"urgency"}
    # A covariate fades with a half-life of its own name; what i is warned of is the other's line.
    assert all(
        life in ([], [c.name], ["line"] if c.name == "warned" else [])
        for c, life in zip(TABLE, lives, strict=True)
    )


def test_every_half_life_is_listed_with_its_value(text, scenario):
    rows = table(text, "half-life", "days by default")
    lives = scenario.crisis.propensities.half_lives
    assert {only(row["half-life"]): float(row["days by default"]) for row in rows} == dict(
        lives["default"]
    )
    exceptions = {
        (actor, name): value
        for actor, own in lives.items()
        if actor != "default"
        for name, value in own.items()
    }
    listed = {
        (actor, only(row["half-life"])): float(value)
        for row in rows
        for actor, value in re.findall(r"(\w+) ([\d.]+)", row["exceptions"])
    }
    assert listed == exceptions


def test_every_move_is_on_the_ladder_with_its_codes(text, scenario):
    rows = table(text, "move", "CAMEO")
    told = [
        (
            only(row["move"]),
            int(row["rung"]),
            tuple(re.findall(r"\d+", row["CAMEO"])),
            float(row["Goldstein"]),
            int(row["MID"]),
            set(re.findall(r"\w+", row["kind"])),
        )
        for row in rows
    ]
    assert told == [
        (
            move.id,
            move.rung,
            move.cameo,
            move.goldstein,
            move.mid,
            {flag for flag in FLAGS if getattr(move, flag)}
            | (set() if move.directed else {"undirected"}),
        )
        for move in scenario.crisis.moves
    ]


def test_every_effect_of_a_move_is_told(text, scenario):
    rows = table(text, "move", *EFFECTS)
    told = [(only(row["move"]), *(float(row[name]) for name in EFFECTS)) for row in rows]
    assert told == [
        (move.id, *(getattr(move, name) for name in EFFECTS)) for move in scenario.crisis.moves
    ]


@pytest.mark.parametrize("record", ["STATE", "PARAMS"])
def test_every_field_of_the_records_is_described(text, record):
    rows = table(text, f"{record} field")
    listed = [name for row in rows for name in names(row[f"{record} field"])]
    assert sorted(listed) == sorted(getattr(layout, record).names)


def test_the_limits_are_those_of_the_kernel(text):
    listed = {only(row["limit"]): int(row["most"]) for row in table(text, "limit", "most")}
    assert listed == {
        name: value for name, value in vars(layout).items() if name.startswith("MAX_")
    }


def pattern(path: str) -> re.Pattern[str]:
    """Paths that a path with <placeholders> stands for; only a rule's id and a path hold dots."""
    parts = re.split(r"(<[^>]+>)", path)
    wild = {"<rule>": r".+", "<k>": r"\d+", "<path>": r".+"}
    return re.compile(
        "".join(
            f"({wild.get(part, r'[^.]+')})" if part.startswith("<") else re.escape(part)
            for part in parts
        )
    )


def test_every_path_is_in_the_table_of_parameters_and_none_is_invented(text, scenario):
    listed = [path for row in table(text, "path", "justified by") for path in names(row["path"])]
    paths = scenario.paths()
    fits = {path: [p for p in paths if pattern(path).fullmatch(p)] for path in listed}
    assert [path for path, found in fits.items() if not found] == []
    assert set(paths) - {p for found in fits.values() for p in found} == set()


def test_the_values_of_parameters_are_those_of_the_files(text, scenario):
    checked = 0
    for row in table(text, "path", "justified by"):
        value = row["value"]
        if "](" in value or value.startswith("section"):
            continue
        path = only(row["path"])
        found = {p: m.groups() for p in scenario.paths() if (m := pattern(path).fullmatch(p))}
        given = {
            tuple(filter(None, match[:2])): float(match[2])
            for match in re.findall(r"([\w-]+)(?:→([\w-]+))? (-?[\d.]+)(?=,|$)", value)
        }
        others = given.pop(("others",), given.pop(("each",), None))
        for p, key in found.items():
            told = float(value) if not key else given.pop(key, others)
            assert told == scenario.parameter(p), p
            checked += 1
        assert given == {}, path
    assert checked > 50


def test_statements_named_as_justification_exist(text, scenario):
    rows = table(text, "path", "justified by")
    named = {name for row in rows for name in names(row["justified by"])}
    assert named
    assert named <= set(scenario.crisis.statements)


def test_the_addresses_of_random_numbers_are_those_of_the_streams(text):
    rows = table(text, "kind", "who", "count")
    assert [row["kind"] for row in rows] == [
        f"{streams.OF_ACTOR}, actor",
        f"{streams.OF_OPENING}, opening",
        f"{streams.OF_INJECT}, inject",
    ]
    blocks = [f"block {streams.DECIDE}: lanes 0 to 3", f"block {streams.LAND}: lanes 0 to 2"]
    assert list(rows[0])[3:5] == blocks
    lanes = ["exponential until the decision", "choice", "place", "attribution"]
    assert rows[0][blocks[0]].split("; ") == lanes
    places = ("LANE_CLOCK", "LANE_CHOICE", "LANE_PLACE", "LANE_ATTRIBUTION")
    assert [getattr(streams, lane) for lane in places] == [0, 1, 2, 3]
    assert rows[0][blocks[1]].split("; ") == ["number of dead", "notice", "launch"]
    assert (streams.LANE_DEAD, streams.LANE_NOTICE, streams.LANE_LAUNCH) == (0, 1, 2)
    assert streams.VICTIMS == 2


def test_the_glossary_has_the_words_of_the_house_each_once(docs):
    rows = [
        row
        for found in tables((docs / "glossary.md").read_text(encoding="utf-8"))
        if "word" in found[0]
        for row in found
    ]
    words = [word.strip() for row in rows for word in row["word"].split(",")]
    assert {" ".join(word.split()) for word in WORDS} <= set(words)
    assert len(words) == len(set(words))


def test_weights_keep_the_convention_of_the_evidence(docs, scenario):
    told = table((docs / "evidence.md").read_text(encoding="utf-8"), "strength")
    assert {row["strength"]: float(row["largest weight, logits"]) for row in told} == STRENGTH
    statements = scenario.crisis.statements
    for rule in scenario.crisis.rules:
        strongest = max(STRENGTH[statements[name].strength] for name in rule.because)
        largest = max(abs(weight) for weight in rule.moves.values())
        assert largest == strongest, rule.id
        assert rule.sd == strongest / 2, rule.id


def test_every_citation_has_an_entry_and_every_entry_is_cited(repository, docs):
    entries = re.findall(
        r"^@\w+\{([^,]+),", (docs / "references.bib").read_text(encoding="utf-8"), flags=re.M
    )
    assert len(entries) == len(set(entries)) > 10
    sources = [*docs.glob("*.md"), *(repository / "sim").rglob("*.py")]
    used = set().union(*(cited(path.read_text(encoding="utf-8")) for path in sources))
    assert used == set(entries)


def test_links_lead_somewhere(docs):
    pages = sorted(docs.rglob("*.md"))
    assert len(pages) > 1
    assert {page: found for page in pages if (found := broken_links(page))} == {}


def test_a_broken_link_and_a_citation_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A b, c\n[x](gone.md) [y](#a-b-c) [z](#nowhere) [@kahn1965; @grimm2005]")
    assert broken_links(page) == ["gone.md", "#nowhere"]
    assert cited(page.read_text()) == {"kahn1965", "grimm2005"}


def test_a_table_is_read():
    assert tables("| a | b |\n|---|---|\n| `x` | |\n\n| c |\n|---|\n| 1 |") == [
        [{"a": "`x`", "b": ""}],
        [{"c": "1"}],
    ]


def test_the_files_parse_that_the_description_points_at(repository):
    for name in ("ladder", "actors", "rules", "propensities", "statements", "crisis"):
        path = repository / "scenarios" / "us-iran-2020" / f"{name}.toml"
        assert tomllib.loads(path.read_text(encoding="utf-8"))
