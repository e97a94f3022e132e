"""The window as a whole: builds its parts, joins them, and takes them down in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal

from app.audio.player_events import PlayerState
from app.domain.errors import AppError, PlaybackError, SpendingCeilingReached
from app.domain.model_spec import ModelSpec
from app.domain.task import Task
from app.engine.clip_sources import ClipSources
from app.storage.ledger import Ceilings
from app.storage.library_queries import Filter
from app.storage.settings import Settings, SpendingSettings
from app.ui.audition import Audition
from app.ui.auditioning import Auditioning
from app.ui.batch_flow import BatchFlow
from app.ui.clip_actions import ClipActions
from app.ui.clip_trimming import ClipTrimming
from app.ui.decision_flow import DecisionFlow
from app.ui.deeds import Deeds
from app.ui.drag_flow import DragFlow
from app.ui.dropped_files import is_sheet, words_for_library, words_for_sheet
from app.ui.error_messages import error_text
from app.ui.export_flow import ExportFlow
from app.ui.file_drop import FileDrop
from app.ui.generate_controller import GenerateController
from app.ui.kept_settings import KeptSettings
from app.ui.last_costs import LastCosts
from app.ui.late_parts import load_late_parts
from app.ui.leaving import Leaving
from app.ui.library_actions import LibraryActions
from app.ui.library_controller import LibraryController
from app.ui.listening import Listening
from app.ui.message_log import Tone
from app.ui.month_spent import MonthSpent
from app.ui.other_models import OtherModels
from app.ui.own_servers import OwnServers
from app.ui.picture import Picture
from app.ui.project_flow import ProjectFlow
from app.ui.queue_flow import QueueFlow
from app.ui.queue_news import QueueNews
from app.ui.service_keys import ServiceKeys
from app.ui.services_flow import ServicesFlow
from app.ui.shortcuts import Shortcuts
from app.ui.spending_flow import SpendingFlow
from app.ui.theme import Scheme
from app.ui.transcribe_flow import TranscribeFlow
from app.ui.transcript_flow import TranscriptFlow
from app.ui.transport import Transport
from app.ui.voice_controller import VoiceController
from app.ui.window_services import WindowServices

_logger = logging.getLogger(__name__)

_SALVAGING = "The library is damaged. Saving what can be saved…"
_KEPT_OUT = "Another program keeps the library locked. What you asked for is done as soon as that one lets go."


class Application(QObject):
    """All parts of the window, made once."""

    painted = Signal()  # for the first time

    def __init__(self, picture: Picture, services: WindowServices) -> None:
        super().__init__()
        self.picture = picture
        self._services = services
        self.settings = KeptSettings(services.settings, services.first_settings)
        self._ended = asyncio.Event()
        self._is_first_start = picture.is_first_start
        self.theme, self.window, self._background = picture.theme, picture.window, picture.background
        self.toolbar, self.column, self.library = picture.toolbar, picture.column, picture.library
        self.preview, self.transport = picture.preview, picture.transport
        self.peaks, self.mini = picture.peaks, picture.mini
        self.spectrogram = picture.spectrogram
        self.messages, self.output, self.memory = picture.messages, picture.output, picture.memory
        picture.work_with(services)
        self._build()
        self._join()

    # Building

    def _build(self) -> None:
        services, theme, background = self._services, self.theme, self._background
        queue = services.queue
        self.leaving = Leaving(
            theme, lambda: queue.running_at_services, lambda: queue.waiting_for_the_disk, self.window, self
        )
        self.service_keys = ServiceKeys(services.keys, services.known_services, services.providers, background, self)
        self.servers = OwnServers(services.roster, self.service_keys, background, self)
        self.services_flow = ServicesFlow(
            theme,
            self.servers,
            self.service_keys,
            services.addresses,
            lambda: self.settings.now,
            self.toolbar,
            self.library,
            self.window,
        )
        self.rows = LibraryController(services.library, services.queue, self.library, background, self)
        self.projects = ProjectFlow(
            theme,
            services.library,
            self.column.prompt.project,
            self.library,
            self.messages,
            background,
            self.window,
            lambda take_back: self.actions.remember(take_back),
        )
        self.last_costs = LastCosts(services.spending.last_time, background, self)
        self.generating = GenerateController(
            theme,
            self.picture.specs,
            services.catalogue,
            self.column,
            self.toolbar,
            queue=services.queue,
            spending=services.spending,
            last_costs=self.last_costs,
            background=background,
            is_there=services.providers.__contains__,
            project=lambda: self.projects.current,
            parent=self,
        )
        self.month_spent = MonthSpent(
            self.toolbar,
            services.spending,
            services.ledger,
            lambda: self.settings.now.spending.month_usd,
            self.generating.show_so_far,
            background,
            self,
        )
        self.voices = VoiceController(
            self.column, services.voices, services.favourite_voices, self.picture.service_name, background, self
        )
        self.other_models = OtherModels(
            theme,
            self.toolbar.chooser,
            services.catalogue,
            services.providers,
            self.picture.service_name,
            background,
            self.window,
        )
        self.actions = LibraryActions(
            theme,
            services.library,
            services.queue,
            self.library,
            self.messages,
            background,
            self.window,
        )
        self.deciding = DecisionFlow(
            theme,
            services.library,
            services.queue,
            self.library,
            self.messages,
            background,
            self.servers.service,
            self.picture.model_label,
            self.window,
        )
        self.spending = SpendingFlow(theme, services, self.picture.service_name, background, self.window)
        self.audition = Audition(Transport(services.make_player, background, self), self.transport, background, self)
        self.auditioning = Auditioning(
            self.column, self.audition, services.files.input_path, services.voice_samples, self.messages, self
        )
        self.clips = ClipActions(self.column, services.trim, self.messages, background, self)
        self.listening = Listening(
            self.library, self.preview, self.transport, self.mini, self.messages, self.output.open_menu, self
        )
        self.news = QueueNews(services.queue, self.messages, self.picture.service_name, self.deciding.ask_next, self)
        self.whole_queue = QueueFlow(
            theme,
            services.queue,
            self.library,
            self.messages,
            background,
            self.window,
            self.window.setWindowTitle,
            self.actions.remember,
        )
        self.trimming = ClipTrimming(
            self.preview, services.clip_edits, self.actions.remember, self.messages, background, self
        )
        sources = ClipSources(services.library, services.clip_edits)
        self.dragging = DragFlow(
            theme,
            sources,
            services.handing_over,
            self.settings.fresh,
            services.locations.handed_over,
            self.messages,
            background,
            self.window,
        )
        self.exporting = ExportFlow(
            theme, services.exporter, sources, self.settings, self.messages, background, self.window
        )
        self.transcribing = TranscribeFlow(
            theme,
            services,
            self.service_keys,
            self.messages,
            background,
            lambda: self.projects.current,
            self.window,
        )
        self.transcripts = TranscriptFlow(
            theme,
            services.library,
            services.files,
            self.library,
            self.preview,
            self.messages,
            background,
            self.window,
        )
        self.batches = BatchFlow(
            theme,
            services,
            self.service_keys,
            self.messages,
            background,
            self.window,
            project=lambda: self.projects.current,
        )
        self.drop = FileDrop(theme, self.library, words_for_library)
        self.sheet_drop = FileDrop(theme, self.window, words_for_sheet)
        self.deeds = Deeds(self)
        self._shortcuts = Shortcuts(self.window, self.deeds.do, self.deeds.can)

    def _join(self) -> None:
        self.picture.failed.connect(self._show_error)
        self.window.closing.connect(self.leaving.leave)
        self.leaving.begun.connect(self._end)
        self.toolbar.menu_wanted.connect(self.open_menu)
        self.toolbar.settings_wanted.connect(self.open_settings)
        self.toolbar.spending_wanted.connect(self.open_spending)
        self.spending.limits_wanted.connect(self.services_flow.open_limits)
        self.spending.task_wanted.connect(self._show_task)
        self.services_flow.settings_changed.connect(self._take_settings)
        self.library.empty.generate_wanted.connect(self.toolbar.generate.click)
        self.library.export_wanted.connect(lambda ids: self.exporting.start(ids, None))
        self.library.drag_begun.connect(lambda ids: self.dragging.drag(self.library.table.viewport(), ids))
        self.library.copy_wanted.connect(self.dragging.copy)
        self.preview.export_wanted.connect(self.exporting.start)
        handle, waveform = self.preview.bar.handle, self.preview.waveform
        for begun, origin in ((handle.drag_begun, handle), (self.preview.chip.drag_begun, waveform)):
            begun.connect(
                lambda origin=origin: self.dragging.drag(origin, self.preview.shown_takes, self.preview.region)
            )
        handle.clicked.connect(lambda: self.dragging.copy(self.preview.shown_takes, self.preview.region))
        self.dragging.failed.connect(self.exporting.start)
        self.column.prompt.history_wanted.connect(
            lambda: self._background.start(self.rows.recent_prompts(), on_done=self.column.prompt.show_history)
        )
        self.projects.changed.connect(lambda _name: self._background.start(self._keep_state()))
        self.generating.started.connect(lambda task: self.rows.select(task.id))
        self.generating.started.connect(self.news.follow)
        self.generating.started.connect(lambda _task: self._background.start(self._keep_state()))
        self.generating.refused.connect(lambda sentence: self.messages.say(sentence, Tone.ERROR))
        self.generating.field_wanted.connect(self.window.go_to_field)
        self.actions.reuse_wanted.connect(self.generating.reuse)
        self.actions.reuse_wanted.connect(self.transcribing.reuse)
        self.library.transcribe_wanted.connect(self.transcribing.ask_about_take)
        self.drop.brought.connect(self._on_files)
        self.sheet_drop.brought.connect(self._on_files)
        self.toolbar.batch_wanted.connect(self.batches.choose_file)
        self.toolbar.model_shown.connect(self._on_model)
        self._on_model(self.column.spec)
        self.batches.key_wanted.connect(lambda provider: self.services_flow.open().go_to(provider))
        self.batches.limits_wanted.connect(self.services_flow.open_limits)
        self.transcribing.key_wanted.connect(lambda provider: self.services_flow.open().go_to(provider))
        self.transcribing.started.connect(lambda task: self.rows.select(task.id))
        self.transcribing.started.connect(self.news.follow)
        self.transcribing.started.connect(lambda _task: self._background.start(self._keep_state()))
        self.other_models.chosen.connect(self.generating.choose)
        self.peaks.failed.connect(self._show_error)
        self.spectrogram.failed.connect(self._show_error)
        for player in (self.transport, self.audition.transport):
            self.output.device_chosen.connect(player.set_device)
            self.output.volume_changed.connect(player.set_gain)
            player.look_first(self.output.look_for_chosen)
            player.state_changed.connect(self._on_sound)
        self.output.device_missing.connect(self.messages.say)
        self.transport.failed.connect(self._on_no_sound)
        self.audition.failed.connect(lambda error, _what: self._on_no_sound(error))
        self.servers.changed.connect(self._on_server)
        self.services_flow.moved.connect(self.voices.reload)
        self.services_flow.moved.connect(lambda _provider: self.generating.refresh())  # it may be billed elsewhere
        self.voices.keys_wanted.connect(self.services_flow.open_for_key)
        self.rows.emptied.connect(self._on_emptied)
        self._services.library.changed.listen(self.whole_queue.look)
        self._services.library.changed.listen(self._on_library)
        self._services.queue.changed.listen(self._on_task)
        self._services.queue.changed.listen(self.month_spent.on_task)
        self._services.spending.limits_changed.listen(self._take_foreign_limits)
        self._services.queue.changed.listen(self.last_costs.on_task)
        self._services.keys.changed.listen(self.voices.on_key)
        self._services.faults.listen(lambda sentence: self.messages.say(sentence, Tone.ERROR))

    # From the first paint to the end

    async def run(self) -> int:
        """Show the window, open the library behind it, and stay until the user leaves."""
        self.picture.show()
        state = self.picture.state
        self.transcribing.draft = state.transcription
        if state.selected_task:
            self.rows.remember(state.selected_task, state.selected_take)
        await asyncio.sleep(0)  # the window is painted before anything else is read
        self.painted.emit()
        self._services.database.on_damage = self._on_damage_of(asyncio.get_running_loop())
        self._services.database.on_wait = lambda: self.messages.say(_KEPT_OUT)
        try:
            await self._services.open()
        except AppError as error:
            self._show_error(error)
            self.library.show_rows(library_is_empty=False)
        else:
            if notices := self._services.notices:
                from app.ui.report_dialog import tell_report  # late: see late_parts

                for notice in notices:
                    tell_report(self.theme, notice, self.messages, self.window)
            self.rows.query_anew()
            self.trimming.read()
            self._background.start(self._services.carry_on())
            self._background.start(self.picture.learn_to_read())
            self.month_spent.start()
            self.last_costs.start()
            self.voices.start()
        self.services_flow.start()
        self.preview.comparing.set_matching(self.settings.now.match_loudness)
        self.output.restore(self.settings.now.output_device, self.settings.now.volume_db)
        self._background.start(load_late_parts())
        self._background.start(asyncio.to_thread(self._services.tables.keep))
        await self._ended.wait()
        await self._close()
        return 0

    def _on_damage_of(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Tells from the database thread that what can be saved is being saved."""

        def tell() -> None:
            loop.call_soon_threadsafe(self.messages.say, _SALVAGING)

        return tell

    def _end(self) -> None:
        """Open submits are finished first, and it is shown that they are."""
        self.toolbar.generate.setEnabled(False)
        self.messages.say("Finishing what is being sent…")
        self._ended.set()

    async def _close(self) -> None:
        await self._services.queue.close()  # first: nothing more is sent once the user leaves
        await self._keep_state()
        self.month_spent.close()
        self.rows.close()
        self.news.close()
        self.whole_queue.close()
        self.deciding.close()
        self.spending.close()
        self.servers.close()
        self.service_keys.close()
        await self._background.close()
        await self.transport.close()
        await self.audition.close()
        self.peaks.close()
        self.spectrogram.close()
        self.mini.close()
        await self._services.close()
        self.window.close_now()

    async def _keep_state(self) -> None:
        """A full disk must not keep the window open: what is lost is only how it looked."""
        try:
            await self.memory.save(self.transcribing.draft)
            device, volume_db = self.output.key, self.output.volume_db
            is_matching = self.preview.comparing.wants_matching
            self.settings.now = replace(
                self.settings.now, output_device=device, volume_db=volume_db, match_loudness=is_matching
            )
            await self.settings.save()
        except (OSError, AppError) as error:
            _logger.warning("the state of the window was not kept: %s", error)

    # Dialogs and menus

    def open_settings(self) -> None:
        from app.ui.preferences_dialog import PreferencesDialog  # late: see late_parts

        places = self._services.locations
        dialog = PreferencesDialog(self.theme, self.settings.now, places.takes, places.handed_over, self.window)
        dialog.changed.connect(self._take_settings)
        dialog.services_wanted.connect(self.open_services)
        dialog.open()

    def open_services(self) -> None:
        self.services_flow.open()

    def open_spending(self) -> None:
        self.spending.open()

    def _show_task(self, task_id: str) -> None:
        """Whatever filter or search is in force: the task may be outside of it."""
        self.library.clear_search()
        self.library.set_filter(Filter.ALL)
        self.rows.select(task_id)
        self.library.focus_list()

    def open_sheet(self) -> None:
        from app.ui.shortcut_sheet import ShortcutSheet  # late: see late_parts

        ShortcutSheet(self.theme, self.deeds.known, self.window).open()

    def open_menu(self) -> None:
        from app.ui.main_menu import MainMenu  # late: see late_parts

        menu = MainMenu(self)
        below = self.toolbar.menu_button
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def open_about(self) -> None:
        from app.ui.about_dialog import AboutDialog  # late: see late_parts

        AboutDialog(self.theme, self.window).open()

    def _take_settings(self, settings: Settings) -> None:
        self.settings.now = settings
        self.theme.set_scheme(Scheme(settings.theme))
        self.theme.set_text_scale(settings.text_scale)
        self.theme.set_reduce_motion(settings.reduce_motion)
        self._services.spending.ceilings = Ceilings.of(settings.spending)
        self._background.start(self.settings.save())
        self.month_spent.start()

    def _on_model(self, spec: ModelSpec) -> None:
        self.batches.spec = spec

    def _on_files(self, files: list[Path]) -> None:
        """Dropped: a sheet is a script, anything else a recording."""
        if is_sheet(files):
            self.batches.ask(files[0])
        else:
            self.transcribing.ask_about_files(files)

    def _on_library(self, task_ids: Collection[str]) -> None:
        """Anything may have changed, also by another process."""
        if not task_ids:
            self.trimming.read()

    def _take_foreign_limits(self, limits: SpendingSettings) -> None:
        """A command line has set them; nothing is to be saved."""
        self.settings.now = replace(self.settings.now, spending=limits)
        self.month_spent.look_soon()

    # What is told

    def _show_error(self, error: AppError) -> None:
        if isinstance(error, SpendingCeilingReached):
            words = error_text(error)
            act = self.services_flow.open_limits
            self.messages.say(words.text, Tone.ERROR, action=words.action or "", act=act)
            return
        self.messages.say(error_text(error).text, Tone.ERROR)

    def _on_sound(self, state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            self.output.show_found()

    def _on_server(self, provider: str) -> None:
        """The list of models shows who there is now."""
        self.toolbar.chooser.show_services({service.id: service.name for service in self.servers.services})
        self.other_models.offer()
        self.voices.reload(provider)
        self.generating.on_service(provider)

    def _on_no_sound(self, error: AppError) -> None:
        """A file that can't be played is not the device's fault."""
        if isinstance(error, PlaybackError):
            self.output.look_after_loss()

    def _on_emptied(self, is_empty: bool) -> None:
        """A library without a task offers a start: at the very first one, a prompt that only has to be sent."""
        prompt = self.column.prompt
        prompt.offer_examples(is_empty)
        self.window.show_first_run(is_empty)
        if is_empty and self._is_first_start and not self.column.draft.prompt and self.column.spec.examples:
            prompt.use(self.column.spec.examples[0].prompt)
        self._is_first_start = False

    def _on_task(self, task: Task) -> None:
        """What is over has changed what is left at the service."""
        if not task.state.is_open and task.attempt is not None:
            self.service_keys.forget_balance(task.request.provider)
