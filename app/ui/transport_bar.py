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
from app.ui.dropout_notice import DropoutNotice
from app.ui.loop_region import LoopRegion
from app.ui.measure_words import Readout, loudness, loudness_range, summary, true_peak
from app.ui.monitor_button import MonitorButton
from app.ui.part_readout import PartReadout
from app.ui.play_disc import PlayDisc
from app.ui.position_readout import PositionReadout
from app.ui.theme import Theme
from app.ui.value_readout import ValueReadout

HEIGHT_PX = 56
_CLIP = "clip"
_SELECTION, _LOOP = "Selection", "Loop"
_EXPORT, _EXPORT_TIP = "Export", "Export (Ctrl+E)"
_NO_TAKE = "Select a take first"
_PICK_FIRST = "Pick a take, or end the blind comparison first"
RECEIVING = "Receiving…"
INCOMPLETE = "Incomplete"
_BROKE_OFF = "It broke off while it arrived: what is there can be heard, but not handed over"
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
        self._frame = self._frames = 0
        self._is_growing = False
        self._is_recording = False
        self._is_blind = False
        self._room_asked: tuple[object, ...] = ()
        self._why_not = _NO_TAKE
        self._channels = 2
        self._region: LoopRegion | None = None
        self._edit = WHOLE
        self._to_start = IconButton(theme, "skip-back", "To the start", tooltip="To the start (Home)", icon_size=17)
        self._play = PlayDisc(theme)
        self._loop = IconButton(theme, "repeat", "Loop", tooltip="Loop (L)", checkable=True)
        self.monitor = MonitorButton(theme)
        self._time = PositionReadout(theme)
        self._status = Label(theme, "", font="small", role="text2")
        self._part = PartReadout(theme, _SELECTION, "Clear the selection")
        self._trim = PartReadout(theme, "Trim", "Whole take again, without fades")
        self.lufs, self.dbtp, self.lra = (
            ValueReadout(theme, of(None).unit, of(None).meaning, alarm_room=alarm)
            for of, alarm in ((loudness, ""), (true_peak, _CLIP), (loudness_range, ""))
        )
        self.dropouts = DropoutNotice(theme)
        self.handle = DragHandle(theme)
        self._export = Button(theme, _EXPORT, icon="share", size="dialog")
        self._export.setAccessibleName(_EXPORT)
        self._export.setToolTip(_EXPORT_TIP)
        self._lay_out()
        self._to_start.clicked.connect(self.to_start_wanted)
        self._play.clicked.connect(self.play_wanted)
        self._loop.toggled.connect(self.loop_toggled)
        self._part.clear_wanted.connect(self.clear_wanted)
        self.dropouts.clicked.connect(self._refresh_room)
        self._trim.clear_wanted.connect(self.whole_wanted)
        self._export.clicked.connect(self.export_wanted)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self.show_nothing()

    # what is shown

    def show_take(self, frames: int, sample_rate_hz: int, channels: int = 2) -> None:
        """A take that can be played, at its start."""
        self._channels = channels
        self._refresh_monitor()
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
        self._play.show_reason("" if can_play else RECEIVING)
        self._refresh_handing_over(RECEIVING)
        self.show_measures(None)

    def show_incomplete(self) -> None:
        """What there is of a take that broke off: it may be heard, and isn’t handed over as if it were whole."""
        self._refresh_handing_over(_BROKE_OFF)
        self.show_measures(None)
        self.show_status(INCOMPLETE)

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
        self._frame = frame
        frames = None if self._is_blind else self._frames
        self._time.show_time(frame, frames, self._rate_hz, is_growing=self._is_growing)

    def show_playing(self, *, is_playing: bool) -> None:
        self._play.show_playing(is_playing=is_playing)

    def show_looping(self, *, is_looping: bool) -> None:
        self._loop.setChecked(is_looping)
        self._part.show_title(_LOOP if is_looping else _SELECTION)

    def show_region(self, region: LoopRegion | None) -> None:
        self._region = region
        if region is not None:
            self._part.show_part(region.start / self._rate_hz, region.end / self._rate_hz)
        self._refresh_room()

    def show_edit(self, edit: ClipEdit) -> None:
        """What is cut and faded of the take."""
        self._edit = edit
        if edit.is_trimmed:
            self._trim.show_part(edit.start / self._rate_hz, edit.end_in(self._frames) / self._rate_hz)
        else:
            fades = (frames / self._rate_hz for frames in (edit.fade_in, edit.fade_out))
            self._trim.show_words(" / ".join(f"{seconds:.3f}" for seconds in fades) + " s")
        self._trim.show_title("Trim" if edit.is_trimmed else "Fades in / out")
        self._refresh_room()

    def show_measures(self, measures: Measures | None) -> None:
        """Loudness, true peak and loudness range, and the rest in their tooltips; None is not measured yet."""
        rest = "" if measures is None else f"\n\n{summary(measures)}\n"
        for readout, of in self._readouts():
            shown = of(measures)
            readout.show_value(shown.value, shown.unit, f"{shown.meaning}{rest}", warns=shown.warns)

    def show_recording(self, *, is_recording: bool) -> None:
        """A recording that was transcribed is neither measured nor exported: it is the user's own already."""
        self._is_recording = is_recording
        self.updateGeometry()
        self._refresh_room()

    def show_blind(self, *, is_blind: bool) -> None:
        """While takes are hidden nothing is told that differs between them, and none is handed over."""
        if is_blind != self._is_blind:
            self._is_blind = is_blind
            self.show_position(self._frame)
            self._refresh_monitor()
            self._refresh_room()
            self._refresh_handing_over(self._why_not)

    def show_underruns(self, count: int) -> None:
        """How often samples came too late since the start of the app."""
        self.dropouts.show_count(count)
        self._refresh_room()

    def show_clip(self) -> None:
        """Say that full scale was reached, until it is clicked away."""
        self.dbtp.set_alarm(_CLIP)

    def hide_clip(self) -> None:
        """It was clicked away elsewhere."""
        self.dbtp.set_alarm("")

    @property
    def time_text(self) -> str:
        return self._time.text

    # inside

    def _readouts(self) -> tuple[tuple[ValueReadout, Callable[[Measures | None], Readout]], ...]:
        return (self.lufs, loudness), (self.dbtp, true_peak), (self.lra, loudness_range)

    def _set_usable(self, usable: bool) -> None:
        for control in (self._to_start, self._play, self._loop):
            control.setEnabled(usable)
        self._play.show_reason("")
        self._refresh_handing_over("" if usable else _NO_TAKE)

    def _refresh_handing_over(self, why_not: str) -> None:
        """Whether the take can be exported and dragged, else why not."""
        self._why_not = why_not
        reason = _PICK_FIRST if self._is_blind else why_not
        self._export.setEnabled(not reason)
        self._export.setToolTip(reason or _EXPORT_TIP)
        self.handle.show_usable(is_usable=not reason, reason=reason)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        for control in (self._to_start, self._play, self._loop, self.monitor):
            self._row.addWidget(control)
        self._row.addWidget(self._time)
        self._row.addWidget(self._status)
        self._row.addWidget(self._part)
        self._row.addWidget(self._trim)
        self._row.addStretch(1)
        self._row.addWidget(self.dropouts)
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
        return QSize(self._theme.px(300 if self._is_recording else 360), self._theme.px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refresh_room()
        super().resizeEvent(event)

    def _refresh_room(self) -> None:
        """What can be seen elsewhere goes first where there is little room: the waveform shows loop and trim, the
        list and a tooltip the measures. What is needed to hear, and what warns, always stays."""
        is_told = not self._is_blind
        shows_values = is_told and not self._is_recording and not self._status.text()
        wanted = {
            self._status: bool(self._status.text()),
            self._part: is_told and self._region is not None,
            self._trim: is_told and not self._edit.is_plain,
            self.lufs: shows_values,
            self.dbtp: shows_values,
            self.lra: shows_values,
            self._export: not self._is_recording,
            self.handle: not self._is_recording,
            self.dropouts: self.dropouts.has_news,
        }
        asked = (
            *(self.width(), self._theme.text_scale, *wanted.values()),
            *(self._part.text, self._trim.text, len(self._time.text), self.dropouts.accessibleName()),
            *(readout.value for readout, _ in self._readouts()),
        )
        if asked == self._room_asked:  # each word that is tried out would be told to assistive technology
            return
        self._room_asked = asked
        for part, is_wanted in wanted.items():
            part.setVisible(is_wanted)
        self.handle.show_words(has_room=True)
        self._export.setText(_EXPORT)
        self.monitor.set_short(False)
        self._time.set_short(False)
        self.dropouts.set_short(False)
        sacrifices: tuple[Callable[[], None], ...] = (
            self._trim.hide,
            self._part.hide,
            lambda: self.handle.show_words(has_room=False),
            self.lra.hide,
            lambda: self.monitor.set_short(True),
            lambda: self.dropouts.set_short(True),
            self.dbtp.hide,
            lambda: self._export.setText(""),
            self.lufs.hide,
            lambda: self._time.set_short(True),
            self.handle.hide,
        )
        for give_up in sacrifices:
            if self._has_room():
                break
            give_up()

    def _has_room(self) -> bool:
        self._values.invalidate()  # a layout within another one isn't told
        return self._row.minimumSize().width() <= self.width()

    def _refresh_monitor(self) -> None:
        """Of hidden takes it isn't told how many channels each has."""
        self.monitor.show_channels(0 if self._is_blind else self._channels)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(14), 0, px(12), 0)
        self._row.setSpacing(px(8))
        self._values.setSpacing(px(18))
        self.setFixedHeight(px(HEIGHT_PX))
        self._refresh_room()
