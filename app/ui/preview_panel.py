"""The takes of one task: look at them, hear them, compare them, hand them over; of a transcription its recording."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.audio.player_events import PlayerState
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.take import Take
from app.domain.transcript import Transcript
from app.ui.arriving_take import ArrivingTake
from app.ui.blind_comparison import BlindComparison
from app.ui.clip_display import ClipDisplay
from app.ui.comparing import Comparing
from app.ui.controls.order import tab_behind
from app.ui.empty_well import EmptyWell
from app.ui.level_meter import LevelMeter
from app.ui.loop_region import LoopRegion
from app.ui.overview_strip import OverviewStrip
from app.ui.part_choice import PartChoice
from app.ui.peaks_loader import PeaksLoader
from app.ui.playback_display import PlaybackDisplay
from app.ui.preview_head import PreviewHead
from app.ui.preview_keys import preview_keys
from app.ui.preview_layout import PreviewLayout
from app.ui.preview_place import LEAST_PREVIEW_PX, PREVIEW_PX
from app.ui.recording import Recording
from app.ui.sound_change import SoundChange
from app.ui.sound_on_show import SoundOnShow
from app.ui.sound_picture import SoundPicture
from app.ui.take_on_show import is_under_way
from app.ui.theme import Theme
from app.ui.transport import Transport
from app.ui.transport_bar import RECEIVING, TransportBar
from app.ui.wave_toggles import WaveToggles
from app.ui.waveform_view import WaveformView

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Receiving
    from app.ui.transcript_panel import TranscriptPanel


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
    kept_wanted = Signal(object)  # Take that broke off and came on show: what there is of it would be heard
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
        self._theme, self._transport = theme, transport
        self._on_show = SoundOnShow(path_of, service_name)
        self._announced: Recording | None = None
        self.edit_of: Callable[[Take], ClipEdit] = lambda _take: WHOLE
        """What is cut and faded of a take; whoever keeps the edits of takes sets it."""
        self._asked_for: Take | None = None
        self.comparing = Comparing(self)
        self.head = PreviewHead(theme)
        self.overview = OverviewStrip(theme)
        self.waveform = WaveformView(theme)
        self.meter = LevelMeter(theme)
        self.bar = TransportBar(theme)
        self.head.show_toggles(WaveToggles(theme, self.waveform))
        self._well = EmptyWell(theme)
        wave, overview, meter, bar = self.waveform, self.overview, self.meter, self.bar
        self._blind = BlindComparison(theme, self.comparing, wave, lambda: self.take, self._show_compared, self)
        self._arriving = ArrivingTake(transport, peaks, wave, overview, meter, bar, path_of, self)
        picture = SoundPicture(peaks, wave, overview, self)
        clip = ClipDisplay(theme, transport, peaks, wave, bar, self)
        self.clip, self.chip = clip.handles, clip.chip
        self._part = PartChoice(theme, self._on_show, transport, wave, overview, bar, self)
        self.playback = PlaybackDisplay(
            self._on_show, transport, wave, overview, meter, bar, lambda: self._blind.cover, self
        )
        self._change = SoundChange(
            self._on_show,
            transport,
            self.comparing,
            picture,
            self._part,
            self.playback,
            meter,
            bar,
            lambda take: self.edit_of(take),
            self,
        )
        self._layout = PreviewLayout(theme, self, self.head, overview, wave, meter, bar, self._well)
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self._refresh()

    @cached_property
    def transcript(self) -> TranscriptPanel:
        """The words of a transcription, made when they are first wanted: 5 ms that the first paint doesn’t wait for."""
        from app.ui.transcript_panel import TranscriptPanel  # late: see second_parts

        transcript = TranscriptPanel(self._theme)
        self.playback.follow_in(transcript)
        self._layout.add_words(transcript)
        tab_behind(self.bar, transcript)
        return transcript

    # what is shown

    def show_task(self, task: Task | None, take_id: str | None = None, receiving: Receiving | None = None) -> None:
        """Show a task, and of its takes the one with this id, else the one on show, else the first to be heard.

        A task that has only news keeps its sound going. Another take of the task that plays goes on at the same
        position; another task falls silent, or plays on from its start if something was playing.

        Args:
            receiving: What arrives of the task right now.
        """
        before_key, was_arriving = self._on_show.key, self._arriving.is_on_show
        is_same_task = self._on_show.show(task, take_id, receiving)
        was_blind = self.comparing.is_blind
        self.comparing.show_task(None if self._on_show.is_transcription else task)
        ends_blind = was_blind and not self.comparing.is_blind
        if ends_blind:
            self._blind.forget()
        if not is_same_task and "transcript" in vars(self):
            self.transcript.show_transcript(None)
        if self._arriving.takes_over(self.take, receiving, is_under_way=is_under_way(task)):
            self._part.apply()
            self.sound_shown.emit()
        elif was_arriving or ends_blind or self._on_show.key != before_key:
            self._change.make(is_same_task=is_same_task and not was_arriving)
        self._refresh()

    def show_recording(
        self, task_id: str, recording: Recording | None, no_recording: str, transcript: Transcript | None, note: str
    ) -> None:
        """Show what belongs to a transcription, if it is still the task on show.

        Args:
            no_recording: Why there is nothing to hear, where there isn't.
            note: About the transcript.
        """
        if self.task is None or self.task.id != task_id:
            return
        before = self._on_show.key
        self._on_show.show_recording(recording, no_recording)
        if self._on_show.key != before:
            self._change.make(is_same_task=False)
        self.transcript.show_transcript(transcript, note)
        self._refresh()

    def show_kept(self, take: Take, kept: Recording) -> None:
        """Let be heard what there is of a take that broke off, if it is still the one on show."""
        before = self._on_show.key
        self._on_show.show_kept(take, kept)
        if self._on_show.key != before and not self._arriving.is_on_show:
            self._change.make(is_same_task=False)
            self._refresh()

    @property
    def take(self) -> Take | None:
        """The take on show."""
        return self._on_show.take

    @property
    def task(self) -> Task | None:
        return self._on_show.task

    def show_clip(self, edit: ClipEdit, frames: int) -> None:
        """What is cut and faded of the take on show, `frames` long; 0 is none that can be edited."""
        sound = self._on_show.sound
        self.clip.show_clip(edit, frames, sound.info.sample_rate_hz if sound is not None else 0)

    def put_left_of_lanes(self, widget: QWidget) -> None:
        """Make room for something that belongs beside the waveform, as high as that."""
        self._layout.put_left_of_lanes(widget)

    @property
    def shown_takes(self) -> list[str]:
        """The id of the take on show, if it can be handed over; none while takes are hidden."""
        take, is_there = self.take, self._on_show.has_whole_take and not self._on_show.is_transcription
        return [take.id] if take is not None and is_there and not self.comparing.is_blind else []

    @property
    def region(self) -> LoopRegion | None:
        """The selected part of the take, in its frames."""
        return self.waveform.region

    @property
    def is_looping(self) -> bool:
        return self._part.is_looping

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
        self._part.toggle_looping()

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
        for take in self.task.takes if self.task else ():
            if take.number == number:
                self._choose(take.id)

    def pick(self) -> None:
        """Choose the hidden take that is on show."""
        self._blind.pick()

    def export(self) -> None:
        """Ask for the take on show to be handed over, with what is selected of it; of a transcription its words."""
        if self._on_show.is_transcription:
            self.transcript.offer_formats()
        elif self.shown_takes:
            self.export_wanted.emit(self.shown_takes, self.region)

    def focus(self) -> None:
        """Move the focus to what there is to see."""
        if self._can_sound() or not self._on_show.is_transcription:
            self.playback.time_line.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.transcript.focus_words()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        act = preview_keys(self).get("+" if pressed in ("=", "Shift++") else pressed)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    # takes

    def _choose(self, take_id: str) -> None:
        if self.take is not None and take_id == self.take.id:
            return
        was_heard_out = self._transport.state is PlayerState.ENDED
        self._show_take(take_id)
        if not self.comparing.is_blind:
            self.take_chosen.emit(take_id)
        if was_heard_out:  # so short sounds are compared by their numbers alone
            self.play_from_start()

    def _show_take(self, take_id: str | None) -> None:
        self.show_task(self.task, take_id, self._on_show.receiving)

    # comparing

    def _show_compared(self, take_id: str) -> None:
        """Show a take that is hidden from now on, or isn't any more."""
        before = self._on_show.key
        self._show_take(take_id)
        sound = self._on_show.sound
        if self._on_show.key == before and sound is not None:
            self._change.show_again(sound)

    def _on_arrival_over(self) -> None:
        """What there was of a take that broke off was heard: say so, or show what arrives of it anew."""
        self._change.make(is_same_task=False)
        self._show_take(self.take.id if self.take else None)

    def _open_clip_menu(self, where: QPoint) -> None:
        from app.ui.preview_menu import open_preview_menu  # late: see late_parts

        sound = self._on_show.sound
        if sound is not None and self.clip.is_shown:
            open_preview_menu(self, sound.info.sample_rate_hz, where)

    # refreshing

    def _can_sound(self) -> bool:
        return self._on_show.key is not None or self._arriving.is_on_show

    def _can_play(self) -> bool:
        return self._on_show.key is not None or self._arriving.can_play

    def _refresh(self) -> None:
        on_show, is_transcription = self._on_show, self._on_show.is_transcription
        is_blind = self.comparing.is_blind
        self.head.show_task(self.task, self.take, self.comparing)
        if on_show.recording is not None:
            self.head.show_recording(on_show.recording.info)
        self._layout.show_words(self.transcript if is_transcription else None)
        self.bar.show_recording(is_recording=is_transcription)
        can_sound = self._can_sound()
        if on_show.arrives and not can_sound:  # it can't be heard before it is whole
            self.bar.show_arriving(can_play=False)
            self.bar.show_status(RECEIVING)
        elif not can_sound:
            self.bar.show_nothing()
        self.head.set_zoomable(can_sound and not is_blind)
        self.head.setVisible(self.task is not None)
        self.bar.setVisible(self.task is not None)
        self._layout.show_sound(can_sound=can_sound, cover=self._blind.cover)
        self._well.show_text(on_show.why_silent)
        if self.take is not None and on_show.has_whole_take:
            self.bar.show_measures(None if is_blind else self.take.measures)
            self._transport.set_take_gain(self._change.gain_db)
        if on_show.kept is not None and not self._arriving.is_on_show:
            self.head.show_format(on_show.kept.info)
            self.bar.show_incomplete()
        self.bar.show_blind(is_blind=is_blind)
        self._layout.refresh_margins(is_empty=self.task is None)
        broken_off = None if self._arriving.is_on_show else on_show.incomplete_take
        if broken_off != self._asked_for:
            self._asked_for = broken_off
            if broken_off is not None:
                self.kept_wanted.emit(broken_off)
        sound = self._arriving.recording or on_show.sound
        if sound != self._announced:
            self._announced = sound
            self.sound_changed.emit(sound)

    def _connect(self) -> None:
        self._change.made.connect(self.sound_shown)
        self.head.take_chosen.connect(self._choose)
        self.head.match_toggled.connect(self.comparing.set_matching)
        self.head.blind_toggled.connect(lambda _is_on: self.comparing.toggle_blind())
        self.head.pick_wanted.connect(self.pick)
        self._blind.seek_wanted.connect(self.playback.seek_time)
        self.comparing.changed.connect(self._refresh)
        self.comparing.picked.connect(lambda _letter, take: self.take_chosen.emit(take.id))
        self.head.zoom_out_wanted.connect(self.waveform.zoom_out)
        self.head.zoom_in_wanted.connect(self.waveform.zoom_in)
        self.head.fit_wanted.connect(self.waveform.zoom_to_fit)
        self.bar.play_wanted.connect(self.toggle_play)
        self.bar.to_start_wanted.connect(self.go_to_start)
        self.waveform.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.waveform.customContextMenuRequested.connect(self._open_clip_menu)
        self.bar.export_wanted.connect(self.export)
        self._arriving.over.connect(self._on_arrival_over)
        self._arriving.stored.connect(self.sound_stored)

    def sizeHint(self) -> QSize:
        return QSize(*map(self._theme.px, PREVIEW_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(*map(self._theme.px, LEAST_PREVIEW_PX))

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
        self._layout.refresh(is_empty=self.task is None)
        self.update()
