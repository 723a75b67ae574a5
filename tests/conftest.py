import os
from pathlib import Path

import pytest
from hypothesis import settings

# Set before anything draws: tests have no display.
os.environ.setdefault("MPLBACKEND", "Agg")

# The first example compiles kernels, so no example has a deadline.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository (or of the unpacked source distribution)."""
    return Path(__file__).parent.parent
