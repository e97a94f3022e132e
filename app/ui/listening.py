"""Joins the list and the preview: what is selected is shown, what sounds is marked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.audio.player_events import PlayerState
from app.domain.errors import AppError, PlaybackError
from app.domain.take import Take
from app.ui.error_messages import error_text
from app.ui.item_models.row_id import take_row
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.mini_waveforms import MiniWaveforms
from app.ui.preview_panel import PreviewPanel
from app.ui.queue_panel import QueuePanel, take_of_row
from app.ui.transport import Transport

ENDED_BLIND = "The blind comparison ended without a choice: another row was selected."
ENDED_EARLY = "The sound ends here: the connection broke off while it arrived."


class Listening(QObject):
    """Selecting a row shows its take; switching takes in the preview selects the row.

    A step by arrow key plays the next sound from its start where the one before is playing or was heard to its end,
    so that one after the other is auditioned. What loops goes on in step.
    """

    def __init__(
        self,
        library: QueuePanel,
        preview: PreviewPanel,
        transport: Transport,
        mini: MiniWaveforms,
        messages: MessageBar,
        choose_device: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Join them.

        Args:
            choose_device: Offers the output devices.
        """
        super().__init__(parent)
        self._choose_device = choose_device
        self._library = library
        self._preview = preview
        self._transport = transport
        self._mini = mini
        self._messages = messages
        self._place_when_hidden: tuple[str, str | None] | None = None
        self._has_stepped = False  # to a row whose values are on their way
        library.selection_changed.connect(self._show_selected)
        library.play_wanted.connect(preview.play_from_start)
        library.items.dataChanged.connect(self._want_waveforms)
        library.items.rowsInserted.connect(self._want_waveforms)
        preview.take_chosen.connect(self._on_take_chosen)
        preview.comparing.changed.connect(self._mark_shown)
        preview.comparing.picked.connect(self._on_picked)
        transport.state_changed.connect(self._on_state)
        transport.position_changed.connect(self._on_position)
        transport.failed.connect(self._on_failed)
        transport.ended_early.connect(lambda: messages.say(ENDED_EARLY, Tone.ERROR))
        mini.ready.connect(library.table.set_levels)

    def _show_selected(self) -> None:
        row = self._library.table.current_row()
        if self._preview.comparing.is_blind and self._has_moved():
            self._preview.comparing.end_blind()
            self._messages.say(ENDED_BLIND)
        has_stepped = self._library.table.is_stepping or self._has_stepped
        self._has_stepped = has_stepped and row is None
        if row is None:
            if not self._library.table.currentIndex().isValid():
                self._preview.show_task(None)
            return
        take = take_of_row(row)
        shown = self._preview.take
        if take is not None and row.take is None and shown is not None and shown.task_id == row.task.id:
            take = next((each for each in row.task.takes if each.id == shown.id), take)
        if self._preview.comparing.is_blind:
            take = None  # news of the task: the hidden take goes on
        receiving = row.live.receiving if row.live is not None else None
        state, is_looping = self._transport.state, self._preview.is_looping
        self._preview.show_task(row.task, take.id if take is not None else None, receiving)
        is_another = self._preview.take is not None and shown is not None and self._preview.take.id != shown.id
        goes_on = state is PlayerState.PLAYING and is_another and not is_looping
        if has_stepped and (goes_on or state is PlayerState.ENDED):
            self._preview.play_from_start()
        self._mark_shown()

    def _on_take_chosen(self, _take_id: str) -> None:
        """A take switched in the preview: its row becomes the current one where it is shown."""
        self._mark_shown()
        row, take = self._library.table.current_row(), self._preview.take
        if row is not None and take is not None and row.task.id == take.task_id:
            self._library.table.select(take_row(row.number, take.number))

    def _on_picked(self, letter: str, take: Take) -> None:
        """The picked take is looked for in the list: its task unfolds."""
        self._messages.say(f"{letter} was take {take.number}.", icon="eye")
        row = self._library.table.current_row()
        if row is not None and row.task.id == take.task_id:
            self._library.items.set_open(row.number, True)
            self._library.table.select(take_row(row.number, take.number))

    def _mark_shown(self) -> None:
        """While takes are hidden, no row says which one is on show or plays."""
        is_blind, take = self._preview.comparing.is_blind, self._preview.take
        self._library.table.set_current_take(take.id if take is not None and not is_blind else None)
        if is_blind:
            self._library.table.set_playing(None)
        self._place_when_hidden = self._place() if is_blind else None

    def _has_moved(self) -> bool:
        """Whether another row became the current one since the takes were hidden."""
        if not self._library.table.currentIndex().isValid():
            return True
        place = self._place()
        return place is not None and self._place_when_hidden not in (None, place)

    def _place(self) -> tuple[str, str | None] | None:
        """The task and the take of the current row; None while its values are on their way."""
        row = self._library.table.current_row()
        return None if row is None else (row.task.id, row.take.id if row.take is not None else None)

    def _want_waveforms(self) -> None:
        for row in self._library.table.visible_rows():
            if row.is_open:
                self._mini.want(row.task.takes)

    def _on_state(self, state: PlayerState) -> None:
        if state is not PlayerState.PLAYING:
            self._library.table.set_playing(None)

    def _on_position(self, frame: int) -> None:
        take = self._preview.take
        is_told = take is not None and not self._preview.comparing.is_blind
        if take is not None and take.info is not None and is_told and self._transport.is_playing:
            self._library.table.set_playing(take.id, frame / max(1, take.info.frames))

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, PlaybackError):
            self._preview.comparing.end_blind()  # which file it is tells which take it is
        words, is_about_device = error_text(error), isinstance(error, PlaybackError)
        action, act = (words.action or "", self._choose_device) if is_about_device else ("", None)
        self._messages.say(words.text, Tone.ERROR, action=action, act=act)
