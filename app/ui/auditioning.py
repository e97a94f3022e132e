"""Joins the request to the audition: its clips and the samples of voices are heard, and marked while they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import AppError, PlaybackError
from app.domain.voice import Voice
from app.engine.voice_samples import VoiceSamples
from app.ui.audition import Audition
from app.ui.error_messages import error_text
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.request_column import RequestColumn


class Auditioning(QObject):
    """
    Args:
        copy_of: Where the library has the copy of a clip, by its SHA-256.
    """

    def __init__(
        self,
        column: RequestColumn,
        audition: Audition,
        copy_of: Callable[[str], Path],
        samples: VoiceSamples,
        messages: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._column = column
        self._audition = audition
        self._copy_of = copy_of
        self._samples = samples
        self._messages = messages
        column.play_wanted.connect(self._play_clip)
        column.voice.chooser.sample_wanted.connect(self._play_sample)
        column.draft_changed.connect(self._on_draft)
        column.rebuilt.connect(self._show)
        audition.changed.connect(self._show)
        audition.failed.connect(self._on_failed)

    def _play_clip(self, path: Path) -> None:
        self._audition.toggle(path, lambda: asyncio.to_thread(self._file_of, path, self._sha256_of(path)))

    def _play_sample(self, voice: Voice) -> None:
        self._audition.toggle((voice.provider, voice.id), lambda: self._samples.file(voice))

    def _sha256_of(self, path: Path) -> str | None:
        return next((file.sha256 for file in self._column.draft.references if file.path == path), None)

    def _file_of(self, path: Path, sha256: str | None) -> Path:
        """Of an earlier request, the copy that goes along: the original may have changed or gone."""
        copy = self._copy_of(sha256) if sha256 is not None else None
        return copy if copy is not None and copy.exists() else path

    def _on_draft(self) -> None:
        """A clip that was removed falls silent."""
        what = self._audition.sounding
        if isinstance(what, Path) and all(file.path != what for file in self._column.draft.references):
            self._audition.stop()

    def _show(self) -> None:
        what = self._audition.sounding
        self._column.voice.references.show_playing(what if isinstance(what, Path) else None)
        is_voice = isinstance(what, tuple) and what[0] == self._column.spec.provider
        self._column.voice.chooser.show_sounding(
            what[1] if is_voice and isinstance(what, tuple) else None, is_fetching=self._audition.is_fetching
        )

    def _on_failed(self, error: AppError, what: Hashable) -> None:
        words = error_text(error)
        if isinstance(error, PlaybackError):
            self._messages.say(words.text, Tone.ERROR)
        elif isinstance(what, Path):
            self._messages.say(f"{what.name} can’t be played. {words.sentence}", Tone.ERROR)
        else:
            self._messages.say(f"The sample of this voice can’t be played. {words.sentence}", Tone.ERROR)
