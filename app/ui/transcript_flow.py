"""Brings transcripts and their recordings into the preview, and writes transcripts where the user wants them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import BrokenAudio, StorageError, TaskNotFound
from app.domain.request import TranscriptionRequest
from app.domain.task import Task, TaskState
from app.domain.transcript import Transcript, TranscriptFormat, joined
from app.domain.transcript_writing import written
from app.engine.library import Library
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import write_whole
from app.storage.take_files import TakeFiles
from app.ui.background import Background
from app.ui.error_messages import failure_text
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.preview_panel import PreviewPanel
from app.ui.queue_news import parts_through
from app.ui.queue_panel import QueuePanel
from app.ui.recording import Recording
from app.ui.theme import Theme

_SAME_LENGTH_S = 0.5  # a file of another length under the old name is another recording


class TranscriptFlow(QObject):
    """Rows of the list carry no words: those of the selected one are read when it is shown, and when it changes."""

    def __init__(
        self,
        theme: Theme,
        library: Library,
        files: TakeFiles,
        panel: QueuePanel,
        preview: PreviewPanel,
        messages: MessageBar,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._library = library
        self._files = files
        self._panel = panel
        self._preview = preview
        self._messages = messages
        self._background = background
        self._window = window
        self._row_task: Task | None = None  # as the list had it when its words were read
        self._recording: tuple[str, Recording | None] | None = None  # of the task with this id
        self._folder: Path | None = None
        panel.selection_changed.connect(self._show_selected)
        preview.transcript.save_wanted.connect(self.save)
        preview.transcript.copied.connect(messages.say)

    # Showing

    def _show_selected(self) -> None:
        row = self._panel.table.current_row()
        task = row.task if row is not None and isinstance(row.task.request, TranscriptionRequest) else None
        if task == self._row_task:
            return
        self._row_task = task
        if task is not None:
            self._background.start(self._load(task.id))
        else:
            self._recording = None  # looked for anew when one comes back: it may have been moved

    async def _load(self, task_id: str) -> None:
        try:
            task = await self._library.task(task_id)
        except TaskNotFound:  # removed by another process meanwhile
            return
        request = task.request
        assert isinstance(request, TranscriptionRequest)
        if self._recording is None or self._recording[0] != task_id:
            self._recording = (task_id, await asyncio.to_thread(self._found, request))
        recording = self._recording[1]
        gone = "" if recording is not None else f"{request.title} isn’t where it was any more. Its words are kept."
        self._preview.show_recording(task_id, recording, gone, heard_so_far(task), note_of(task))

    def _found(self, request: TranscriptionRequest) -> Recording | None:
        """The recording: its copy in the library, the user's file, or what was sent of it in one piece. Blocking."""
        from app.audio.files import inspect

        places = [self._files.input_path(request.audio.sha256)] if request.audio.sha256 is not None else []
        places.append(request.audio.path)
        if len(request.parts) == 1:
            places.append(self._files.input_path(request.parts[0].sha256))
        for place in places:
            try:
                info = inspect(place)
            except (BrokenAudio, StorageError):
                continue  # gone, or something else by now: the next place may have it
            if request.duration_s is None or abs(info.duration_s - request.duration_s) <= _SAME_LENGTH_S:
                return Recording(place, info)
        return None

    # Saving

    def save(self, as_format: TranscriptFormat) -> None:
        """Ask where the transcript on show should be written."""
        task, transcript = self._preview.task, self._preview.transcript.transcript
        if task is not None and transcript is not None:
            self._background.start(self._ask_where(Path(task.request.title).stem, transcript, as_format))

    async def _ask_where(self, stem: str, transcript: Transcript, as_format: TranscriptFormat) -> None:
        from app.ui.export_form import default_folder  # late: see late_parts

        folder = await asyncio.to_thread(_nearest, self._folder or default_folder())
        suffix = as_format.suffix
        # Qt's own dialog: a system's would block the loop on some platforms. That a file exists is asked by us.
        picker = QFileDialog(self._window, "Save the transcript", str(folder))
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setOption(QFileDialog.Option.DontConfirmOverwrite)
        picker.setNameFilters([f"*{suffix}", "All files (*)"])
        picker.setDefaultSuffix(suffix.removeprefix("."))
        picker.selectFile(f"{stem}{suffix}")
        picker.fileSelected.connect(
            lambda name: self._background.start(self._write_new(Path(name), transcript, as_format))
        )
        picker.finished.connect(picker.deleteLater)
        picker.open()

    async def _write_new(self, path: Path, transcript: Transcript, as_format: TranscriptFormat) -> None:
        text = await asyncio.to_thread(written, transcript, as_format)
        if await asyncio.to_thread(path.exists):
            self._ask_to_replace(path, text)
        else:
            await self._write(path, text)

    def _ask_to_replace(self, path: Path, text: str) -> None:
        from app.ui.dialog import Dialog  # late: see late_parts

        dialog = Dialog(
            self._theme,
            f"{path.name} exists already",
            subtitle=f"In {path.parent}. What is in it would be lost.",
            icon="triangle-alert",
            width=460,
            parent=self._window,
        )
        dialog.add_button("Cancel", safe=True).clicked.connect(dialog.reject)
        dialog.add_button("Replace the file", tone="warn").clicked.connect(dialog.accept)
        dialog.accepted.connect(lambda: self._background.start(self._write(path, text)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _write(self, path: Path, text: str) -> None:
        await asyncio.to_thread(_write_file, path, text)
        self._folder = path.parent
        self._messages.say(
            f"Transcript saved as {path.name}.",
            Tone.DONE,
            action="Show folder",
            act=lambda: _show_folder(path.parent),
        )


def heard_so_far(task: Task) -> Transcript | None:
    """The words of the parts that are through; None before the first."""
    request = task.request
    if not isinstance(request, TranscriptionRequest) or not task.heard:
        return None
    starts_s = [part.start_s for part in request.parts]
    return joined([heard.transcript for heard in task.heard], starts_s[: len(task.heard)])


def note_of(task: Task) -> str:
    """What is to be said about the words: that more of them come, or why they don't."""
    if task.state is TaskState.FINISHED:
        return ""
    through = parts_through(task)
    match task.state:
        case TaskState.FAILED if task.failure is not None:
            words = failure_text(task.failure)
            reason = task.failure.message if through else "\n".join(filter(None, (words.text, words.details)))
        case TaskState.CANCELLED:
            reason = "Cancelled."
        case TaskState.UNCERTAIN:
            reason = "Needs your decision."
        case _:
            reason = "" if through else "The words appear here as they come."
    return ": ".join(part for part in (through, reason) if part)


def _nearest(folder: Path) -> Path:
    """The folder, or the first one above it that is there. Blocking."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), Path.home())


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _write_file(path: Path, text: str) -> None:
    with as_storage_errors(path):
        write_whole(path, text.encode())
