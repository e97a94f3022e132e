"""Asks about a request of which nobody knows whether its service took it: what can be done, and what it may cost."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.receipt import Estimate
from app.domain.request import GenerationRequest
from app.domain.task import Task, TaskState
from app.engine.recovery import CANT_BE_ASKED
from app.engine.undecided import Undecided
from app.ui import readouts
from app.ui.controls.button import Button, Tone
from app.ui.controls.divider import Divider
from app.ui.controls.label import Label
from app.ui.controls.painting import fill_rounded
from app.ui.dialog import Dialog
from app.ui.row_delegate import KIND_ICONS
from app.ui.theme import Theme

_INDENT_PX = 50
_NOTE = "Ctrl+Enter never chooses “Submit anew”."
_MEANWHILE = {
    TaskState.QUEUED: "It is to be submitted anew.",
    TaskState.SUBMITTING: "It is being submitted anew.",
    TaskState.RUNNING: "It is on its way again.",
    TaskState.FINISHED: "It is finished.",
    TaskState.FAILED: "It was marked as failed.",
    TaskState.CANCELLED: "It was cancelled.",
    TaskState.UNCERTAIN: "It was submitted anew, and its answer was lost once more.",
}


class DecisionDialog(Dialog):
    """Announces what was decided, and decides nothing: Esc, the cross and Enter leave it for later.

    Args:
        service: What people call it.
        has_usage_page: Whether there is a page where people see what was charged.
        model: What people call the model.
        now: Tells whether it was sent today.
    """

    check_wanted = Signal()
    page_wanted = Signal()
    submit_wanted = Signal()
    fail_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        undecided: Undecided,
        *,
        service: str,
        has_usage_page: bool,
        model: str,
        now: datetime,
        parent: QWidget,
    ) -> None:
        super().__init__(
            theme,
            f"Did {service} take this request?",
            subtitle=why_undecided(undecided.task, now),
            icon="circle-question-mark",
            width=560,
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._line = _TaskLine(theme, undecided.task, model)
        self._rows: list[_Row] = []
        self._column = QVBoxLayout()
        self._column.addWidget(self._line)
        self._after_line = QWidget()
        self._column.addWidget(self._after_line)
        if undecided.can_be_asked:
            words = f"Asks {service} whether it has this request. Costs nothing."
            self._offer("search", "Check again", words, "Check again").clicked.connect(self.check_wanted)
        if has_usage_page:
            words = "Your usage page lists what was charged."
            self._offer("external-link", "Look it up", words, "Open usage page").clicked.connect(self.page_wanted)
        submit = self._offer("refresh-cw", "Submit anew", again_words(undecided), "Submit anew", tone="warn")
        submit.setEnabled(undecided.can_be_sent)
        submit.clicked.connect(self.submit_wanted)
        words = "Marks the task as failed. Prompt and settings stay."
        self._offer("circle-stop", "Give up", words, "Mark as failed").clicked.connect(self.fail_wanted)
        self.body.addLayout(self._column)
        self.body.addStretch(1)
        self.set_footer_note(_NOTE)
        self._later = self.add_button("Decide later", safe=True)
        self._later.clicked.connect(self.reject)
        self._later.setFocus(Qt.FocusReason.TabFocusReason)
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()

    def show_decided(self, task: Task) -> None:
        """Somebody else decided it: there is nothing left to offer here."""
        self.set_title("This task was decided meanwhile.")
        self.set_subtitle(_MEANWHILE[task.state])
        for row in self._rows:
            row.hide()
        self.set_footer_note("")
        self._later.setText("Close")
        self._later.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, icon: str, title: str, words: str, verb: str, *, tone: Tone = "normal") -> Button:
        row = _Row(self._theme, icon, title, words, verb, tone)
        self._rows.append(row)
        self._column.addWidget(row)
        return row.button

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(_INDENT_PX - 20), 0, 0, 0)
        self._column.setSpacing(0)
        self._after_line.setFixedHeight(px(14))
        widest = max(row.button.sizeHint().width() for row in self._rows)
        for row in self._rows:
            row.button.setMinimumWidth(widest)


class _TaskLine(QWidget):
    """What it is about: kind, prompt, and the model with length and takes."""

    def __init__(self, theme: Theme, task: Task, model: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = KIND_ICONS[task.kind]
        self._icon = QLabel()
        self._prompt = Label(theme, " ".join(task.request.title.split()), elide=True)
        self._facts = Label(theme, facts_of(task, model), font="small", role="text3")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._prompt, 1)
        self._row.addWidget(self._facts)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(10), px(8), px(10), px(8))
        self._row.setSpacing(px(8))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "text3", size=14, device_pixel_ratio=ratio))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill_rounded(QPainter(self), QRectF(self.rect()), self._theme.px(6), self._theme.color("window"), None)


class _Row(QWidget):
    """One thing that can be done: icon, what it is, what it means, and its button."""

    def __init__(self, theme: Theme, icon: str, title: str, words: str, verb: str, tone: Tone) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel()
        self._title = Label(theme, title, font="strong")
        self._words = Label(theme, words, font="small", role="text2", wrap=True)
        self.button = Button(theme, verb, size="option", tone=tone)
        self.button.setAccessibleDescription(words)
        self._texts, self._row = QVBoxLayout(), QHBoxLayout()
        self._texts.addWidget(self._title)
        self._texts.addWidget(self._words)
        self._row.addWidget(self._icon)
        self._row.addLayout(self._texts, 1)
        self._row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(theme))
        column.addLayout(self._row)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(0, px(11), 0, px(11))
        self._row.setSpacing(px(12))
        self._texts.setSpacing(px(1))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "text2", size=17, device_pixel_ratio=ratio))


def why_undecided(task: Task, now: datetime) -> str:
    """What is known, in the words of whoever knew most, and when it was sent."""
    sent_at = task.attempt.sent_at if task.attempt is not None else None
    at = "" if sent_at is None else f" at {_clock(sent_at, now)}"
    said = task.failure.message.strip() if task.failure is not None else ""
    if said in ("", CANT_BE_ASKED):
        told = CANT_BE_ASKED.replace(" was sent.", f" was sent{at}.")
    else:
        end = "" if said.endswith((".", "!", "?", "…")) else "."
        told = f"{said}{end}" + (f" It was sent{at}." if at else "")
    return f"{told} Nothing is sent again unless you say so."


def again_words(undecided: Undecided) -> str:
    """What submitting it anew means for money."""
    if not undecided.can_be_sent:
        return f"There is no service “{undecided.task.request.provider}” here any more, so it can’t be sent."
    if undecided.again.is_free:
        return "Sends it once more. That costs nothing."
    return f"Sends it once more. May cost a second time; {price_words(undecided.again)}."


def price_words(estimate: Estimate) -> str:
    """`about $0.07`, `about $0.07, at most $0.95`, `the price is unknown`."""
    if estimate.expected is None:
        known = "the price is unknown"
        return known if estimate.most is None else f"{known}, at most {readouts.at_most(estimate.most)}"
    expected = readouts.estimated(estimate.expected)
    if estimate.most is None:
        return f"{expected}, nobody knows the most"
    return expected if estimate.most == estimate.expected else f"{expected}, at most {readouts.at_most(estimate.most)}"


def facts_of(task: Task, model: str) -> str:
    """`Stable Audio · 0:12 · 1 take`; what isn't known is left out."""
    request = task.request
    seconds = request.duration_s
    takes = readouts.counted(request.takes, "take") if isinstance(request, GenerationRequest) else ""
    return " · ".join(part for part in (model, readouts.elapsed(seconds) if seconds else "", takes) if part)


def _clock(moment: datetime, now: datetime) -> str:
    local = moment.astimezone()
    is_today = local.date() == now.astimezone().date()
    return f"{local:%H:%M}" if is_today else f"{local:%H:%M} on {local.day} {local:%b}"
