"""From "Export" to files: asks how, remembers it, and does the same again with one key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.errors import ExportError, RequestInvalid
from app.domain.export_settings import ExportSettings
from app.engine.clip_sources import ClipSources
from app.engine.exporter import Exported, Exporter, ExportProgress
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.kept_settings import KeptSettings
from app.ui.loop_region import LoopRegion
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import counted
from app.ui.show_file import show_file, show_folder
from app.ui.theme import Theme

_NOTHING = "Nothing to export yet: choose a take that is finished."


class ExportFlow(QObject):
    """Opens the dialog for takes, and tells how it went."""

    def __init__(
        self,
        theme: Theme,
        exporter: Exporter,
        sources: ClipSources,
        settings: KeptSettings,
        messages: MessageBar,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._exporter = exporter
        self._sources = sources
        self._settings = settings
        self._was_asked = False
        self._messages = messages
        self._background = background
        self._window = window

    def start(self, take_ids: Sequence[str], region: LoopRegion | None, why: str = "") -> None:
        """Ask how these takes should be written; a region is offered as a part of a single one.

        Args:
            why: What went wrong before, so that it is asked.
        """
        self._background.start(self._ask(list(take_ids), region, why))

    def again(self, take_ids: Sequence[str], region: LoopRegion | None = None) -> None:
        """Write these takes, or the selected part of one, with the settings of the last export; asks if there was
        none yet, or if they don't suit."""
        self._background.start(self._export_again(list(take_ids), region))

    async def _ask(self, take_ids: Sequence[str], region: LoopRegion | None, why: str = "") -> None:
        from app.ui.export_dialog import ExportDialog  # late: see late_parts

        sources = await self._sources.of(take_ids)
        if not sources:
            self._messages.say(_NOTHING)
            return
        dialog = ExportDialog(
            self._theme,
            self._exporter,
            sources,
            await self._last_settings(),
            self._background,
            region=region,
            why=why,
            parent=self._window,
        )
        dialog.exported.connect(self._on_exported)
        dialog.open()

    async def _export_again(self, take_ids: Sequence[str], region: LoopRegion | None) -> None:
        settings = await self._last_settings()
        selection = None if region is None else (region.start, region.end)
        sources = await self._sources.of(take_ids, selection=selection)
        if not sources:
            self._messages.say(_NOTHING)
            return
        if not self._was_asked:
            await self._ask(take_ids, region)
            return
        try:
            plan = await self._exporter.plan(sources, settings)
        except (RequestInvalid, ExportError) as error:
            await self._ask(take_ids, region, error_text(error).text)
            return

        def stop() -> None:
            exporting.cancel()

        said = self._messages.begin(f"Exporting {counted(len(plan), 'file')}…", action="Stop", act=stop)

        def show_progress(progress: ExportProgress) -> None:
            nonlocal said
            now = min(progress.done + 1, progress.total)
            said = self._messages.go_on(said, f"Exporting {now} of {counted(progress.total, 'file')}…")

        exporting = asyncio.ensure_future(self._exporter.export(plan, progress=show_progress))
        try:
            self._tell(await exporting)
        except asyncio.CancelledError:
            self._messages.say("Stopped. Files that were finished stay.")
            raise

    async def _last_settings(self) -> ExportSettings:
        settings = (await self._settings.fresh()).export
        self._was_asked = settings.folder is not None
        return settings

    def _on_exported(self, exported: Sequence[Exported], settings: ExportSettings) -> None:
        self._tell(exported)
        self._settings.now = replace(self._settings.now, export=settings)
        self._background.start(self._settings.save())

    def _tell(self, exported: Sequence[Exported]) -> None:
        done = [each for each in exported if each.failure is None]
        failed = [each for each in exported if each.failure is not None]
        if failed:
            reason = failed[0].failure.message if failed[0].failure is not None else ""
            text = f"{len(done)} of {counted(len(exported), 'file')} exported. {reason}"
            self._messages.say(text, Tone.ERROR)
            return
        if not done:
            return
        folder = done[0].plan.target.parent
        remarks = " ".join(dict.fromkeys(each.remark for each in done if each.remark))
        self._messages.say(
            f"{counted(len(done), 'file')} exported to {folder.name}. {remarks}".rstrip(),
            Tone.DONE,
            action="Show file" if len(done) == 1 else "Show folder",
            act=(lambda: show_file(done[0].path)) if len(done) == 1 else (lambda: show_folder(folder)),
        )
