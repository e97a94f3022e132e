"""What the window shows first: its panels as they were left, from settings and model specs alone.

Nothing in here waits for the library, the queue or a provider: they are made while this stands on the screen already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.domain.errors import RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.take import Take
from app.engine.first_parts import FirstParts
from app.engine.voice_library import search
from app.storage.window_state import WindowState, WindowStateStore
from app.ui.background import Background
from app.ui.controls.order import tab_behind
from app.ui.main_window import MainWindow
from app.ui.message_bar import MessageBar
from app.ui.mini_waveforms import MiniWaveforms
from app.ui.output_device_chooser import OutputDeviceChooser
from app.ui.preview_place import PreviewPlace
from app.ui.queue_panel import QueuePanel
from app.ui.reference_facts import ReferenceFacts
from app.ui.request_column import RequestColumn
from app.ui.theme import Scheme, Theme
from app.ui.toolbar import Toolbar
from app.ui.window_memory import WindowMemory

if TYPE_CHECKING:
    from app.domain.input_facts import InputFacts
    from app.ui.preview_parts import PreviewParts
    from app.ui.prompt_reading import PromptReading
    from app.ui.window_services import WindowServices


class Picture(QObject):
    """All panels of the window, made once.

    Attributes:
        specs: The models to choose from, in the order of the list.
        state: How the window was left.
    """

    failed = Signal(object)  # AppError of something in the background

    def __init__(self, app: QApplication, first: FirstParts, window_state: WindowStateStore) -> None:
        super().__init__()
        self._first = first
        self._services: WindowServices | None = None
        self._reading: PromptReading | None = None
        self._is_shown = False
        settings = first.first_settings
        self.state = window_state.load()
        self.theme = Theme(
            app,
            first.resources,
            scheme=Scheme(settings.theme),
            text_scale=settings.text_scale,
            reduce_motion=settings.reduce_motion,
            is_dressed=False,
        )
        self.background = Background(self.failed.emit)
        places = {service.id: place for place, service in enumerate(first.first_services)}
        models = [spec for spec in first.catalogue.models if spec.makes_audio]
        self.specs = tuple(sorted(models, key=lambda spec: places.get(spec.provider, len(places))))
        self._build()
        self.memory = WindowMemory(window_state, self.window, self.column, self.library, self)
        self.toolbar.model_shown.connect(self.library.empty.show_model)
        self._show_price()
        self.theme.dress()

    def _build(self) -> None:
        theme, background, first = self.theme, self.background, self._first
        self.toolbar = Toolbar(theme, {service.id: service.name for service in first.first_services})
        self.mini = MiniWaveforms(lambda: self.services.make_peaks(), self.path_of, background, self)
        facts = ReferenceFacts(self._facts_of, self.mini.levels, background, self)
        self.column = RequestColumn(
            theme,
            self._first_spec(),
            understood=self._understood,
            search_voices=search,
            facts=facts,
            draft=self.state.draft,
        )
        self.library = QueuePanel(
            theme,
            live_of=lambda task_id: self.services.queue.live(task_id),
            position_of=lambda task_id: self.services.queue.position(task_id),
            is_paused=lambda: self._services is not None and self._services.queue.is_paused,
            model_label=self.model_label,
            now=lambda: datetime.now(UTC),
        )
        self.place = PreviewPlace(theme)
        self.messages = MessageBar(theme)
        self.messages.set_rest_text("Nothing leaves this computer until you generate with a service.", "shield-check")
        self.messages.set_summary("Idle")
        self.output = OutputDeviceChooser(theme, lambda: self.services.list_devices(), background)
        self.messages.add_trailing(self.output)
        self.window = MainWindow(
            theme,
            toolbar=self.toolbar,
            column=self.column,
            library=self.library,
            preview=self.place,
            messages=self.messages,
            icon=QIcon(str(first.resources / "icons" / "cuesmith.svg")),
        )

    def show(self) -> None:
        """Put the window on the screen as it was left; only the first time does anything."""
        if self._is_shown:
            return
        self._is_shown = True
        self.memory.restore(self.state)
        self.window.fit_screen(self.window.screen().availableGeometry().size())
        self.window.show()
        self.column.prompt.text.setFocus()

    @property
    def is_first_start(self) -> bool:
        """Whether there was no window before."""
        return self.state == WindowState()

    # Once the rest is there

    def work_with(self, services: WindowServices) -> None:
        """What the panels ask from now on; before, there is nothing in them that could be asked about."""
        from app.ui.prompt_reading import PromptReading  # late: see second_parts

        self._services = services
        self._reading = PromptReading(services.catalogue, services.providers)

    def unseen(self, services: WindowServices) -> list[Callable[[], object]]:
        """What makes that of the panels which the first picture doesn’t show, each in some milliseconds.

        Whoever needs a part before its turn makes it.
        """
        return [
            lambda: self.work_with(services),
            lambda: self.preview_parts,
            lambda: self.column.voice.chooser,
            lambda: self.preview_parts.panel.transcript,
        ]

    @cached_property
    def preview_parts(self) -> PreviewParts:
        """The preview as it was left, between the library and the messages, also for Tab."""
        from app.ui.preview_parts import PreviewParts  # late: see second_parts

        parts = PreviewParts(self.theme, self.services, self.path_of, self.service_name, self.background, self)
        self.place.put(parts.panel)
        tab_behind(parts.panel.bar, self.messages)
        self.memory.restore_preview(self.state, parts.panel, parts.spectrogram)
        return parts

    @property
    def services(self) -> WindowServices:
        assert self._services is not None, "the panels show nothing yet that could be asked about"
        return self._services

    async def learn_to_read(self) -> None:
        """From then on it is said what was understood of the prompt."""
        assert self._reading is not None, "only providers can read"
        await self._reading.learn()
        self.column.show_draft(self.column.draft)

    def service_name(self, provider: str) -> str:
        """What people call a provider."""
        known = self._first.first_services if self._services is None else self._services.known_services
        return next((each.name for each in known if each.id == provider), provider)

    def model_label(self, provider: str, model: str) -> str:
        """What people call a model."""
        spec = next((s for s in self._first.catalogue.models if (s.provider, s.id) == (provider, model)), None)
        return spec.label if spec is not None else model

    def path_of(self, take: Take) -> Path:
        """Where the audio of a stored take lies."""
        assert take.file is not None, "only stored takes are looked at"
        return self.services.files.path(take.file)

    # Inside

    def _first_spec(self) -> ModelSpec:
        """The model that was chosen last; the first of all where it vanished."""
        provider, model = self.state.provider, self.state.model
        if any(service.id == provider for service in self._first.first_services):
            with suppress(RequestInvalid):
                return self._first.catalogue.spec(provider, model)
        return self.specs[0]

    def _show_price(self) -> None:
        spec, draft = self.column.spec, self.column.draft
        self.toolbar.chooser.show_models(self.specs, spec)
        self.toolbar.show_request(spec, draft.takes_for(spec), spec.estimate(draft.request(spec)), None)

    def _understood(self, spec: ModelSpec, prompt: str) -> str:
        return "" if self._reading is None else self._reading(spec, prompt)

    async def _facts_of(self, path: Path) -> InputFacts:
        return await asyncio.to_thread(self.services.probe, path)
