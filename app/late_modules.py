"""Modules of Python that are loaded when something in them is first used, not when somebody imports them.

What the window’s first picture imports and doesn’t use is a twentieth of the time until its paint. `LazyLoader` of the
library doesn’t do it: in Python 3.11 the second import of a module loads it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

LATE_MODULES = ("asyncio", "difflib", "hashlib", "html", "pickle", "socket", "tomllib")


class _Late(ModuleType):
    """Stands for a module until that is loaded, and hands everything on to it from then on."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
        # Python’s own lock of each module holds a second thread back until the first has loaded it.
        return getattr(import_module(self.__name__), name)


def put_off() -> None:
    """From now on an import of them only notes their names; what is loaded already stays so."""
    for name in LATE_MODULES:
        if name not in sys.modules:
            module = sys.modules[name] = _Late(name)
            module.__spec__ = ModuleSpec(name, None)
