"""Which part of the window tells which other part, area by area."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio.player_events import PlayerState
from app.domain.errors import AppError, PlaybackError
from app.domain.model_spec import ModelSpec
from app.domain.task import Task
from app.ui.dropped_files import is_sheet
from app.ui.message_log import Tone

if TYPE_CHECKING:
    from app.ui.application import Application


def join_making(app: Application) -> None:
    """What is sent to a service: generations, transcriptions, scripts."""
    background, rows, news = app.background, app.rows, app.news
    for flow in (app.generating, app.transcribing):
        flow.started.connect(lambda task: rows.select(task.id))
        flow.started.connect(news.follow)
        flow.started.connect(lambda _task: background.start(app.keep_state()))
        app.actions.reuse_wanted.connect(flow.reuse)
    app.generating.refused.connect(lambda sentence: app.messages.say(sentence, Tone.ERROR))
    app.generating.field_wanted.connect(app.window.go_to_field)
    app.other_models.chosen.connect(app.generating.choose)
    app.library.empty.generate_wanted.connect(app.toolbar.generate.click)
    app.library.transcribe_wanted.connect(app.transcribing.ask_about_take)
    app.column.prompt.history_wanted.connect(
        lambda: background.start(rows.recent_prompts(), on_done=app.column.prompt.show_history)
    )
    app.projects.changed.connect(lambda _name: background.start(app.keep_state()))
    app.toolbar.batch_wanted.connect(app.batches.choose_file)

    def on_model(spec: ModelSpec) -> None:
        app.batches.spec = spec

    app.toolbar.model_shown.connect(on_model)
    on_model(app.column.spec)

    def on_files(files: list[Path]) -> None:
        """Dropped: a sheet is a script, anything else a recording."""
        if is_sheet(files):
            app.batches.ask(files[0])
        else:
            app.transcribing.ask_about_files(files)

    app.drop.brought.connect(on_files)
    app.sheet_drop.brought.connect(on_files)


def join_handing_over(app: Application) -> None:
    """Takes that leave: exported, dragged, copied."""
    preview, dragging, exporting = app.preview, app.dragging, app.exporting
    app.library.export_wanted.connect(lambda ids: exporting.start(ids, None))
    app.library.drag_begun.connect(lambda ids: dragging.drag(app.library.table.viewport(), ids))
    app.library.copy_wanted.connect(dragging.copy)
    preview.export_wanted.connect(exporting.start)
    handle = preview.bar.handle
    for begun, origin in ((handle.drag_begun, handle), (preview.chip.drag_begun, preview.waveform)):
        begun.connect(lambda origin=origin: dragging.drag(origin, preview.shown_takes, preview.region))
    handle.clicked.connect(lambda: dragging.copy(preview.shown_takes, preview.region))
    dragging.failed.connect(exporting.start)


def join_hearing(app: Application) -> None:
    """What sounds, and the device that it sounds from."""
    output = app.output

    def on_sound(state: PlayerState) -> None:
        if state is PlayerState.PLAYING:
            output.show_found()

    def on_no_sound(error: AppError) -> None:
        """A file that can't be played is not the device's fault."""
        if isinstance(error, PlaybackError):
            output.look_after_loss()

    for player in (app.transport, app.audition.transport):
        output.device_chosen.connect(player.set_device)
        output.volume_changed.connect(player.set_gain)
        player.look_first(output.look_for_chosen)
        player.state_changed.connect(on_sound)
    app.preview.bar.monitor.chosen.connect(app.audition.transport.set_monitor)  # takes: see PlaybackDisplay
    output.device_missing.connect(app.messages.say)
    app.transport.failed.connect(on_no_sound)
    app.audition.failed.connect(lambda error, _what: on_no_sound(error))
    for reader in (app.peaks, app.spectrogram):
        reader.failed.connect(app.show_error)


def join_services(app: Application) -> None:
    """Services, their keys and voices, and what they cost."""
    flow = app.services_flow
    for asking in (app.batches, app.transcribing):
        asking.key_wanted.connect(lambda provider: flow.open().go_to(provider))
    app.batches.limits_wanted.connect(flow.open_limits)
    app.spending.limits_wanted.connect(flow.open_limits)
    flow.moved.connect(app.voices.reload)
    flow.moved.connect(lambda _provider: app.generating.refresh())  # it may be billed elsewhere
    app.voices.keys_wanted.connect(flow.open_for_key)

    def on_server(provider: str) -> None:
        """The list of models shows who there is now."""
        app.toolbar.chooser.show_services({service.id: service.name for service in app.servers.services})
        app.other_models.offer()
        app.voices.reload(provider)
        app.generating.on_service(provider)

    app.servers.changed.connect(on_server)


def listen_to_engine(app: Application) -> None:
    """What changes behind the window, also by another process."""
    services = app.services

    def on_library(task_ids: Collection[str]) -> None:
        """Without ids anything may have changed."""
        if not task_ids:
            app.trimming.read()

    def on_task(task: Task) -> None:
        """What is over has changed what is left at the service."""
        if not task.state.is_open and task.attempt is not None:
            app.service_keys.forget_balance(task.request.provider)

    services.library.changed.listen(app.whole_queue.look)
    services.library.changed.listen(on_library)
    services.queue.changed.listen(on_task)
    services.queue.changed.listen(app.month_spent.on_task)
    services.queue.changed.listen(app.last_costs.on_task)
    services.keys.changed.listen(app.voices.on_key)
    services.faults.listen(lambda sentence: app.messages.say(sentence, Tone.ERROR))
