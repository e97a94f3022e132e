"""Play, loop, time, loudness and export, in one line below the waveform."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.measures import Measures
from app.ui.controls.button import Button
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.drag_handle import DragHandle
from app.ui.loop_region import LoopRegion
from app.ui.measure_words import Readout, loudness, loudness_range, summary, true_peak
from app.ui.part_readout import PartReadout
from app.ui.play_disc import PlayDisc
from app.ui.position_readout import PositionReadout
from app.ui.theme import Theme
from app.ui.value_readout import ValueReadout

HEIGHT_PX = 56
_WIDE_PX, _NARROW_PX, _WORDS_PX, _SNUG_PX, _TIGHT_PX = 1_086, 930, 775, 630, 560
_CLIP = "clip"
RECEIVING = "Receiving…"
BUFFERING = "Buffering"


class TransportBar(QWidget):
    """Announces what was clicked and shows what it is told."""

    to_start_wanted = Signal()
    play_wanted = Signal()
    loop_toggled = Signal(bool)
    clear_wanted = Signal()
    whole_wanted = Signal()  # nothing cut or faded any more
    export_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rate_hz = 1
        self._frames = 0
        self._is_growing = False
        self._is_recording = False
        self._region: LoopRegion | None = None
        self._edit = WHOLE
        self._to_start = IconButton(theme, "skip-back", "To the start", tooltip="To the start (Home)", icon_size=17)
        self._play = PlayDisc(theme)
        self._loop = IconButton(theme, "repeat", "Loop", tooltip="Loop (L)", checkable=True)
        self._time = PositionReadout(theme)
        self._status = Label(theme, "", font="small", role="text2")
        self._loop_part = PartReadout(theme, "Loop", "Clear the selection")
        self._trim = PartReadout(theme, "Trim", "Whole take again, without fades")
        self.lufs, self.dbtp, self.lra = (
            ValueReadout(theme, of(None).unit, of(None).meaning, alarm_room=alarm)
            for of, alarm in ((loudness, ""), (true_peak, _CLIP), (loudness_range, ""))
        )
        self.handle = DragHandle(theme)
        self._export = Button(theme, "Export", icon="share", size="dialog")
        self._export.setToolTip("Export (Ctrl+E)")
        self._lay_out()
        self._to_start.clicked.connect(self.to_start_wanted)
        self._play.clicked.connect(self.play_wanted)
        self._loop.toggled.connect(self.loop_toggled)
        self._loop_part.clear_wanted.connect(self.clear_wanted)
        self._trim.clear_wanted.connect(self.whole_wanted)
        self._export.clicked.connect(self.export_wanted)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self.show_nothing()

    # what is shown

    def show_take(self, frames: int, sample_rate_hz: int) -> None:
        """A take that can be played, at its start."""
        self.dbtp.set_alarm("")
        self.show_length(frames, sample_rate_hz)
        self.show_region(None)
        self.show_edit(WHOLE)
        self.show_position(0)
        self._set_usable(True)

    def show_arriving(self, *, can_play: bool) -> None:
        """A take that isn't stored yet: it may be heard, as soon as enough of it is there, and not handed over."""
        for control in (self._to_start, self._play, self._loop):
            control.setEnabled(can_play)
        self._export.setEnabled(False)
        self.handle.show_usable(is_usable=False, reason=RECEIVING)
        self._play.show_reason("" if can_play else RECEIVING)
        self._export.setToolTip(RECEIVING)
        self.show_measures(None)

    def show_length(self, frames: int, sample_rate_hz: int, *, is_growing: bool = False) -> None:
        """How long the take is, or is up to now."""
        self._frames, self._rate_hz, self._is_growing = frames, max(sample_rate_hz, 1), is_growing

    def show_status(self, status: str) -> None:
        """A word on a take that still arrives; empty for others. It takes the place of what isn't measured yet."""
        if status != self._status.text():
            self._status.setText(status)
            self._refresh_room()

    def show_nothing(self) -> None:
        """There is nothing to play."""
        self.show_length(0, 1)
        self.dbtp.set_alarm("")
        self.show_region(None)
        self.show_edit(WHOLE)
        self.show_position(0)
        self.show_measures(None)
        self._set_usable(False)

    def show_position(self, frame: int) -> None:
        self._time.show_time(frame, self._frames, self._rate_hz, is_growing=self._is_growing)

    def show_playing(self, *, is_playing: bool) -> None:
        self._play.show_playing(is_playing=is_playing)

    def show_looping(self, *, is_looping: bool) -> None:
        self._loop.setChecked(is_looping)

    def show_region(self, region: LoopRegion | None) -> None:
        self._region = region
        if region is not None:
            self._loop_part.show_part(region.start / self._rate_hz, region.end / self._rate_hz)
        self._refresh_room()

    def show_edit(self, edit: ClipEdit) -> None:
        """What is cut and faded of the take."""
        self._edit = edit
        if edit.is_trimmed:
            self._trim.show_part(edit.start / self._rate_hz, edit.end_in(self._frames) / self._rate_hz)
        else:
            self._trim.show_words("faded")
        self._refresh_room()

    def show_measures(self, measures: Measures | None) -> None:
        """Loudness, true peak and loudness range, and the rest in their tooltips; None is not measured yet."""
        rest = "" if measures is None else f"\n\n{summary(measures)}\n"
        for readout, of in self._readouts():
            shown = of(measures)
            readout.show_value(shown.value, shown.unit, f"{shown.meaning}{rest}")

    def show_recording(self, *, is_recording: bool) -> None:
        """A recording that was transcribed is neither measured nor exported: it is the user's own already."""
        self._is_recording = is_recording
        self._export.setVisible(not is_recording)
        self.handle.setVisible(not is_recording)
        self.updateGeometry()
        self._refresh_room()

    def show_clip(self) -> None:
        """Say that full scale was reached, until it is clicked away."""
        self.dbtp.set_alarm(_CLIP)

    @property
    def time_text(self) -> str:
        return self._time.text

    # inside

    def _readouts(self) -> tuple[tuple[ValueReadout, Callable[[Measures | None], Readout]], ...]:
        return (self.lufs, loudness), (self.dbtp, true_peak), (self.lra, loudness_range)

    def _set_usable(self, usable: bool) -> None:
        for control in (self._to_start, self._play, self._loop, self._export):
            control.setEnabled(usable)
        self._play.show_reason("")
        reason = "" if usable else "Select a take first"
        self._export.setToolTip(reason or "Export (Ctrl+E)")
        self.handle.show_usable(is_usable=usable)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        for control in (self._to_start, self._play, self._loop):
            self._row.addWidget(control)
        self._row.addSpacing(8)
        self._row.addWidget(self._time)
        self._row.addWidget(self._status)
        self._row.addWidget(self._loop_part)
        self._row.addWidget(self._trim)
        self._row.addStretch(1)
        self._values = QHBoxLayout()
        for readout, _ in self._readouts():
            self._values.addWidget(readout)
        self._row.addLayout(self._values)
        self._row.addSpacing(12)
        self._row.addWidget(self.handle)
        self._row.addWidget(self._export)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self._theme.px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(300 if self._is_recording else 445), self._theme.px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refresh_room()
        super().resizeEvent(event)

    def _refresh_room(self) -> None:
        """The waveform shows loop and trim too: in a narrow window their numbers go first, then the measures."""
        width, px = self.width(), self._theme.px
        has_loop = self._region is not None and width >= px(_NARROW_PX)
        self._loop_part.setVisible(has_loop)
        self._trim.setVisible(not self._edit.is_plain and width >= px(_WIDE_PX if has_loop else _NARROW_PX))
        self.handle.show_words(has_room=width >= px(_WORDS_PX))
        has_status = bool(self._status.text())
        self._status.setVisible(has_status)
        for value, _ in self._readouts():
            is_left_out = width < px(_SNUG_PX if value is self.lra else _TIGHT_PX)
            value.setVisible(not has_status and not self._is_recording and not is_left_out)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(14), 0, px(12), 0)
        self._row.setSpacing(px(8))
        self._values.setSpacing(px(18))
        self.setFixedHeight(px(HEIGHT_PX))
        self._refresh_room()
