"""How an export gets on, on the error stream of a terminal; silent when nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.cli.console import Console
from app.engine.exporter import ExportProgress


@contextmanager
def export_progress(console: Console) -> Iterator[Callable[[ExportProgress], None]]:
    """One bar for all files while the block runs, or nothing when the error stream is no terminal."""
    if not console.has_terminal:
        yield lambda _progress: None
        return
    # rich costs a tenth of a second: only where somebody looks at it
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("Exporting"),
        BarColumn(bar_width=30),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=RichConsole(file=console.err),
        transient=True,
    ) as display:
        bar = display.add_task("", total=1.0)

        def show(progress: ExportProgress) -> None:
            display.update(
                bar, completed=progress.fraction, description=f"{progress.done:,} of {progress.total:,} files"
            )

        yield show
