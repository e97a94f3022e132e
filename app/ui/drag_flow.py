"""From a pull at a take, or Ctrl+C, to files in another program: made off the GUI thread, then dragged or copied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.errors import AppError
from app.engine.clip_sources import ClipSources
from app.engine.handing_over import Handed, HandingOver
from app.storage.settings import Settings
from app.ui.background import Background
from app.ui.drag_data import file_data
from app.ui.drag_ghost import ghost
from app.ui.error_messages import error_text
from app.ui.loop_region import LoopRegion
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import counted
from app.ui.show_file import show_file
from app.ui.theme import Theme

_QUIET_MS = 150  # what is ready by then needs no words


class _Step(Enum):
    """How far a drag is."""

    MAKING = auto()  # the button is held, and the files are being made
    LET_GO = auto()  # the button was let go before they were ready
    CARRYING = auto()  # the pointer carries them


@dataclass(slots=True)
class _Pull:
    """One drag: where it comes from, what is asked for, and what it carries once that is made."""

    origin: QWidget
    wanted: tuple[tuple[str, ...], LoopRegion | None]
    step: _Step = _Step.MAKING
    handed: tuple[Handed, ...] = ()


class DragFlow(QObject):
    """One drag at a time; `failed` asks for the export dialog, with the reason.

    Args:
        settings: The latest, with those of the last export.
        usual_folder: Where the files go while no other folder is chosen.
    """

    failed = Signal(object, object, str)  # list of take ids, LoopRegion | None, why
    dropped = Signal()  # another program took the files

    def __init__(
        self,
        theme: Theme,
        sources: ClipSources,
        handing_over: HandingOver,
        settings: Callable[[], Awaitable[Settings]],
        usual_folder: Path,
        messages: MessageBar,
        background: Background,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sources = sources
        self._handing_over = handing_over
        self._settings = settings
        self._usual_folder = usual_folder
        self._messages = messages
        self._background = background
        self._pull: _Pull | None = None
        self._has_busy_cursor = False
        self._telling = QTimer(self, interval=_QUIET_MS, singleShot=True)
        self._telling.timeout.connect(self._tell_preparing)
        self._carrying = QTimer(self, interval=0, singleShot=True)  # a drag has a loop of its own: not in a coroutine
        self._carrying.timeout.connect(self._carry)

    def drag(self, origin: QWidget, take_ids: Sequence[str], region: LoopRegion | None = None) -> None:
        """Make the files while the button is held, and let the pointer carry them as soon as they are there.

        Args:
            origin: Where the button went down.
            region: The part of a single take.
        """
        wanted = (tuple(take_ids), region)
        if self._pull is not None:
            if self._pull.step is _Step.LET_GO and self._pull.wanted == wanted:  # it is being made already
                self._pull.origin, self._pull.step = origin, _Step.MAKING
                self._tell_preparing()
            return
        if not take_ids:
            return
        self._pull = _Pull(origin, wanted)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._telling.start()
        self._background.start(self._make_for_drag(self._pull, list(take_ids), region))

    def copy(self, take_ids: Sequence[str], region: LoopRegion | None = None) -> None:
        """Put the files on the clipboard."""
        if take_ids:
            self._background.start(self._copy(list(take_ids), region))

    @property
    def is_dragging(self) -> bool:
        return self._pull is not None

    # making

    async def _make_for_drag(self, pull: _Pull, take_ids: list[str], region: LoopRegion | None) -> None:
        try:
            pull.handed = await self._made(take_ids, region)
        except AppError as error:
            self._finish()
            self.failed.emit(take_ids, region, error_text(error).text)
            return
        except BaseException:
            self._finish()
            raise
        self._show_busy(is_busy=False)
        self._telling.stop()
        if not pull.handed:
            self._finish()
        elif pull.step is _Step.LET_GO:
            self._finish()
            self._say(pull.handed, f"{counted(len(pull.handed), 'file')} ready. Drag again, and it starts at once.")
        else:
            self._carrying.start()

    async def _copy(self, take_ids: list[str], region: LoopRegion | None) -> None:
        try:
            handed = await self._made(take_ids, region)
        except AppError as error:
            self.failed.emit(take_ids, region, error_text(error).text)
            return
        if handed:
            QApplication.clipboard().setMimeData(file_data([each.path for each in handed], for_clipboard=True))
            self._say(handed, f"{counted(len(handed), 'file')} copied.")

    async def _made(self, take_ids: list[str], region: LoopRegion | None) -> tuple[Handed, ...]:
        selection = None if region is None else (region.start, region.end)
        sources = await self._sources.of(take_ids, selection=selection)
        settings = await self._settings()
        folder = settings.clips_folder or self._usual_folder
        return await self._handing_over.hand_over(sources, settings.export, folder)

    # carrying

    def _carry(self) -> None:
        """The drag itself. Its loop is Qt's, which runs everything else on as well."""
        pull = self._pull
        if pull is None or not QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._finish()
            return
        pull.step = _Step.CARRYING
        paths = [each.path for each in pull.handed]
        drag = QDrag(pull.origin)
        drag.setMimeData(file_data(paths))
        ratio = pull.origin.devicePixelRatioF()
        drag.setPixmap(ghost(self._theme, [path.name for path in paths], device_pixel_ratio=ratio))
        try:
            taken = drag.exec(Qt.DropAction.CopyAction)
        finally:
            self._finish()
        if taken is not Qt.DropAction.IgnoreAction:
            self._say(pull.handed, f"{counted(len(paths), 'file')} handed over.")
            self.dropped.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the files are made: whether the button is let go."""
        pull = self._pull
        if pull is None or pull.step is not _Step.MAKING:
            return False
        is_release = event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        if is_release and event.button() is Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            pull.step = _Step.LET_GO
            self._show_busy(is_busy=False)
        return super().eventFilter(watched, event)

    def _finish(self) -> None:
        self._pull = None
        self._telling.stop()
        self._show_busy(is_busy=False)
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    # telling

    def _tell_preparing(self) -> None:
        pull = self._pull
        if pull is not None and pull.step is not _Step.CARRYING:
            self._messages.say(f"Preparing {counted(len(pull.wanted[0]), 'file')}…")
            self._show_busy(is_busy=pull.step is _Step.MAKING)

    def _show_busy(self, *, is_busy: bool) -> None:
        if is_busy == self._has_busy_cursor:
            return
        self._has_busy_cursor = is_busy
        if is_busy:
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        else:
            QApplication.restoreOverrideCursor()

    def _say(self, handed: Sequence[Handed], text: str) -> None:
        """Quietly, with a way to the first file."""
        remarks = " ".join(dict.fromkeys(each.remark for each in handed if each.remark))
        path = handed[0].path
        self._messages.say(f"{text} {remarks}".rstrip(), Tone.DONE, action="Show file", act=lambda: show_file(path))
