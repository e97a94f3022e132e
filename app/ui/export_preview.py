"""What an export will write: one line a file, before anything is written and after."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.engine.export_level import Level, Measured, has_level, is_changed_before_its_level, level_for
from app.engine.exporter import Exported, PlannedExport
from app.ui.controls.divider import Divider
from app.ui.controls.label import Label
from app.ui.controls.link import LinkButton
from app.ui.controls.painting import fill_rounded
from app.ui.export_size import is_exact, size_bytes, size_text
from app.ui.readouts import counted, level
from app.ui.theme import Theme

MOST_LINES = 30
_HEAD_PX, _LINE_PX, _NOTE_PX = 26, 30, 24
_LOUDNESS_PX, _GAIN_PX, _NUMBER_PX = 142, 58, 18
_LEAST_LINES, _MOST_SEEN_LINES = 2.0, 4.5
_LOW_SCREEN_PX = 720  # with the dialog's other rows there is room for fewer lines


class ExportPreview(QWidget):
    """The first thirty files; `replace_toggled` carries the id of a take whose existing file was decided about."""

    replace_toggled = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._summary = Label(theme, "What you get", font="caption", role="text3", medium=True)
        self._loudness = Label(theme, "Loudness", font="caption", role="text3", medium=True)
        self._gain = Label(theme, "Gain", font="caption", role="text3", medium=True)
        self._lines: list[_Line] = []
        self._more = Label(theme, font="caption", role="text3")
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        self._scroller = QScrollArea()
        self._lay_out()
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    def show_plan(self, plan: Sequence[PlannedExport]) -> None:
        """Show what will be written where."""
        shown = plan[:MOST_LINES]
        self._summary.setText(_summary_of(plan))
        for line, planned in zip(self._lines_for(len(shown)), shown, strict=True):
            line.show_planned(planned)
        hidden = len(plan) - len(shown)
        self._more.setText(f"and {counted(hidden, 'more file', 'more files')}")
        self._more.setVisible(hidden > 0)
        self._refresh_height()

    def show_results(self, results: Sequence[Exported]) -> None:
        """Say which files couldn't be written, and what is remarkable about the others."""
        for line, result in zip(self._lines, results, strict=False):
            line.show_result(result)
        self._refresh_height()

    @property
    def names(self) -> list[str]:
        """The file names on show."""
        return [line.name.text() for line in self._lines if not line.isHidden()]

    @property
    def summary(self) -> str:
        return self._summary.text()

    @property
    def notes(self) -> list[str]:
        """The words below the files that have any."""
        return [line.note_text for line in self._lines if not line.isHidden() and line.note_text]

    def _lines_for(self, count: int) -> list[_Line]:
        """As many lines as needed; kept, since the plan changes with every letter that is typed."""
        while len(self._lines) < count:
            line = _Line(self._theme, self._inside)
            line.replace_toggled.connect(self.replace_toggled)
            self._lines.append(line)
            self._list.insertWidget(len(self._lines) - 1, line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < count)
        return self._lines[:count]

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._summary, 1)
        self._head.addWidget(self._loudness)
        self._head.addWidget(self._gain)
        for label in (self._loudness, self._gain):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addWidget(self._more)
        self._list.addStretch(1)
        self._more.hide()
        self._scroller.setWidget(self._inside)
        self._scroller.setWidgetResizable(True)
        self._scroller.setFrameShape(QFrame.Shape.NoFrame)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroller.viewport().setAutoFillBackground(False)
        self._scroller.verticalScrollBar().rangeChanged.connect(self._refresh_head)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._scroller, 1)

    def _refresh_height(self) -> None:
        px = self._theme.px
        lines = [line for line in self._lines if not line.isHidden()]
        wanted = sum(px(_LINE_PX) + (px(_NOTE_PX) if line.note_text else 0) for line in lines)
        wanted += px(_NOTE_PX) if not self._more.isHidden() else 0
        is_low = self.screen().availableGeometry().height() < px(_LOW_SCREEN_PX)
        most = _MOST_SEEN_LINES - 1.5 if is_low else _MOST_SEEN_LINES
        self._scroller.setFixedHeight(int(min(max(wanted, px(_LINE_PX) * _LEAST_LINES), px(_LINE_PX) * most)))

    def _refresh_head(self) -> None:
        """The headings stand above their columns, also where these leave room for a scroll bar."""
        bar, px = self._scroller.verticalScrollBar(), self._theme.px
        room = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._head.setContentsMargins(px(10), 0, px(10) + room, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        area = QRectF(self.rect())
        fill_rounded(QPainter(self), area, self._theme.px(6), color("window"), color("line_field"))

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        for label in (self._summary, self._loudness, self._gain):
            label.setFixedHeight(px(_HEAD_PX))
        self._loudness.setFixedWidth(px(_LOUDNESS_PX))
        self._gain.setFixedWidth(px(_GAIN_PX))
        self._refresh_head()
        self._head.setSpacing(px(10))
        self._more.setContentsMargins(px(38), px(4), 0, px(4))
        self._refresh_height()


class _Line(QWidget):
    """One file: number, name, loudness and gain; below it what has to be known about it."""

    replace_toggled = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._take_id = ""
        self._number = Label(theme, font="small", bold=True)
        self.name = Label(theme, font="small", elide=True)
        self._loudness = Label(theme, font="small", role="text2")
        self._gain = Label(theme, font="small", role="text3")
        self._sign = QLabel()
        self._note = Label(theme, font="caption", role="warn", elide=True)
        self._decide = LinkButton(theme, "Replace instead", font="caption")
        self._decide.clicked.connect(lambda: self.replace_toggled.emit(self._take_id))
        self._lay_out()
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    @property
    def note_text(self) -> str:
        return self._note.text()

    def show_planned(self, planned: PlannedExport) -> None:
        take = planned.source.take
        self._take_id = take.id
        self._number.setText(str(take.number))
        self.name.setText(planned.target.name)
        change = _level_of(planned)
        loudness_lufs = None if take.measures is None else take.measures.integrated_lufs
        self._loudness.setText(_loudness_text(loudness_lufs, change, planned))
        self._gain.setText("" if change is None else f"{level(change.gain_db)} dB")
        if planned.is_skipped:
            self._show_note("This name exists and stays; this take isn’t written.", "warn")
        elif planned.replaces:
            self._show_note("The file of this name will be replaced.", "warn", link="Keep both")
        elif planned.is_clash:
            why = "This name exists." if planned.can_replace else "An earlier take gets this name."
            text = f"{why} The new file is saved as “…{planned.target.name[-12:]}”."
            self._show_note(text, "warn", link="Replace instead" if planned.can_replace else "")
        else:
            self._show_note(change.remark if change else "", "text2")

    def show_result(self, result: Exported) -> None:
        if result.failure is not None:
            self._show_note(result.failure.message, "err")
        else:
            self.name.setText(result.path.name)
            self._show_note(result.remark, "text2")

    def _show_note(self, text: str, role: str, *, link: str = "") -> None:
        self._note.setText(text)
        self._note.set_role(role)
        icon = {"warn": "triangle-alert", "err": "octagon-alert"}.get(role, "info")
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(self._theme.pixmap(icon, role, size=13, device_pixel_ratio=ratio))
        self._below.setVisible(bool(text))
        self._decide.setText(link)
        self._decide.setVisible(bool(link))

    def _lay_out(self) -> None:
        for label in (self._loudness, self._gain):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout()
        self._row.addWidget(self._number)
        self._row.addWidget(self.name, 1)
        self._row.addWidget(self._loudness)
        self._row.addWidget(self._gain)
        self._below = QWidget()
        self._note_row = QHBoxLayout(self._below)
        self._note_row.addWidget(self._sign)
        self._note_row.addWidget(self._note)
        self._note_row.addWidget(self._decide)
        self._note_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(self._theme))
        column.addLayout(self._row)
        column.addWidget(self._below)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self._number.setFixedWidth(px(_NUMBER_PX))
        self._loudness.setFixedWidth(px(_LOUDNESS_PX))
        self._gain.setFixedWidth(px(_GAIN_PX))
        for label in (self._number, self.name, self._loudness, self._gain):
            label.setFixedHeight(px(_LINE_PX) - 1)
        self._row.setContentsMargins(px(10), 0, px(10), 0)
        self._row.setSpacing(px(10))
        self._below.setFixedHeight(px(_NOTE_PX))
        self._note_row.setContentsMargins(px(38), 0, px(10), px(4))
        self._note_row.setSpacing(px(6))


def _summary_of(plan: Sequence[PlannedExport]) -> str:
    size = sum(size_bytes(planned.source.take.info, planned.settings) for planned in plan if planned.source.take.info)
    about = "" if all(is_exact(planned.settings) for planned in plan) else "about "
    return f"What you get: {counted(len(plan), 'file')}, {about}{size_text(size)}"


def _level_of(planned: PlannedExport) -> Level | None:
    """How the level will change; None where it stays or can't be known before: a selection is measured anew."""
    settings, take = planned.settings, planned.source.take
    if not has_level(settings):
        return Level(settings.gain_db) if settings.gain_db else None
    if is_changed_before_its_level(settings) or take.measures is None:
        return None
    return level_for(Measured.of(take.measures), settings, name=f"Take {take.number}")


def _loudness_text(loudness_lufs: float | None, change: Level | None, planned: PlannedExport) -> str:
    if loudness_lufs is None or is_changed_before_its_level(planned.settings):
        return ""
    before = level(loudness_lufs)
    if change is None:
        return "" if has_level(planned.settings) else f"{before} LUFS"
    return f"{before} → {level(loudness_lufs + change.gain_db)} LUFS"
