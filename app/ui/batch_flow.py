"""From a sheet to its tasks: every way in, the dialog, the question about the price."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import AppError, ProviderError, RequestInvalid, SheetInvalid, TaskBusy
from app.domain.model_spec import Kind, ModelSpec
from app.domain.voice import Voice
from app.engine.batch_plan import Defaults
from app.engine.delivering import Delivered
from app.engine.services import Services
from app.engine.sheet_table import Sheet, read_sheet
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import counted
from app.ui.service_keys import ServiceKeys
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.batch_dialog import BatchDialog, Figures
    from app.ui.price_question import PriceQuestion

_SHEET_FILES = "Sheets (*.csv *.tsv *.txt)"
_LOCAL = "local"


class BatchFlow(QObject):
    """Opens the dialog for a sheet and starts what it asks for; tells when files can't be written.

    Attributes:
        spec: The model that the window asks now: lines that name none get it at first.

    Args:
        project: What new tasks are filed under; empty for none.
    """

    key_wanted = Signal(str)  # provider
    limits_wanted = Signal()
    started = Signal()

    def __init__(
        self,
        theme: Theme,
        services: Services,
        keys: ServiceKeys,
        messages: MessageBar,
        background: Background,
        window: QWidget,
        *,
        project: Callable[[], str] = str,
    ) -> None:
        super().__init__(window)
        self._project = project
        self._theme = theme
        self._services = services
        self._keys = keys
        self._messages = messages
        self._background = background
        self._window = window
        self.spec: ModelSpec | None = None
        self._place = Path.home()  # where the next script is looked for
        self._last: ModelSpec | None = None
        self._earlier: Defaults | None = None
        self._sheet: Sheet | None = None
        self._dialog: BatchDialog | None = None
        self._question: PriceQuestion | None = None
        self._round = 0
        self._told: set[str] = set()
        keys.changed.connect(lambda _provider: self._show_lacking())
        services.batches.deliverer.changed.listen(self._on_delivered)

    # Ways in

    def choose_file(self) -> None:
        """Ask for a sheet on the disk. Qt's own dialog: a system's would block the loop on some platforms."""
        picker = QFileDialog(self._window, "Import a script")
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.setDirectory(str(self._place))
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setNameFilters([_SHEET_FILES, "All files (*)"])
        picker.setLabelText(QFileDialog.DialogLabel.Accept, "Choose")
        picker.fileSelected.connect(lambda name: self.ask(Path(name)))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def ask(self, path: Path) -> None:
        """Look at a sheet and ask what is to be done with it."""
        if self._dialog is None:
            self._place = path.parent
            self._background.start(self._ask(path))

    async def _ask(self, path: Path) -> None:
        try:
            sheet = await asyncio.to_thread(read_sheet, path)
        except SheetInvalid as error:
            first = error.problems[0]
            more = f" There are {len(error.problems) - 1} more problems." if len(error.problems) > 1 else ""
            self._messages.say(f"{path.name}, line {first.line}: {first.message}{more}", Tone.ERROR)
            return
        key = str(await asyncio.to_thread(path.resolve))
        folder = await self._services.batches.last_folder(key) or Path(key).with_suffix("")
        defaults = await self._services.batches.last_defaults(key)
        if self._dialog is None:
            self._open(sheet, folder, defaults)

    # The dialog

    def _open(self, sheet: Sheet, folder: Path, last: Defaults | None) -> None:
        from app.ui.batch_dialog import BatchDialog  # late: see late_parts

        providers = self._services.providers
        models = [each for each in self._services.catalogue.models if each.makes_audio and each.provider in providers]
        names = {service.id: service.name for service in self._services.known_services}
        self._sheet, self._earlier = sheet, last
        spec = self._model_of(last) or self._first_model(sheet, models)
        takes = last.takes if last is not None and last.takes is not None else 1
        dialog = self._dialog = BatchDialog(self._theme, sheet, models, names, spec, folder, self._window, takes=takes)
        dialog.wanted.connect(self._on_wanted)
        dialog.key_wanted.connect(self.key_wanted)
        dialog.limits_wanted.connect(self.limits_wanted)
        dialog.defaults_changed.connect(self._plan_anew)
        dialog.mended.connect(self._mend)
        dialog.finished.connect(self._on_finished)
        self._show_lacking()
        self._plan_anew()
        dialog.open()

    def _model_of(self, last: Defaults | None) -> ModelSpec | None:
        """What the sheet was made with the last time, if there is such a model still."""
        if last is None or last.model is None or last.provider not in self._services.providers:
            return None
        try:
            return self._services.catalogue.spec(last.provider, last.model)
        except RequestInvalid:
            return None  # it vanished

    def _first_model(self, sheet: Sheet, models: list[ModelSpec]) -> ModelSpec:
        """The last one, or the window's; a script with voices gets one that speaks."""
        has_voices = "voice" in sheet.columns
        wishes = [each for each in (self._last, self.spec) if each is not None and each in models]
        speaking = [each for each in models if each.has_voices and each.kind is Kind.SPEECH]
        fitting = [each for each in (*wishes, *speaking) if each.has_voices or not has_voices]
        return (fitting or wishes or models)[0]

    def _plan_anew(self) -> None:
        if self._dialog is not None and self._sheet is not None:
            self._round += 1
            self._dialog.set_busy(True)
            self._background.start(self._plan(self._dialog, self._sheet, self._round))

    def _mend(self, number: int, column: str, text: str) -> None:
        """Another text in one cell, for this time: the file stays as it is."""
        if self._sheet is not None:
            rows = tuple(row.with_cell(column, text) if row.line == number else row for row in self._sheet.rows)
            self._sheet = replace(self._sheet, rows=rows)
            self._plan_anew()

    async def _plan(self, dialog: BatchDialog, sheet: Sheet, number: int) -> None:
        """Plan the sheet and show it, unless another wish came in between."""
        spec = dialog.spec
        try:
            figures = await self._figures(dialog, sheet, spec)
        except AppError as error:
            if dialog is self._dialog:
                dialog.set_busy(False)
                dialog.show_trouble(error_text(error).text)
            return
        if dialog is self._dialog and number == self._round:
            self._last = spec
            for provider in {row.checked.spec.provider for row in figures.plan.rows}:
                self._keys.look(provider)
            dialog.show_figures(figures)
            self._show_lacking()

    async def _figures(self, dialog: BatchDialog, sheet: Sheet, spec: ModelSpec) -> Figures:
        from app.ui.batch_dialog import figures_of  # late: see late_parts

        spending = self._services.spending
        earlier = self._earlier
        is_same = earlier is not None and (earlier.provider, earlier.model) == (spec.provider, spec.id)
        defaults = Defaults(
            spec.provider, spec.id, dialog.takes, earlier.format if earlier is not None and is_same else None
        )
        plan = await self._services.batches.planner.plan(sheet, defaults)
        voices = await self._voices(spec)
        figures = await asyncio.to_thread(figures_of, sheet, plan, voices)
        so_far = await spending.so_far()
        month = spending.ceilings.month
        left = None if month is None else max(month - so_far.month.total, month * 0)
        return replace(figures, excess=spending.excess(figures.estimate, so_far), left=left)

    async def _voices(self, spec: ModelSpec) -> tuple[Voice, ...]:
        """To choose from; nobody is asked for them before the first click."""
        if spec.voices or spec.provider != _LOCAL or not spec.has_voices:
            return spec.voices
        try:
            return await self._services.voices.voices(spec.provider)
        except ProviderError:
            return ()

    def _show_lacking(self) -> None:
        if self._dialog is not None:
            services = self._services
            self._dialog.show_lacking(
                [
                    each.id
                    for each in services.known_services
                    if self._keys.standing(each.id).is_unconfirmed
                    or (self._keys.standing(each.id).is_missing and each.needs_key_at(services.addresses.of(each.id)))
                ]
            )

    def _on_finished(self) -> None:
        self._forget_question()
        self._dialog = self._sheet = None
        self._round += 1

    # The start

    def _on_wanted(self) -> None:
        from app.ui.batch_dialog import asked_without_price  # late: see late_parts
        from app.ui.price_question import PriceQuestion

        dialog = self._dialog
        figures = dialog.figures if dialog is not None else None
        if dialog is None or figures is None or self._question is not None:
            return
        has_limit = self._services.spending.ceilings.is_any
        unknown = asked_without_price(figures, has_limit=has_limit)
        if not unknown:
            self._start(dialog, figures)
            return
        reason = f"Nobody knows beforehand what {counted(len(unknown), 'line')} of this script will cost."
        if has_limit:
            reason += " Your spending limit can’t be checked against that."
        reason += " The receipts will show it. Generate anyway?"
        question = self._question = PriceQuestion(self._theme, unknown[0].checked.spec, reason, dialog)
        question.accepted.connect(lambda: self._accept(question, dialog, figures))
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _accept(self, question: PriceQuestion, dialog: BatchDialog, figures: Figures) -> None:
        """Once a question, however often its button is pressed before it is gone."""
        if question is self._question:
            self._start(dialog, figures, accepts_unknown_price=True)

    def _start(self, dialog: BatchDialog, figures: Figures, *, accepts_unknown_price: bool = False) -> None:
        folder = dialog.folder
        if folder is not None and dialog.figures is not None:
            dialog.set_busy(True)
            self._background.start(self._begin(dialog, figures, folder, accepts_unknown_price=accepts_unknown_price))

    async def _begin(self, dialog: BatchDialog, figures: Figures, folder: Path, *, accepts_unknown_price: bool) -> None:
        sound = replace(figures.plan, problems=())  # lines that need a fix are left out; the next import finds them
        try:
            await asyncio.to_thread(_make, folder)
            await self._services.batches.begin(
                sound, folder, project=self._project(), accepts_unknown_price=accepts_unknown_price
            )
        except TaskBusy:
            self._plan_anew()  # another Cuesmith has begun it: its lines are found now
        except (AppError, OSError) as error:
            if dialog is self._dialog:
                dialog.set_busy(False)
                dialog.show_trouble(_sentence(error, folder))
        else:
            if dialog is self._dialog:
                dialog.accept()
            rows = figures.totals.rows
            self._messages.say(f"{counted(rows, 'line')} queued. The files go to {folder}.")
            self.started.emit()

    def _on_delivered(self, delivered: Delivered) -> None:
        """What couldn't be written is told once; it is tried again until it can be."""
        for remark in delivered.remarks:
            self._messages.say(remark)
        for reason in dict.fromkeys(delivered.failures.values()):
            if reason not in self._told:
                self._told.add(reason)
                text = f"{reason} The takes are in the library and will be saved there once it works again."
                self._messages.say(text, Tone.ERROR)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _sentence(error: AppError | OSError, folder: Path) -> str:
    if isinstance(error, AppError):
        return error_text(error).text
    return f"The folder {folder} can’t be made: {error.strerror}. Choose another one."
