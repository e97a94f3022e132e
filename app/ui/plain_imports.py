"""Brings Qt in and lets imports go the plain way after it: with PySide’s own, each reads the source of its module.

PySide looks there for a use of its `__feature__` switches, such as snake case names, which this app doesn’t have.
That was 25 of 357 ms of processor time until the first paint. Imported before anything else that imports PySide6.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - only now is there something to put right

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
