"""The window as a whole: builds its parts, joins them, and takes them down in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError, SpendingCeilingReached
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
from app.ui.dropped_files import words_for_library, words_for_sheet
from app.ui.error_messages import error_text
from app.ui.export_flow import ExportFlow
from app.ui.file_drop import FileDrop
from app.ui.generate_controller import GenerateController
from app.ui.incomplete_takes import IncompleteTakes
from app.ui.joining import join_handing_over, join_hearing, join_making, join_services, listen_to_engine
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
from app.ui.window_dialogs import WindowDialogs
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
        self.services = services
        self.settings = KeptSettings(services.settings, services.first_settings)
        self._ended = asyncio.Event()
        self._is_first_start = picture.is_first_start
        self.theme, self.window, self.background = picture.theme, picture.window, picture.background
        self.toolbar, self.column, self.library = picture.toolbar, picture.column, picture.library
        self.messages, self.output, self.memory = picture.messages, picture.output, picture.memory
        self.mini = picture.mini
        picture.work_with(services)
        parts = picture.preview_parts
        self.preview, self.transport = parts.panel, parts.transport
        self.peaks, self.spectrogram = parts.peaks, parts.spectrogram
        self._build()
        self._join()

    # Building

    def _build(self) -> None:
        services, theme, background = self.services, self.theme, self.background
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
        self.incomplete = IncompleteTakes(self.preview, self.picture.path_of, background, self)
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
        self.dialogs = WindowDialogs(self)
        self.deeds = Deeds(self)
        self._shortcuts = Shortcuts(self.window, self.deeds.do, self.deeds.can)

    def _join(self) -> None:
        self.picture.failed.connect(self.show_error)
        self.window.closing.connect(self.leaving.leave)
        self.leaving.begun.connect(self._end)
        self.toolbar.menu_wanted.connect(self.dialogs.open_menu)
        self.toolbar.settings_wanted.connect(self.dialogs.open_settings)
        self.toolbar.spending_wanted.connect(self.dialogs.open_spending)
        self.spending.task_wanted.connect(self._show_task)
        self.services_flow.settings_changed.connect(self.take_settings)
        self.rows.emptied.connect(self._on_emptied)
        self.services.spending.limits_changed.listen(self._take_foreign_limits)
        join_making(self)
        join_handing_over(self)
        join_hearing(self)
        join_services(self)
        listen_to_engine(self)

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
        self.services.database.on_damage = self._on_damage_of(asyncio.get_running_loop())
        self.services.database.on_wait = lambda: self.messages.say(_KEPT_OUT)
        try:
            await self.services.open()
        except AppError as error:
            self.show_error(error)
            self.library.show_rows(library_is_empty=False)
        else:
            if notices := self.services.notices:
                from app.ui.report_dialog import tell_report  # late: see late_parts

                for notice in notices:
                    tell_report(self.theme, notice, self.messages, self.window)
            self.rows.query_anew()
            self.trimming.read()
            self.background.start(self.services.carry_on())
            self.background.start(self.picture.learn_to_read())
            self.month_spent.start()
            self.last_costs.start()
            self.voices.start()
        self.services_flow.start()
        self.preview.comparing.set_matching(self.settings.now.match_loudness)
        self.output.restore(self.settings.now.output_device, self.settings.now.volume_db)
        self.background.start(load_late_parts())
        self.background.start(asyncio.to_thread(self.services.tables.keep))
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
        await self.services.queue.close()  # first: nothing more is sent once the user leaves
        await self.keep_state()
        self.month_spent.close()
        self.rows.close()
        self.news.close()
        self.whole_queue.close()
        self.deciding.close()
        self.spending.close()
        self.servers.close()
        self.service_keys.close()
        await self.background.close()
        await self.transport.close()
        await self.audition.close()
        self.peaks.close()
        self.spectrogram.close()
        self.mini.close()
        await self.services.close()
        self.window.close_now()

    async def keep_state(self) -> None:
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

    # Wishes of other parts

    def _show_task(self, task_id: str) -> None:
        """Whatever filter or search is in force: the task may be outside of it."""
        self.library.clear_search()
        self.library.set_filter(Filter.ALL)
        self.rows.select(task_id)
        self.library.focus_list()

    def take_settings(self, settings: Settings) -> None:
        self.settings.now = settings
        self.theme.set_scheme(Scheme(settings.theme))
        self.theme.set_text_scale(settings.text_scale)
        self.theme.set_reduce_motion(settings.reduce_motion)
        self.services.spending.ceilings = Ceilings.of(settings.spending)
        self.background.start(self.settings.save())
        self.month_spent.start()

    def _take_foreign_limits(self, limits: SpendingSettings) -> None:
        """A command line has set them; nothing is to be saved."""
        self.settings.now = replace(self.settings.now, spending=limits)
        self.month_spent.look_soon()

    # What is told

    def show_error(self, error: AppError) -> None:
        if isinstance(error, SpendingCeilingReached):
            words = error_text(error)
            act = self.services_flow.open_limits
            self.messages.say(words.text, Tone.ERROR, action=words.action or "", act=act)
            return
        self.messages.say(error_text(error).text, Tone.ERROR)

    def _on_emptied(self, is_empty: bool) -> None:
        """A library without a task offers a start: at the very first one, a prompt that only has to be sent."""
        prompt = self.column.prompt
        prompt.offer_examples(is_empty)
        self.window.show_first_run(is_empty)
        if is_empty and self._is_first_start and not self.column.draft.prompt and self.column.spec.examples:
            prompt.use(self.column.spec.examples[0].prompt)
        self._is_first_start = False
