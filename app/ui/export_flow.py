"""From "Export" to files: asks how, remembers it, and does the same again with one key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.domain.export_settings import ExportSettings
from app.domain.take import TakeState
from app.engine.exporter import Exported, ExportSource
from app.ui.background import Background
from app.ui.loop_region import LoopRegion
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.readouts import counted
from app.ui.theme import Theme
from app.ui.window_services import WindowServices


class ExportFlow(QObject):
    """Opens the dialog for takes, and tells how it went."""

    def __init__(
        self,
        theme: Theme,
        services: WindowServices,
        messages: MessageBar,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._services = services
        self._messages = messages
        self._background = background
        self._window = window

    def start(self, take_ids: Sequence[str], region: LoopRegion | None, why: str = "") -> None:
        """Ask how these takes should be written; a region is offered as a part of a single one.

        Args:
            why: What went wrong before, so that it is asked.
        """
        self._background.start(self._ask(list(take_ids), region, why))

    def again(self, take_ids: Sequence[str]) -> None:
        """Write these takes with the settings of the last export; asks if there was none yet."""
        self._background.start(self._export_again(list(take_ids)))

    async def _ask(self, take_ids: Sequence[str], region: LoopRegion | None, why: str = "") -> None:
        from app.ui.export_dialog import ExportDialog  # late: see late_parts

        sources = await self._sources(take_ids)
        if not sources:
            self._messages.say("Nothing to export yet: choose a take that is finished.")
            return
        settings = await self._last_settings()
        info = sources[0].take.info
        part = None
        if region is not None and info is not None:
            part = (region.start / info.sample_rate_hz, region.end / info.sample_rate_hz)
        dialog = ExportDialog(
            self._theme,
            self._services.exporter,
            sources,
            settings,
            self._background,
            part_s=part,
            why=why,
            parent=self._window,
        )
        dialog.exported.connect(self._on_exported)
        dialog.open()

    async def _export_again(self, take_ids: Sequence[str]) -> None:
        settings = await self._last_settings()
        sources = await self._sources(take_ids)
        if settings.folder is None or not sources:
            await self._ask(take_ids, None)
            return
        plan = await self._services.exporter.plan(sources, settings)
        self._tell(await self._services.exporter.export(plan))

    async def _sources(self, take_ids: Sequence[str]) -> list[ExportSource]:
        sources = []
        for take_id in take_ids:
            take = await self._services.library.take(take_id)
            if take.state is TakeState.STORED:
                sources.append(ExportSource(await self._services.library.task(take.task_id), take))
        return sources

    async def _last_settings(self) -> ExportSettings:
        settings = (await asyncio.to_thread(self._services.settings.load)).export
        return settings if settings.folder is not None else replace(settings, folder=Path.home() / "Cuesmith")

    def _on_exported(self, exported: Sequence[Exported], settings: ExportSettings) -> None:
        self._tell(exported)
        self._background.start(asyncio.to_thread(self._remember, settings))

    def _remember(self, settings: ExportSettings) -> None:
        store = self._services.settings
        store.save(replace(store.load(), export=settings))

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
            action="Show folder",
            act=lambda: _show_folder(folder),
        )


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
