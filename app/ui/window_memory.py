"""Brings the window back as it was left: sizes, folds, the draft, the query, the selected row."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.transcription_draft import TranscriptionDraft
from app.storage.window_state import WindowState, WindowStateStore
from app.ui.item_models.row_id import take_of
from app.ui.main_window import MainWindow
from app.ui.queue_panel import QueuePanel
from app.ui.request_column import RequestColumn

if TYPE_CHECKING:
    from app.ui.preview_panel import PreviewPanel
    from app.ui.spectrogram_switch import SpectrogramSwitch


class WindowMemory(QObject):
    """Reads once before the first paint; writes with every task that is started and at the end."""

    def __init__(
        self,
        store: WindowStateStore,
        window: MainWindow,
        column: RequestColumn,
        library: QueuePanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._window = window
        self._column = column
        self._library = library
        self._preview: PreviewPanel | None = None
        self._spectrogram: SpectrogramSwitch | None = None

    def restore(self, state: WindowState) -> None:
        """Put back what can be seen; the draft the request was built with."""
        self._window.restore_layout(state.layout)
        for name, section in self._column.sections().items():
            section.set_open(name not in state.folded)
        self._column.prompt.project.show_project(state.project)
        self._library.show_query(state.query)

    def restore_preview(self, state: WindowState, preview: PreviewPanel, spectrogram: SpectrogramSwitch) -> None:
        """Put back how takes are looked at, once there is something to look with."""
        from app.ui.look_chooser import Look  # late: see second_parts
        from app.ui.wave_scale import WaveScale  # late: see second_parts

        self._preview, self._spectrogram = preview, spectrogram
        preview.head.looks.set_look(next((look for look in Look if look == state.look), Look.WAVEFORM))
        spectrogram.restore_range(state.spectrogram_range)
        preview.waveform.set_scale(WaveScale.DECIBELS if state.has_decibels else WaveScale.LINEAR)
        preview.waveform.selection.set_snapping(state.snaps)

    @cached_property
    def _writing(self) -> asyncio.Lock:
        return asyncio.Lock()  # made when first used: asyncio is no part of the first picture

    async def save(self, transcription: TranscriptionDraft) -> None:
        """Keep the state of this moment; the window can be gone afterwards.

        Args:
            transcription: What the next one would be asked with.
        Raises:
            OSError: It couldn't be written; the state before it is still there.
        """
        from app.ui.wave_scale import WaveScale  # late: see second_parts

        preview, spectrogram = self._preview, self._spectrogram
        assert preview is not None, "nothing is kept before the window is whole"
        assert spectrogram is not None
        spec, index = self._column.spec, self._library.table.currentIndex()
        row = self._library.table.current_row()
        row_id = self._library.items.row_id(index.row()) if index.isValid() else None
        state = WindowState(
            layout=self._window.layout_state(),
            folded=tuple(name for name, section in self._column.sections().items() if not section.is_open()),
            provider=spec.provider,
            model=spec.id,
            draft=self._column.draft,
            query=self._library.query,
            selected_task=row.task.id if row is not None else "",
            selected_take=take_of(row_id) if row_id is not None else 0,
            transcription=transcription,
            project=self._column.prompt.project.project,
            look=preview.head.looks.look,
            spectrogram_range=spectrogram.range,
            has_decibels=preview.waveform.scale is WaveScale.DECIBELS,
            snaps=preview.waveform.selection.is_snapping,
        )
        async with self._writing:
            await asyncio.to_thread(self._store.save, state)
