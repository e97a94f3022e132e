"""Keeps trim and fades with their take: shown, heard, saved, and taken back with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject

from app.domain.audio import AudioInfo
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.take import Take
from app.ui.announcement import announce
from app.ui.background import Background
from app.ui.clip_tips import ClipTips
from app.ui.message_bar import MessageBar
from app.ui.preview_panel import PreviewPanel


def clip_words(edit: ClipEdit, info: AudioInfo | None) -> str:
    """An edit for people who don’t see it."""
    if info is None or edit.is_plain:
        return "The whole take, without fades."
    start_s, end_s = edit.start / info.sample_rate_hz, edit.end_in(info.frames) / info.sample_rate_hz
    words = [f"Clip from {start_s:.3f} to {end_s:.3f} seconds"]
    for name, frames in (("fade in", edit.fade_in), ("fade out", edit.fade_out)):
        if frames:
            words.append(f"{name} {frames / info.sample_rate_hz:.3f} seconds")
    return f"{', '.join(words)}."


class KeptEdits(Protocol):
    """Where edits outlive the window."""

    async def all(self) -> Mapping[str, ClipEdit]:
        """Every edit there is, by the take's id."""

    async def save(self, take_id: str, edit: ClipEdit) -> None:
        """Keep the edit of a take."""


class ClipTrimming(QObject):
    """Joins the handles of the preview with what is kept.

    Args:
        remember: Lets undo take back a step, and redo make it again.
    """

    def __init__(
        self,
        preview: PreviewPanel,
        kept: KeptEdits,
        remember: Callable[[Callable[[], None], Callable[[], None]], object],
        messages: MessageBar,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self._kept = kept
        self._remember = remember
        self._messages = messages
        self._background = background
        self._edits: dict[str, ClipEdit] = {}
        self._changes = 0
        self._shown: Take | None = None
        self._tips = ClipTips(preview.waveform, preview.clip, preview.chip)
        preview.edit_of = lambda take: self._edits.get(take.id, WHOLE)
        preview.sound_shown.connect(self._show)
        preview.clip.settled.connect(self._on_settled)
        preview.clip.snapped.connect(self._on_snapped)
        preview.clip.refused.connect(messages.say)

    def read(self) -> None:
        """Take over all that is kept: a take that is chosen then is heard as its clip from the first sample."""
        self._background.start(self._read())

    def _show(self) -> None:
        """Another take is on show, or none."""
        self._shown = self._preview.take if self._preview.shown_takes else None
        if self._shown is None or self._shown.info is None:
            self._preview.show_clip(WHOLE, 0)
        else:
            self._preview.show_clip(self._edits.get(self._shown.id, WHOLE), self._shown.info.frames)

    async def _read(self) -> None:
        before = -1
        while before != self._changes:  # else it is older than what was done meanwhile
            before = self._changes
            found = dict(await self._kept.all())
        self._edits = found
        shown = self._shown
        if shown is not None and shown.info is not None:
            edit = found.get(shown.id, WHOLE).within(shown.info.frames)
            if edit != self._preview.clip.edit and not self._preview.clip.is_held:
                self._preview.show_clip(edit, shown.info.frames)

    def _on_settled(self, before: ClipEdit, after: ClipEdit) -> None:
        if self._shown is not None:
            take_id = self._shown.id
            self._keep(take_id, after)
            announce(self._preview.waveform, clip_words(after, self._shown.info))
            self._remember(lambda: self._put(take_id, before), lambda: self._put(take_id, after))

    def _on_snapped(self, edit: ClipEdit) -> None:
        """Part of the step before: undo takes back both."""
        if self._shown is not None:
            self._keep(self._shown.id, edit)

    def _put(self, take_id: str, edit: ClipEdit) -> None:
        self._keep(take_id, edit)
        shown = self._shown
        if shown is not None and shown.id == take_id and shown.info is not None:
            self._preview.show_clip(edit, shown.info.frames)
        else:  # nobody would see it
            self._messages.say(f"Trim and fades of take {take_id.rpartition('-')[2]} are as they were.")

    def _keep(self, take_id: str, edit: ClipEdit) -> None:
        self._edits[take_id] = edit
        self._changes += 1
        self._background.start(self._kept.save(take_id, edit))
