"""Holds what the repository as a whole has promised."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

LOCKS = ["requirements-run.lock", "requirements.lock"]
MODULE_LINES, FUNCTION_LINES = 320, 60

# In pieces, so that this file does not name what it looks for.
REGISTRIES = re.compile(
    "|".join(
        [
            r"\bpypi" + r"\.(org|io)\b",
            r"\bpython" + r"hosted\.org\b",
            r"\bregistry" + r"\.(npmjs|yarnpkg)\b",
            r"\b(deb|security|snapshot)" + r"\.debian\.org\b",
            r"\b(conda|anaconda)" + r"\.(org|com)\b",
        ]
    )
)


def tracked(root: Path) -> list[Path]:
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git repository")
    return [path for name in listing.stdout.split("\0") if name and (path := root / name).is_file()]


def registry_hosts(text: str) -> list[str]:
    return [match.group() for match in REGISTRIES.finditer(text)]


def pins(text: str) -> dict[str, str]:
    """Requirement line of a lock -> the lines below it, up to the next requirement."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.M), flags=re.M)
    return {head: rest for head, _, rest in (b.partition("\\\n") for b in blocks if b.strip())}


def test_no_committed_file_names_a_registry(repository):
    files = tracked(repository)
    assert files
    named = {}
    for path in files:
        content = path.read_bytes()
        if b"\0" not in content and (hosts := registry_hosts(content.decode("utf-8"))):
            named[str(path)] = hosts
    assert named == {}


@pytest.mark.parametrize("host", ["pypi" + ".org", "files.python" + "hosted.org"])
def test_a_registry_is_recognised(host):
    assert registry_hosts(f"--index-url https://{host}/simple")


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_is_exact_and_hashed(repository, name):
    locked = pins((repository / name).read_text(encoding="utf-8"))
    assert len(locked) > 20
    for head, rest in locked.items():
        assert re.match(r"[A-Za-z0-9._-]+==\S+( ;.*)?$", head.strip()), head
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest), head


def test_a_pin_without_a_hash_is_seen():
    locked = pins("a==1 \\\n    --hash=sha256:0\n    # via b\nb==2\n")
    assert [bool(rest) for rest in locked.values()] == [True, False]


def test_the_locks_agree(repository):
    run, full = (pins((repository / name).read_text(encoding="utf-8")) for name in LOCKS)
    # What one system alone needs to run, testing may need on all.
    anywhere = {head.split(" ;")[0].strip() for head in full if " ;" not in head}
    assert {head for head in run if head.split(" ;")[0].strip() not in anywhere} <= full.keys()


def test_the_locks_hold_every_dependency(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    needed += [*extras["dask"], *extras["discovery"], *extras["grid"]]
    everything = [*needed, *(package for extra in extras.values() for package in extra)]
    for name, wanted in zip(LOCKS, [needed, everything], strict=True):
        text = (repository / name).read_text(encoding="utf-8")
        for requirement in wanted:
            package = re.match(r"[A-Za-z0-9_.-]+", requirement).group().replace("_", "-")
            assert re.search(rf"^{re.escape(package)}==", text, flags=re.M), (name, package)


def test_the_changelog_has_a_place_for_the_next_entry(repository):
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?Unreleased\]?$", text, flags=re.M)


def lengths(path: Path) -> list[tuple[str, int, int]]:
    """(name, lines, limit) of a module, and of each function in it without its docstring."""
    text = path.read_text(encoding="utf-8")
    found = [(str(path), len(text.splitlines()), MODULE_LINES)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = node.end_lineno - body[0].lineno + 1 if body else 0
            found.append((f"{path}: {node.name}", lines, FUNCTION_LINES))
    return found


def too_long(paths: list[Path]) -> list[str]:
    measured = [row for path in paths for row in lengths(path)]
    return [f"{name}: {lines} lines" for name, lines, limit in measured if lines > limit]


def test_modules_and_functions_stay_readable(repository):
    modules = sorted((repository / "sim").rglob("*.py"))
    assert modules
    assert too_long(modules) == []


def test_a_long_function_is_found(tmp_path):
    module = tmp_path / "long.py"
    module.write_text("def f():\n" + "    pass\n" * (FUNCTION_LINES + 1), encoding="utf-8")
    assert too_long([module]) == [f"{module}: f: {FUNCTION_LINES + 1} lines"]
    module.write_text("pass\n" * (MODULE_LINES + 1), encoding="utf-8")
    assert too_long([module]) == [f"{module}: {MODULE_LINES + 1} lines"]


def test_the_citation_agrees_with_the_project(repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {project['version']}\n" in citation
    assert f"\nlicense: {project['license']}\n" in citation
