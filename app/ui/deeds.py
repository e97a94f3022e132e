"""What each key does, by the parts of the window that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from app.storage.library_index import Filter
from app.ui.audio_settings_panel import AudioSettingsPanel
from app.ui.prompt_panel import PromptPanel
from app.ui.shortcuts import Deed, is_typing
from app.ui.voice_panel import VoicePanel

if TYPE_CHECKING:
    from app.ui.application import Application

_FILTERS = (Filter.ALL, Filter.PENDING, Filter.DONE, Filter.FAILED, Filter.FAVOURITES)


class Deeds:
    """Carries out a deed; `number` is the take, rating or filter of a numbered one."""

    def __init__(self, application: Application) -> None:
        self._application = application
        library, preview = application.library, application.preview
        self._acts: dict[Deed, Callable[[], object]] = {
            Deed.GENERATE: application.generating.generate,
            Deed.MODEL: application.toolbar.chooser.open_list,
            Deed.PLAY: preview.toggle_play,
            Deed.START: preview.go_to_start,
            Deed.LOOP: preview.toggle_loop,
            Deed.LOOP_START: preview.waveform.start_loop_here,
            Deed.LOOP_END: preview.waveform.end_loop_here,
            Deed.ZOOM_IN: preview.waveform.zoom_in,
            Deed.ZOOM_OUT: preview.waveform.zoom_out,
            Deed.ZOOM_FIT: preview.waveform.zoom_to_fit,
            Deed.FAVOURITE: library.toggle_favourite,
            Deed.NOTE: library.note_selected,
            Deed.EXPORT: self._export,
            Deed.EXPORT_AGAIN: self._export_again,
            Deed.SEARCH: library.focus_search,
            Deed.CANCEL: library.cancel_selected,
            Deed.RETRY: library.retry_selected,
            Deed.REUSE: library.reuse_selected,
            Deed.DELETE: library.delete_selected,
            Deed.UNDO: self._undo,
            Deed.PROMPT: lambda: self._go_to(application.column.prompt, "prompt"),
            Deed.VOICE: lambda: self._go_to(application.column.voice, "voice"),
            Deed.AUDIO: lambda: self._go_to(application.column.audio, "format"),
            Deed.NEXT_AREA: lambda: self._step_area(1),
            Deed.PREVIOUS_AREA: lambda: self._step_area(-1),
            Deed.MESSAGES: application.messages.open_all,
            Deed.SETTINGS: application.open_settings,
            Deed.MENU: application.open_menu,
            Deed.STOP: self._stop,
            Deed.SHEET: application.open_sheet,
        }

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

    def _export(self) -> None:
        """The selected takes; the one on show with its selection if it is the only one."""
        application = self._application
        takes = application.library.selected_takes()
        if len(takes) > 1:
            application.library.export_selected()
        else:
            application.preview.export()

    def _export_again(self) -> None:
        ids = [take.id for take in self._application.library.selected_takes()]
        if ids:
            self._application.exporting.again(ids)

    def _undo(self) -> None:
        focused = QApplication.focusWidget()
        undo = getattr(focused, "undo", None) if is_typing() else None
        if undo is not None:
            undo()  # a text field takes back its own typing
        else:
            self._application.actions.undo()

    def _stop(self) -> None:
        """The first Esc silences, the next one leaves the field."""
        if self._application.transport.is_playing:
            self._application.preview.stop()
        else:
            self._application.library.table.setFocus()

    def _go_to(self, panel: PromptPanel | VoicePanel | AudioSettingsPanel, field: str) -> None:
        if panel.isVisible():
            panel.set_open(True)
            panel.focus_field(field)

    def _step_area(self, step: int) -> None:
        application = self._application
        areas: tuple[QWidget, ...] = (
            application.toolbar.generate,
            application.column.prompt.text,
            application.library.table,
            application.preview.waveform,
        )
        focused = QApplication.focusWidget()
        parents = (application.toolbar, application.column, application.library, application.preview)
        at = next((n for n, each in enumerate(parents) if focused is not None and each.isAncestorOf(focused)), -1)
        areas[(at + step) % len(areas)].setFocus()
