"""Holds the notebooks: they execute, and what is committed of them is whole and clean."""

import ast
import base64
import json
import re
import sys

import nbformat
import pytest

# What a reader's notebook may rest on; everything else of `sim` may change without notice.
LIBRARIES = {"pandas", "pathlib"}
ELSEWHERE = re.compile(
    r"/(?:home|root|tmp|work|Users|usr|opt|var)/|[A-Z]:\\|\bipykernel_\d+|0x[0-9a-f]{8}"
)
# A result, which prose must not state: it would outlive the cell that found it.
RESULT = re.compile(r"\d[\d.,]*\s*(?:%|points\b|per cent)")
LEVEL = re.compile(r"95\s*%")  # of every interval, and no result
NEGATIVE_ZERO = re.compile(r"(?<!\w)[-−]0\.0+(?!\d)")
NAMES = [
    "1-one-crisis-told",
    "2-what-if-80-had-died",
    "3-which-statements-matter",
    "4-from-file-to-figure",
    "5-your-own-crisis",
]


@pytest.fixture(scope="module")
def tool(repository):
    """tools/notebooks.py, which is no package."""
    sys.path.insert(0, str(repository / "tools"))
    try:
        import notebooks

        yield notebooks
    finally:
        sys.path.remove(str(repository / "tools"))


@pytest.fixture(params=NAMES)
def path(request, repository):
    return repository / "notebooks" / f"{request.param}.ipynb"


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def source(notebook):
    """All code of a notebook, without IPython's own commands."""
    lines = "\n".join(cell.source for cell in code_of(notebook)).splitlines()
    return "\n".join(line for line in lines if not line.startswith("%"))


def imported(text):
    """Modules and names that a text of Python imports, and attributes of `sim` that it uses."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {f"{node.value.id}.{node.attr}"} if node.value.id == "sim" else set()
    return found


def beyond(names):
    """Those of them that are not public."""
    import sim
    from sim import drawing

    public = {"sim", *(f"sim.{name}" for name in sim.__all__)}
    public |= {f"sim.drawing.{name}" for name in drawing.__all__}
    return {n for n in names if n not in public and n.partition(".")[0] not in LIBRARIES}


def stated(prose):
    """Numbers in prose that only a cell could know."""
    told = LEVEL.sub("", prose)
    return [found[0] for found in RESULT.finditer(told)]


def printed(notebook):
    """Every text that a notebook shows as output."""
    for cell in code_of(notebook):
        for output in cell.outputs:
            yield output.get("text", "")
            yield from (v for k, v in output.get("data", {}).items() if k.startswith("text/"))


def test_all_are_listed(repository):
    folder = repository / "notebooks"
    assert sorted(path.stem for path in folder.glob("*.ipynb")) == NAMES
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.ipynb)" in told for name in NAMES)


def test_it_is_valid_and_has_its_outputs(tool, path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = code_of(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = [output.output_type for cell in cells for output in cell.outputs]
    assert "error" not in kinds
    assert all(o.get("name") != "stderr" for cell in cells for o in cell.outputs)
    pictures = [
        base64.b64decode(output.data["image/png"])
        for cell in cells
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert pictures
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert path.stat().st_size < tool.MOST_BYTES


def test_its_outputs_name_no_place_or_machine(path):
    notebook = nbformat.read(path, as_version=4)
    texts = list(printed(notebook))
    assert texts
    assert [text for text in texts if ELSEWHERE.search(text)] == []
    assert set(notebook.metadata) == {"kernelspec", "language_info", "made_of"}


def test_its_outputs_have_no_negative_zeros(path):
    texts = list(printed(nbformat.read(path, as_version=4)))
    assert [found for text in texts for found in NEGATIVE_ZERO.findall(text)] == []


@pytest.mark.parametrize(
    "text, found",
    [
        ("+0.1 (-0.0 to +0.2)", ["-0.0"]),
        ("-0.00", ["-0.00"]),
        ("-0.04, 0.0, +0.0, 5-0.0", []),
    ],
)
def test_a_negative_zero_is_found(text, found):
    assert NEGATIVE_ZERO.findall(text) == found


def test_its_outputs_are_of_this_code_and_these_scenarios(tool, path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata["made_of"] == tool.made_of(notebook), "execute tools/notebooks.py"


def test_outputs_of_other_code_are_found(tool, repository):
    notebook = tool.read(repository / "notebooks" / f"{NAMES[0]}.ipynb")
    before = tool.made_of(notebook)
    code_of(notebook)[0].source += "\nhistory.moves"
    after = tool.made_of(notebook)
    assert before["code"] != after["code"]
    assert before["scenarios"] == after["scenarios"]


def test_every_picture_says_what_it_shows(path):
    notebook = nbformat.read(path, as_version=4)
    alts = [
        output.metadata["image/png"]["alt"]
        for cell in code_of(notebook)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert alts
    assert all(len(alt.split()) > 8 for alt in alts)


def test_its_prose_states_no_result(path):
    notebook = nbformat.read(path, as_version=4)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert {text: stated(text) for text in prose if stated(text)} == {}


@pytest.mark.parametrize(
    "prose, found",
    [
        ("War comes in 4.8 % of them, at 95 %.", ["4.8 %"]),
        ("It rises by 12 points.", ["12 points"]),
        ("Intervals hold at 95 %; 22 missiles; rung 10.", []),
    ],
)
def test_a_result_in_prose_is_found(prose, found):
    assert stated(prose) == found


def test_the_constants_that_a_modeller_judges_are_those_of_the_files(repository):
    notebook = nbformat.read(repository / "notebooks" / f"{NAMES[4]}.ipynb", as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    rows = re.findall(r"^\| (`[^|]+) \| `(\w+)` \| [^|]+ \| (yes|no) \|", prose, flags=re.M)
    assert len(rows) > 10
    for fields, file, required in rows:
        schema = json.loads(
            (repository / "scenarios" / "schema" / f"{file}.schema.json").read_text("utf-8")
        )
        tables = [schema, *schema["$defs"].values()]
        for field in re.findall(r"`(\w+)`", fields):
            having = [table for table in tables if field in table.get("properties", {})]
            assert having, field
            needed = {field in table.get("required", ()) for table in having}
            assert needed == {required == "yes"}, field


def test_it_rests_on_the_public_library_alone(path):
    text = source(nbformat.read(path, as_version=4))
    assert "sim" in imported(text)
    assert beyond(imported(text)) == set()


def test_what_is_not_public_is_found():
    text = "import sim.kernel.loop\nfrom sim.drawing import _chosen\nimport os\nsim.folder()"
    assert beyond(imported(text)) == {
        "sim.kernel.loop",
        "sim.drawing._chosen",
        "os",
        "sim.folder",
    }


@pytest.mark.parametrize(
    "text", ["/home/me/x", "/tmp/ipykernel_1/2.py", "C:\\Users", "at 0x7f0cc4ac6d50"]
)
def test_a_place_is_found(text):
    assert ELSEWHERE.search(text)


def test_a_quicker_notebook_plays_fewer_histories(tool, repository):
    for name in NAMES[1:]:
        notebook = tool.read(repository / "notebooks" / f"{name}.ipynb")
        before, after = source(notebook), source(tool.quicker(notebook))
        assert before != after
        assert f"= {tool.QUICK}" in after
        assert f"= {tool.QUICK}" not in before


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_it_executes_in_a_fresh_kernel(tool, path):
    notebook = tool.quicker(tool.read(path)) if path.stem != NAMES[0] else tool.read(path)
    done = tool.execute(notebook)
    tool.shrink(done)  # refuses a picture without an alt text
    counts = [cell.execution_count for cell in code_of(done)]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cell_that_fails_is_noticed(tool, repository):
    from nbclient.exceptions import CellExecutionError

    notebook = tool.read(repository / "notebooks" / f"{NAMES[0]}.ipynb")
    notebook.cells = [nbformat.v4.new_code_cell("import sim\nsim.run('no-such-scenario')")]
    with pytest.raises(CellExecutionError, match="InputError"):
        tool.execute(notebook)
