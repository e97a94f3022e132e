"""Brings Qt in without what PySide does for others: the tools that write its stubs, and a look at each module’s source.

Imported before anything else that imports PySide6.
"""

from __future__ import annotations

import builtins
from typing import Any

# PySide carries its own Python modules as text and compiles them at every start. Two of them only write `.pyi` files:
# an empty module does in the place of each. That is 10 of 320 ms of processor time until the first paint. What was
# loaded under their names before is thrown away, so it is done here, for as long as Qt is brought in.
_STUB_TOOLS = ("shibokensupport/signature/lib/pyi_generator.py", "shibokensupport/signature/lib/enum_sig.py")
_compile = builtins.compile


def _compile_but_stub_tools(source: Any, filename: Any, mode: str, *rest: Any, **named: Any) -> Any:
    return _compile(b"" if filename in _STUB_TOOLS else source, filename, mode, *rest, **named)


builtins.compile = _compile_but_stub_tools
try:
    import PySide6.QtCore  # noqa: F401 - only now is there something to put right
finally:
    builtins.compile = _compile

# PySide’s own imports read the source of each module, to look for a use of its `__feature__` switches, such as
# snake case names, which this app doesn’t have. That was 25 of 357 ms of processor time until the first paint.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
