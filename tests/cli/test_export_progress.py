"""The bar of an export."""

from __future__ import annotations

import io

import pytest

from app.cli.console import Console
from app.cli.export_progress import export_progress
from app.engine.exporter import ExportProgress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_somebody_who_watches_sees_how_many_files_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    seen = _Terminal()

    with export_progress(Console(io.StringIO(), seen)) as show:
        show(ExportProgress(2, 12, 0.2))

    assert "2 of 12 files" in seen.getvalue()


def test_a_script_sees_nothing() -> None:
    console = Console(io.StringIO(), io.StringIO())

    with export_progress(console) as show:
        show(ExportProgress(2, 12, 0.2))

    assert isinstance(console.err, io.StringIO)
    assert console.err.getvalue() == ""
