"""The takes of one task: look at them, hear them, compare them, hand them over; of a transcription its recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.audio.player_events import Levels, PlayerState
from app.domain.clip_edit import ClipEdit
from app.domain.request import TranscriptionRequest
from app.domain.take import Take
from app.domain.task import Task
from app.domain.transcript import Transcript
from app.ui.arriving_take import ArrivingTake
from app.ui.blind_comparison import BlindComparison
from app.ui.channel_names import channel_names
from app.ui.clip_handles import ClipHandles
from app.ui.comparing import Comparing
from app.ui.drag_chip import DragChip
from app.ui.empty_well import EmptyWell
from app.ui.level_meter import LevelMeter
from app.ui.loop_region import LoopRegion
from app.ui.overview_strip import OverviewStrip
from app.ui.peaks_loader import PeaksLoader
from app.ui.preview_head import PreviewHead
from app.ui.preview_layout import PreviewLayout
from app.ui.recording import Recording
from app.ui.take_on_show import audio_of, is_arriving, reason_of_silence, take_to_show
from app.ui.theme import Theme
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transport import Transport
from app.ui.transport_bar import RECEIVING, TransportBar
from app.ui.wave_toggles import WaveToggles
from app.ui.waveform_view import WaveformView

if TYPE_CHECKING:
    from app.audio.peaks import Peaks
    from app.engine.live import Receiving
    from app.ui.blind_cover import BlindCover


class PreviewPanel(QWidget):
    """Shows the task it is given and one of its takes; sound goes through the transport.

    Args:
        path_of: Where the audio of a stored take lies.
        service_name: What people call a provider.
    """

    export_wanted = Signal(object, object)  # list of take ids; LoopRegion | None
    sound_shown = Signal()  # another sound is on show, or none
    take_chosen = Signal(str)  # id; it is on show already
    sound_changed = Signal(object)  # Recording | None: what is on show, whole or what has arrived of it
    sound_stored = Signal(object, object)  # Path: where a sound that arrived was; Path: where it lies now

    def __init__(
        self,
        theme: Theme,
        transport: Transport,
        peaks: PeaksLoader,
        path_of: Callable[[Take], Path],
        service_name: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._transport = transport
        self._peaks = peaks
        self._path_of = path_of
        self._service_name = service_name
        self._task: Task | None = None
        self._take: Take | None = None
        self._receiving: Receiving | None = None
        self._recording: Recording | None = None
        self._no_recording = ""
        self._is_looping = False
        self._announced: Recording | None = None
        self._wanted_region: LoopRegion | None = None  # as it was chosen; a take that is shorter shows less of it
        self.comparing = Comparing(self)
        self.head = PreviewHead(theme)
        self.overview = OverviewStrip(theme)
        self.waveform = WaveformView(theme)
        self.clip = ClipHandles(theme, self.waveform.update, lambda: self.waveform.selection.is_snapping, self)
        self.chip = DragChip(
            theme,
            lambda: self.region if self.clip.is_shown else None,
            self.waveform.devicePixelRatioF,
            self,
        )
        self.meter = LevelMeter(theme)
        self.bar = TransportBar(theme)
        self.transcript = TranscriptPanel(theme)
        self.head.show_toggles(WaveToggles(theme, self.waveform))
        self._well = EmptyWell(theme)
        self._blind = BlindComparison(
            theme, self.comparing, self.waveform, lambda: self._take, self._show_compared, self
        )
        self._arriving = ArrivingTake(
            transport, peaks, self.waveform, self.overview, self.meter, self.bar, path_of, self
        )
        self._layout = PreviewLayout(
            theme, self, self.head, self.overview, self.waveform, self.meter, self.bar, self.transcript, self._well
        )
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self._refresh()

    # what is shown

    def show_task(self, task: Task | None, take_id: str | None = None, receiving: Receiving | None = None) -> None:
        """Show a task, and of its takes the one with this id, else the one on show, else the first to be heard.

        A task that has only news keeps its sound going. Another take of the task that plays goes on at the same
        position; another task falls silent, or plays on from its start if something was playing.

        Args:
            receiving: What arrives of the task right now.
        """
        before, before_task, before_key = self._take, self._task, self._key()
        is_same_task = task is not None and before_task is not None and task.id == before_task.id
        was_arriving = self._arriving.is_on_show
        self._task, self._receiving = task, receiving
        self._take = take_to_show(task, take_id or (before.id if before else None), receiving)
        was_blind = self.comparing.is_blind
        self.comparing.show_task(None if self._is_transcription() else task)
        ends_blind = was_blind and not self.comparing.is_blind
        if ends_blind:
            self._blind.forget()
        if not is_same_task:
            self._recording, self._no_recording = None, ""
            self.transcript.show_transcript(None)
        if self._arriving.takes_over(self._take, receiving):
            self._apply_loop()
            self.sound_shown.emit()
        elif was_arriving or ends_blind or self._key() != before_key:
            self._show_audio(is_same_task=is_same_task and not was_arriving)
        self._refresh()

    def show_recording(
        self, task_id: str, recording: Recording | None, no_recording: str, transcript: Transcript | None, note: str
    ) -> None:
        """Show what belongs to a transcription, if it is still the task on show.

        Args:
            no_recording: Why there is nothing to hear, where there isn't.
            note: About the transcript.
        """
        if self._task is None or self._task.id != task_id:
            return
        before = self._key()
        self._recording, self._no_recording = recording, no_recording
        if self._key() != before:
            self._show_audio(is_same_task=False)
        self.transcript.show_transcript(transcript, note)
        self._refresh()

    @property
    def take(self) -> Take | None:
        """The take on show."""
        return self._take

    @property
    def task(self) -> Task | None:
        return self._task

    def show_clip(self, edit: ClipEdit, frames: int) -> None:
        """What is cut and faded of the take on show, `frames` long; 0 is none that can be edited."""
        self.clip.show_clip(edit, frames)

    def put_left_of_lanes(self, widget: QWidget) -> None:
        """Make room for something that belongs beside the waveform, as high as that."""
        self._layout.put_left_of_lanes(widget)

    @property
    def shown_takes(self) -> list[str]:
        """The id of the take on show, if it can be handed over; none while takes are hidden."""
        is_there = self._take is not None and audio_of(self._take) is not None and not self._is_transcription()
        is_told = is_there and not self.comparing.is_blind
        return [self._take.id] if is_told and self._take is not None else []

    @property
    def region(self) -> LoopRegion | None:
        """The selected part of the take, in its frames."""
        return self.waveform.region

    # what a person can do; also for menus and shortcuts

    def toggle_play(self) -> None:
        if self._can_play():
            self._transport.toggle()

    def play_from_start(self) -> None:
        """Audition the take."""
        if self._can_play():
            self._transport.seek(self.clip.edit.start)
            self._transport.play()

    def stop(self) -> None:
        self._transport.stop()

    def go_to_start(self) -> None:
        if self._can_play():
            self._transport.seek(self.clip.edit.start)

    def toggle_loop(self) -> None:
        self._set_looping(not self._is_looping)

    def trim_start_here(self) -> None:
        """The clip begins at the playhead."""
        self.clip.trim_start(self.waveform.position)

    def trim_end_here(self) -> None:
        """The clip ends at the playhead."""
        self.clip.trim_end(self.waveform.position)

    def choose_number(self, number: int) -> None:
        """Switch to take 1, 2, 3 ... if there is one; while the takes are hidden, to A, B, C ..."""
        if self.comparing.is_blind:
            for take in self.comparing.hidden_takes[number - 1 : number]:
                self._choose(take.id)
            return
        for take in self._task.takes if self._task else ():
            if take.number == number:
                self._choose(take.id)

    def toggle_match(self) -> None:
        """Play all takes equally loud, or as they are; hidden ones always are equally loud."""
        if not self.comparing.is_blind:
            self.comparing.set_matching(not self.comparing.is_matching)

    def toggle_blind(self) -> None:
        """Hide which take is which, or end that without a choice."""
        if self.comparing.is_blind:
            self.comparing.end_blind()
        else:
            self.comparing.begin_blind()

    def pick(self) -> None:
        """Choose the hidden take that is on show."""
        self._blind.pick()

    def export(self) -> None:
        """Ask for the take on show to be handed over, with what is selected of it; of a transcription its words."""
        if self._is_transcription():
            self.transcript.offer_formats()
        elif self._take is not None and audio_of(self._take) is not None and not self.comparing.is_blind:
            self.export_wanted.emit([self._take.id], self.region)

    def focus(self) -> None:
        """Move the focus to what there is to see."""
        if self._can_sound() or not self._is_transcription():
            self._time_line.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.transcript.focus_words()

    def keys(self) -> Mapping[str, Callable[[], None]]:
        """What each key does in here; single keys are not for the time when a text field has the focus."""
        view = self.waveform
        numbers = {str(number): lambda number=number: self.choose_number(number) for number in range(1, 10)}
        always = {
            "Space": self.toggle_play,
            "Home": self.go_to_start,
            "L": self.toggle_loop,
            "C": self.bar.monitor.step,
            "M": self.toggle_match,
            "B": self.toggle_blind,
            **numbers,
        }
        if self.comparing.is_blind:
            return {**always, "Return": self.pick, "Enter": self.pick, "Esc": self.comparing.end_blind}
        return {
            **always,
            "I": view.start_loop_here,
            "O": view.end_loop_here,
            "+": view.zoom_in,
            "-": view.zoom_out,
            "0": view.zoom_to_fit,
            "E": view.zoom_to_selection,
            "D": view.toggle_scale,
            "Z": view.toggle_snapping,
            "[": self.trim_start_here,
            "]": self.trim_end_here,
            "S": self.head.looks.toggle_spectrogram,
            "Shift+S": self.head.looks.toggle_overlay,
            "Ctrl+E": self.export,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        act = self.keys().get("+" if pressed in ("=", "Shift++") else pressed)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    # takes

    def _choose(self, take_id: str) -> None:
        if self._take is not None and take_id == self._take.id:
            return
        self.show_task(self._task, take_id, self._receiving)
        if not self.comparing.is_blind:
            self.take_chosen.emit(take_id)

    def _show_audio(self, *, is_same_task: bool) -> None:
        sound = self._sound()
        if sound is None:
            self._peaks.forget()
            self._transport.unload()
            self.waveform.show_nothing()
            self.overview.show_peaks(None)
            self.bar.show_nothing()
            self.sound_shown.emit()
            return
        info, path = sound.info, sound.path
        gain_db = self._take_gain_db()
        goes_on = is_same_task and self._transport.state is not PlayerState.EMPTY
        was_playing = self._transport.is_playing
        self.meter.set_channels(info.channels)
        self.bar.show_take(info.frames, info.sample_rate_hz, info.channels)
        if not self.comparing.is_blind:
            self._show_picture(sound, keeps_region=goes_on)
        if goes_on:
            self._transport.switch(path, info.frames, gain_db=gain_db)
        else:
            self._transport.load(path, gain_db=gain_db)
        self._apply_loop()
        self.sound_shown.emit()
        if was_playing and not goes_on:
            self._transport.play()
        self._show_position(self._transport.position_frames)

    def _show_picture(self, sound: Recording, *, keeps_region: bool) -> None:
        info = sound.info
        if not keeps_region:
            self._wanted_region = None
        region = self._wanted_region
        self._peaks.forget()
        names = channel_names(info.channels, info.format)
        self.waveform.show_take(info.frames, info.sample_rate_hz, info.channels, names)
        self.overview.show_peaks(None)
        self.overview.show_span(self.waveform.span)
        self._show_region(LoopRegion.between(region.start, region.end, info.frames) if region is not None else None)
        self._peaks.load(sound.path)

    # comparing

    def _take_gain_db(self) -> float:
        return 0.0 if self._recording is not None else self.comparing.gain_db(self._take)

    def _show_compared(self, take_id: str) -> None:
        """Show a take that is hidden from now on, or isn't any more."""
        before = self._key()
        self.show_task(self._task, take_id, self._receiving)
        sound = self._sound()
        if self._key() == before and sound is not None:
            if not self.comparing.is_blind:
                self._show_picture(sound, keeps_region=True)
            self.sound_shown.emit()
            self._show_position(self._transport.position_frames)

    def _on_arrival_over(self) -> None:
        """What there was of a take that broke off was heard: say so, or show what arrives of it anew."""
        self._show_audio(is_same_task=False)
        self.show_task(self._task, self._take.id if self._take else None, self._receiving)

    def _on_peaks(self, peaks: Peaks) -> None:
        self.waveform.show_peaks(peaks)
        self.overview.show_peaks(peaks)

    # transport

    @property
    def _time_line(self) -> WaveformView | BlindCover:
        """What shows the position: the waveform, or what hides it."""
        return self._blind.cover or self.waveform

    def _on_state(self, state: PlayerState) -> None:
        is_playing = state is PlayerState.PLAYING
        self.bar.show_playing(is_playing=is_playing)
        if not is_playing:
            self.meter.let_fall()
            self._time_line.announce_position()

    def _on_seek(self, frame: int) -> None:
        self._transport.seek(frame)
        self._time_line.announce_position()

    def _on_position(self, frame: int) -> None:
        self._show_position(frame)

    def _show_position(self, frame: int) -> None:
        self.bar.show_position(frame)
        sound = self._sound()
        if self._blind.cover is not None and sound is not None:
            self._blind.cover.show_position(frame / sound.info.sample_rate_hz)
            return
        self.waveform.show_position(frame, follow=True)
        self.overview.show_position(frame)
        if self._recording is not None:
            seconds = frame / self._recording.info.sample_rate_hz
            self.transcript.show_position(seconds, is_playing=self._transport.is_playing)

    def _on_time(self, seconds: float) -> None:
        """A sentence of the transcript was clicked, or a time of hidden takes: its sound is next."""
        sound = self._sound()
        if sound is not None:
            self._on_seek(min(round(seconds * sound.info.sample_rate_hz), max(0, sound.info.frames - 1)))

    def _on_levels(self, levels: Levels, elapsed_s: float) -> None:
        self.meter.advance(levels.peak, levels.rms, elapsed_s)
        if self.meter.is_clipped:
            self.bar.show_clip()

    # what is cut and faded

    def _on_clip(self, edit: ClipEdit) -> None:
        """It is heard as it will be handed over."""
        self.bar.show_edit(edit)
        self.waveform.show_edit(edit)
        self._transport.set_shape(self.clip.played)

    def _open_clip_menu(self, where: QPoint) -> None:
        from app.ui.clip_menu import ClipMenu  # late: see late_parts
        from app.ui.wave_menu import offer_looks, offer_selection  # late: see late_parts

        sound, view = self._sound(), self.waveform
        if sound is None or not self.clip.is_shown:
            return
        is_pointed = view.underMouse()  # else the key for menus was pressed
        point = QPointF(where)
        frame = view.frame_at(point) if is_pointed else view.position
        handle = self.clip.handle_at(point, view.lane_area, view.span) if is_pointed else None
        menu = ClipMenu(self.clip, frame, sound.info.sample_rate_hz, self.region, handle, self)
        menu.addSeparator()
        offer_selection(menu.addMenu("Selection"), self.waveform)
        offer_looks(menu.addMenu("View"), self.waveform)
        menu.addSeparator()
        menu.offer("Copy as file\tCtrl+C", self.bar.handle.click)
        menu.offer("Export…\tCtrl+E", self.export)
        menu.popup(view.mapToGlobal(where))

    def _type_selection(self) -> None:
        from app.ui.selection_dialog import SelectionDialog  # late: see late_parts

        sound, view = self._sound(), self.waveform
        if sound is None:
            return
        region = self.region or LoopRegion.between(0, sound.info.frames, sound.info.frames)
        if region is None:
            return
        dialog = SelectionDialog(
            self._theme,
            region,
            sound.info.frames,
            sound.info.sample_rate_hz,
            in_samples=view.counts_samples,
            parent=self.window(),
        )
        dialog.chosen.connect(lambda chosen: view.selection.choose(chosen, can_snap=False))
        dialog.open()

    # the part that loops

    def _on_region(self, region: LoopRegion | None) -> None:
        self._wanted_region = region
        self._show_region(region)
        self._apply_loop()
        if region is not None and not self._transport.is_playing:
            self._transport.seek(region.start)

    def _show_region(self, region: LoopRegion | None) -> None:
        self.waveform.show_region(region)
        self.overview.show_region(region)
        self.bar.show_region(region)

    def _set_looping(self, is_looping: bool) -> None:
        self._is_looping = is_looping
        self.bar.show_looping(is_looping=is_looping)
        self._apply_loop()

    def _apply_loop(self) -> None:
        sound = self._sound()
        frames = 0 if sound is None else sound.info.frames  # a take that arrives has no end to loop at yet
        whole = LoopRegion.between(0, frames, frames) if frames else None
        self._transport.set_loop((self.region or whole) if self._is_looping else None)

    # refreshing

    def _is_transcription(self) -> bool:
        return self._task is not None and isinstance(self._task.request, TranscriptionRequest)

    def _sound(self) -> Recording | None:
        """What can be heard: a stored take, or the recording of a transcription."""
        if self._recording is not None:
            return self._recording
        if audio_of(self._take) is None or self._take is None or self._take.info is None:
            return None
        return Recording(self._path_of(self._take), self._take.info)

    def _key(self) -> tuple[str, str] | None:
        """What tells one sound from another; None where there is none."""
        return ("", str(self._recording.path)) if self._recording is not None else audio_of(self._take)

    def _can_sound(self) -> bool:
        return self._key() is not None or self._arriving.is_on_show

    def _can_play(self) -> bool:
        return self._key() is not None or self._arriving.can_play

    def _refresh(self) -> None:
        is_transcription = self._is_transcription()
        is_blind = self.comparing.is_blind
        self.head.show_task(self._task, self._take, self.comparing)
        if self._recording is not None:
            self.head.show_recording(self._recording.info)
        self._layout.show_words(is_wanted=is_transcription)
        self.bar.show_recording(is_recording=is_transcription)
        can_sound = self._can_sound()
        if is_arriving(self._take, self._receiving) and not can_sound:  # it can't be heard before it is whole
            self.bar.show_arriving(can_play=False)
            self.bar.show_status(RECEIVING)
        elif not can_sound:
            self.bar.show_nothing()
        self.head.set_zoomable(can_sound and not is_blind)
        self.head.setVisible(self._task is not None)
        self.bar.setVisible(self._task is not None)
        self._layout.show_sound(can_sound=can_sound, cover=self._blind.cover)
        self._well.show_text(self._no_recording if is_transcription else self._reason_of_silence())
        if self._take is not None and audio_of(self._take) is not None:
            self.bar.show_measures(None if is_blind else self._take.measures)
            self._transport.set_take_gain(self._take_gain_db())
        self.bar.show_blind(is_blind=is_blind)
        self._layout.refresh_margins(is_empty=self._task is None)
        sound = self._sound() or self._arriving.recording
        if sound != self._announced:
            self._announced = sound
            self.sound_changed.emit(sound)

    def _reason_of_silence(self) -> str:
        service = self._service_name(self._task.request.provider) if self._task is not None else None
        return reason_of_silence(self._task, self._take, service)

    def _connect(self) -> None:
        self.head.take_chosen.connect(self._choose)
        self.head.match_toggled.connect(self.comparing.set_matching)
        self.head.blind_toggled.connect(lambda _is_on: self.toggle_blind())
        self.head.pick_wanted.connect(self.pick)
        self._blind.seek_wanted.connect(self._on_time)
        self.comparing.changed.connect(self._refresh)
        self.comparing.picked.connect(lambda _letter, take: self.take_chosen.emit(take.id))
        self.meter.clip_dismissed.connect(self.bar.hide_clip)
        self.bar.dbtp.alarm_dismissed.connect(self.meter.dismiss_clip)
        self.head.zoom_out_wanted.connect(self.waveform.zoom_out)
        self.head.zoom_in_wanted.connect(self.waveform.zoom_in)
        self.head.fit_wanted.connect(self.waveform.zoom_to_fit)
        self.waveform.seek_wanted.connect(self._on_seek)
        self.waveform.scrub_started.connect(self._transport.begin_scrub)
        self.waveform.scrubbed.connect(self._transport.scrub)
        self.waveform.scrub_ended.connect(self._transport.end_scrub)
        self.waveform.scrub_ended.connect(lambda: self._on_state(self._transport.state))
        self.waveform.region_changed.connect(self._on_region)
        self.waveform.span_changed.connect(self.overview.show_span)
        self.waveform.samples_wanted.connect(self._peaks.load_samples)
        self.waveform.typing_wanted.connect(self._type_selection)
        self.waveform.crossings_wanted.connect(self._peaks.load_crossings)
        self._peaks.crossings_ready.connect(self.waveform.show_crossings)
        self.clip.crossings_wanted.connect(self._peaks.load_crossings)
        self._peaks.crossings_ready.connect(self.clip.snap)
        self.overview.span_wanted.connect(self.waveform.show_span)
        self.bar.play_wanted.connect(self.toggle_play)
        self.bar.to_start_wanted.connect(self.go_to_start)
        self.bar.loop_toggled.connect(self._set_looping)
        self.bar.clear_wanted.connect(self.waveform.clear_region)
        self.bar.whole_wanted.connect(self.clip.clear)
        for handles in (self.chip, self.clip):
            self.waveform.add_layer(handles)
        for grips in (self.clip, self.chip):
            self.waveform.add_grips(grips)
        self.waveform.picture_shown.connect(self.clip.show_over_picture)
        self.clip.changed.connect(self._on_clip)
        self.waveform.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.waveform.customContextMenuRequested.connect(self._open_clip_menu)
        self.bar.export_wanted.connect(self.export)
        self.transcript.seek_wanted.connect(self._on_time)
        self._peaks.peaks_ready.connect(self._on_peaks)
        self._peaks.samples_ready.connect(self.waveform.show_samples)
        self._transport.state_changed.connect(self._on_state)
        self._transport.position_changed.connect(self._on_position)
        self._transport.levels_changed.connect(self._on_levels)
        self._transport.underruns_changed.connect(self.bar.show_underruns)
        self.bar.monitor.chosen.connect(self._transport.set_monitor)
        self._arriving.over.connect(self._on_arrival_over)
        self._arriving.stored.connect(self.sound_stored)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(720), self._theme.px(348))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(460), self._theme.px(240))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout.refresh_height()
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._transport.set_watched(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._transport.set_watched(False)
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("panel"))

    def _refresh_from_theme(self) -> None:
        self._layout.refresh(is_empty=self._task is None)
        self.update()
