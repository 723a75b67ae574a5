"""A quick start: what libraries import but a command does not use is loaded when it is used.

Mesa imports pandas, networkx and, by way of its continuous space, scipy for parts of it that no
crisis needs; together they take longer than a history.  Only the command line, whose process is its
own, puts their loading off.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["put_off"]

#: Dunder names whose reading means that the module is wanted, and not merely looked over.
_TELLING = ("__path__", "__version__")


class _Late(ModuleType):
    """Stands in for a module until one of its attributes is read."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _TELLING:
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        # Not LazyLoader: importing its module a second time already loads it.
        return getattr(import_module(self.__name__), name)


def put_off(*names: str) -> None:
    """Make each module load at the first use of one of its attributes, not at its import."""
    for name in names:
        if name not in sys.modules:
            module = _Late(name)
            module.__spec__ = ModuleSpec(name, None)
            sys.modules[name] = module
