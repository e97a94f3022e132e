"""What the preview shows: a task, one of its takes or the recording of a transcription, and the sound of that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.request import TranscriptionRequest
from app.domain.take import Take
from app.ui.recording import Recording
from app.ui.take_on_show import audio_of, is_arriving, is_incomplete, reason_of_silence, take_to_show

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Receiving


class SoundOnShow:
    """Set from outside, asked by every part of the preview.

    Args:
        path_of: Where the audio of a stored take lies.
        service_name: What people call a provider.
    """

    def __init__(self, path_of: Callable[[Take], Path], service_name: Callable[[str], str]) -> None:
        self._path_of = path_of
        self._service_name = service_name
        self.task: Task | None = None
        self.take: Take | None = None
        self.receiving: Receiving | None = None
        self.recording: Recording | None = None
        self._no_recording = ""
        self._kept: tuple[Take, Recording] | None = None

    def show(self, task: Task | None, take_id: str | None, receiving: Receiving | None) -> bool:
        """Show a task, and of its takes the one with this id, else the one on show, else the first to be heard.

        Args:
            receiving: What arrives of the task right now.
        Returns:
            Whether it is the task that was on show before.
        """
        is_same_task = task is not None and self.task is not None and task.id == self.task.id
        self.take = take_to_show(task, take_id or (self.take.id if self.take else None), receiving)
        self.task, self.receiving = task, receiving
        if not is_same_task:
            self.show_recording(None, "")
        return is_same_task

    def show_recording(self, recording: Recording | None, no_recording: str) -> None:
        """Show the recording of the task on show, or why there is none."""
        self.recording, self._no_recording = recording, no_recording

    def show_kept(self, take: Take, kept: Recording) -> None:
        """What there is of a take that broke off can be heard, as long as that is on show."""
        self._kept = (take, kept)

    @property
    def is_transcription(self) -> bool:
        return self.task is not None and isinstance(self.task.request, TranscriptionRequest)

    @property
    def has_whole_take(self) -> bool:
        """Whether the take on show can be heard, and handed over."""
        return audio_of(self.take) is not None

    @property
    def incomplete_take(self) -> Take | None:
        """The take on show, if it broke off while it arrived."""
        return self.take if self.take is not None and is_incomplete(self.take) else None

    @property
    def kept(self) -> Recording | None:
        """What there is of it."""
        take = self.incomplete_take
        is_it = take is not None and self._kept is not None and (take.id, take.file) == _name_of(self._kept[0])
        return self._kept[1] if is_it and self._kept is not None else None

    @property
    def arrives(self) -> bool:
        """Whether the audio of the take on show is arriving right now."""
        return is_arriving(self.take, self.receiving)

    @property
    def sound(self) -> Recording | None:
        """What can be heard: a stored take, what was kept of another, or the recording of a transcription."""
        if self.recording is not None or self.kept is not None:
            return self.recording or self.kept
        if audio_of(self.take) is None or self.take is None or self.take.info is None:
            return None
        return Recording(self._path_of(self.take), self.take.info)

    @property
    def key(self) -> tuple[str, str] | None:
        """What tells one sound from another; None where there is none."""
        beside = self.recording or self.kept
        return ("", str(beside.path)) if beside is not None else audio_of(self.take)

    @property
    def why_silent(self) -> str:
        """What to say in place of a waveform; empty where there is one."""
        if self.is_transcription:
            return self._no_recording
        service = self._service_name(self.task.request.provider) if self.task is not None else None
        return reason_of_silence(self.task, self.take, service)


def _name_of(take: Take) -> tuple[str, str | None]:
    return take.id, take.file
