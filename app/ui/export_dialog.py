"""Hands takes over as files: asks how, shows what will be written, writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import AppError, RequestInvalid
from app.domain.export_settings import ExportSettings, IfExists
from app.engine.exporter import Exported, Exporter, ExportProgress, ExportSource, PlannedExport
from app.ui.background import Background
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.painting import fill_rounded
from app.ui.controls.primary_button import PrimaryButton
from app.ui.dialog import Dialog
from app.ui.error_messages import error_text
from app.ui.export_form import ExportForm
from app.ui.export_part import ExportPart
from app.ui.export_preview import ExportPreview
from app.ui.loop_region import LoopRegion
from app.ui.readouts import counted
from app.ui.theme import Theme

WIDTH_PX = 672
_REST_NOTE = "The takes in the library stay as they are."
_PLAN_AFTER_MS = 60
_POLICIES = {
    IfExists.NUMBER: "Keep, number the new one",
    IfExists.SKIP: "Keep, write no new one",
    IfExists.REPLACE: "Replace",
}


class ExportDialog(Dialog):
    """Opened with `open()`. Esc stops a running export first; what is finished by then stays.

    Args:
        sources: Stored takes with their edits, at least one.
        settings: Those of the last export.
        region: What is selected of a single take.
        why: What went wrong before, so that the dialog has opened.
    """

    exported = Signal(object, object)  # tuple of Exported; the ExportSettings to remember

    def __init__(
        self,
        theme: Theme,
        exporter: Exporter,
        sources: Sequence[ExportSource],
        settings: ExportSettings,
        background: Background,
        *,
        region: LoopRegion | None = None,
        why: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, f"Export {counted(len(sources), 'take')}", width=WIDTH_PX, parent=parent)
        self._exporter = exporter
        self._sources = tuple(sources)
        self._background = background
        self._settings = replace(settings, start_s=None, end_s=None)
        self._plan: tuple[PlannedExport, ...] = ()
        self._decided: set[str] = set()  # ids of takes that are written otherwise than the rest
        self._planning: asyncio.Task[None] | None = None
        self._exporting: asyncio.Task[None] | None = None
        infos = [source.take.info for source in sources if source.take.info is not None]
        self.form = ExportForm(theme, infos, self._settings)
        self.part = ExportPart(theme, sources, region, self)
        self.preview = ExportPreview(theme)
        self._tags = CheckBox(theme, "Write prompt, model and seed into the file")
        self._tags.setChecked(settings.writes_tags)
        self._existing = Choice(theme, "Existing files", [(each.value, words) for each, words in _POLICIES.items()])
        self._existing.set_value(IfExists.NUMBER.value)
        self._trouble = Label(theme, font="small", role="err", wrap=True)
        self._why = Label(theme, why, font="small", role="err", wrap=True)
        self._progress = _Progress(theme)
        self._cancel = self.add_button("Cancel", safe=True)
        self._go = self.add_button(self._go_text(), primary=True)
        self._soon = QTimer(self, interval=_PLAN_AFTER_MS, singleShot=True)
        self._fill()
        self._connect()
        self._show_fades()
        self.set_footer_note(_REST_NOTE)
        self._plan_anew()

    # what is asked for

    def settings(self) -> ExportSettings:
        """What the fields say now."""
        return replace(self.form.settings(), writes_tags=self._tags.isChecked())

    def sources(self) -> tuple[ExportSource, ...]:
        """The takes with what is written of each. The fades of a single one stand in the fields."""
        sources = self.part.sources()
        if len(sources) > 1:
            return sources
        return tuple(replace(each, edit=replace(each.edit, fade_in=0, fade_out=0)) for each in sources)

    def _to_remember(self, settings: ExportSettings) -> ExportSettings:
        """For the next export: without fades that belong to this take."""
        edit = self.part.edit()
        if edit is None or not edit.is_faded:
            return settings
        last = self._settings
        return replace(settings, fade_in_s=last.fade_in_s, fade_out_s=last.fade_out_s, fade_shape=last.fade_shape)

    @property
    def plan(self) -> tuple[PlannedExport, ...]:
        """What a click on the button would write; empty while something is wrong."""
        return self._plan

    @property
    def is_exporting(self) -> bool:
        return self._exporting is not None

    # planning

    def _stop_planning(self) -> None:
        self._soon.stop()
        if self._planning is not None:
            self._planning.cancel()

    def _plan_anew(self) -> None:
        self._stop_planning()
        self._planning = self._background.start(self._plan_now())

    async def _plan_now(self) -> None:
        if self.form.has_typed_problem:
            self._plan = ()
            self.set_primary_enabled(enabled=False, reason="Mend the marked fields first.")
            return
        try:
            plan = await self._planned()
        except RequestInvalid as error:
            self._plan = ()
            rest = self.form.show_problems(error.problems)
            self._show_trouble(" ".join(problem.message for problem in rest))
            self.set_primary_enabled(enabled=False, reason="Mend the marked fields first.")
            return
        except AppError as error:
            self._plan = ()
            self._show_trouble(error_text(error).text)
            self.set_primary_enabled(enabled=False)
            return
        self._plan = plan
        self.form.show_problems(())
        self._show_trouble("")
        self.preview.show_plan(self._plan)
        self.set_primary_enabled(enabled=not self.is_exporting)

    async def _planned(self) -> tuple[PlannedExport, ...]:
        settings, sources = self.settings(), self.sources()
        policy = IfExists(self._existing.value() or IfExists.NUMBER)
        if policy is IfExists.SKIP:
            return await self._exporter.plan(sources, settings, if_exists=policy)
        kept = await self._exporter.plan(sources, settings)
        replacing = await self._exporter.plan(sources, settings, if_exists=IfExists.REPLACE)
        replaces_all = policy is IfExists.REPLACE
        return tuple(
            over if over.replaces and (over.source.take.id in self._decided) != replaces_all else keep
            for keep, over in zip(kept, replacing, strict=True)
        )

    def _on_replace(self, take_id: str) -> None:
        self._decided ^= {take_id}
        self._plan_anew()

    def _on_policy(self) -> None:
        self._decided.clear()
        self._soon.start()

    def _on_part(self) -> None:
        self._show_fades()
        self._soon.start()

    def _show_fades(self) -> None:
        """Those of the part, where it has some; else those of the last export."""
        edit, info = self.part.edit(), self._sources[0].take.info
        last = self._settings
        if edit is None or info is None or not edit.is_faded:
            self.form.ends.show_fades(last.fade_in_s, last.fade_out_s, last.fade_shape)
        else:
            rate_hz = info.sample_rate_hz
            self.form.ends.show_fades(edit.fade_in / rate_hz, edit.fade_out / rate_hz, edit.shape)

    # exporting

    def _start(self) -> None:
        if self._exporting is None:
            self._exporting = self._background.start(self._export())
            self._refresh_running()

    async def _export(self) -> None:
        await self._settle_plan()
        if not self._plan:
            self._exporting = None
            self._refresh_running()
            self.form.focus_first_problem()
            return
        plan, settings = self._plan, self.settings()
        try:
            results = await self._exporter.export(plan, progress=self._on_progress)
        except asyncio.CancelledError:
            self._end("Stopped. Files that were finished stay.")
            self._plan_anew()
            raise
        self._finish(results, settings)

    async def _settle_plan(self) -> None:
        """What is written is what the fields say now, also when they changed a moment ago."""
        self._soon.stop()
        self._plan_anew()
        if self._planning is not None:
            await asyncio.wait([self._planning])

    def _finish(self, results: tuple[Exported, ...], settings: ExportSettings) -> None:
        failed = sum(result.failure is not None for result in results)
        self.exported.emit(results, self._to_remember(settings))
        if not failed:
            self._exporting = None
            self.accept()
            return
        self._end(f"{len(results) - failed} of {counted(len(results), 'file')} were written.")
        self.preview.show_results(results)

    def _end(self, note: str) -> None:
        self._exporting = None
        self._refresh_running()
        self.set_footer_note(note)

    def _on_progress(self, progress: ExportProgress) -> None:
        self._progress.show_fraction(progress.fraction)
        if self._exporting is not None:
            now = min(progress.done + 1, progress.total)
            self.set_footer_note(f"Writing {now} of {counted(progress.total, 'file')}…")

    def _on_cancel(self) -> None:
        if self._exporting is not None:
            self._exporting.cancel()
        else:
            self.reject()

    # inside

    def _fill(self) -> None:
        self.body.addWidget(self._why)
        self._why.setVisible(bool(self._why.text()))
        self.form.add_row(self.part.row)
        self.body.addWidget(self.form)
        self.body.addSpacing(self._theme.px(8))
        self.body.addWidget(self.preview)
        self.body.addSpacing(self._theme.px(4))
        below = QHBoxLayout()
        below.setSpacing(self._theme.px(32))
        below.addWidget(self._tags, 1)
        self._existing_row = FieldRow(self._theme, "Existing", self._existing)
        below.addWidget(self._existing_row, 1)
        self.body.addLayout(below)
        self.body.addWidget(self._trouble)
        self.body.addStretch(1)
        self.body.addWidget(self._progress)
        self._progress.hide()
        self._trouble.hide()

    def _connect(self) -> None:
        self.form.changed.connect(self._soon.start)
        self.part.changed.connect(self._on_part)
        self._tags.toggled.connect(self._soon.start)
        self._existing.changed.connect(self._on_policy)
        self._soon.timeout.connect(self._plan_anew)
        self.preview.replace_toggled.connect(self._on_replace)
        self._cancel.clicked.connect(self._on_cancel)
        self._go.clicked.connect(self._start)
        self.finished.connect(self._stop_planning)

    def _go_text(self) -> str:
        return f"Export {counted(len(self._sources), 'file')}"

    def _show_trouble(self, text: str) -> None:
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def _refresh_running(self) -> None:
        is_running = self._exporting is not None
        for widget in (self.form, self.preview, self._tags, self._existing_row):
            widget.setEnabled(not is_running)
        self._progress.show_fraction(0.0)
        self._progress.setVisible(is_running)
        self._cancel.setText("Stop" if is_running else "Cancel")
        if isinstance(self._go, PrimaryButton):
            self._go.setEnabled(not is_running)
        if not is_running:
            self.set_footer_note(_REST_NOTE)


class _Progress(QWidget):
    """A thin bar from 0 to 1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fraction = 0.0
        self.setAccessibleName("Export")
        self.setFixedHeight(theme.px(4))

    def show_fraction(self, fraction: float) -> None:
        self._fraction = min(max(fraction, 0.0), 1.0)
        self.setAccessibleDescription(f"{round(self._fraction * 100)} percent")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        radius = area.height() / 2
        fill_rounded(painter, area, radius, self._theme.color("raised"))
        done = QRectF(0, 0, area.width() * self._fraction, area.height())
        if done.width() >= 1:
            fill_rounded(painter, done, min(radius, done.width() / 2), self._theme.color("accent"))
