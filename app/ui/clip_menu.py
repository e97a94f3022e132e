"""What can be done with the clip under the pointer: trim it here, fade it, hand it over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.export_settings import FadeShape
from app.ui.clip_handles import ClipHandles, Handle
from app.ui.export_ends import SHAPE_WORDS
from app.ui.loop_region import LoopRegion

_FADES_MS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)


class ClipMenu(QMenu):
    """Everything that the handles do, also for the keyboard; over a fade its shapes come first.

    Args:
        frame: Where the pointer, or else the playhead, is.
        handle: What is under the pointer.
    """

    def __init__(
        self,
        clip: ClipHandles,
        frame: float,
        sample_rate_hz: int,
        region: LoopRegion | None,
        handle: Handle | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._clip = clip
        self._rate_hz = sample_rate_hz
        if handle in (Handle.FADE_IN, Handle.FADE_OUT):
            self._offer_shapes(self)
            self.addSeparator()
        if handle is not None:
            self.offer(f"Reset {handle.value.lower()}", lambda: clip.reset(handle))
            self.addSeparator()
        self.offer("Start the clip here", lambda: clip.trim_start(frame))
        self.offer("End the clip here", lambda: clip.trim_end(frame))
        if region is not None:
            self.offer("Trim to the selection", lambda: clip.trim_to(region.start, region.end))
        self.addSeparator()
        self._offer_fades("Fade in", clip.edit.fade_in, clip.fade_in)
        self._offer_fades("Fade out", clip.edit.fade_out, clip.fade_out)
        self._offer_shapes(self.addMenu("Fade shape"))
        self.offer("Whole take again, without fades", clip.clear, is_possible=not clip.edit.is_plain)

    def offer(self, text: str, act: Callable[[], object], *, is_possible: bool = True) -> QAction:
        """Add something that can be done."""
        action = self.addAction(text)
        action.setEnabled(is_possible)
        action.triggered.connect(lambda: act())
        return action

    def _offer_fades(self, title: str, frames: int, set_frames: Callable[[float], None]) -> None:
        menu = self.addMenu(title)
        group = QActionGroup(menu)
        for ms in (0, *_FADES_MS):
            length = round(ms * self._rate_hz / 1_000)
            words = "None" if not ms else f"{ms} ms" if ms < 1_000 else f"{ms // 1_000} s"
            _check(menu.addAction(words), group, is_checked=frames == length, act=partial(set_frames, length))

    def _offer_shapes(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for shape in FadeShape:
            action = menu.addAction(SHAPE_WORDS[shape])
            is_checked = shape is self._clip.edit.shape
            _check(action, group, is_checked=is_checked, act=partial(self._clip.choose_shape, shape))


def _check(action: QAction, group: QActionGroup, *, is_checked: bool, act: Callable[[], object]) -> None:
    group.addAction(action)
    action.setCheckable(True)
    action.setChecked(is_checked)
    action.triggered.connect(lambda: act())
