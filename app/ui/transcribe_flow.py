"""From a recording to a task that writes it down: every way in, the dialog, the question about the price."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import AppError, RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.request import InputFile, TranscriptionRequest
from app.domain.take import TakeState
from app.domain.task import Task
from app.domain.transcription_draft import TranscriptionDraft
from app.engine.services import Services
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.message_bar import MessageBar
from app.ui.service_keys import ServiceKeys
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.price_question import PriceQuestion
    from app.ui.transcribe_dialog import TranscribeDialog

AUDIO_FILES = "Audio (*.wav *.flac *.mp3 *.ogg *.oga *.opus)"
_VERB = "Transcribe"
_LONGEST_NAME = 60


class TranscribeFlow(QObject):
    """Opens the dialog for a file, a take or an earlier task, and starts what it asks for.

    Attributes:
        draft: What was set last, kept for the next time and the next start.

    Args:
        project: What new tasks are filed under; empty for none.
    """

    started = Signal(object)  # Task
    key_wanted = Signal(str)  # provider

    def __init__(
        self,
        theme: Theme,
        services: Services,
        keys: ServiceKeys,
        messages: MessageBar,
        background: Background,
        project: Callable[[], str],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._services = services
        self._project = project
        self._keys = keys
        self._messages = messages
        self._background = background
        self._window = window
        self.draft = TranscriptionDraft()
        self._dialog: TranscribeDialog | None = None
        self._question: PriceQuestion | None = None
        self._accepted: set[tuple[str, str]] = set()  # models that may be asked without a known price
        keys.changed.connect(lambda _provider: self._show_lacking())

    # Ways in

    def choose_file(self) -> None:
        """Ask for a recording on the disk. Qt's own dialog: a system's would block the loop on some platforms."""
        picker = QFileDialog(self._window, "Transcribe a file")
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setNameFilters([AUDIO_FILES, "All files (*)"])
        picker.setLabelText(QFileDialog.DialogLabel.Accept, "Choose")
        picker.fileSelected.connect(lambda name: self.ask(Path(name)))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def ask(self, path: Path) -> None:
        """Ask how a file should be transcribed."""
        self._open(InputFile(path), path.name, self.draft)

    def ask_about_files(self, paths: list[Path]) -> None:
        """Files that were dropped: each has its own length and price, so they are asked about one at a time."""
        if len(paths) > 1:
            self._messages.say("One recording at a time, please: drop a single audio file to transcribe it.")
        elif paths:
            self.ask(paths[0])

    def ask_about_take(self, take_id: str) -> None:
        """Ask how a take should be transcribed."""
        self._background.start(self._ask_about_take(take_id))

    def reuse(self, task: Task) -> None:
        """The recording and the settings of an earlier transcription, ready to be changed."""
        request = task.request
        if isinstance(request, TranscriptionRequest):
            draft = self.draft.with_request(request)
            self._open(request.audio, request.title, draft)

    async def _ask_about_take(self, take_id: str) -> None:
        take = await self._services.library.take(take_id)
        if take.state is not TakeState.STORED or take.file is None:
            self._messages.say("This take has no audio yet.")
            return
        task = await self._services.library.task(take.task_id)
        title = " ".join(task.request.title.split())
        short = title if len(title) <= _LONGEST_NAME else f"{title[:_LONGEST_NAME].rstrip()}…"
        path = self._services.files.path(take.file)
        self._open(InputFile(path), f"Take {take.number} of “{short}”", self.draft)

    # The dialog

    def _open(self, audio: InputFile, name: str, draft: TranscriptionDraft) -> None:
        from app.ui.transcribe_dialog import Recording, TranscribeDialog  # late: see late_parts

        if self._dialog is not None:
            return  # it is modal, so only a drop or a slow answer can come between
        models = self._models(draft)
        names = {service.id: service.name for service in self._services.known_services}
        dialog = self._dialog = TranscribeDialog(
            self._theme,
            Recording(audio, name),
            models,
            names,
            self._open_providers(),
            draft,
            self._window,
            estimate=self._services.spending.estimate_transcription,
        )
        dialog.wanted.connect(self._on_wanted)
        dialog.key_wanted.connect(self.key_wanted)
        dialog.other_model_wanted.connect(self._ask_for_model)
        dialog.finished.connect(self._on_finished)
        self._show_lacking()
        for provider in {spec.provider for spec in models} | set(self._open_providers()):
            self._keys.look(provider)
        self._background.start(self._look(dialog, audio))
        dialog.open()

    def _models(self, draft: TranscriptionDraft) -> list[ModelSpec]:
        """All that transcribe, with the one that was named last time, whether it is listed or not."""
        catalogue, providers = self._services.catalogue, self._services.providers
        listed = [spec for spec in catalogue.models if spec.transcription is not None and spec.provider in providers]
        if not draft.provider or draft.provider not in providers:
            return listed
        try:
            last = catalogue.spec(draft.provider, draft.model)
        except RequestInvalid:
            return listed  # it vanished
        return listed if last.transcription is None or last in listed else [*listed, last]

    def _open_providers(self) -> list[str]:
        """Where models can be named that aren't listed, if what is assumed of them includes transcriptions."""
        assumed = {provider: self._services.catalogue.assumed(provider) for provider in self._services.providers}
        return [name for name, spec in assumed.items() if spec is not None and spec.transcription is not None]

    def _show_lacking(self) -> None:
        if self._dialog is not None:
            self._dialog.show_lacking(
                [each.id for each in self._services.known_services if self._lacks_key(each.id, each.needs_key_at)]
            )

    def _lacks_key(self, provider: str, needs_key_at: Callable[[str], bool]) -> bool:
        standing = self._keys.standing(provider)
        is_needed = needs_key_at(self._services.addresses.of(provider))
        return standing.is_unconfirmed or (standing.is_missing and is_needed)

    async def _look(self, dialog: TranscribeDialog, audio: InputFile) -> None:
        try:
            facts = await asyncio.to_thread(self._facts_of, audio)
        except AppError as error:
            if dialog is self._dialog:
                dialog.show_unreadable(error_text(error).text)
            return
        if dialog is self._dialog:
            dialog.show_facts(facts)

    def _facts_of(self, audio: InputFile) -> InputFacts:
        """Of the copy of an earlier request, where there is one: the original may have changed or gone. Blocking."""
        copy = self._services.files.input_path(audio.sha256) if audio.sha256 is not None else None
        return self._services.probe(copy if copy is not None and copy.exists() else audio.path)

    def _ask_for_model(self, provider: str) -> None:
        from app.ui.other_model_dialog import OtherModelDialog  # late: see late_parts

        dialog = self._dialog
        if dialog is None:
            return
        name = next((each.name for each in self._services.known_services if each.id == provider), provider)
        other = OtherModelDialog(
            self._theme, name, lambda model: self._services.catalogue.spec(provider, model), dialog
        )
        other.chosen.connect(dialog.add_model)
        other.open()

    def _on_finished(self) -> None:
        self._forget_question()
        if self._dialog is not None:
            self.draft = self._dialog.draft
            self._dialog = None

    # The click

    def _on_wanted(self, request: TranscriptionRequest) -> None:
        from app.ui.price_question import PriceQuestion, why_to_ask  # late: see late_parts

        if self._question is not None:  # a screen reader presses buttons behind it, too
            self._question.activateWindow()
            return
        dialog = self._dialog
        assert dialog is not None
        spec = dialog.spec
        assert spec is not None
        has_limit = self._services.spending.ceilings.is_any
        estimate = self._services.spending.estimate_transcription(spec, request)
        reason = why_to_ask(spec, estimate, has_limit=has_limit, verb=_VERB)
        if not reason or (not has_limit and (spec.provider, spec.id) in self._accepted):
            self._start(dialog, request)
            return
        question = self._question = PriceQuestion(self._theme, spec, reason, dialog, verb=_VERB)
        question.accepted.connect(lambda: self._accept(question, dialog, spec, request))
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _accept(
        self, question: PriceQuestion, dialog: TranscribeDialog, spec: ModelSpec, request: TranscriptionRequest
    ) -> None:
        """Once a question, however often its button is pressed before it is gone, and not after the dialog."""
        if question is not self._question:
            return
        self._accepted.add((spec.provider, spec.id))
        self._start(dialog, request, accepts_unknown_price=True)

    def _start(
        self, dialog: TranscribeDialog, request: TranscriptionRequest, *, accepts_unknown_price: bool = False
    ) -> None:
        dialog.set_busy(True)
        self._background.start(self._add(dialog, request, accepts_unknown_price=accepts_unknown_price))

    async def _add(
        self, dialog: TranscribeDialog, request: TranscriptionRequest, *, accepts_unknown_price: bool
    ) -> None:
        try:
            task = await self._services.queue.add_transcription(
                request, project=self._project(), accept_unknown_price=accepts_unknown_price
            )
        except AppError as error:
            if dialog is self._dialog:
                dialog.set_busy(False)
                _show(dialog, error)
            return
        if dialog is not self._dialog:
            # Called off while the recording was made ready. Nothing has left yet: the task's first step comes later.
            await self._services.queue.cancel(task.id)
            return
        dialog.accept()
        self.started.emit(task)


def _show(dialog: TranscribeDialog, error: AppError) -> None:
    if isinstance(error, RequestInvalid):
        dialog.show_problems(error.problems)
    else:
        dialog.show_trouble(error_text(error).text)
