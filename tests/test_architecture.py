"""Holds the direction in which the packages of sim may know each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# Each may import from those before it, besides itself.
ORDER = ["errors", "crisis", "kernel", "engines", "experiment", "analysis", "plots", "pages"]
ORDER += ["api", "cli"]

# Tighter than the order: the kernel knows no names and the command line only the public face.
ALLOWED = {"kernel": set(), "cli": {"api", "errors"}}

# Where alone a package from outside may be imported.
HOMES = {"matplotlib": "plots", "click": "cli", "mesa": "engines", "numba": "kernel"}
HOMES["jinja2"] = "pages"


def room_of(path: Path, root: Path) -> str:
    """The room that a module belongs to; a module at the top of sim is the public face."""
    first = path.relative_to(root).parts[0]
    if first in ("errors.py", "__main__.py"):
        return {"errors.py": "errors", "__main__.py": "cli"}[first]
    return "api" if first.endswith(".py") else first


def imports_of(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import, wherever in the module it stands."""
    package = ["sim", *path.relative_to(root).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            name = node.args[0].value
            if called in ("import_module", "__import__") and isinstance(name, str):
                yield node.lineno, ".".join(package) + name if name.startswith(".") else name


def type_only(path: Path) -> set[int]:
    """The lines that only a type checker reads."""
    return {
        line
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for statement in node.body
        for line in range(statement.lineno, statement.end_lineno + 1)
    }


def target_of(name: str, root: Path) -> str:
    """The room that a name inside sim leads to."""
    rest = name.split(".")[1:]
    if not rest:
        return "api"
    if rest[0] == "errors":
        return "errors"
    return rest[0] if (root / rest[0]).is_dir() else "api"


def faults(root: Path) -> list[str]:
    """Every import under root that goes against the direction, one line each."""
    found = []
    for path in sorted(root.rglob("*.py")):
        room = room_of(path, root)
        where = path.relative_to(root).as_posix()
        if room not in ORDER:
            found.append(f"{where}: {room} has no place in the order")
            continue
        allowed = ALLOWED.get(room, set(ORDER[: ORDER.index(room)])) | {room}
        for line, name in imports_of(path, root):
            top = name.split(".")[0]
            if top == "sim" and target_of(name, root) not in allowed:
                found.append(f"{where}:{line}: {room} imports {name}")
            # The public face may name the types that it returns; nobody else may.
            named_only = room == "api" and line in type_only(path)
            if HOMES.get(top, room) != room and not named_only:
                found.append(f"{where}:{line}: {top} belongs to {HOMES[top]} alone")
    return found


def test_imports_go_one_way(repository):
    root = repository / "sim"
    assert len(list(root.rglob("*.py"))) > 10
    assert faults(root) == []


WRONG = {
    "kernel/a.py": "from sim.crisis import load",
    "crisis/a.py": "def f():\n    from ..engines import CrisisModel",
    "engines/a.py": "import importlib\nimportlib.import_module('sim.plots')",
    "analysis/a.py": "import sim",
    "experiment/a.py": "from sim import load",
    "plots/a.py": "from sim.cli import main",
    "cli/a.py": "from sim.engines import CrisisModel",
    "cli/b.py": "import matplotlib.pyplot as plt",
    "engines/b.py": "import click",
    "kernel/b.py": "import mesa",
    "crisis/b.py": "from numba import njit",
    "helpers/a.py": "import math",
    "api.py": "from sim import cli",
    "face.py": "from matplotlib.axes import Axes",
    "analysis/b.py": "if TYPE_CHECKING:\n    from matplotlib.axes import Axes",
    "crisis/c.py": "if TYPE_CHECKING:\n    from sim.engines import CrisisModel",
}

RIGHT = {
    "__init__.py": "from sim.crisis import load\nfrom .engines import CrisisModel",
    "__main__.py": "from sim.cli import main",
    "history.py": "if TYPE_CHECKING:\n    from matplotlib.axes import Axes",
    "errors.py": "import math",
    "crisis/a.py": "from sim.errors import InputError",
    "kernel/a.py": "from numba import njit\nfrom .b import f\nfrom sim.kernel import b",
    "engines/a.py": "import mesa\nfrom sim.kernel import a\nfrom ..crisis import load",
    "plots/a.py": "import matplotlib\nfrom ..analysis import summary",
    "analysis/a.py": "from sim.engines.a import CrisisModel",
    "cli/a.py": "import click\nimport sim\nfrom sim import load\nfrom sim.errors import SimError",
}


def plant(root: Path, modules: dict[str, str]) -> Path:
    for room in ORDER[1:-2]:
        (root / room).mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_import_is_found(tmp_path, name):
    (fault,) = faults(plant(tmp_path / "sim", {**RIGHT, "cli/a.py": "", name: WRONG[name]}))
    assert fault.startswith(name)


def test_a_right_tree_passes(tmp_path):
    assert faults(plant(tmp_path / "sim", RIGHT)) == []
