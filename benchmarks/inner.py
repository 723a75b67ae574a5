"""The C version of the inner loop: built with the machine's compiler, called on the same records.

`inner.c` reads and writes the kernel's own records.  The header with their fields and the kernel's
constants is written from `sim.kernel.layout`, with an assertion on every offset.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.ensemble import Outcomes
from sim.kernel import ensemble, layout, streams

SOURCE = Path(__file__).with_name("inner.c")
# No contraction: a fused multiply-add rounds once where the kernel rounds twice.
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-std=c11", "-Wall")
_C_TYPE = {"float64": "double", "int64": "int64_t", "uint64": "uint64_t", "uint32": "uint32_t"}


def compiler() -> str | None:
    """Return the C compiler's command, or None where the machine has none."""
    names = (os.environ.get("CC"), "cc", "gcc", "clang")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _struct(name: str, dtype: np.dtype[np.void]) -> Iterator[str]:
    assert dtype.names is not None
    assert dtype.fields is not None
    yield f"struct {name} {{"
    for field in dtype.names:
        kind = dtype.fields[field][0]
        sizes = "".join(f"[{size}]" for size in kind.shape)
        yield f"    {_C_TYPE[kind.base.name]} {field}{sizes};"
    yield "};"
    for field in dtype.names:
        offset = dtype.fields[field][1]
        yield f'_Static_assert(offsetof(struct {name}, {field}) == {offset}, "{name}.{field}");'
    yield f'_Static_assert(sizeof(struct {name}) == {dtype.itemsize}, "{name}");'


def header() -> str:
    """Return layout.h: the kernel's whole-number constants and its three records."""
    lines = ["#include <stddef.h>", "#include <stdint.h>"]
    for module in (layout, streams, ensemble):
        for name, value in vars(module).items():
            if name.isupper() and not name.startswith("_") and isinstance(value, (int, float)):
                lines.append(f"#define {name} ({value!r})")
    for name in ("params", "state", "work"):
        lines += _struct(name, getattr(layout, name.upper()))
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Inner:
    """The built library.

    Attributes
    ----------
    compiler : str
        First line of what the compiler says of its version.
    """

    compiler: str
    _library: ctypes.CDLL

    def play_ensemble(
        self, assembly: Assembly, replicates: int, seed: int, *, paths: int = 0
    ) -> Outcomes:
        """Play replicates 0 to `replicates` - 1 of a seed on one thread; `paths` days of path."""
        out = Outcomes.empty(replicates, len(assembly.actors), paths)
        tally = np.zeros((replicates, ensemble.N_TALLY), np.int32)
        records = [
            assembly.phases,
            layout.new_state(0, 0),
            layout.new_record(layout.STATE),
            layout.new_record(layout.WORK),
        ]
        bases = [np.asarray(record) for record in records]
        self._library.play_many(
            *(ctypes.c_void_p(base.ctypes.data) for base in bases),
            ctypes.c_uint64(seed),
            ctypes.c_uint64(0),
            ctypes.c_int64(replicates),
            ctypes.c_int64(paths),
            *(
                ctypes.c_void_p(array.ctypes.data)
                for array in (tally, out.first_force, out.paths, out.dead, out.day)
            ),
        )
        out.end[:] = tally[:, ensemble.TALLY_END]
        out.peak[:] = tally[:, ensemble.TALLY_PEAK]
        out.moves[:] = tally[:, ensemble.TALLY_MOVES]
        out.force_moves[:] = tally[:, ensemble.TALLY_FORCE]
        out.exchanges[:] = tally[:, ensemble.TALLY_EXCHANGES]
        out.widened[:] = tally[:, ensemble.TALLY_WIDENED]
        out.decisions[:] = tally[:, ensemble.TALLY_DECISIONS]
        return out


def build(flags: tuple[str, ...] = FLAGS) -> Inner:
    """Compile inner.c and load it.

    Raises
    ------
    FileNotFoundError
        Where the machine has no C compiler.
    subprocess.CalledProcessError
        Where it refuses the source.
    """
    command = compiler()
    if command is None:
        raise FileNotFoundError("no C compiler: set CC to one")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layout.h").write_text(header(), encoding="utf-8")
        library = Path(folder) / "inner.so"
        subprocess.run(
            [command, *flags, "-shared", "-fPIC", f"-I{folder}", "-o", library, SOURCE, "-lm"],
            check=True,
        )
        version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
        return Inner(version.stdout.splitlines()[0], ctypes.CDLL(str(library)))
