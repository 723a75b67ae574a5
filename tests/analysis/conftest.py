"""Two identical states, of which a test switches off what it has no use for.

Statistical tests share one error rate: with fresh seeds the tests in this folder would raise a
false alarm once in a hundred times.  Seeds are fixed, so they do not.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.crisis import Scenario, load

HERE = Path(__file__).parent
SUITE_ERROR = 0.01
STATISTICAL_ASSERTIONS = 60
MOVES = ("protest", "display", "limited_strike", "major_strike", "open_war")
NEVER = -1000.0


@pytest.fixture(scope="session")
def alpha() -> float:
    """The share of the suite's error rate that one statistical assertion may spend."""
    return SUITE_ERROR / STATISTICAL_ASSERTIONS


@pytest.fixture(scope="session")
def pair() -> Callable[..., Scenario]:
    """Make a scenario of the two: {actor: {move: logits}} is all that they ever do."""
    whole = load(HERE / "pair.toml")

    def make(does: dict[str, dict[str, float]] | None = None, **more: float) -> Scenario:
        values: dict[str, object] = {path.replace("__", "."): v for path, v in more.items()}
        for actor, moves in (does or {}).items():
            values |= {f"base.{actor}.{move}": moves.get(move, NEVER) for move in MOVES}
        return whole.with_(values) if values else whole

    return make
