"""The launchers stay what they promise to be: scripts on the standard library, in no package."""

from __future__ import annotations

import ast
import sys
from pathlib import Path


def test_the_folder_is_no_package(launchers: Path):
    assert not (launchers / "__init__.py").exists(), "it would shadow the package of that name on PyPI"


def test_everything_imported_is_the_standard_library_or_a_neighbour(launchers: Path):
    allowed = set(sys.stdlib_module_names) | {path.stem for path in launchers.glob("*.py")}

    for path in launchers.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, path


def test_no_neighbour_hides_a_module_of_the_standard_library(launchers: Path):
    hidden = {path.stem for path in launchers.glob("*.py")} & set(sys.stdlib_module_names)

    # `test` is Python's own suite, which nothing here imports.
    assert hidden <= {"test"}
