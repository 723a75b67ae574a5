"""The compiled code is never stale, and is what its Python source says."""

import inspect
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from sim.kernel import (
    blows,
    choice,
    clocks,
    consequences,
    covariates,
    ends,
    goals,
    loop,
    splitting,
    streams,
)
from sim.kernel import layout as at

ASK = "from sim.kernel import compiled; print(compiled.cache_folder(), compiled.is_compiled())"


def folder_of(root, **environment):
    """Name the cache folder of the copy of the package under `root`."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), **environment}
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    folder, compiled = done.stdout.split()
    assert compiled == "False"
    return folder


@pytest.fixture
def package(tmp_path, repository):
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(repository / "sim", tmp_path / "sim", ignore=ignore)
    return tmp_path


def test_any_change_of_the_kernel_changes_the_cache(package):
    before = folder_of(package)
    assert folder_of(package) == before
    for name in ("covariates.py", "layout.py"):
        path = package / "sim" / "kernel" / name
        path.write_text(path.read_text() + "\n# changed\n")
        after = folder_of(package)
        assert after != before
        before = after


def test_a_change_outside_the_kernel_keeps_the_cache(package):
    before = folder_of(package)
    path = package / "sim" / "errors.py"
    path.write_text(path.read_text() + "\n# changed\n")
    assert folder_of(package) == before


def test_the_cache_can_be_put_elsewhere(package):
    elsewhere = package / "elsewhere"
    assert folder_of(package, NUMBA_CACHE_DIR=str(elsewhere)).startswith(str(elsewhere))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable to root")
def test_an_unwritable_package_compiles_into_the_users_cache(package):
    kernel = package / "sim" / "kernel"
    shutil.rmtree(kernel / "__pycache__", ignore_errors=True)
    kernel.chmod(0o555)
    try:
        assert folder_of(package).startswith(str(package / ".cache"))
    finally:
        kernel.chmod(0o755)


MODULES = (
    blows,
    choice,
    clocks,
    consequences,
    covariates,
    ends,
    goals,
    loop,
    splitting,
    streams,
)


def test_everything_in_the_kernel_is_compiled():
    found = 0
    for module in MODULES:
        for name, member in inspect.getmembers(module):
            if isinstance(member, CPUDispatcher):
                found += 1
                assert member.targetoptions["nopython"], name
                assert not member.targetoptions.get("fastmath"), name
                assert not member.targetoptions.get("parallel"), name
            elif inspect.isfunction(member) and member.__module__ == module.__name__:
                assert name == "codegen" or member.__name__ == "_high_product", name
    assert found > 20


def same(a, b):
    """Tell whether two records agree, up to the last bits of the elementary functions."""
    for name in a.dtype.names:
        x, y = np.asarray(a[name], float), np.asarray(b[name], float)
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-12, err_msg=name)
    return True


@pytest.mark.parametrize("seed", range(3))
def test_compiled_functions_do_what_their_source_says(world, seed):
    luck = np.random.default_rng(seed)
    compiled, plain = world("worked", seed=seed).start(), world("worked", seed=seed).start()
    for turn in range(60):
        until = float(compiled.state.time[at.NOW] + luck.exponential())
        kinds = [
            proceed(here.params, here.state, here.work, until)
            for proceed, here in ((loop.proceed, compiled), (loop.proceed.py_func, plain))
        ]
        assert kinds[0] == kinds[1]
        if kinds[0] == at.DECISION:
            i = int(compiled.work.actor)
            option = int(luck.integers(1, compiled.params.n_options[i]))
            move, target = (int(x) for x in compiled.params.option[i, option])
            for function, here in (
                (consequences.carry_out, compiled),
                (consequences.carry_out.py_func, plain),
            ):
                here.work.row[:] = 0.0
                blow = here.params.blow[move]
                arguments = (here.params, here.state, here.work.row, i, move, target, blow)
                function(*arguments, streams.OF_ACTOR, i, here.state.count[i])
                here.state.count[i] += 1
                here.state.end = at.RUNNING
            exponential = luck.exponential()
            clocks.restart(compiled.params, compiled.state, i, exponential)
            clocks.restart.py_func(plain.params, plain.state, i, exponential)
            choice.weigh(compiled.params, compiled.state, compiled.work, i)
            choice.weigh.py_func(plain.params, plain.state, plain.work, i)
        compiled.state.end = plain.state.end = at.RUNNING
        assert same(compiled.state, plain.state), turn
        assert same(compiled.work, plain.work), turn
    assert compiled.state.count.sum() > 5


@pytest.mark.parametrize("function", [streams.uniform, streams.poisson, choice.pick])
def test_small_functions_do_what_their_source_says(function):
    luck = np.random.default_rng(1)
    for _ in range(200):
        if function is streams.uniform:
            arguments = (luck.integers(2**64 - 1, dtype=np.uint64),)
        elif function is streams.poisson:
            arguments = (float(luck.uniform(0, 500)), float(luck.random()))
        else:
            arguments = (luck.dirichlet(np.ones(9)), 9, float(luck.random()))
        assert function(*arguments) == function.py_func(*arguments)
