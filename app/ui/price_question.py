"""Asks before money is spent of which nobody knows how much."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.model_spec import ModelSpec
from app.domain.receipt import Estimate
from app.ui import readouts
from app.ui.dialog import Dialog
from app.ui.theme import Theme


def why_to_ask(spec: ModelSpec, estimate: Estimate, *, has_limit: bool, verb: str = "Generate") -> str:
    """What isn't known of a price, in sentences; empty where there is nothing to ask.

    Args:
        has_limit: The user set a limit on spending, which can't be checked against the unknown.
        verb: What the user is about to do.
    """
    unchecked = has_limit and estimate.most is None
    if spec.price is None and not estimate.is_known:  # a server of the user's own sends no bill
        known = f"{spec.label} has no published price."
    elif not estimate.is_known:
        known = f"How long this becomes is up to {spec.label}, so its price isn’t known before."
    elif unchecked:
        expected = readouts.estimated(estimate.expected)
        known = f"Nobody knows how long this becomes at the most, so it may cost more than {expected}."
    else:
        return ""
    limit = " Your spending limit can’t be checked against it." if unchecked else ""
    return f"{known}{limit} The receipt will show what it cost. {verb} anyway?"


class PriceQuestion(Dialog):
    """Accepted by "Generate, price unknown"; Esc and the cross cancel."""

    def __init__(self, theme: Theme, spec: ModelSpec, reason: str, parent: QWidget, *, verb: str = "Generate") -> None:
        super().__init__(
            theme,
            f"{spec.label}: price unknown",
            subtitle=reason,
            icon="circle-question-mark",
            width=460,
            parent=parent,
        )
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        self.add_button(f"{verb}, price unknown", tone="warn").clicked.connect(self.accept)
