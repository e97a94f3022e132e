"""Asks what "stop all" means while something has left already."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.engine.stopping import OpenTasks
from app.ui.dialog import Dialog
from app.ui.readouts import counted
from app.ui.theme import Theme


class StopQuestion(Dialog):
    """Esc and the cross keep everything going.

    Signals:
        chosen: Whether also what is under way is stopped.
    """

    chosen = Signal(bool)

    def __init__(self, theme: Theme, tasks: OpenTasks, parent: QWidget) -> None:
        super().__init__(
            theme,
            f"Stop {counted(len(tasks), 'task')}?",
            subtitle=" ".join(_facts(tasks)),
            icon="circle-question-mark",
            width=520,
            parent=parent,
        )
        self.add_button("Keep going", safe=True).clicked.connect(self.reject)
        waiting, everything = len(tasks.waiting), len(tasks)
        if waiting:
            self.add_button(f"Stop all {everything:,}", tone="warn").clicked.connect(lambda: self._choose(True))
            self.add_button(f"Stop {waiting:,} waiting", primary=True).clicked.connect(lambda: self._choose(False))
        else:
            stop = "Stop it" if everything == 1 else f"Stop all {everything:,}"
            self.add_button(stop, primary=True).clicked.connect(lambda: self._choose(True))

    def _choose(self, under_way: bool) -> None:
        self.accept()
        self.chosen.emit(under_way)


def _facts(tasks: OpenTasks) -> list[str]:
    waiting, under_way, billable = len(tasks.waiting), len(tasks.under_way), tasks.billable
    facts = []
    if waiting:
        facts.append(f"{waiting:,} {'waits and has' if waiting == 1 else 'wait and have'} cost nothing.")
    if billable:
        where, it = ("is at a service", "it") if billable == 1 else ("are at services", "them")
        facts.append(
            f"{billable:,} {where} that can’t be stopped and may still bill {it}; what comes of {it} can be taken up "
            "again with Retry."
        )
    if own := under_way - billable:
        facts.append(f"{own:,} {'is' if own == 1 else 'are'} made on this computer.")
    return facts
