"""What each key does, by the parts of the window that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.storage.library_queries import Filter
from app.ui.comparing import NEEDS_TWO
from app.ui.loop_region import LoopRegion
from app.ui.shortcuts import WAVEFORM, Deed, is_typing

if TYPE_CHECKING:
    from app.ui.application import Application

_FILTERS = (Filter.ALL, Filter.PENDING, Filter.DONE, Filter.FAILED, Filter.FAVOURITES)


# What is drawn would tell hidden takes apart, and where the playhead is in it isn't known while they are hidden.
_NEEDS_A_LOOK = frozenset({Deed.LOOP_START, Deed.LOOP_END, *(binding.deed for binding in WAVEFORM.bindings)})


class Deeds:
    """Carries out a deed; `number` is the take, rating or filter of a numbered one."""

    def __init__(self, application: Application) -> None:
        self._application = application
        library, preview = application.library, application.preview
        self._acts: dict[Deed, Callable[[], object]] = {
            Deed.GENERATE: application.toolbar.generate.click,  # whatever the button offers now
            Deed.MODEL: application.toolbar.chooser.open_list,
            Deed.PLAY: preview.toggle_play,
            Deed.START: preview.go_to_start,
            Deed.LOOP: preview.toggle_loop,
            Deed.MATCH: preview.comparing.toggle_matching,
            Deed.BLIND: self._compare_blind,
            Deed.PICK: preview.pick,
            Deed.MONITOR: preview.bar.monitor.step,
            Deed.LOOP_START: preview.waveform.start_loop_here,
            Deed.LOOP_END: preview.waveform.end_loop_here,
            Deed.ZOOM_IN: preview.waveform.zoom_in,
            Deed.ZOOM_OUT: preview.waveform.zoom_out,
            Deed.ZOOM_FIT: preview.waveform.zoom_to_fit,
            Deed.ZOOM_SELECTION: preview.waveform.zoom_to_selection,
            Deed.DECIBELS: preview.waveform.toggle_scale,
            Deed.SNAP: preview.waveform.toggle_snapping,
            Deed.TRIM_START: preview.trim_start_here,
            Deed.TRIM_END: preview.trim_end_here,
            Deed.SPECTROGRAM: preview.head.looks.toggle_spectrogram,
            Deed.OVERLAY: preview.head.looks.toggle_overlay,
            Deed.FAVOURITE: library.toggle_favourite,
            Deed.NOTE: library.note_selected,
            Deed.EXPORT: self._export,
            Deed.EXPORT_AGAIN: self._export_again,
            Deed.BATCH: application.batches.choose_file,
            Deed.SEARCH: self._search,
            Deed.CANCEL: library.cancel_selected,
            Deed.DECIDE: library.decide_selected,
            Deed.RETRY: library.retry_selected,
            Deed.REUSE: library.reuse_selected,
            Deed.DELETE: library.delete_selected,
            Deed.UNDO: lambda: self._step_back("undo"),
            Deed.REDO: lambda: self._step_back("redo"),
            Deed.COPY: self._copy,
            Deed.PROMPT: lambda: application.window.go_to_section("prompt"),
            Deed.VOICE: lambda: application.window.go_to_section("voice"),
            Deed.AUDIO: lambda: application.window.go_to_section("audio"),
            Deed.NEXT_AREA: lambda: self._step_area(1),
            Deed.PREVIOUS_AREA: lambda: self._step_area(-1),
            Deed.MESSAGES: application.messages.open_all,
            Deed.SERVICES: application.dialogs.open_services,
            Deed.SPENDING: application.dialogs.open_spending,
            Deed.SETTINGS: application.dialogs.open_settings,
            Deed.MENU: application.dialogs.open_menu,
            Deed.STOP: self._stop,
            Deed.SHEET: application.dialogs.open_sheet,
            Deed.QUIT: application.leaving.leave,
        }

    @property
    def known(self) -> frozenset[Deed]:
        """What the window can do at all."""
        return frozenset({*self._acts, Deed.TAKE, Deed.RATING, Deed.FILTER})

    def can(self, deed: Deed) -> bool:
        """Whether it can be done now, so that its key means that."""
        is_blind = self._application.preview.comparing.is_blind
        return deed in self.known and deed not in (_NEEDS_A_LOOK if is_blind else (Deed.PICK,))

    def do(self, deed: Deed, number: int) -> None:
        match deed:
            case Deed.TAKE:
                self._application.preview.choose_number(number)
            case Deed.RATING:
                self._application.library.rate_selected(number)
            case Deed.FILTER:
                self._application.library.set_filter(_FILTERS[number - 1])
            case _:
                self._acts[deed]()

    def _compare_blind(self) -> None:
        preview = self._application.preview
        if preview.comparing.is_blind or preview.comparing.can_be_blind:
            preview.comparing.toggle_blind()
        elif preview.take is not None:
            self._application.messages.say(NEEDS_TWO)

    def _search(self) -> None:
        """In the transcript while that has the focus, else in the library."""
        transcript = self._application.preview.transcript
        if transcript.has_focus():
            transcript.open_search()
        else:
            self._application.library.focus_search()

    def _export(self) -> None:
        """The selected takes, or the one on show with its selection; of a transcription its words."""
        takes, region = self._wanted_takes()
        if takes:
            self._application.exporting.start(takes, region)
        else:
            self._application.preview.export()

    def _export_again(self) -> None:
        takes, region = self._wanted_takes()
        if takes:
            self._application.exporting.again(takes, region)

    def _step_back(self, name: str) -> None:
        """While somebody types, the text field takes back its own typing; among the clips it is about these."""
        application = self._application
        own = getattr(QApplication.focusWidget(), name, None) if is_typing() else None
        others = application.clips if application.clips.has_focus else application.actions
        (own or getattr(others, name))()

    def _copy(self) -> None:
        """Files of the selected takes, to be pasted elsewhere; of a transcription its words."""
        application = self._application
        takes, region = self._wanted_takes()
        if takes:
            application.dragging.copy(takes, region)
        else:
            application.preview.transcript.copy_all()

    def _wanted_takes(self) -> tuple[list[str], LoopRegion | None]:
        """The selected takes; of one, or in the preview, the one on show with its selection."""
        preview = self._application.preview
        focused = QApplication.focusWidget()
        selected = [take.id for take in self._application.library.selected_takes()]
        shown = preview.shown_takes
        is_about_shown = len(selected) <= 1 or (focused is not None and preview.isAncestorOf(focused))
        return (shown, preview.region) if shown and is_about_shown else (selected, None)

    def _stop(self) -> None:
        """The first Esc ends a blind comparison or silences, the next one leaves the field."""
        if self._application.preview.comparing.is_blind:
            self._application.preview.comparing.end_blind()
        elif self._application.audition.sounding is not None:
            self._application.audition.stop()
        elif self._application.transport.is_playing:
            self._application.preview.stop()
        else:
            self._application.library.focus_list()

    def _step_area(self, step: int) -> None:
        """Toolbar, request, library, preview, and round again."""
        application = self._application
        parents = (application.toolbar, application.column, application.library, application.preview)
        goes: tuple[Callable[[], object], ...] = (
            lambda: application.toolbar.generate.setFocus(Qt.FocusReason.TabFocusReason),
            lambda: application.window.go_to_section("prompt"),
            application.library.focus_list,
            application.preview.focus,
        )
        focused = QApplication.focusWidget()
        at = next((n for n, each in enumerate(parents) if focused is not None and each.isAncestorOf(focused)), None)
        start = at if at is not None else min(-step, 0)
        goes[(start + step) % len(goes)]()
